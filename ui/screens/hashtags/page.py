"""The Hashtags and topics page, top to bottom: what stands out, what comes and goes, all tags, pairs, subjects."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import effects, week
from core import verdict
from core.language import figure, mark, tr, trn
from core.question import Explanation, Note
from services.content import hashtags, timing
from services.words import calendar
from ui import filters, format, fresh, load, panels, states, tables
from ui.drawings import Drawing
from ui.load import Workspace
from ui.page import style
from ui.screens.hashtags.reading import DRAWN, HashtagScreen, on_screen, posts_with, read, short, table_of
from ui.states import boundary

_TERM = "term"
_LISTED = 6
_LATELY = 5
_ON_PHONE = 12
_TAG_DEFINITION = mark(
    "By how much posts with a hashtag did better than the same posts would without it: account, kind of post, age, "
    "growth, hour, weekday and the other hashtags are taken out, and hashtags with few posts are drawn to the usual. "
    "It is what goes with a hashtag, not what the hashtag does. Answers in conversations are left out."
)
_TOPIC_DEFINITION = mark(
    "Words, and pairs of words, that at least five posts and at most half of them say; judged as hashtags are. Common "
    "words of English, German, French and Spanish are left out, and so are links, mentions and hashtags."
)
_MANY = mark(
    "Many are judged at once: a range that leaves out the usual by a little is not yet called better or worse."
)
_TAG_FORMULA = mark(
    "lift = exp(effect of the hashtag on log(1 + engagement)) - 1; of the hashtags called better or worse, 5 % at most "
    "are not"
)
_TOPIC_FORMULA = mark(
    "lift = exp(effect of the topic on log(1 + engagement)) - 1; of the topics called better or worse, 5 % at most are "
    "not"
)


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    style("timing")
    if not load.accounts(workspace):
        states.not_connected()
        return
    screen = load.screen(workspace, read, filters.current())
    if not screen.answer.posts and filters.current().posts:
        states.no_such_posts()
        return
    if not screen.answer.posts:
        said = tr("No posts of the last year are known here. Choose other platforms or accounts, or connect one.")
        states.empty(
            said, icon=":material/event_busy:", to="connections", label=tr("Check the connections"), key="posts"
        )
        return
    _head(screen)
    term = st.session_state.get(_TERM)
    if term:
        _posts(workspace, screen, term)
    left, right = st.columns([2, 1], gap="xsmall")
    with left:
        _tags(screen)
    with right:
        _trends(screen)
    left, right = st.columns([2, 1], gap="xsmall")
    with left:
        _all(screen)
    with right:
        _pairs(screen)
    _subjects(screen)


def _head(screen: HashtagScreen) -> None:
    answer = screen.answer
    said = [
        tr("{n} posts, {days}", n=figure(f"{answer.posts:,}"), days=calendar.words(answer.period, year=True)),
        tr("{n} with a hashtag", n=figure(f"{answer.tagged:,}")),
        tr("{n} hashtags", n=figure(f"{len(answer.tags):,}")),
    ]
    if answer.standing.computed_at is not None:
        said.append(tr("computed {age}", age=format.age(answer.standing.computed_at, load.now())))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lead"):
        st.caption(format.plain(" · ".join(said)), width="stretch")
        st.selectbox(tr("Find a hashtag or topic"), screen.terms, None, key=_TERM, bind="query-params", width=240,
                     placeholder=tr("Find a hashtag or topic"), label_visibility="collapsed")  # fmt: skip
    with st.container(key="headline"):
        st.text(hashtags.finding(answer))


def _tags(screen: HashtagScreen) -> None:
    """The judged hashtags."""
    judged = len(screen.answer.judged)
    n = figure(f"{judged:,}")
    shown = tr("{n} of {all} judged", n=DRAWN, all=n) if judged > DRAWN else tr("{n} judged", n=n)
    note = tr(
        "engagement against the same posts without it, with its likely range; {shown}; click for the posts",
        shown=shown,
    )
    made = _made(screen, tr("Effect of hashtags"), _TAG_DEFINITION, _TAG_FORMULA)
    _judged("tags", tr("Which hashtags go with better posts?"), screen.tags, note, made)


def _judged(key: str, title: str, drawing: Drawing, note: str, made: Explanation) -> None:
    """Hashtags or topics with their intervals; a click on one shows its posts."""
    pick_key = f"pick-{key}-{st.session_state.get(_TERM)}"
    panels.chart(
        title,
        drawing.spec,
        drawing.table,
        key=key,
        alt_text=drawing.words,
        note=note,
        explanation=made,
        on_pick=lambda: _pick(pick_key),
        pick_key=pick_key,
    )


def _pick(key: str) -> None:
    points = st.session_state[key].selection.get(effects.PICK) or []
    if points:
        _look(str(points[0]["name"]))


def _look(term: str) -> None:
    st.session_state[_TERM] = term


def _trends(screen: HashtagScreen) -> None:
    """Which hashtags are used more, and which less, than before."""
    with st.container(border=True, height="stretch", key="panel-trends", gap="small"), boundary():
        panels.head(tr("Coming and going"), key="trends", note=tr("last 28 days against the time before"),
                    fresh=fresh.computed(screen.answer.standing.computed_at))  # fmt: skip
        _turn(screen, up=True)
        _turn(screen, up=False)
        st.markdown(f":gray[:material/history:] {tr('Most used in these days')}")
        with st.container(gap=None):
            for row in hashtags.lately(screen.answer, _LATELY).to_dict("records"):
                _tag_button(f"now-{row['tag']}", str(row["tag"]), _recent(row))


def _turn(screen: HashtagScreen, *, up: bool) -> None:
    found = hashtags.trending(screen.answer, up=up)
    icon, words = (":material/trending_up:", tr("Used more")) if up else (":material/trending_down:", tr("Used less"))
    st.markdown(f":gray[{icon}] {words}")
    if found.empty:
        pending = screen.answer.standing.state == "pending"
        st.caption(tr("Being computed.") if pending else tr("None clearly."))
    with st.container(gap=None):
        for row in found.head(_LISTED).to_dict("records"):
            _tag_button(f"{'up' if up else 'down'}-{row['tag']}", str(row["tag"]), _recent(row))
    if len(found) > _LISTED:
        st.caption(tr("{n} of {all}; all in the table.", n=_LISTED, all=len(found)))


def _recent(row: Any) -> str:
    """Of how many posts how many are recent, and whether the tag is new."""
    counts = {"n": figure(f"{row['recent']:,}"), "all": figure(f"{row['uses']:,}")}
    return tr("{n} of {all} posts, new", **counts) if row["trend"] == "new" else tr("{n} of {all} posts", **counts)


def _tag_button(key: str, tag: str, words: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xsmall",
                      key=f"tagrow-{key}"):  # fmt: skip
        st.button(format.plain(f"#{tag}"), key=f"tagpick-{key}", type="tertiary", on_click=_look, args=(f"#{tag}",),
                  help=tr("Show its posts"))  # fmt: skip
        st.caption(words, width="content")


def _all(screen: HashtagScreen) -> None:
    """Every hashtag: a table on a wide screen, a list on a phone."""
    tags = screen.answer.tags
    with st.container(border=True, height="stretch", key="panel-alltags"), boundary():
        note = tr("{n} hashtags of the last year, most used first; click one for its posts", n=figure(f"{len(tags):,}"))
        panels.head(tr("All hashtags"), key="alltags", note=note, table=table_of(tags),
                    explanation=_made(screen, tr("Hashtags"), _TAG_DEFINITION, _TAG_FORMULA))  # fmt: skip
        if tags.empty:
            st.caption(tr("No post of the last year has a hashtag."))
            return
        with st.container(key="wide-alltags"):
            _table(tags)
        with st.container(key="narrow-alltags", gap="xxsmall"):
            for row in tags.head(_ON_PHONE).to_dict("records"):
                _tag_button(f"all-{row['tag']}", str(row["tag"]), _in_short(row))
            if len(tags) > _ON_PHONE:
                st.caption(
                    tr(
                        "{n} of {all}; find others above, or download all.",
                        n=_ON_PHONE,
                        all=figure(f"{len(tags):,}"),
                    )
                )


def _in_short(row: Any) -> str:
    posts = trn("{n} post", "{n} posts", row["uses"])
    return f"{posts}, {week.percent(row['lift'])}" if row["verdict"] in hashtags.JUDGED else posts


def _table(tags: pd.DataFrame) -> None:
    key = f"tagtable-{st.session_state.get(_TERM)}"
    shown, config = tables.told(on_screen(tags)[list(_columns())], _columns())
    st.dataframe(
        shown,
        key=key,
        hide_index=True,
        row_height=36,
        height=min(36 * len(tags) + 38, 430),
        placeholder="",
        column_config=config,
        on_select=lambda: _pick_row(key, tags),
        selection_mode="single-cell",
        alt=tr("{n} hashtags, most used first", n=len(tags)),
    )


def _columns() -> dict[str, Any]:
    """The columns of the table, in their order."""
    return {
        "Hashtag": st.column_config.TextColumn(width=122),
        "Posts": st.column_config.NumberColumn(width=58, format="localized"),
        "Months": st.column_config.BarChartColumn(
            tr("By month"), width=80, y_min=0, help=tr("Posts, last twelve months")
        ),
        "Median views": st.column_config.NumberColumn(
            tr("Seen"), width=62, format="compact",
            help=tr("Median views of its posts; impressions or reach without them"),
        ),
        "Lift": st.column_config.NumberColumn(width=58, format="%+.0f%%", help=tr("Engagement against the usual")),
        "Likely": st.column_config.TextColumn(width=118, help=tr("95 % range of the lift")),
        "Verdict": st.column_config.TextColumn(width=148),
        "Use": st.column_config.TextColumn(width=70, help=tr("Last 28 days against the time before")),
    }  # fmt: skip


def _pick_row(key: str, tags: pd.DataFrame) -> None:
    cells = st.session_state[key].selection.cells
    if cells:
        _look(f"#{tags['tag'].iloc[cells[0][0]]}")


def _pairs(screen: HashtagScreen) -> None:
    pairs = screen.answer.pairs
    n = figure(f"{len(pairs):,}")
    shown = tr("{n} of {all} pairs", n=DRAWN, all=n) if len(pairs) > DRAWN else tr("{n} pairs", n=n)
    panels.chart(tr("Used together"), screen.pairs.spec, screen.pairs.table, key="pairs", alt_text=screen.pairs.words,
                 note=tr("posts with both; {shown}", shown=shown), fresh=fresh.of_view())  # fmt: skip


def _subjects(screen: HashtagScreen) -> None:
    """What posts are about, judged as hashtags are."""
    judged = int(screen.answer.subjects["verdict"].isin(hashtags.JUDGED).sum())
    shown = tr(
        "{n} of {all} judged words and pairs of words",
        n=min(judged, DRAWN),
        all=figure(f"{judged:,}"),
    )
    note = tr("engagement against posts about other things, with its likely range; {shown}", shown=shown)
    made = _made(screen, tr("Effect of topics"), _TOPIC_DEFINITION, _TOPIC_FORMULA)
    _judged("topics", tr("Which topics go with better posts?"), screen.subjects, note, made)


def _posts(workspace: Workspace, screen: HashtagScreen, term: str) -> None:
    """The posts with the hashtag or topic that was chosen."""
    with st.container(border=True, key="panel-termposts"), boundary():
        found = load.screen(workspace, posts_with, filters.current(), term)
        note = tr(
            "{n} of {all} posts of the last year, most engagement first, counted until now",
            n=len(found.frame),
            all=figure(f"{found.total:,}"),
        )
        title = (
            tr("Posts with {term}", term=format.plain(term))
            if term.startswith("#")
            else tr("Posts about “{term}”", term=format.plain(term))
        )
        panels.head(title, key="termposts", note=note, table=tables.posts_frame(found), beside=_close,
                    fresh=fresh.of_view())  # fmt: skip
        said = _said(screen, term)
        if said:
            st.text(said)
        if found.frame.empty:
            st.caption(tr("No posts of the last year."))
        else:
            tables.posts(found, "termposts")


def _close() -> None:
    st.button(tr("Close"), key="term-close", type="tertiary", icon=":material/close:", on_click=_forget)


def _forget() -> None:
    st.session_state[_TERM] = None


def _said(screen: HashtagScreen, term: str) -> str:
    """What is known of one hashtag or topic."""
    answer = screen.answer
    if term.startswith("#"):
        rows = answer.tags[answer.tags["tag"] == term[1:]]
    else:
        rows = answer.subjects[answer.subjects["topic"] == term]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    seen = short(row["seen"]) if row.get("seen", float("nan")) > 0 else ""
    judged = verdict.said(str(row["verdict"]))
    if row["verdict"] not in hashtags.JUDGED:
        if seen:
            return tr("Its effect can't be told: {why}; its median post was seen {n} times.", why=judged, n=seen)
        return tr("Its effect can't be told: {why}.", why=judged)
    effect = timing.shares(float(row["lift"]), float(row["lower"]), float(row["upper"]))
    use = verdict.said(str(row["trend"]))
    if seen:
        use = tr("Use: {trend}; its median post was seen {n} times.", trend=use, n=seen)
    else:
        use = tr("Use: {trend}.", trend=use)
    return f"{effect}: {judged}. {use}"


def _made(screen: HashtagScreen, title: str, definition: str, formula: str) -> Explanation:
    answer = screen.answer
    return Explanation(
        metric="engagement",
        title=title,
        definition=tr(definition),
        formula=tr(formula),
        inputs=(),
        coverage=tr(
            "{posts} posts, {n} with a hashtag", posts=figure(f"{answer.posts:,}"), n=figure(f"{answer.tagged:,}")
        ),
        notes=(Note("many", tr(_MANY)),),
        period=answer.period,
        compared_with=None,
        computed_at=answer.standing.computed_at,
    )
