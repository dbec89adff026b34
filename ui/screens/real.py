"""What posts tell of platforms and formats: which differences are real, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from charts import differences as apart
from charts import theme
from core import verdict
from core.language import figure, mark, tr, trn
from core.metric import Unit
from core.question import Asked
from core.viewer import Viewer
from services import differences
from services.differences import Differences, Format, Judged
from services.words import calendar, wording
from ui import format, fresh, panels, tables
from ui.drawings import Drawing

_MOST_SAID, _LONGEST = 5, 18
_RATE = mark("Engagement of all posts over how often they were shown")
_MEDIAN = mark("Engagement of the post in the middle")
_TO_OTHERS = mark("Difference with its interval, or why there is none")
_EACH = mark("each kind of post against the platform's other kinds")
_CARE = mark(
    "Platforms count views in different ways, and accounts differ in their audience: a higher rate is a fact of these "
    "posts, not proof that moving there would raise yours."
)


@dataclass(frozen=True, slots=True, eq=False)
class PostsScreen:
    """What posts tell, with its charts."""

    answer: Differences
    pairs: Drawing
    formats: Drawing


def read(viewer: Viewer, asked: Asked, split: str, window: str, *, now: datetime) -> PostsScreen:
    """Which differences are real."""
    answer = differences.between(
        viewer, asked.period, asked.where, split=split, window=window, only=asked.posts, now=now
    )
    pairs = [one for one in answer.pairs if one.found is not None]
    short = theme.shortened([side for one in pairs for side in (one.a, one.b)], _LONGEST)
    against = [one for one in answer.formats if one.against.found is not None]
    named = [f"{one.title} {one.kind}" for one in against]
    return PostsScreen(
        answer,
        _drawing(
            pairs,
            [_pair(one.a, one.b) for one in pairs],
            [_pair(short[one.a], short[one.b]) for one in pairs],
            tr("Pair"),
            _pair_table(answer.pairs),
        ),
        _drawing([one.against for one in against], named, named, tr("Format"), format_table(answer.formats)),
    )


def _pair(a: str, b: str) -> str:
    return f"{a} – {b}"


def _drawing(judged: Sequence[Judged], names: list[str], labels: list[str], of: str, table: pd.DataFrame) -> Drawing:
    found = [one.found for one in judged if one.found is not None]
    shown = pd.DataFrame(
        {
            "name": names,
            "label": labels,
            "estimate": [one.estimate for one in found],
            "lower": [one.lower for one in found],
            "upper": [one.upper for one in found],
            "verdict": [one.verdict if one.reliable else apart.UNCLEAR for one in found],
            "words": [one.words for one in judged],
        }
    )
    return Drawing(theme.spec(apart.forest(shown, of)), table, "; ".join(shown["words"].head(_MOST_SAID)))


def _pair_table(pairs: Sequence[Judged]) -> pd.DataFrame:
    rows = [
        {
            "First": one.a,
            "Second": one.b,
            "Rate over": wording.metric(one.over),
            "Rate of the first": one.found.value_a if one.found else None,
            "Rate of the second": one.found.value_b if one.found else None,
            **_interval(one),
        }
        for one in pairs
    ]
    return pd.DataFrame(rows)


def _interval(one: Judged) -> dict[str, float | int | str | None]:
    found = one.found
    if found is None:
        return {"Difference": None, "From": None, "To": None, "Level": None, "Posts": None, "Verdict": one.why}
    return {"Difference": found.estimate, "From": found.lower, "To": found.upper, "Level": found.level,
            "Posts": found.n_a + found.n_b, "Verdict": verdict.said(found.verdict)}  # fmt: skip


def format_table(formats: Sequence[Format]) -> pd.DataFrame:
    """One row per platform and kind of post, numbers as numbers."""
    rows = [
        {
            "Platform": one.title,
            "Format": one.kind,
            "Posts": one.posts,
            "Median engagement": one.median,
            "Rate": one.rate,
            "Rate over": wording.metric(one.over),
            "Difference": one.against.found.estimate if one.against.found else None,
            "From": one.against.found.lower if one.against.found else None,
            "To": one.against.found.upper if one.against.found else None,
            "Level": one.against.found.level if one.against.found else None,
            "Verdict": verdict.said(one.against.found.verdict) if one.against.found else one.against.why,
        }
        for one in formats
    ]
    return pd.DataFrame(rows)


def draw(screen: PostsScreen, split: str) -> None:
    """Both panels."""
    answer = screen.answer
    if not answer.posts:
        with st.container(border=True, key="panel-noposts"):
            st.markdown(f"**{tr('What posts tell')}**")
            st.caption(tr("No posts were published {days}.", days=calendar.words(answer.period, year=True)))
        return
    _pairs(screen, split)
    _formats(screen)


def _said_of(answer: Differences) -> str:
    days = calendar.words(answer.period, year=True)
    return tr("{posts} posts published {days}, as they stand now", posts=figure(f"{answer.posts:,}"), days=days)


def _pairs(screen: PostsScreen, split: str) -> None:
    answer = screen.answer
    if not answer.pairs:
        return
    with st.container(border=True, gap="xsmall", key="panel-real"):
        every = (
            tr("engagement rate of posts, every platform against every other")
            if split == "platform"
            else tr("engagement rate of posts, every account against every other")
        )
        note = f"{every}; {_said_of(answer)}"
        as_table = panels.head(tr("Which differences are real?"), key="real", note=note, table=screen.pairs.table,
                               spec=screen.pairs.spec, fresh=fresh.of_view())  # fmt: skip
        if as_table:
            shown, _ = tables.told(screen.pairs.table)
            st.dataframe(shown, hide_index=True, height="content", alt=tr("Pairs with their intervals"))
            return
        words, chart = st.columns([5, 4], gap="medium")
        with words:
            _sentences(answer)
        with chart:
            if any(one.found for one in answer.pairs):
                st.caption(tr("Difference in percentage points, with its interval"))
                st.vega_lite_chart(spec=screen.pairs.spec, alt=screen.pairs.words, key="chart-real")


def _sentences(answer: Differences) -> None:
    said = differences.summary(answer)
    if not said:
        st.text(tr("Not enough posts yet: a comparison needs {n} on each side.", n=differences.FEWEST))
    else:
        st.markdown(f"**{format.plain(said)}**")
    for one in answer.real[:_MOST_SAID]:
        st.caption(format.plain(_over(one)))
    further = [*answer.real[_MOST_SAID:], *(one for one in answer.pairs if not one.reliable)]
    if further:
        with st.expander(trn("{n} more", "{n} more", len(further)), key="more-pairs"):
            for one in further:
                st.caption(format.plain(_over(one)))
    for note in answer.notes:
        st.caption(format.plain(note))
    st.caption(tr(_CARE))


def _over(one: Judged) -> str:
    return f"{one.words} {tr('Rates over {metric}.', metric=wording.metric(one.over))}" if one.over else one.words


def _formats(screen: PostsScreen) -> None:
    answer, table = screen.answer, screen.formats.table
    with st.container(border=True, gap="xsmall", key="panel-formats"):
        real = [one for one in answer.formats if one.against.reliable]
        made = [one for one in answer.formats if one.against.found is not None]
        note = f"{tr(_EACH)}; {_said_of(answer)}"
        as_table = panels.head(tr("Which formats work?"), key="formats", note=note, table=table,
                               spec=screen.formats.spec if made else None, fresh=fresh.of_view())  # fmt: skip
        if as_table:
            shown, _ = tables.told(table)
            st.dataframe(shown, hide_index=True, height="content", alt=trn("{n} format", "{n} formats", len(table)))
            return
        st.markdown(f"**{format.plain(_verdict(len(real), len(made)))}**")
        for one in real[:_MOST_SAID]:
            st.caption(format.plain(one.against.words))
        left, right = st.columns([3, 2], gap="medium") if made else (st.container(), None)
        with left:
            _format_rows(answer.formats)
        if right is not None:
            with right:
                st.caption(tr("Difference to the platform's other formats in percentage points, with its interval"))
                st.vega_lite_chart(spec=screen.formats.spec, alt=screen.formats.words, key="chart-formats")


def _verdict(real: int, made: int) -> str:
    if not made:
        return tr("Not enough posts yet: a format needs {n}, and as many in others.", n=differences.FEWEST)
    if not real:
        return tr("No format reliably does better or worse than a platform's others ({n} compared).", n=made)
    return tr("{n} of {all} formats reliably differ from their platform's others.", n=real, all=made)


def _format_rows(formats: Sequence[Format]) -> None:
    rows = pd.DataFrame(
        {
            "Platform": [one.title for one in formats],
            "Format": [one.kind for one in formats],
            "Posts": [one.posts for one in formats],
            "Median engagement": [one.median for one in formats],
            "Rate": [one.rate * 100 for one in formats],
            "Over": [wording.metric(one.over) for one in formats],
            "To the others, pts": [_gap(one.against) for one in formats],
        }
    )
    with st.container(key="wide-formats"):
        shown, config = tables.told(rows, _format_columns())
        st.dataframe(shown, hide_index=True, height="content", placeholder=tr("n/a"), column_config=config,
                     alt=trn("{n} format", "{n} formats", len(rows)))  # fmt: skip
    with st.container(key="narrow-formats", gap="xsmall"):
        for one in formats:
            with st.container(gap=None):
                st.text(f"{one.title}, {one.kind}")
                said = tr(
                    "{posts} posts · median {median} · rate {rate}",
                    posts=one.posts,
                    median=format.short(one.median, Unit.COUNT),
                    rate=format.short(one.rate, Unit.RATIO),
                )
                st.caption(format.plain(f"{said} · {_gap(one.against)}"))


def _format_columns() -> dict[str, Any]:
    return {
        "Platform": st.column_config.TextColumn(width=84),
        "Format": st.column_config.TextColumn(width=76),
        "Posts": st.column_config.NumberColumn(width=52),
        "Median engagement": st.column_config.NumberColumn(tr("Median"), format="compact", width=64, help=tr(_MEDIAN)),
        "Rate": st.column_config.NumberColumn(format="%.2f%%", width=62, help=tr(_RATE)),
        "Over": st.column_config.TextColumn(width=90),
        "To the others, pts": st.column_config.TextColumn(width=214, help=tr(_TO_OTHERS)),
    }


def _gap(one: Judged) -> str:
    if one.found is None:
        return one.why
    return apart.said(one.found.estimate, one.found.lower, one.found.upper)
