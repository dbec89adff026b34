""" "How is this made?" on every number: definition, formula, ingredients with their values, coverage, caveats."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import clock, numbers
from core.language import mark, tr
from core.metric import Unit
from core.question import Explanation, Input, Number
from services import freshness
from ui import format, fresh, load, tables

_WORDS = mark("How is this made?")


def button(explanation: Explanation, number: Number | None, time_zone: str, key: str) -> None:
    """A small button that opens the explanation; its content is made when it is opened."""
    opened = st.popover(
        tr("How is {title} made?", title=explanation.title),
        icon=":material/info:",
        type="tertiary",
        help=f"{format.plain(format.value_exact(number))}\n\n{tr(_WORDS)}" if number else tr(_WORDS),
        key=f"made-{key}",
        on_change="rerun",
    )
    if opened.open:
        with opened:
            body(explanation, number, time_zone)


def body(explanation: Explanation, number: Number | None, time_zone: str) -> None:
    """The explanation itself."""
    st.markdown(f"**{explanation.title}**")
    st.text(explanation.definition)
    if number is not None:
        st.markdown(_values(number, explanation))
    st.markdown(f":gray[{tr('Formula')}] {format.plain(explanation.formula)}")
    if explanation.inputs:
        value = st.column_config.TextColumn(alignment="right", width=90)
        table, config = tables.told(inputs(explanation, time_zone), {"Value": value})
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            column_config=config,
            alt=tr("What {title} is made of", title=explanation.title),
        )
    st.caption(_foot(explanation, time_zone))
    for why in fresh.hindered(explanation):
        st.markdown(f":orange[:material/sync_problem:] {format.plain(why)}")
    for note in explanation.notes:
        icon = ":orange[:material/warning:]" if note.serious else ":gray[:material/info:]"
        st.markdown(f"{icon} {format.plain(note.text)}")


def _values(number: Number, explanation: Explanation) -> str:
    lines = [f":gray[{tr('Value')}] **{format.plain(format.value_exact(number))}**"]
    if explanation.compared_with is not None:
        past = format.plain(numbers.exact(number.previous, number.unit, number.currency))
        change = format.plain(format.change(number) or tr("none"))
        lines.append(f":gray[{tr('Before')}] {past} :gray[{tr('Change')}] {change}")
    return "  \n".join(lines)


def inputs(explanation: Explanation, time_zone: str) -> pd.DataFrame:
    """The ingredients, one row per stored metric and platform."""
    titles, now = load.platform_titles(), clock.utc_now()
    return pd.DataFrame(
        {
            "Platform": [titles.get(one.platform, one.platform) for one in explanation.inputs],
            "Number": [one.title for one in explanation.inputs],
            "Value": [_value(one) for one in explanation.inputs],
            "Field there": [one.field for one in explanation.inputs],
            "Last read": [
                format.moment(one.last_observed, time_zone, now) if one.last_observed else tr("never")
                for one in explanation.inputs
            ],
        }
    )


def _value(one: Input) -> str:
    known = load.metric(one.metric)
    return numbers.exact(one.value, known.unit if known else Unit.COUNT)


def _foot(explanation: Explanation, time_zone: str) -> str:
    parts = [format.periods(explanation.period, explanation.compared_with), explanation.coverage]
    if explanation.definition_version:
        parts.append(tr("definition “{version}”", version=explanation.definition_version))
    read = freshness.last_read(explanation)
    if read is not None:
        parts.append(tr("last read {read}", read=format.moment(read, time_zone, clock.utc_now())))
    return format.plain(" · ".join(parts))
