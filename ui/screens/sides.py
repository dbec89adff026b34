"""Platforms, or accounts, side by side: a table on a wide screen, a list on a phone; a click leads to the one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from core.language import mark, tr, trn
from core.metric import Metric, Unit
from core.question import Number
from services.comparison import SHARED, Comparison, Side
from ui import format, panels, tables

SHARE = mark("Share of engagement")
BLANK = mark("Left blank")
NAMES = {
    "platform": (mark("Platform"), mark("All platforms")),
    "account": (mark("Account"), mark("All accounts")),
}
"""What is set side by side -> what one of them is called, and all of them."""
_SHORT = {
    "impressions": mark("Impress."),
    "engagement_rate": mark("Rate"),
    "followers_net": mark("Gained"),
    "posts_published": mark("Posts"),
}
"""What fits above a narrow column; the whole name stands in its help."""
_WIDTHS = {
    "engagement": 84,
    "followers": 76,
    "reach": 76,
    "impressions": 68,
    "followers_net": 68,
    "posts_published": 62,
}
_LETTER, _EDGES, _LONGEST = 6, 14, 18
"""About how wide a letter of a heading is, and what is left beside it, in pixels; so many letters has a platform."""
_UNCHANGED = ("followers_net", "posts_published")
"""Of these the table on the screen shows no change; the file does."""
_AT_MOST = mark("At most: people are counted once per day and account.")
_IN_LIST = ("views", "impressions", "engagement", "engagement_rate", "followers")


def frame(answer: Comparison) -> pd.DataFrame:
    """One row per side and one for all of them: numbers as numbers, changes as parts, what is blank with why."""
    label, all_of_them = NAMES[answer.split][0], tr(NAMES[answer.split][1])
    rows = [_row(answer, side.title, side.numbers, side.shares.get(SHARED), label) for side in answer.sides]
    if len(answer.sides) > 1:
        rows.append(_row(answer, all_of_them, _totals(answer), 1.0 if _shared(answer) else None, label))
    return pd.DataFrame(rows)


def _totals(answer: Comparison) -> dict[str, Number | None]:
    return {name: None if name in answer.blanks else answer.total[name] for name in answer.metrics}


def _shared(answer: Comparison) -> bool:
    return any(SHARED in side.shares for side in answer.sides)


def _row(
    answer: Comparison, title: str, numbers: dict[str, Any], share: float | None, label: str
) -> dict[str, str | float | None]:
    row: dict[str, str | float | None] = {label: title}
    for name in answer.metrics:
        number: Number | None = numbers[name]
        row[answer.definitions[name].title] = None if number is None else number.value
        row[_changed(answer.definitions[name])] = None if number is None else number.change
        if name == SHARED and _shared(answer):
            row[SHARE] = share
    why = [f"{metric}: {reason}" for side, metric, reason in answer.lacking if side == title]
    if title == tr(NAMES[answer.split][1]):
        why = [f"{tr(answer.definitions[name].title)}: {reason}" for name, reason in answer.blanks.items()]
    row[BLANK] = "; ".join(why)
    return row


def _changed(metric: Metric) -> str:
    """The column with the change of a metric."""
    return tr("{metric} change", metric=tr(metric.title))


def draw(answer: Comparison, time_zone: str, pick: Callable[[str], None], *, title: str = "") -> None:
    """The panel; `pick` is called with the key of the side that was clicked. Its title is "Side by side" or another."""
    table, key = frame(answer), f"sides-{answer.split}"
    by_platform = answer.split == "platform"
    note = tr("click a platform to open it") if by_platform else tr("click an account to open it")
    told = mark("{n} platforms side by side") if by_platform else mark("{n} accounts side by side")
    with st.container(border=True, gap="xsmall", key=f"panel-{key}"):
        explained = SHARED if SHARED in answer.metrics else answer.metrics[0]
        panels.head(title or tr("Side by side"), key=key, note=note, table=table,
                    explanation=answer.answer.explain(explained), zone=time_zone)  # fmt: skip
        with st.container(key=f"wide-{key}"):
            shown = table.drop(columns=[BLANK, *_without_change(answer, table)]).replace(_shorter(answer))
            rates = [name for name in shown.columns if name in _shares(answer)]
            shown, config = tables.told(
                shown.assign(**{name: shown[name].astype(float) * 100 for name in rates}), _config(answer, shown)
            )
            st.dataframe(
                shown,
                key=f"pick-{key}",
                on_select=lambda: picked(answer, f"pick-{key}", pick),
                selection_mode="single-cell",
                hide_index=True,
                height="content",
                row_height=36,
                placeholder=tr("n/a"),
                column_config=config,
                alt=tr(told, n=len(answer.sides)),
            )
        with st.container(key=f"narrow-{key}", gap="small"):
            for side in answer.sides:
                _item(side, answer, pick)
        _notes(answer)


def _without_change(answer: Comparison, table: pd.DataFrame) -> list[str]:
    """Columns of changes that tell nothing: of numbers that cannot be compared, and changes of changes."""
    names = {name: _changed(metric) for name, metric in answer.definitions.items()}
    return [column for name, column in names.items() if name in _UNCHANGED or table[column].isna().all()]


def _shorter(answer: Comparison) -> dict[str, str]:
    """What stands on the screen for the name of the last row where that does not fit."""
    every = tr(NAMES[answer.split][1])
    return {every: tr("Total")} if answer.split == "platform" and len(every) > _LONGEST else {}


def _heading(label: str, width: int) -> str:
    """A heading that fits its column; the whole one stands in its help.

    >>> _heading("Views", 62), _heading("Visualizaciones", 62)
    ('Views', 'Visuali.')
    """
    room = (width - _EDGES) // _LETTER
    return label if len(label) <= room else f"{label[: room - 1]}."


def _shares(answer: Comparison) -> set[str]:
    """The columns that hold parts: shown in per cent."""
    every = answer.definitions.values()
    rates = {answer.definitions[name].title for name in answer.metrics if answer.definitions[name].unit is Unit.RATIO}
    return {SHARE} | rates | {_changed(metric) for metric in every}


def _config(answer: Comparison, shown: pd.DataFrame) -> dict[str, Any]:
    label = NAMES[answer.split][0]
    wide = 118 if label == "Platform" else 264
    config: dict[str, Any] = {label: st.column_config.TextColumn(width=wide, pinned=True)}
    for name, metric in answer.definitions.items():
        bound = any(side.numbers[name].at_most for side in answer.sides)
        words = f"{tr(metric.title)}: {tr(metric.definition)}{f' {tr(_AT_MOST)}' if bound else ''}"
        width = _WIDTHS.get(name, 62)
        label = _heading(tr(_SHORT.get(name, metric.title)), width)
        config[metric.title] = st.column_config.NumberColumn(
            f"{label} ≤" if bound else label,
            format="%.2f%%" if metric.unit is Unit.RATIO else "compact",
            help=words,
            width=width,
        )
        config[_changed(metric)] = st.column_config.NumberColumn(
            tr("Change"), format="%+.1f%%", width=66,
            help=tr("{metric} against the compared period", metric=tr(metric.title)),
        )  # fmt: skip
    if SHARE in shown:
        config[SHARE] = st.column_config.ProgressColumn(
            tr("Share"),
            format="%.1f%%",
            min_value=0,
            max_value=100,
            width=80,
            help=tr("Of the engagement of all of them"),
        )
    return config


def picked(answer: Comparison, key: str, pick: Callable[[str], None]) -> None:
    """Call `pick` with the key of the side that was clicked in the table `key`."""
    cells = st.session_state[key].selection.get("cells") or []
    if cells and int(cells[0][0]) < len(answer.sides):
        pick(answer.sides[int(cells[0][0])].key)


def _item(side: Side, answer: Comparison, pick: Callable[[str], None]) -> None:
    with st.container(gap=None):
        st.button(format.plain(side.title), key=f"side-{side.key}", type="tertiary", on_click=pick, args=(side.key,))
        for name in _IN_LIST:
            if name in answer.metrics and side.numbers[name].value is not None:
                st.caption(
                    _said(
                        tr(answer.definitions[name].title),
                        side.numbers[name],
                        side.shares.get(SHARED) if name == SHARED else None,
                    )
                )


def _said(title: str, number: Number, share: float | None) -> str:
    parts = [f"{title} **{format.plain(format.value(number))}**"]
    if number.change is not None:
        parts.append(format.plain(format.change(number)))
    if share is not None:
        parts.append(format.plain(tr("{share} of all", share=format.short(share, Unit.RATIO))))
    return ", ".join(parts)


def _notes(answer: Comparison) -> None:
    """Why totals are blank, and why single numbers are."""
    for name, reason in answer.blanks.items():
        st.caption(
            format.plain(
                tr("{metric} has no total: {reason}.", metric=tr(answer.definitions[name].title), reason=reason)
            )
        )
    if answer.lacking:
        missing = answer.lacking
        with st.expander(trn("Why {n} cell is n/a", "Why {n} cells are n/a", len(missing)), key="why-sides"):
            by_reason: dict[str, list[str]] = {}
            for side, metric, reason in missing:
                by_reason.setdefault(reason, []).append(tr("{metric} of {side}", metric=metric, side=side))
            for reason, names in by_reason.items():
                st.text(f"{reason[:1].upper()}{reason[1:]}: {', '.join(names)}.")
