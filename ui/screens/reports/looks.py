"""How a report looks as its sender's: logo, two colours that can be read, and words at the foot."""

from __future__ import annotations

import re

import streamlit as st

from core.errors import AppError
from core.language import figure, mark, tr
from reports import colour
from services.reports import logo
from ui import format
from ui.screens.reports.changes import Draft

_PAPER, _LONGEST_FOOTER = "#FFFFFF", 200
_TURN = "logo-turn"
_INK = "#1B1F27"
_NEEDED = mark("Words need {needed} : 1.")


def draw(draft: Draft) -> None:
    """Logo, colours, footer."""
    with st.container(gap="small", key="report-looks"):
        _logo(draft)
        first, second = st.columns(2, gap="small")
        with first:
            _colour(draft, tr("Accent"), "accent", tr("The colour of headings, rules and the first series."))
        with second:
            _colour(draft, tr("Ink"), "ink", tr("The colour of words and figures."))
        key = draft.held("footer", draft.layout.branding.footer)
        st.text_input(
            tr("At the foot of every page"), key=key, max_chars=_LONGEST_FOOTER,
            placeholder=tr("Northwind Coffee, confidential"),
            on_change=lambda: draft.brand(footer=st.session_state[key].strip()),
        )  # fmt: skip


def _logo(draft: Draft) -> None:
    found = draft.layout.branding.logo
    if found:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report-logo"):
            st.image(found, width=120, alt=tr("The logo of this report"))
            st.button(tr("Remove the logo"), icon=":material/delete:", key=draft.key("logo-remove"), type="tertiary",
                      on_click=lambda: draft.brand(logo=b""))  # fmt: skip
    key = draft.key(f"logo-{st.session_state.get(draft.key(_TURN), 0)}")

    def keep() -> None:
        given = st.session_state[key]
        if given is None:
            return
        st.session_state[draft.key(_TURN)] = st.session_state.get(draft.key(_TURN), 0) + 1
        try:
            draft.brand(logo=logo.checked(given.getvalue()))
        except AppError as error:
            draft.refuse(error)

    st.file_uploader(
        tr("Another logo") if found else tr("Logo"), ["png", "jpg", "jpeg"], key=key, on_change=keep,
        max_upload_size=1, help=tr("PNG or JPEG, at most 1 MB. It stands on the first page."),
    )  # fmt: skip


def _colour(draft: Draft, label: str, name: str, about: str) -> None:
    value = str(getattr(draft.layout.branding, name))
    key = draft.held(name, value if re.fullmatch(r"#[0-9a-fA-F]{6}", value) else _INK)
    st.color_picker(label, key=key, help=about, on_change=lambda: draft.brand(**{name: st.session_state[key]}))
    st.caption(_judged(st.session_state[key], name))


def _judged(value: str, name: str) -> str:
    """Whether words in a colour can be read on paper, in words and figures."""
    found = colour.contrast(value, _PAPER)
    words = tr("{found} : 1 against white.", found=figure(f"{int(found * 10) / 10:.1f}"))
    if found >= colour.WORDS:
        return f":green[:material/check:] {format.line(words)} {tr('Easy to read.')}"
    needed = tr(_NEEDED, needed=figure(f"{colour.WORDS:.1f}"))
    instead = (
        tr("Where words stand in it, ink is used instead.")
        if name == "accent"
        else tr("Words in it are hard to read; a dark grey is used instead.")
    )
    return f":orange[:material/warning:] {format.line(words)} {needed} {instead}"
