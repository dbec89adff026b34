"""The keyboard: one key for each common period, comparing, a fresh start, and a list of all keys."""

from __future__ import annotations

import streamlit as st

from services import periods
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
OTHERS = {COMPARE: "Compare with the period before, or not", RESET: "Back to the defaults", HELP: "This list"}


def draw(*, dated: bool) -> None:
    """The buttons that listen to the keys. They are out of sight until the keyboard reaches them."""
    with st.container(key="shortcuts", horizontal=True, gap="xxsmall"):
        if dated:
            for key, period in PERIODS.items():
                st.button(periods.TITLES[period], key=f"key-{key}", shortcut=key, type="tertiary",
                          on_click=filters.pick_period, args=(period,))  # fmt: skip
            st.button("Compare or not", key=f"key-{COMPARE}", shortcut=COMPARE, type="tertiary",
                      on_click=filters.flip_compare)  # fmt: skip
        st.button("Reset the filters", key=f"key-{RESET}", shortcut=RESET, type="tertiary", on_click=filters.reset)


def button() -> None:
    """The list of keys, at the end of the menu."""
    with st.container(key="keyboard"):
        if st.button("Keyboard", key=f"key-{HELP}", shortcut=HELP, type="tertiary", icon=":material/keyboard:"):
            _listed()


@st.dialog("Keyboard")
def _listed() -> None:
    rows = {key: periods.TITLES[period] for key, period in PERIODS.items()} | OTHERS
    st.markdown(
        "\n".join(["| Key | What it does |", "|---|---|", *(f"| `{key}` | {row} |" for key, row in rows.items())])
    )
    st.caption("Tab reaches everything else; Enter or Space presses it; Esc closes what is open.")
