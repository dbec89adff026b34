"""How the post grew since it came out, against the account's usual curve at the same age.

This module owns the keys `growth_by` and `growth_span`, which stand in the link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from charts import growth as growth_chart
from charts import theme
from core import language, numbers
from core.language import figure, mark, tr
from core.metric import Unit
from core.question import Period
from core.viewer import Viewer
from services import post_detail
from services.content import post_list
from services.post_detail import Detail, Growth
from ui import annotating, drawings, format, links, load, panels
from ui.drawings import Drawing
from ui.load import Workspace

_BY, _SPAN = "growth_by", "growth_span"
_FITS = "fits"


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The curve with its drawing."""

    answer: Growth
    drawing: Drawing


def read(
    viewer: Viewer, post_id: int, metric: str, span: str, published: datetime, annotated: bool, *, now: datetime
) -> Curve | None:
    """The curve and its chart, with the marks of what happened since it was `published` if `annotated`; None where
    there is no such post."""
    answer = post_detail.growth(viewer, post_id, metric, span, now=now)
    if answer is None:
        return None
    since = Period(published.date(), (published + timedelta(hours=answer.span_h)).date())
    drawn = growth_chart.chart(
        answer.mine, answer.usual, title=answer.title, span_h=answer.span_h, seen_h=answer.seen_h, published=published,
        marks=drawings.happened(viewer, since, annotated),
    )  # fmt: skip
    return Curve(answer, Drawing(theme.spec(drawn), _table(answer), _words(answer)))


def panel(workspace: Workspace, detail: Detail) -> None:
    """The chart with what it shows and how far."""
    with st.container(border=True, gap="xsmall", key="panel-growth"):
        if not detail.growing:
            st.markdown(f"**{tr('How did it grow?')}**")
            st.caption(tr("None of its counters was read yet."))
            return
        metric, span = _chosen(detail)
        curve = load.screen(
            workspace, read, detail.post.id, metric, span, detail.post.published_local, annotating.shown()
        )
        if curve is not None:
            _chart(workspace, curve)


def _chosen(detail: Detail) -> tuple[str, str]:
    """What is drawn, and how far."""
    if st.session_state.get(_BY) not in {None, *detail.growing}:
        st.session_state[_BY] = detail.growing[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="growth-asked"):
        links.understand(_BY, detail.growing, post_list.title)
        links.understand(_BY, detail.growing, post_list.title)
        metric = st.selectbox(
            tr("Number"), detail.growing, key=_BY, bind="query-params", format_func=post_list.title,
            label_visibility="collapsed", width=170,
        )  # fmt: skip
        spans = [_FITS, *post_detail.SPANS]
        links.understand(_SPAN, spans, _span)
        span = st.selectbox(
            tr("Span"), spans, key=_SPAN, bind="query-params", format_func=_span,
            label_visibility="collapsed", width=150,
        )  # fmt: skip
    return str(metric), "" if span == _FITS else str(span)


def _span(one: str) -> str:
    return tr("What is known") if one == _FITS else tr(post_detail.SPANS[one])


def _chart(workspace: Workspace, curve: Curve) -> None:
    answer, drawing = curve.answer, curve.drawing
    panels.chart(
        _title(answer), drawing.spec, drawing.table, key="growth", alt_text=drawing.words, note=_note(answer),
        explanation=answer.explanation, time_zone=workspace.time_zone, boxed=False,
    )  # fmt: skip
    for words in _missing(answer):
        st.caption(f":material/info: {format.plain(words)}")


def _title(answer: Growth) -> str:
    if answer.ratio is None or answer.seen_h is None:
        return tr("How did its {metric} grow?", metric=language.inside(answer.title))
    return tr(
        "{times}× the usual {metric} at {age}",
        times=figure(f"{answer.ratio:.1f}"),
        metric=language.inside(answer.title),
        age=growth_chart.age_words(answer.seen_h),
    )


def _note(answer: Growth) -> str:
    if answer.usual.empty:
        return tr("{metric} since it came out", metric=language.inside(answer.title))
    if answer.same_kind:
        said = mark("{metric} since it came out; band: half of up to {posts} other posts of the account of its kind")
    else:
        said = mark(
            "{metric} since it came out; band: half of up to {posts} other posts of the account of any kind, for there "
            "are too few of its own"
        )
    return tr(said, metric=language.inside(answer.title), posts=int(answer.usual["posts"].max()))


def _missing(answer: Growth) -> list[str]:
    """What the curve cannot show, and why."""
    said = [tr("No usual curve: {reason}.", reason=answer.why)] if answer.why else []
    if answer.mine.empty and answer.seen_h is not None:
        said.append(
            tr("First read at {age} or later: choose a longer span.", age=growth_chart.age_words(answer.seen_h))
        )
    elif len(answer.mine) and not bool(answer.mine["sure"].iloc[0]):
        first = growth_chart.age_words(float(answer.mine["age_h"].iloc[0]))
        said.append(tr("First read when it was {age} old: how it grew before is not known.", age=first))
    return said


def _table(answer: Growth) -> pd.DataFrame:
    """Readings and usual values by age."""
    mine = answer.mine[["age_h", "value"]].rename(columns={"value": answer.title})
    usual = answer.usual.rename(
        columns={
            "low": mark("Usual, lower quarter"), "median": mark("Usual"), "high": mark("Usual, upper quarter"),
            "posts": mark("Posts"),
        }
    )  # fmt: skip
    both = mine.merge(usual, on="age_h", how="outer").sort_values("age_h", ignore_index=True)
    return both.rename(columns={"age_h": mark("Age, hours")}).astype(float).round(1)


def _words(answer: Growth) -> str:
    value = numbers.exact(answer.value, Unit.COUNT)
    if answer.at_seen is None:
        return tr("{metric} since it came out: {value}; no usual curve", metric=answer.title, value=value)
    return tr(
        "{metric} since it came out: {value}; usually {usual} at the same age",
        metric=answer.title,
        value=value,
        usual=numbers.exact(answer.at_seen.median, Unit.COUNT),
    )
