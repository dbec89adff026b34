"""The parts of the page of one platform, top to bottom. Numbers come from `services`; nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from core import language
from core.language import figure, mark, tr, trn
from core.question import Asked, Explanation
from core.viewer import Viewer
from services import comparison, platform_posts, platform_view
from services.comparison import Comparison
from services.content import timing
from services.insights import Finding
from services.platform_posts import PostsAnswer, Tag
from services.platform_view import PlatformAnswer
from services.team import targets
from ui import (
    annotating,
    cards,
    choosing,
    drawings,
    filters,
    format,
    lead,
    load,
    marks,
    menu,
    page,
    panels,
    states,
    tables,
)
from ui.drawings import Drawing
from ui.load import Workspace
from ui.screens import sides
from ui.states import boundary

_GROUP, _METRIC = "platform_group", "platform_metric"
_ABREAST, _NARROWEST = 6, 150
_MOST_FINDINGS = 5
_OF_CHOICES = ("followers", "engagement")
_ANY = mark("One platform")


@dataclass(frozen=True, slots=True, eq=False)
class PlatformScreen:
    """The answer with the chart of its audience, and the targets of a workspace that has this platform alone."""

    answer: PlatformAnswer
    audience: Drawing | None
    goals: dict[str, float]


def read(viewer: Viewer, asked: Asked, platform: str, annotated: bool, *, now: datetime) -> PlatformScreen:
    """The numbers of a platform."""
    by_day = load.shared(viewer, platform_view.by_day, asked, platform, now=now)
    answer = platform_view.platform_view(viewer, asked, platform, known=by_day, now=now)
    happened = drawings.happened(viewer, answer.by_day.period, annotated)
    audience, goals = None, targets.of(viewer, asked)
    if "followers" in answer.metrics:
        audience = drawings.by_day(answer.by_day, "followers", happened, goals=goals, zero=False)
    return PlatformScreen(answer, audience, goals)


def read_course(viewer: Viewer, asked: Asked, platform: str, metric: str, annotated: bool, *, now: datetime) -> Drawing:
    """One metric over time, beside the compared period."""
    by_day = load.shared(viewer, platform_view.by_day, asked, platform, now=now)
    happened = drawings.happened(viewer, by_day.period, annotated)
    goals = targets.of(viewer, asked)
    return drawings.by_day(by_day, metric, happened, goals=goals, zero=comparison.begins_at_zero(metric))


def read_posts(viewer: Viewer, asked: Asked, platform: str, *, now: datetime) -> PostsAnswer:
    """What the posts of a platform tell."""
    known = load.shared(viewer, platform_posts.published, asked, platform, now=now)
    return platform_posts.platform_posts(viewer, asked, platform, known=known, now=now)


def read_findings(viewer: Viewer, asked: Asked, platform: str, *, now: datetime) -> tuple[Finding, ...]:
    """What is worth knowing of a platform."""
    by_day = load.shared(viewer, platform_view.by_day, asked, platform, now=now)
    known = load.shared(viewer, platform_posts.published, asked, platform, now=now)
    return platform_posts.findings(viewer, by_day, known, asked.posts, now=now)


def title() -> str:
    """The heading: the platform's name, where one is meant."""
    workspace = page.workspace()
    accounts = [(one.id, one.platform) for one in load.accounts(workspace)]
    platform = platform_view.chosen(filters.current().where, accounts)
    return load.platform_titles().get(platform, _ANY) if platform else _ANY


def read_choices(viewer: Viewer, asked: Asked, *, now: datetime) -> Comparison:
    """The platforms to choose from: several chosen ones, else all."""
    return comparison.compare(viewer, replace(asked, compare=None), metrics=_OF_CHOICES, now=now)


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    options = load.accounts(workspace)
    if not options:
        states.not_connected()
        return
    asked = filters.current()
    platform = platform_view.chosen(asked.where, [(one.id, one.platform) for one in options])
    if not platform:
        _choose(workspace, asked)
        return
    screen = load.screen(workspace, read, asked, platform, annotating.shown())
    lead.draw(workspace, screen.answer.by_day)
    if screen.answer.empty:
        states.no_data(screen.answer.why_none)
        return
    with boundary():
        _cards(workspace, screen.answer, screen.goals)
    metric = choosing.metric(screen.answer.metrics, _METRIC)
    left, right = st.columns([2, 1], gap="xsmall")
    with left, boundary():
        _course(workspace, asked, screen.answer, metric)
    with right:
        _audience(workspace, screen)
    with boundary():
        _accounts(workspace, screen.answer)
    with boundary():
        _posts(workspace, asked, screen.answer)
    with boundary():
        _findings(load.screen(workspace, read_findings, asked, platform))


def _choose(workspace: Workspace, asked: Asked) -> None:
    """Which platform? One button each, with how large it is."""
    st.caption(tr("Choose a platform; the filter bar then keeps it on every page."))
    found = load.screen(workspace, read_choices, asked)
    with st.grid(_ABREAST, min_column_width=_NARROWEST, gap="xsmall", key="choose"):
        for side in found.sides:
            with st.container(border=True, gap="xsmall", key=f"card-choose-{side.key}"):
                marks.draw(side.key, side.title)
                st.button(side.title, key=f"choose-{side.key}", type="tertiary", on_click=filters.pick_platform,
                          args=(side.key,))  # fmt: skip
                for name in found.metrics:
                    title = language.inside(tr(found.definitions[name].title))
                    st.caption(format.plain(f"{format.value(side.numbers[name])} {title}"))


def _cards(workspace: Workspace, answer: PlatformAnswer, goals: dict[str, float]) -> None:
    """The platform's own metrics, group by group."""
    titles = [group.title for group in answer.groups]
    if st.session_state.get(_GROUP) not in titles:
        st.session_state.pop(_GROUP, None)
    chosen = choosing.one_of(tr("Metrics"), dict(zip(titles, titles, strict=True)), _GROUP)
    group = next((one for one in answer.groups if one.title == chosen), answer.groups[0])
    with st.grid(_ABREAST, min_column_width=_NARROWEST, gap="xsmall", key="cards"):
        for card in group.cards:
            cards.card(card, goals, workspace.time_zone)
    if answer.lacking:
        words = trn(
            "{n} more that {platform} can give has no numbers",
            "{n} more that {platform} can give have no numbers",
            len(answer.lacking),
            platform=answer.title,
        )
        with st.expander(words, key="lacking"):
            for title, why in answer.lacking:
                st.text(f"{title}: {why}")


def _course(workspace: Workspace, asked: Asked, answer: PlatformAnswer, metric: str) -> None:
    """One metric over time."""
    drawing = load.screen(workspace, read_course, asked, answer.platform, metric, annotating.shown())
    number, explained = answer.by_day.totals[metric], answer.by_day.explain(metric)
    panels.chart(
        tr("{metric} by day", metric=explained.title),
        drawing.spec,
        drawing.table,
        key="course",
        alt_text=drawings.said(explained.title, answer.by_day, metric),
        note=tr("dashed: the compared period") if answer.by_day.compared else "",
        explanation=explained,
        number=number,
        time_zone=workspace.time_zone,
        beside=lambda: annotating.button(workspace, answer.by_day.period),
    )


def _audience(workspace: Workspace, screen: PlatformScreen) -> None:
    """How the audience grows."""
    answer, drawing = screen.answer, screen.audience
    if drawing is None:
        return
    number = answer.by_day.totals["followers"]
    title = tr("Audience growth")
    if number.value is not None:
        title = tr("Audience: {value} followers", value=format.short(number.value, number.unit))
    if number.difference is not None:
        title = f"{title}, {format.difference(number)}"
    panels.chart(
        title,
        drawing.spec,
        drawing.table,
        key="followers",
        alt_text=drawings.said(title, answer.by_day, "followers"),
        note=tr("followers at the end of each day"),
        explanation=answer.by_day.explain("followers"),
        number=number,
        time_zone=workspace.time_zone,
    )


def _accounts(workspace: Workspace, answer: PlatformAnswer) -> None:
    """The platform's accounts; a click narrows the page to one."""
    if answer.accounts is None:
        return
    named = {str(option.id): option.title for option in load.accounts(workspace)}
    sides.draw(answer.accounts, workspace.time_zone, lambda key: filters.pick_account(named[key]), title=tr("Accounts"))


def _posts(workspace: Workspace, asked: Asked, answer: PlatformAnswer) -> None:
    """Its posts, and what they teach."""
    found = load.screen(workspace, read_posts, asked, answer.platform)
    left, right = st.columns([2, 1], gap="xsmall")
    with left:
        _ranking(found)
    with right:
        _times(found, answer)
        _tags(found, answer)


def _ranking(found: PostsAnswer) -> None:
    top = found.top
    with st.container(border=True, key="panel-ranking"), boundary():
        note = tr(
            "published in the period, with what they gathered until now; {n} of {total} by engagement",
            n=len(top.frame),
            total=top.total,
        )
        table = tables.posts_frame(top)
        panels.head(tr("Top posts"), key="ranking", note=note, table=table, explanation=_ranked(found))
        if table.empty:
            st.caption(tr("No posts were published in this period."))
            return
        tables.posts(top, "ranking")
        menu.link("posts", tr("All posts"), ":material/arrow_forward:")


def _ranked(found: PostsAnswer) -> Explanation:
    top = found.top
    return Explanation(
        metric="engagement",
        title=tr("Top posts"),
        definition=tr("Each post with its counters as last read, sorted by engagement."),
        formula=tr("engagement of the post; rate: engagement over how often it was shown"),
        inputs=(),
        coverage=trn("{n} post", "{n} posts", top.total),
        notes=top.notes,
        period=top.period,
        compared_with=None,
    )


def _times(found: PostsAnswer, answer: PlatformAnswer) -> None:
    """When to post, or why that is not known."""
    with st.container(border=True, key="panel-times", gap="small"), boundary():
        st.markdown(f"**{tr('When to post')}**")
        st.text(found.times.said)
        for slot in found.times.slots:
            with st.container(gap=None):
                st.text(slot.name)
                lifted = timing.shares(slot.lift, slot.lower, slot.upper)
                st.caption(format.plain(f"{lifted}, {trn('{n} post', '{n} posts', slot.posts)}"))
        _whole(answer)
        menu.link("best-time", tr("Best time"), ":material/arrow_forward:")


def _tags(found: PostsAnswer, answer: PlatformAnswer) -> None:
    """Which hashtags go with better posts, or why that is not known."""
    with st.container(border=True, key="panel-tags", gap="small"), boundary():
        st.markdown(f"**{tr('Best tags')}**")
        if found.tags.said:
            st.text(found.tags.said)
        for one in found.tags.best:
            with st.container(gap=None):
                st.text(f"#{one.tag}")
                st.caption(format.plain(f"{one.effect}, {trn('{n} post', '{n} posts', one.uses)}"))
        if found.tags.used:
            used = _listed(found.tags.used)
            beside = tr("Most used beside them: {tags}", tags=used)
            st.caption(format.plain(beside if found.tags.best else tr("Most used: {tags}", tags=used)))
        _whole(answer)
        menu.link("hashtags", tr("Hashtags and topics"), ":material/arrow_forward:")


def _listed(tags: tuple[Tag, ...]) -> str:
    return ", ".join(f"#{one.tag} ({figure(f'{one.uses:,}')})" for one in tags)


def _whole(answer: PlatformAnswer) -> None:
    """Studies are made of platforms."""
    if answer.by_day.question.where.accounts:
        st.caption(tr("From all accounts on {platform}.", platform=answer.title))


def _findings(found: tuple[Finding, ...]) -> None:
    """What is worth knowing."""
    with st.container(border=True, key="panel-worth", gap="small"):
        st.markdown(f"**{tr('Worth knowing')}**")
        if not found:
            st.caption(tr("Nothing stands out in this period."))
        for one in found[:_MOST_FINDINGS]:
            _finding(one)
        if found[_MOST_FINDINGS:]:
            with st.expander(trn("{n} more", "{n} more", len(found) - _MOST_FINDINGS), key="more-worth"):
                for one in found[_MOST_FINDINGS:]:
                    _finding(one)


def _finding(one: Finding) -> None:
    with st.container(gap=None):
        st.text(one.text, width="stretch")
        st.caption(format.plain(f"{one.certainty} {one.action}".strip()))
