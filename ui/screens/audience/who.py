"""Who the audience is, where, and when it is there."""

from __future__ import annotations

import streamlit as st

from core.language import tr, trn
from core.question import Asked
from services.audience.people import People
from services.words import calendar
from ui import format, links, load, panels
from ui.load import Workspace
from ui.screens.audience import reading
from ui.screens.audience.reading import DescribedScreen, OnlineScreen, PartScreen
from ui.states import boundary

_AUDIENCE, _ACCOUNT = "audience", "audience_online"
_ABREAST, _NARROWEST = 3, 300


def draw(workspace: Workspace, asked: Asked) -> None:
    """One audience at a time: platforms are never mixed."""
    found = load.screen(workspace, reading.read_people, asked)
    st.subheader(tr("Who they are"), anchor=False)
    st.caption(tr("As each platform describes them. Their groups differ, so they are never added up."))
    if not found.audiences:
        _nobody(found)
        return
    key = _picked(found)
    with boundary():
        _described(workspace, asked, load.screen(workspace, reading.read_described, asked, key))
    _silent(found)


def _nobody(found: People) -> None:
    with st.container(border=True, key="panel-nobody", gap="small"):
        st.text(tr("No platform tells who the audience is around this period."))
        for sentence in found.silent:
            st.caption(format.plain(sentence))


def _silent(found: People) -> None:
    """Who tells nothing, and why."""
    if not found.silent:
        return
    with st.expander(
        trn("Nothing is told of {n} more", "Nothing is told of {n} more", len(found.silent)), key="silent"
    ):
        for sentence in found.silent:
            st.text(sentence)


def _picked(found: People) -> str:
    """The audience to look at: the chosen one, if it is there."""
    named = {one.key: one for one in found.audiences}
    if st.session_state.get(_AUDIENCE) not in named:
        st.session_state.pop(_AUDIENCE, None)
    links.understand(_AUDIENCE, list(named), lambda key: named[key].title)
    first = next(iter(named))
    chosen = st.pills(
        tr("Audience"), list(named), default=first, required=True, key=_AUDIENCE, bind="query-params",
        format_func=lambda key: named[key].title, label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen) if chosen in named else first


def _described(workspace: Workspace, asked: Asked, screen: DescribedScreen) -> None:
    if asked.compare is not None and not any(one.part.earlier_dated for one in screen.parts):
        st.caption(tr("No change is shown: what was told at the end of the compared period is not known."))
    rest = [one for one in screen.parts if one.part.dimension != "country"]
    lands = next((one for one in screen.parts if one.part.dimension == "country"), None)
    if lands is not None and screen.map is not None:
        left, right = st.columns([2, 1], gap="xsmall")
        with left:
            _map(workspace, screen, lands)
        with right:
            _part(workspace, lands)
    else:
        st.caption(tr("This platform does not tell countries here, so there is no map."))
    with st.grid(_ABREAST, min_column_width=_NARROWEST, gap="xsmall", key="groups"):
        for one in rest:
            _part(workspace, one)


def _map(workspace: Workspace, screen: DescribedScreen, lands: PartScreen) -> None:
    if screen.map is None:
        return
    audience = screen.answer.audience
    colours = tr("pale: not told; colours follow the square root of the share")
    note = f"{audience.who}, {lands.part.dated}; {colours}. {screen.off_map}"
    panels.chart(
        tr("Where they are"),
        screen.map.spec,
        screen.map.table,
        key="map",
        alt_text=screen.map.words,
        note=note.strip(),
        explanation=lands.explanation,
        time_zone=workspace.time_zone,
    )


def _part(workspace: Workspace, one: PartScreen) -> None:
    part = one.part
    against = tr("line: {days}", days=part.earlier_dated) if part.earlier_dated else ""
    note = "; ".join(text for text in (part.dated, part.coverage, one.more, one.said, against) if text)
    panels.chart(
        part.title,
        one.drawing.spec,
        one.drawing.table,
        key=f"group-{part.dimension}",
        alt_text=one.drawing.words,
        note=note,
        explanation=one.explanation,
        time_zone=workspace.time_zone,
    )


def online(workspace: Workspace, asked: Asked) -> None:
    """When the audience is there, or that no platform tells it here."""
    found = load.screen(workspace, reading.read_online, asked, workspace.time_zone, workspace.week_start)
    if not found:
        st.caption(f":material/info: {tr('No platform tells here at which hours followers are online.')}")
        return
    one = _account(found)
    answer = one.answer
    note = tr(
        "{account}, followers on the platform in an hour, mean of {period}, time in {time_zone}.",
        account=answer.title,
        period=calendar.words(answer.period),
        time_zone=answer.time_zone.replace("_", " "),
    )
    panels.chart(
        tr("When they are online"),
        one.week.spec,
        one.week.table,
        key="online",
        alt_text=one.week.words,
        note=f"{note} {tr('Most on {hour}.', hour=answer.best)}" if answer.best else note,
        explanation=answer.explanation,
        time_zone=workspace.time_zone,
    )


def _account(found: tuple[OnlineScreen, ...]) -> OnlineScreen:
    """The account to look at; the largest unless another is chosen."""
    titles = [one.answer.title for one in found]
    if len(titles) == 1:
        return found[0]
    if st.session_state.get(_ACCOUNT) not in titles:
        st.session_state.pop(_ACCOUNT, None)
    chosen = st.selectbox(tr("Account"), titles, key=_ACCOUNT, bind="query-params", label_visibility="collapsed",
                          width=320)  # fmt: skip
    return next((one for one in found if one.answer.title == chosen), found[0])
