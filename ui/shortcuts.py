"""The keyboard: one key for each common period, comparing, a fresh start, and a list of all keys."""

from __future__ import annotations

import streamlit as st

from core.language import mark, tr
from services.words import periods
from ui import filters

PERIODS = {
    "D": "today",
    "Y": "yesterday",
    "W": "last_7",
    "T": "last_30",
    "N": "last_90",
    "M": "this_month",
    "L": "last_month",
    "Q": "last_quarter",
}
COMPARE, RESET, HELP = "X", "Z", "K"
OTHERS = {
    COMPARE: mark("Compare with the period before, or not"),
    RESET: mark("Back to the defaults"),
    HELP: mark("This list"),
}


def draw(*, dated: bool) -> None:
    """The buttons that listen to the keys. They are out of sight until the keyboard reaches them."""
    with st.container(key="shortcuts", horizontal=True, gap="xxsmall"):
        if dated:
            for key, period in PERIODS.items():
                st.button(tr(periods.TITLES[period]), key=f"key-{key}", shortcut=key, type="tertiary",
                          on_click=filters.pick_period, args=(period,))  # fmt: skip
            st.button(tr("Compare or not"), key=f"key-{COMPARE}", shortcut=COMPARE, type="tertiary",
                      on_click=filters.flip_compare)  # fmt: skip
        st.button(tr("Reset the filters"), key=f"key-{RESET}", shortcut=RESET, type="tertiary", on_click=filters.reset)


def button() -> None:
    """The list of keys, at the end of the menu."""
    with st.container(key="keyboard"):
        if st.button(tr("Keyboard"), key=f"key-{HELP}", shortcut=HELP, type="tertiary", icon=":material/keyboard:"):
            st.dialog(tr("Keyboard"))(_listed)()


def _listed() -> None:
    rows = {key: periods.TITLES[period] for key, period in PERIODS.items()} | OTHERS
    head = [f"| {tr('Key')} | {tr('What it does')} |", "|---|---|"]
    st.markdown("\n".join([*head, *(f"| `{key}` | {tr(row)} |" for key, row in rows.items())]))
    st.caption(tr("Tab reaches everything else; Enter or Space presses it; Esc closes what is open."))
