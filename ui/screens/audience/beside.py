"""Growth of platforms or accounts side by side: a table on a wide screen, a list on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from core import language
from core.language import mark, tr, trn
from core.question import Number
from services.comparison import Comparison, Side
from ui import format, panels, tables
from ui.screens.sides import NAMES, picked

_TITLES = {
    "followers": mark("Followers"),
    "followers_net": mark("Net new"),
    "followers_gained": mark("Gained"),
    "followers_lost": mark("Lost"),
    "follower_growth_rate": mark("Growth rate"),
}
_BEFORE = mark("Rate before")
_RATES = ("Growth rate", _BEFORE)
_HELP = {
    "Followers": mark("At the end of the period"),
    "Net new": mark("Gained less lost; where a platform tells no such days, the change of its follower count"),
    "Growth rate": mark("Net new followers per follower at the start"),
    _BEFORE: mark("Growth rate of the compared period"),
}


def frame(answer: Comparison) -> pd.DataFrame:
    """One row per side and one for all of them; NaN where a number is not known, and why in the last column."""
    label, every = NAMES[answer.split]
    rows = [_row(label, side.title, side.numbers) for side in answer.sides]
    if len(answer.sides) > 1:
        rows.append(_row(label, tr(every), answer.total))
    table = pd.DataFrame(rows)
    why = {side.title: [f"{metric}: {reason}" for one, metric, reason in answer.lacking if one == side.title]
           for side in answer.sides}  # fmt: skip
    return table.assign(**{"Not known": ["; ".join(why.get(name, [])) for name in table[label]]})


def _row(label: str, title: str, numbers: dict[str, Number]) -> dict[str, Any]:
    row: dict[str, Any] = {label: title}
    for name, column in _TITLES.items():
        row[column] = numbers[name].value if name in numbers else None
    rate = numbers.get("follower_growth_rate")
    return row | {_BEFORE: rate.previous if rate is not None else None}


def draw(answer: Comparison, time_zone: str, pick: Callable[[str], None]) -> None:
    """The panel; `pick` is called with the key of the side that was clicked."""
    label, table = NAMES[answer.split][0], frame(answer)
    key, choose = f"growth-{answer.split}", f"pick-growth-{answer.split}"
    note, alt = tr("click a platform to narrow the page to it"), mark("Growth of {n} platforms side by side")
    if answer.split == "account":
        note, alt = tr("click an account to narrow the page to it"), mark("Growth of {n} accounts side by side")
    with st.container(border=True, gap="xsmall", key=f"panel-{key}"):
        panels.head(tr("Growth side by side"), key=key, note=note, table=table,
                    explanation=answer.answer.explain("followers_net"), zone=time_zone)  # fmt: skip
        shown = table.drop(columns=["Not known"]).dropna(axis=1, how="all")
        rates = {name: shown[name].astype(float) * 100 for name in _RATES if name in shown}
        shown, config = tables.told(shown.assign(**rates), _config(label))
        with st.container(key=f"wide-{key}"):
            st.dataframe(
                shown,
                key=choose,
                on_select=lambda: picked(answer, choose, pick),
                selection_mode="single-cell",
                hide_index=True,
                height="content",
                row_height=36,
                placeholder=tr("n/a"),
                column_config=config,
                alt=tr(alt, n=len(answer.sides)),
            )
        with st.container(key=f"narrow-{key}", gap="small"):
            for side in answer.sides:
                _item(side, key, pick)
        _why(answer)


def _config(label: str) -> dict[str, Any]:
    counts = {
        name: st.column_config.NumberColumn(format="localized", help=tr(_HELP.get(name, "")) or None)
        for name in ("Followers", "Net new", "Gained", "Lost")
    }
    rates = {name: st.column_config.NumberColumn(format="%.2f %%", help=tr(_HELP[name])) for name in _RATES}
    return {
        label: st.column_config.TextColumn(width=120 if label == "Platform" else 270, pinned=True),
        **counts,
        **rates,
    }


def _item(side: Side, key: str, pick: Callable[[str], None]) -> None:
    with st.container(gap=None):
        st.button(format.plain(side.title), key=f"open-{key}-{side.key}", type="tertiary", on_click=pick,
                  args=(side.key,))  # fmt: skip
        known = {name: number for name, number in side.numbers.items() if number.value is not None}
        parts = [f"{tr(_TITLES[name])} {format.value(number)}" for name, number in known.items()]
        st.caption(format.plain(" · ".join(parts) or tr("n/a")))


def _why(answer: Comparison) -> None:
    """Why single cells are empty."""
    known = {(side.title, tr(answer.definitions[name].title)) for side in answer.sides for name in answer.metrics}
    missing = [one for one in answer.lacking if one[:2] in known]
    if not missing:
        return
    with st.expander(trn("Why {n} cell is n/a", "Why {n} cells are n/a", len(missing)), key="why-growth"):
        for side, metric, reason in missing:
            st.text(f"{side}, {language.inside(metric)}: {reason}.")
