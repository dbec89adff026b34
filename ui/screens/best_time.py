"""The parts of the Best time page: the week as a map, hours and weekdays, the best slots in words, each platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from charts import effects, theme, week
from core import language, verdict
from core.language import figure, mark, tr, trn
from core.question import Asked, Explanation
from core.viewer import Viewer
from services.content import timing
from services.content.timing import BestTimeAnswer, OnPlatform
from services.words import calendar, wording
from ui import filters, format, fresh, links, load, panels, states
from ui.drawings import Drawing
from ui.load import Workspace
from ui.page import style

_KIND, _SHOWN = "slot_kind", "slot_shown"
_ALL = mark("All kinds")
_LIFTS, _COUNTS = mark("How posts did"), mark("How many posts")
_EACH_SIXTH = [f"{hour:02d}:00" for hour in range(0, 24, 6)]
_DEFINITION = mark(
    "By how much posts of an hour did better than the same posts would at the usual hour: account, kind of post, age "
    "and the growth of the account are taken out, and hours with few posts are drawn towards the usual. Answers in "
    "conversations are left out."
)
_FORMULA = mark("lift = exp(effect of the hour on log(1 + engagement), less the mean effect over all posts) - 1")


@dataclass(frozen=True, slots=True, eq=False)
class BestTimeScreen:
    """The answer with its charts; `lifts` is None where how posts did is not known."""

    answer: BestTimeAnswer
    lifts: Drawing | None
    counts: Drawing
    by_hour: Drawing
    by_weekday: Drawing


def read(viewer: Viewer, asked: Asked, kind: str, week_start: int, *, now: datetime) -> BestTimeScreen:
    """What is known of best times, with its charts."""
    answer = timing.best_time_of(viewer, asked.where, kind, asked.posts, now=now)
    made = answer.timing
    rows = week.rows(made.slots, week_start)
    table = _table(rows)
    known = made.standing.ok and made.enough and made.reliable
    lifts = Drawing(theme.spec(week.lifts(rows, week_start)), table, _alt(answer)) if known else None
    when = tr("When {n} posts were published", n=figure(f"{made.posts:,}"))
    counts = Drawing(theme.spec(week.counts(rows, week_start)), table, when)
    hours = made.hours.assign(name=[f"{hour:02d}:00" for hour in made.hours["hour"]])
    days = week.in_order(made.weekdays, week_start)
    days = days.assign(name=[language.weekday(int(day), short=True) for day in days["weekday"]])
    by_hour, by_weekday = _small(hours, "Hour", known, _EACH_SIXTH), _small(days, "Weekday", known, None)
    return BestTimeScreen(answer, lifts, counts, by_hour, by_weekday)


def _small(found: pd.DataFrame, of: str, known: bool, values: list[str] | None) -> Drawing:
    counted = [figure(f"{n:,}") for n in found["posts"]]
    shown = effects.rows(found, found["name"].tolist(), counted).assign(posts=found["posts"].to_numpy())
    judged = shown[~found["verdict"].str.startswith(week.WEAK).to_numpy(bool)]
    drawn = effects.along(judged, tr(of), values=values) if known else effects.bars(shown, tr(of), values=values)
    table = pd.DataFrame({of: found["name"], **_figures(found)})
    return Drawing(theme.spec(drawn), table, _most(found, known))


def _most(found: pd.DataFrame, known: bool) -> str:
    """What stands out in a small chart, for who cannot see it."""
    rated = found.dropna(subset=["lift"]) if known else found
    if rated.empty:
        return tr("no data")
    one = rated.sort_values("lift" if known else "posts").to_dict("records")[-1]
    said = timing.shares(one["lift"], one["lower"], one["upper"]) if known else ""
    posts = trn("{n} post", "{n} posts", int(one["posts"]))
    return f"{one['name']}, {posts}, {said}" if said else f"{one['name']}, {posts}"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"Weekday": rows["day"], "Hour": [f"{hour:02d}:00" for hour in rows["hour"]], **_figures(rows)})


def _figures(found: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "Posts": found["posts"], "Lift": found["lift"], "Lift from": found["lower"], "Lift to": found["upper"],
        "Verdict": found["verdict"].map(verdict.said),
    }  # fmt: skip


def _alt(answer: BestTimeAnswer) -> str:
    told = "; ".join(f"{one.name} {timing.signed(one.lift)}" for one in timing.best(answer.timing))
    best = tr("Best: {hours}", hours=told) if told else tr("Best: no single hour")
    return f"{tr('Hours of the week against the usual post.')} {best}"


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    style("timing")
    if not load.accounts(workspace):
        states.not_connected()
        return
    screen = load.screen(workspace, read, filters.current(), _kind(), workspace.week_start)
    _head(screen.answer, screen.lifts is not None)
    if not screen.answer.published and filters.current().posts:
        states.no_such_posts()
        return
    if not screen.answer.published and not screen.answer.kind:
        said = tr("No posts of the last year are known here. Choose other platforms or accounts, or connect one.")
        label = tr("Check the connections")
        states.empty(said, icon=":material/event_busy:", to="connections", label=label, key="posts")
        return
    left, right = st.columns([5, 2], gap="xsmall")
    with left:
        _week(screen, workspace)
    with right:
        _best(screen.answer)
    left, right = st.columns([3, 2], gap="xsmall")
    with left:
        _part(screen, screen.by_hour, "hour", tr("By hour of the day"))
    with right:
        _part(screen, screen.by_weekday, "weekday", tr("By weekday"))
    _platforms(screen.answer)


def _head(answer: BestTimeAnswer, known: bool) -> None:
    """What is looked at, the kind to choose, and what was found."""
    said = [
        tr("{n} posts, {days}", n=figure(f"{answer.published:,}"), days=calendar.words(answer.period, year=True)),
        tr("in the local time of each account"),
    ]
    if answer.timing.standing.computed_at is not None:
        said.append(tr("computed {age}", age=format.age(answer.timing.standing.computed_at, load.now())))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lead"):
        st.caption(format.plain(" · ".join(said)), width="stretch")
        if known:
            _choice()
        _kinds(answer)
    with st.container(key="headline"):
        st.text(timing.finding(answer.timing))
    proof = timing.proof(answer.timing)
    if proof:
        st.caption(format.plain(proof))


def _kind() -> str:
    """The kind that is looked at, from the link before its widget is drawn; empty for all. An option is the English
    name of a kind, the link has it in the words of who made it."""
    known = [_ALL, *(_title(kind) for kind in wording.KINDS)]
    links.understand(_KIND, known, _shown_kind)
    given = st.session_state.get(_KIND, st.query_params.get(_KIND))
    title = next((one for one in known if _shown_kind(one) == given), given)
    return "" if title in (None, _ALL) else str(title).lower().replace(" ", "_")


def _kinds(answer: BestTimeAnswer) -> None:
    """The kind to look at."""
    if len(answer.kinds) < 2 and not answer.kind:
        return
    titles = [_ALL, *(_title(kind) for kind, _ in answer.kinds)]
    st.selectbox(tr("Kind of post"), titles, key=_KIND, bind="query-params", label_visibility="collapsed", width=160,
                 format_func=_shown_kind)  # fmt: skip


def _title(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _shown_kind(title: str) -> str:
    return tr(_ALL) if title == _ALL else wording.kind(title.lower()).capitalize()


def _week(screen: BestTimeScreen, workspace: Workspace) -> None:
    """The map of the week: how posts did where that is known, else when they were published."""
    shown = _LIFTS
    if screen.lifts is not None:
        shown = links.chosen(_SHOWN, [_LIFTS, _COUNTS], tr) or _LIFTS
    lifted = screen.lifts is not None and shown == _LIFTS
    drawing = screen.lifts if screen.lifts is not None and lifted else screen.counts
    note = tr("engagement against the usual post; triangle: clearly better or worse; hatched: fewer than 3 posts")
    panels.chart(
        tr("Hours of the week") if lifted else tr("When posts were published so far"),
        drawing.spec,
        drawing.table,
        key="week",
        alt_text=drawing.words,
        note=note if lifted else tr("posts of the last year"),
        explanation=_made(screen.answer),
        time_zone=workspace.time_zone,
    )


def _choice() -> None:
    links.understand(_SHOWN, [_LIFTS, _COUNTS], tr)
    st.segmented_control(
        tr("What to show"), [_LIFTS, _COUNTS], format_func=tr, default=_LIFTS, key=_SHOWN, required=True,
        label_visibility="collapsed", bind="query-params", width="content",
    )  # fmt: skip


def _best(answer: BestTimeAnswer) -> None:
    """The best times in words, or what is missing."""
    with st.container(border=True, height="stretch", key="panel-slots", gap="small"):
        st.markdown(f"**{tr('Best times')}**")
        told = timing.best(answer.timing)
        if not told:
            st.caption(format.plain(_why_none(answer)))
        hours = timing.best_hours(answer.timing)
        if hours:
            st.caption(format.plain(tr("On any day: {hours}", hours=", ".join(hours))))
        for one in told:
            with st.container(gap=None):
                st.text(f"{one.name} · {trn('{n} post', '{n} posts', one.posts)}")
                st.caption(format.plain(timing.shares(one.lift, one.lower, one.upper)))


def _why_none(answer: BestTimeAnswer) -> str:
    made = answer.timing
    if made.standing.ok and made.enough:
        if made.reliable:
            return tr("No single hour stands out yet; see hours and weekdays below.")
        return tr(
            "No hour can be told to be better. Differences between hours are no larger than chance makes them, or did "
            "not show again on later posts."
        )
    if made.standing.state == "pending":
        return tr("Best times appear here when they have been computed. Until then: when posts were published.")
    if made.standing.state == "failed":
        return tr("Best times could not be computed. They are tried again with the next numbers.")
    missing = max(made.fewest - made.posts, 0)
    if not missing:
        return made.standing.reason
    return tr("{n} more posts with known engagement are needed.", n=figure(f"{missing:,}"))


def _part(screen: BestTimeScreen, drawing: Drawing, key: str, title: str) -> None:
    known = screen.lifts is not None
    note = tr("engagement against the usual post, with its likely range") if known else tr("posts")
    panels.chart(title, drawing.spec, drawing.table, key=key, alt_text=f"{title}: {drawing.words}", note=note,
                 explanation=_made(screen.answer))  # fmt: skip


def _platforms(answer: BestTimeAnswer) -> None:
    """Each platform in a line; a click narrows the page to it."""
    if len(answer.platforms) < 2 or answer.kind:
        return
    table = pd.DataFrame({"Platform": [one.title for one in answer.platforms],
                          "Best time": [one.said for one in answer.platforms]})  # fmt: skip
    with st.container(border=True, key="panel-platforms", gap="small"):
        panels.head(tr("On each platform"), key="platforms", note=tr("each judged by its own posts"), table=table,
                    fresh=fresh.computed(answer.timing.standing.computed_at))  # fmt: skip
        with st.grid(len(answer.platforms), min_column_width=165, gap="small", key="slot-platforms"):
            for one in answer.platforms:
                _platform(one)


def _platform(one: OnPlatform) -> None:
    with st.container(gap=None, key=f"slotrow-{one.platform}"):
        st.button(one.title, key=f"slot-pick-{one.platform}", type="tertiary", on_click=filters.pick_platform,
                  args=(one.platform,), help=tr("Only {platform}", platform=one.title))  # fmt: skip
        st.caption(format.plain(one.said))


def _made(answer: BestTimeAnswer) -> Explanation:
    made = answer.timing
    known = tr("{n} posts with known engagement", n=figure(f"{made.posts:,}"))
    return Explanation(
        metric="engagement",
        title=tr("Best times"),
        definition=tr(_DEFINITION),
        formula=tr(_FORMULA),
        inputs=(),
        coverage=f"{known}; {timing.proof(made) or tr('not checked yet.')}",
        notes=(),
        period=answer.period,
        compared_with=None,
        computed_at=made.standing.computed_at,
    )
