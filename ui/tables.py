"""Tables: posts as a table on a wide screen and as a list on a phone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import numbers
from core.metric import Unit
from services.posts import PostTable
from ui import load

_SHORTEST = 90


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
    table = posts_frame(posts_shown)
    with st.container(key=f"wide-{key}"):
        st.dataframe(
            table.drop(columns=["Account", "Rate over"]).assign(Rate=table["Rate"] * 100),
            placeholder="n/a",
            hide_index=True,
            height="content",
            row_height=36,
            column_config=_config(table),
            alt=f"{len(table)} posts, best first",
        )
    with st.container(key=f"narrow-{key}", gap="small"):
        for _, row in table.head(5).iterrows():
            _item(row)


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


def _item(row: pd.Series) -> None:
    text = str(row["Post"])
    with st.container(gap=None):
        st.text(text if len(text) <= _SHORTEST else f"{text[:_SHORTEST].rstrip()}…")
        engagement = numbers.short(row["Engagement"], Unit.COUNT)
        rate = numbers.short(row["Rate"], Unit.RATIO)
        when = row["Published"]
        st.caption(f"{row['Platform']} · {when.day} {when:%b} · {engagement} engagements · {rate}")
