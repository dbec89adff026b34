"""The Hashtags and topics page, top to bottom: what stands out, what comes and goes, all tags, pairs, subjects."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import effects, week
from core.question import Explanation, Note
from services import calendar, hashtags, timing
from ui import filters, format, load, panels, states, tables
from ui.load import Workspace
from ui.page import boundary, style
from ui.screens.hashtags.reading import DRAWN, HashtagScreen, on_screen, posts_with, read, short, table_of

_TERM = "term"
_LISTED = 6
_LATELY = 5
_ON_PHONE = 12
_TAG_DEFINITION = (
    "By how much posts with a hashtag did better than the same posts would without it: account, kind of post, age, "
    "growth, hour, weekday and the other hashtags are taken out, and hashtags with few posts are drawn to the usual. "
    "It is what goes with a hashtag, not what the hashtag does. Answers in conversations are left out."
)
_TOPIC_DEFINITION = (
    "Words, and pairs of words, that at least five posts and at most half of them say; judged as hashtags are. Common "
    "words of English, German, French and Spanish are left out, and so are links, mentions and hashtags."
)
_MANY = "Many are judged at once: a range that leaves out the usual by a little is not yet called better or worse."
_FORMULA = (
    "lift = exp(effect of the {0} on log(1 + engagement)) - 1; of the {0}s called better or worse, 5 % at most are not"
)


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    style("timing")
    if not load.accounts(workspace):
        states.not_connected()
        return
    screen = load.screen(workspace, read, filters.current())
    if not screen.answer.posts:
        said = "No posts of the last year are known here. Choose other platforms or accounts, or connect one."
        states.empty(said, icon=":material/event_busy:", to="connections", label="Check the connections", key="posts")
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
        f"{answer.posts:,} posts, {calendar.words(answer.period, year=True)}",
        f"{answer.tagged:,} with a hashtag",
        f"{len(answer.tags):,} hashtags",
    ]
    if answer.standing.computed_at is not None:
        said.append(f"computed {format.age(answer.standing.computed_at, load.now())}")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lead"):
        st.caption(format.plain(" · ".join(said)), width="stretch")
        st.selectbox("Find a hashtag or topic", screen.terms, None, key=_TERM, bind="query-params", width=240,
                     placeholder="Find a hashtag or topic", label_visibility="collapsed")  # fmt: skip
    with st.container(key="headline"):
        st.text(hashtags.finding(answer))


def _tags(screen: HashtagScreen) -> None:
    """The judged hashtags with their intervals; a click shows the posts."""
    judged = len(screen.answer.judged)
    shown = f"{min(judged, DRAWN)} of {judged:,} judged" if judged > DRAWN else f"{judged:,} judged"
    key = f"pick-tags-{st.session_state.get(_TERM)}"
    panels.chart(
        "Which hashtags go with better posts?",
        screen.tags.spec,
        screen.tags.table,
        key="tags",
        alt_text=screen.tags.words,
        note=f"engagement against the same posts without it, with its likely range; {shown}; click for the posts",
        explanation=_made(screen, "Effect of hashtags", _TAG_DEFINITION, "hashtag"),
        on_pick=lambda: _pick(key),
        pick_key=key,
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
        panels.head("Coming and going", key="trends", note="last 28 days against the time before")
        _turn(screen, up=True)
        _turn(screen, up=False)
        st.markdown(":gray[:material/history:] Most used in these days")
        with st.container(gap=None):
            for row in hashtags.lately(screen.answer, _LATELY).to_dict("records"):
                _tag_button(f"now-{row['tag']}", str(row["tag"]), f"{row['recent']:,} of {row['uses']:,} posts")


def _turn(screen: HashtagScreen, *, up: bool) -> None:
    found = hashtags.trending(screen.answer, up=up)
    icon, words = (":material/trending_up:", "Used more") if up else (":material/trending_down:", "Used less")
    st.markdown(f":gray[{icon}] {words}")
    if found.empty:
        pending = screen.answer.standing.state == "pending"
        st.caption("Being computed." if pending else "None clearly.")
    with st.container(gap=None):
        for row in found.head(_LISTED).to_dict("records"):
            new = ", new" if row["trend"] == "new" else ""
            _tag_button(f"{'up' if up else 'down'}-{row['tag']}", str(row["tag"]),
                        f"{row['recent']:,} of {row['uses']:,} posts{new}")  # fmt: skip
    if len(found) > _LISTED:
        st.caption(f"{_LISTED} of {len(found)}; all in the table.")


def _tag_button(key: str, tag: str, words: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xsmall",
                      key=f"tagrow-{key}"):  # fmt: skip
        st.button(format.plain(f"#{tag}"), key=f"tagpick-{key}", type="tertiary", on_click=_look, args=(f"#{tag}",),
                  help="Show its posts")  # fmt: skip
        st.caption(words, width="content")


def _all(screen: HashtagScreen) -> None:
    """Every hashtag: a table on a wide screen, a list on a phone."""
    tags = screen.answer.tags
    with st.container(border=True, height="stretch", key="panel-alltags"), boundary():
        note = f"{len(tags):,} hashtags of the last year, most used first; click one for its posts"
        panels.head("All hashtags", key="alltags", note=note, table=table_of(tags),
                    explanation=_made(screen, "Hashtags", _TAG_DEFINITION, "hashtag"))  # fmt: skip
        if tags.empty:
            st.caption("No post of the last year has a hashtag.")
            return
        with st.container(key="wide-alltags"):
            _table(tags)
        with st.container(key="narrow-alltags", gap="xxsmall"):
            for row in tags.head(_ON_PHONE).to_dict("records"):
                _tag_button(f"all-{row['tag']}", str(row["tag"]), _in_short(row))
            if len(tags) > _ON_PHONE:
                st.caption(f"{_ON_PHONE} of {len(tags):,}; find others above, or download all.")


def _in_short(row: Any) -> str:
    effect = f", {week.percent(row['lift'])}" if row["verdict"] in hashtags.JUDGED else ""
    return f"{row['uses']:,} posts{effect}"


def _table(tags: pd.DataFrame) -> None:
    key = f"tagtable-{st.session_state.get(_TERM)}"
    shown = on_screen(tags)
    st.dataframe(
        shown,
        key=key,
        hide_index=True,
        row_height=36,
        height=min(36 * len(shown) + 38, 430),
        placeholder="",
        column_order=["Hashtag", "Posts", "Months", "Median views", "Lift", "Likely", "Verdict", "Use"],
        column_config={
            "Hashtag": st.column_config.TextColumn(width=130),
            "Posts": st.column_config.NumberColumn(width=58, format="localized"),
            "Months": st.column_config.BarChartColumn("By month", width=90, y_min=0, help="Posts, last twelve months"),
            "Median views": st.column_config.NumberColumn(
                "Seen", width=62, format="compact", help="Median views of its posts; impressions or reach without them"
            ),
            "Lift": st.column_config.NumberColumn(width=58, format="%+.0f%%", help="Engagement against the usual"),
            "Likely": st.column_config.TextColumn(width=118, help="95 % range of the lift"),
            "Verdict": st.column_config.TextColumn(width=124),
            "Use": st.column_config.TextColumn(width=76, help="Last 28 days against the time before"),
        },
        on_select=lambda: _pick_row(key, tags),
        selection_mode="single-cell",
        alt=f"{len(tags)} hashtags, most used first",
    )


def _pick_row(key: str, tags: pd.DataFrame) -> None:
    cells = st.session_state[key].selection.cells
    if cells:
        _look(f"#{tags['tag'].iloc[cells[0][0]]}")


def _pairs(screen: HashtagScreen) -> None:
    pairs = screen.answer.pairs
    shown = f"{DRAWN} of {len(pairs):,} pairs" if len(pairs) > DRAWN else f"{len(pairs):,} pairs"
    panels.chart("Used together", screen.pairs.spec, screen.pairs.table, key="pairs", alt_text=screen.pairs.words,
                 note=f"posts with both; {shown}")  # fmt: skip


def _subjects(screen: HashtagScreen) -> None:
    """What posts are about, judged as hashtags are."""
    judged = int(screen.answer.subjects["verdict"].isin(hashtags.JUDGED).sum())
    shown = f"{min(judged, DRAWN)} of {judged:,} judged words and pairs of words"
    key = f"pick-topics-{st.session_state.get(_TERM)}"
    panels.chart(
        "Which topics go with better posts?",
        screen.subjects.spec,
        screen.subjects.table,
        key="topics",
        alt_text=screen.subjects.words,
        note=f"engagement against posts about other things, with its likely range; {shown}",
        explanation=_made(screen, "Effect of topics", _TOPIC_DEFINITION, "topic"),
        on_pick=lambda: _pick(key),
        pick_key=key,
    )


def _posts(workspace: Workspace, screen: HashtagScreen, term: str) -> None:
    """The posts with the hashtag or topic that was chosen."""
    with st.container(border=True, key="panel-termposts"), boundary():
        found = load.screen(workspace, posts_with, filters.current().where, term)
        note = f"{len(found.frame)} of {found.total:,} posts of the last year, most engagement first, counted until now"
        title = f"Posts with {format.plain(term)}" if term.startswith("#") else f"Posts about “{format.plain(term)}”"
        panels.head(title, key="termposts", note=note, table=tables.posts_frame(found), beside=_close)
        said = _said(screen, term)
        if said:
            st.text(said)
        if found.frame.empty:
            st.caption("No posts of the last year.")
        else:
            tables.posts(found, "termposts")


def _close() -> None:
    st.button("Close", key="term-close", type="tertiary", icon=":material/close:", on_click=_forget)


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
    seen = f"; its median post was seen {short(row['seen'])} times" if row.get("seen", float("nan")) > 0 else ""
    if row["verdict"] not in hashtags.JUDGED:
        return f"Its effect can't be told: {row['verdict']}{seen}."
    effect = timing.shares(float(row["lift"]), float(row["lower"]), float(row["upper"]))
    return f"{effect[:1].upper()}{effect[1:]}: {row['verdict']}. Use: {row['trend']}{seen}."


def _made(screen: HashtagScreen, title: str, definition: str, what: str) -> Explanation:
    return Explanation(
        metric="engagement",
        title=title,
        definition=definition,
        formula=_FORMULA.format(what),
        inputs=(),
        coverage=f"{screen.answer.posts:,} posts, {screen.answer.tagged:,} with a hashtag",
        notes=(Note("many", _MANY),),
        period=screen.answer.period,
        compared_with=None,
    )
