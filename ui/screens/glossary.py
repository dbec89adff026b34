"""The glossary: every metric of the registry, and those of the team, searchable."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.language import mark, tr
from services.words import glossary
from services.words.glossary import Entry
from ui import format, load, page, tables

_COLUMNS = [mark("Platform"), mark("Field there"), mark("Valid"), mark("Note")]


def draw() -> None:
    """Search and platform on top, then one entry per metric."""
    shown = page.shown()
    own = glossary.own(shown.viewer) if shown else []
    entries = sorted([*load.glossary_entries(), *own], key=lambda entry: entry.title.lower())
    with st.container(horizontal=True, gap="xsmall"):
        words = st.text_input(
            tr("Search"),
            key="q",
            bind="query-params",
            placeholder=tr("Search metrics, for example reach"),
            label_visibility="collapsed",
            icon=":material/search:",
            width=320,
        )
        platforms = sorted({platform for entry in entries for platform in entry.platforms})
        platform = st.selectbox(
            tr("Platform"),
            platforms,
            index=None,
            key="of",
            bind="query-params",
            placeholder=tr("All platforms"),
            label_visibility="collapsed",
            width=180,
        )
    found = [entry for entry in entries if _fits(entry, words) and (not platform or platform in entry.platforms)]
    st.caption(tr("{n} of {all} metrics", n=len(found), all=len(entries)))
    for entry in found:
        _draw(entry)


def _fits(entry: Entry, words: str) -> bool:
    text = f"{entry.title} {entry.name} {entry.definition}".replace("_", " ").lower()
    return all(word in text for word in words.lower().replace("_", " ").split())


def _draw(entry: Entry) -> None:
    opened = st.expander(
        f"**{entry.title}** :gray[{format.plain(entry.definition)}]", on_change="rerun", key=f"g-{entry.name}"
    )
    if not opened.open:
        return
    with opened:
        st.text(entry.definition)
        since = tr("since {day}", day=entry.since.isoformat()) if entry.since else tr("no start date known")
        facts = {
            "Formula": entry.formula,
            "Adds up": entry.adds,
            "Good direction": entry.direction,
            "Unit": entry.unit,
            "Platforms": ", ".join(entry.platforms) or tr("computed"),
            "Since when": since,
            "Name in the API": entry.name,
        }
        st.markdown("  \n".join(f":gray[{tr(name)}] {format.plain(text)}" for name, text in facts.items()))
        if entry.fields:
            table, _ = tables.told(pd.DataFrame(entry.fields, columns=_COLUMNS))
            st.dataframe(
                table, hide_index=True, height="content", alt=tr("Where {metric} comes from", metric=entry.title)
            )
