"""The posts: a table on a wide screen, a list on a phone, a page at a time.

This module owns the keys `posts_rows` and `posts_page`, which stand in the link.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import post_mark
from core import language, numbers
from core.language import figure, mark, tr
from core.metric import Unit
from services.content import post_list
from services.content.post_list import PostList
from services.words import calendar, wording
from ui import format, links, load, tables
from ui.screens.posts.asking import FACTS, column_title

_ROWS, _PAGE = "posts_rows", "posts_page"
_SIZES = (25, 50, 100)
_HELP = {
    "exposure": mark("Views; where a platform gives none, impressions or reach. “Counted as” says which."),
    "engagement_rate": mark("Engagement over the exposure of the same post; “Counted as” says what that is"),
    "score": mark("Among the account's posts of the same kind and age; 50 is ordinary"),
}


def draw(found: PostList, columns: tuple[str, ...]) -> None:
    """The page of the list that is looked at, and the way to the others."""
    size = links.chosen(_ROWS, _SIZES, _a_page) or _SIZES[0]
    pages = -(-len(found.frame) // size)
    page = links.chosen(_PAGE, range(1, pages + 1), str) or min(int(st.session_state.get(_PAGE) or 1), pages)
    rows = found.frame.iloc[(page - 1) * size : page * size]
    table, ids = _table(rows, columns), rows["id"].tolist()
    with st.container(key="wide-posts"):
        tables.opening(
            table,
            ids,
            key="posts",
            column_config=_config(found, columns),
            alt=tr("{n} posts; a click opens one", n=len(table)),
        )
    with st.container(key="narrow-posts", gap="small"):
        for row in rows.to_dict("records"):
            tables.item(int(row["id"]), _text(row), _line(row, found.metric), "list")
    _pager(len(found.frame), page, pages, size)


def _pager(n: int, page: int, pages: int, size: int) -> None:
    """Which part of the list this is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="posts-pager"):
        st.caption(
            tr(
                "{first}–{last} of {all}",
                first=figure(f"{(page - 1) * size + 1:,}"),
                last=figure(f"{min(page * size, n):,}"),
                all=figure(f"{n:,}"),
            ),
            width="stretch",
        )
        if pages > 1:
            if st.session_state.get(_PAGE, 1) > pages:
                st.session_state[_PAGE] = pages
            st.pagination(pages, key=_PAGE, max_visible_pages=5, bind="query-params")
        if n > _SIZES[0]:
            st.selectbox(
                tr("Rows"), _SIZES, key=_ROWS, bind="query-params", format_func=_a_page,
                label_visibility="collapsed", width=124,
            )  # fmt: skip


def _a_page(rows: int) -> str:
    return tr("{rows} a page", rows=rows)


def _text(row: dict[Any, Any]) -> str:
    return " ".join(str(row["text"]).split()) or wording.without_text(str(row["kind"]))


def _line(row: dict[Any, Any], metric: str) -> str:
    """A post in a line below its text, on a phone."""
    when = row["published_local"]
    rate = numbers.short(row["engagement_rate"], Unit.RATIO)
    shown = dict.fromkeys([metric, "engagement"])
    parts = [f"{numbers.short(row[name], post_list.unit(name))} {language.inside(post_list.title(name))}"
             for name in shown if name != "engagement_rate"]  # fmt: skip
    over = row["denominator"]
    parts.append(tr("{rate} of {metric}", rate=rate, metric=wording.metric(over)) if over else rate)
    platform = load.platform_titles().get(row["platform"], row["platform"])
    said = [platform, wording.kind(str(row["kind"])), calendar.day_words(when.date())]
    return f":material/{post_mark.icon(row['kind'])}: {format.plain(' · '.join([*said, *parts]))}"


def _table(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """The page of the list, as it is shown: rates in per cent."""
    titles = load.platform_titles()
    facts: dict[str, list[Any]] = {
        "platform": [titles.get(one, one) for one in rows["platform"]],
        "kind": [wording.kind(str(one)) for one in rows["kind"]],
        "denominator": [wording.metric(one) for one in rows["denominator"]],
        "tags": [[f"#{tag}" for tag in some] for some in rows["tags"]],
        "published": rows["published_local"].tolist(),
        "link": rows["permalink"].tolist(),
    }
    shown: dict[str, Any] = {
        "": [post_mark.mark(*one) for one in zip(rows["platform"], rows["kind"], strict=True)],
        "Post": [_text(row) for row in rows[["text", "kind"]].to_dict("records")],
    }
    for name in columns:
        values = facts[name] if name in facts else rows[name].tolist()
        ratio = name not in FACTS and post_list.unit(name) is Unit.RATIO
        shown[_heading(name)] = [one * 100 for one in values] if ratio else values
    return pd.DataFrame(shown)


def _heading(name: str) -> str:
    """The column of the table that holds it: facts in English, which is an identifier; numbers as they are called."""
    return FACTS[name] if name in FACTS else column_title(name)


def _config(found: PostList, columns: tuple[str, ...]) -> dict[str, Any]:
    fixed = {
        "": st.column_config.ImageColumn("", width=44, help=tr("Platform and kind")),
        "Post": st.column_config.TextColumn(width=232),
        "Platform": st.column_config.TextColumn(width=82),
        "Account": st.column_config.TextColumn(width=118),
        "Kind": st.column_config.TextColumn(width=72),
        "Tags": st.column_config.ListColumn(width=150),
        "Published": st.column_config.DatetimeColumn(
            format=format.day_pattern(time=True), width=100, help=tr("On the clock of the account")
        ),
        "Counted as": st.column_config.TextColumn(width=86, help=tr("What the exposure and the rate are counted in")),
        tables.LINK: st.column_config.LinkColumn(
            "", display_text=":material/open_in_new:", width=36, help=tr("On the platform")
        ),
    }
    return fixed | {_heading(name): _number(found, name) for name in columns if name not in FACTS}


def _number(found: PostList, name: str) -> Any:
    basis = tr("Until now") if found.basis == "lifetime" else tr("In the period")
    unit, words = post_list.unit(name), tr(_HELP[name]) if name in _HELP else basis
    if unit is Unit.RATIO:
        return st.column_config.NumberColumn(format="%.1f%%", width=62, help=words)
    if unit is Unit.SCORE:
        return st.column_config.NumberColumn(format="%.0f", width=54, help=words)
    most = float(found.frame[name].max()) if found.frame[name].notna().any() else 0.0
    if name == found.metric and most > 0:
        return st.column_config.ProgressColumn(format="compact", min_value=0, max_value=most, width=112, help=words)
    title = tr("{metric}, s", metric=column_title(name)) if unit is Unit.SECONDS else None
    return st.column_config.NumberColumn(title, format="compact", width=82, help=words)
