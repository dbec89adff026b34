"""Tables: posts as a table on a wide screen and as a list on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from charts import numbers
from core.metric import Unit
from services.posts import PostTable
from ui import format, load, menu

_SHORTEST = 90
LINK = "Link"
"""The column that leads to the platform; a click anywhere else opens the post here."""


def posts_frame(posts: PostTable) -> pd.DataFrame:
    """Posts with the columns people read, numbers as numbers; rates say what they are taken over."""
    titles, rows = load.platform_titles(), posts.frame
    columns = {
        "Post": [
            text.strip() or f"A {kind} without text" for text, kind in zip(rows["text"], rows["kind"], strict=True)
        ],
        "Platform": [titles.get(one, one) for one in rows["platform"]],
        "Account": rows["account"].tolist(),
        "Published": rows["published_local"].tolist(),
        "Views": _column(rows, "views"),
        "Engagement": _column(rows, "engagement"),
        "Rate": _column(rows, "engagement_rate"),
        "Rate over": rows["denominator"].tolist(),
        "Score": _column(rows, "score"),
        "Link": rows["permalink"].tolist(),
    }
    return pd.DataFrame(columns)


def _column(rows: pd.DataFrame, name: str) -> list[float]:
    found: list[float] = (rows[name] if name in rows.columns else pd.Series(float("nan"), index=rows.index)).tolist()
    return found


def posts(posts_shown: PostTable, key: str) -> None:
    """The posts, best first, in the form that fits the screen."""
    table, ids = posts_frame(posts_shown), posts_shown.frame["id"].tolist()
    with st.container(key=f"wide-{key}"):
        opening(
            table.drop(columns=["Account", "Rate over"]).assign(Rate=table["Rate"] * 100),
            ids,
            key=key,
            column_config=_config(table),
            alt=f"{len(table)} posts, best first",
        )
    with st.container(key=f"narrow-{key}", gap="small"):
        for post, (_, row) in zip(ids, table.head(5).iterrows(), strict=False):
            _item(post, row, key)


def opening(table: pd.DataFrame, ids: Sequence[int], *, key: str, **options: Any) -> None:
    """A table of posts, whose ids stand in the same order: a click on a row opens the post."""
    event = st.dataframe(
        table,
        key=f"rows-{key}",
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="n/a",
        hide_index=True,
        height="content",
        row_height=36,
        **options,
    )
    cells = event.selection.cells
    if cells and cells[0][1] != LINK:
        menu.go("post", post=str(ids[int(cells[0][0])]))


def item(post: int, text: str, caption: str, key: str) -> None:
    """A post in a list: its text, which opens it, and a line below that is safe to draw."""
    with st.container(gap=None):
        title(post, text, key)
        st.caption(caption)


def title(post: int, text: str, key: str) -> None:
    """The text of a post, which opens it."""
    short = text if len(text) <= _SHORTEST else f"{text[:_SHORTEST].rstrip()}…"
    if st.button(format.plain(short), key=f"open-{key}-{post}", type="tertiary", help="Open the post"):
        menu.go("post", post=str(post))


def _config(table: pd.DataFrame) -> dict[str, Any]:
    most = float(table["Engagement"].max()) if table["Engagement"].notna().any() else 1.0
    return {
        "Post": st.column_config.TextColumn(width=206),
        "Platform": st.column_config.TextColumn(width=84),
        "Published": st.column_config.DatetimeColumn(format="D MMM, HH:mm", width=100),
        "Views": st.column_config.NumberColumn(format="compact", width=62, help="Until now"),
        "Engagement": st.column_config.ProgressColumn(
            format="compact", min_value=0, max_value=most or 1.0, width=112, help="Until now"
        ),
        "Rate": st.column_config.NumberColumn(
            "Rate",
            format="%.1f%%",
            width=62,
            help="Engagement over views; where a platform gives none, impressions or reach",
        ),
        "Score": st.column_config.NumberColumn(
            format="%.0f", width=52, help="Among the account's posts of the same kind and age; 50 is ordinary"
        ),
        "Link": st.column_config.LinkColumn("", display_text=":material/open_in_new:", width=36),
    }


def _item(post: int, row: pd.Series, key: str) -> None:
    engagement = numbers.short(row["Engagement"], Unit.COUNT)
    rate = numbers.short(row["Rate"], Unit.RATIO)
    when = row["Published"]
    item(post, str(row["Post"]), f"{row['Platform']} · {when.day} {when:%b} · {engagement} engagements · {rate}", key)
