"""Why a day stood out: who carried it, the same weekday before, posts, annotations, and whether it was worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import streamlit as st

from charts import anomalies, theme
from core import numbers
from core.language import figure, mark, tr
from core.metric import Unit
from core.question import Where
from core.viewer import Viewer
from services import unusual_days
from services.content.posts import PostTable
from services.team import annotation
from services.unusual_days import Why, words
from services.words import calendar, wording
from ui import filters, format, load, panels, picking, tables
from ui.drawings import Drawing
from ui.load import Workspace
from ui.states import boundary


@dataclass(frozen=True, slots=True, eq=False)
class WhyScreen:
    """A day taken apart, with its bars; None where there is one part, or none."""

    why: Why
    bars: Drawing | None


def read(viewer: Viewer, metric: str, where: Where, place: str, day: date, *, now: datetime) -> WhyScreen:
    """Everything that is known of a day, with its bars."""
    found = unusual_days.why(viewer, metric, where, place, day, now=now)
    if found.parts is None or len(found.parts) < 2:
        return WhyScreen(found, None)
    drawn = anomalies.contributions(found.parts, unit=found.metric.unit, currency=found.currency)
    names = {"part": mark("Part"), "before": mark("Before"), "after": mark("On the day"),
             "contribution": mark("Change"), "share": mark("Share")}  # fmt: skip
    shares = zip(found.parts["part"], found.parts["share"], strict=True)
    said = ", ".join(f"{part} {figure(f'{share:.0%}')}" for part, share in shares)
    table = found.parts[list(names)].rename(columns=names)
    return WhyScreen(found, Drawing(theme.spec(drawn), table, tr("Shares of the change: {shares}", shares=said)))


@dataclass(frozen=True, slots=True)
class Found:
    """The day that is explained: `row` has value, expected, lower and upper; `doubt` says why it may only be a matter
    of what was counted."""

    metric: str
    place: str
    place_title: str
    day: date
    row: dict[str, float]
    doubt: str


def draw(workspace: Workspace, one: Found) -> None:
    """The panel that explains one day."""
    where = filters.current().where
    with st.container(border=True, height="stretch", key="panel-why", gap="small"), boundary():
        screen = load.screen(workspace, read, one.metric, where, one.place, one.day)
        found = screen.why
        metric = words.placed(tr(found.metric.title), one.place_title if one.place else "")
        day = calendar.day_words(one.day, year=True)
        st.markdown(f"**{tr('Why? {metric}, {day}', metric=format.plain(metric), day=format.plain(day))}**")
        _value(found, one)
        _carried(workspace, screen)
        _weeks(found)
        _posts(found)
        _annotations(workspace, found)
        _marking(workspace, (one.metric, unusual_days.mark_place(where, one.place), one.day))


def _value(found: Why, one: Found) -> None:
    value, expected, lower, upper = (
        words.write(one.row[name], found.metric.unit, found.currency)
        for name in ("value", "expected", "lower", "upper")
    )
    st.text(
        tr(
            "{value} where {expected} was expected, and {lower} to {upper} would have been usual.",
            value=value,
            expected=expected,
            lower=lower,
            upper=upper,
        )
    )
    if one.doubt:
        st.caption(f":orange[:material/warning:] {format.plain(one.doubt)}")


def _carried(workspace: Workspace, screen: WhyScreen) -> None:
    """Who carried it, as shares that add up."""
    st.text(words.carried(screen.why))
    if screen.bars is not None:
        by_platform = screen.why.by == "platform"
        said = (
            tr("Share of the change by platform; the shares add up to 100 %")
            if by_platform
            else tr("Share of the change by account; the shares add up to 100 %")
        )
        panels.chart(tr("Share of the change"), screen.bars.spec, screen.bars.table, key="carried",
                     alt_text=screen.bars.words, note=said, boxed=False,
                     pick=partial(picking.narrow, picking.accounts(workspace), screen.why.by))  # fmt: skip
    left = words.left_out(screen.why)
    if left:
        st.caption(format.plain(left))


def _weeks(found: Why) -> None:
    """The same weekday of the four weeks before, and the day."""
    st.caption(
        tr("Its change on the same weekday of the four weeks before, and the day")
        if found.changes
        else tr("The same weekday of the four weeks before, and the day")
    )
    with st.grid(len(found.weeks), min_column_width=58, gap="xxsmall", key="unusual-weeks"):
        for day, value in found.weeks:
            with st.container(gap=None):
                st.caption(format.line(calendar.day_words(day)))
                written = words.write(value, found.metric.unit, found.currency)
                st.markdown(f"**{format.plain(written)}**" if day == found.day else format.plain(written))


def _posts(found: Why) -> None:
    """Posts that came out that day, and those that gathered most on it."""
    _listed(found.published, tr("Published that day"), "published")
    if found.gathered is not None and len(found.gathered.frame):
        _listed(found.gathered, tr("Gathered most on that day, of the posts read before and after it"), "gathered")
    if not len(found.published.frame):
        st.caption(tr("No post was published that day."))


def _listed(posts: PostTable, title: str, key: str) -> None:
    if not len(posts.frame):
        return
    cut = posts.total > len(posts.frame)
    count = tr("{n} of {all}", n=len(posts.frame), all=posts.total) if cut else f"{posts.total}"
    st.caption(f"{title} ({count})")
    titles = load.platform_titles()
    for row in posts.frame.to_dict("records"):
        at, where = row["published_local"], titles.get(row["platform"], row["platform"])
        when = f"{calendar.day_words(at.date())}, {at:%H:%M}"
        values = {"value": numbers.short(row[posts.metric], Unit.COUNT), "metric": wording.metric(posts.metric)}
        said = (
            tr("{value} {metric} on the day", **values)
            if key == "gathered"
            else tr("{value} {metric} until now", **values)
        )
        text = " ".join(str(row["text"]).split()) or wording.without_text(row["kind"])
        tables.item(int(row["id"]), text, format.plain(f"{where} · {when} · {said}"), f"unusual-{key}")


def _annotations(workspace: Workspace, found: Why) -> None:
    """What people said of the day, and a line to say more."""
    for one in found.annotations:
        with st.container(horizontal=True, gap="xsmall", wrap=False):
            st.markdown(":material/flag:", width="content")
            st.text(one.text, width="stretch")
    opened = st.popover(tr("Annotate this day"), icon=":material/edit_note:", key="unusual_annotate", on_change="rerun")
    if not opened.open:
        return
    with opened, boundary(), st.form("unusual_annotate_form", border=False, clear_on_submit=True):
        text = st.text_input(tr("What happened?"), key="unusual_annotate_text", max_chars=annotation.LONGEST,
                             placeholder=tr("Spring sale began"))  # fmt: skip
        if st.form_submit_button(tr("Add"), type="primary"):
            annotation.add(workspace.viewer, found.day, text)
            st.rerun()


def _marking(workspace: Workspace, key: unusual_days.Key) -> None:
    """Whether it was worth a look, with a word; each person has marks of their own."""
    mark = unusual_days.marks(workspace.viewer).get(key)
    st.divider()
    if mark is not None:
        said = tr("You marked this useful") if mark.useful else tr("You marked this not useful")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(f"{said}: {mark.word}" if mark.word else f"{said}.", width="stretch")
            if st.button(tr("Take back"), key="unusual_unmark", type="tertiary"):
                unusual_days.unmark(workspace.viewer, key)
                st.rerun()
        return
    with st.form("unusual_mark", border=False, clear_on_submit=True):
        word = st.text_input(tr("Was it worth a look? A word on it helps (optional)"), key="unusual_word",
                             max_chars=unusual_days.LONGEST)  # fmt: skip
        with st.container(horizontal=True, gap="xsmall"):
            yes = st.form_submit_button(tr("Useful"), icon=":material/thumb_up:")
            no = st.form_submit_button(tr("Not useful"), icon=":material/thumb_down:")
        if yes or no:
            unusual_days.mark(workspace.viewer, key, bool(yes), word)
            st.rerun()
