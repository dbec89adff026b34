"""Other posts of the account that are about the same, with their numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import post_mark
from core import numbers
from core.language import tr, trn
from core.metric import Unit
from services.post_detail import Detail, Related
from services.words import calendar, wording
from ui import format, fresh, panels, tables
from ui.states import boundary


def panel(detail: Detail) -> None:
    """The most alike, most alike first."""
    with st.container(border=True, key="panel-related"), boundary():
        note = tr(
            "posts of this account within a year that share its rarer tags and words, most alike first; until now"
        )
        if not detail.related:
            panels.head(tr("What else was about this?"), key="related", note=note)
            st.caption(tr("No other post of the account shares its tags or telling words."))
            return
        table = _table(detail)
        panels.head(tr("What else was about this?"), key="related", note=note, table=table.drop(columns=""),
                    fresh=fresh.of_platforms({detail.post.platform}))  # fmt: skip
        alt = trn(
            "{n} post about the same; a click opens it", "{n} posts about the same; a click opens one", len(table)
        )
        with st.container(key="wide-related"):
            tables.opening(
                table.assign(Rate=table["Rate"] * 100), [one.id for one in detail.related], key="related",
                column_config=_config(), alt=alt,
            )  # fmt: skip
        with st.container(key="narrow-related", gap="small"):
            for one in detail.related:
                tables.item(one.id, _text(one), format.plain(_line(one)), "related")


def _table(detail: Detail) -> pd.DataFrame:
    found = detail.related
    return pd.DataFrame(
        {
            "": [post_mark.mark(detail.post.platform, one.kind) for one in found],
            "Post": [_text(one) for one in found],
            "Kind": [wording.kind(one.kind) for one in found],
            "Published": [one.published_local for one in found],
            "Shared": [", ".join(one.shared) for one in found],
            "Exposure": [one.exposure for one in found],
            "Counted as": [wording.metric(one.over) for one in found],
            "Engagement": [one.engagement for one in found],
            "Rate": [one.rate for one in found],
            "Score": [one.score for one in found],
        }
    ).astype(dict.fromkeys(("Exposure", "Engagement", "Rate", "Score"), float))


def _config() -> dict[str, Any]:
    return {
        "": st.column_config.ImageColumn("", width=44),
        "Post": st.column_config.TextColumn(width=290),
        "Kind": st.column_config.TextColumn(width=80),
        "Published": st.column_config.DatetimeColumn(format=format.day_pattern(year=True), width=100),
        "Shared": st.column_config.TextColumn(width=170, help=tr("The tags and words that say most")),
        "Exposure": st.column_config.NumberColumn(
            format="compact", width=80, help=tr("Views, else impressions or reach")
        ),
        "Counted as": st.column_config.TextColumn(width=90),
        "Engagement": st.column_config.NumberColumn(format="compact", width=90),
        "Rate": st.column_config.NumberColumn(format="%.1f%%", width=64, help=tr("Engagement over exposure")),
        "Score": st.column_config.NumberColumn(
            format="%.0f", width=60, help=tr("Among the account's posts of its kind and age; 50 is ordinary")
        ),
    }


def _text(one: Related) -> str:
    return " ".join(one.text.split()) or wording.without_text(one.kind)


def _line(one: Related) -> str:
    at, seen = one.published_local, numbers.short(one.exposure, Unit.COUNT)
    done, rate = numbers.short(one.engagement, Unit.COUNT), numbers.short(one.rate, Unit.RATIO)
    made = tr("{n} engagement", n=done)
    day, shared = calendar.day_words(at.date(), year=True), ", ".join(one.shared)
    return " · ".join([wording.kind(one.kind), day, f"{seen} {wording.metric(one.over)}", made, rate, shared])
