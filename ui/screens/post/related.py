"""Other posts of the account that are about the same, with their numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import numbers, post_mark
from core.metric import Unit
from services.post_detail import Detail, Related
from ui import format, panels, tables
from ui.page import boundary


def panel(detail: Detail) -> None:
    """The most alike, most alike first."""
    with st.container(border=True, key="panel-related"), boundary():
        note = "posts of this account within a year that share its rarer tags and words, most alike first; until now"
        if not detail.related:
            panels.head("What else was about this?", key="related", note=note)
            st.caption("No other post of the account shares its tags or telling words.")
            return
        table = _table(detail)
        panels.head("What else was about this?", key="related", note=note, table=table.drop(columns=""))
        with st.container(key="wide-related"):
            tables.opening(
                table.assign(Rate=table["Rate"] * 100), [one.id for one in detail.related], key="related",
                column_config=_config(), alt=f"{len(table)} posts about the same; a click opens one",
            )  # fmt: skip
        with st.container(key="narrow-related", gap="small"):
            for one in detail.related:
                tables.item(one.id, _text(one), format.plain(_line(one)), "related")


def _table(detail: Detail) -> pd.DataFrame:
    found = detail.related
    return pd.DataFrame(
        {
            "": [post_mark.mark(detail.post.platform, one.kind) for one in found],
            "Post": [_text(one) for one in found],
            "Kind": [one.kind for one in found],
            "Published": [one.published_local for one in found],
            "Shared": [", ".join(one.shared) for one in found],
            "Exposure": [one.exposure for one in found],
            "Counted as": [one.over for one in found],
            "Engagement": [one.engagement for one in found],
            "Rate": [one.rate for one in found],
            "Score": [one.score for one in found],
        }
    ).astype(dict.fromkeys(("Exposure", "Engagement", "Rate", "Score"), float))


def _config() -> dict[str, Any]:
    return {
        "": st.column_config.ImageColumn("", width=44),
        "Post": st.column_config.TextColumn(width=290),
        "Kind": st.column_config.TextColumn(width=80),
        "Published": st.column_config.DatetimeColumn(format="D MMM YYYY", width=100),
        "Shared": st.column_config.TextColumn(width=170, help="The tags and words that say most"),
        "Exposure": st.column_config.NumberColumn(format="compact", width=80, help="Views, else impressions or reach"),
        "Counted as": st.column_config.TextColumn(width=90),
        "Engagement": st.column_config.NumberColumn(format="compact", width=90),
        "Rate": st.column_config.NumberColumn(format="%.1f%%", width=64, help="Engagement over exposure"),
        "Score": st.column_config.NumberColumn(
            format="%.0f", width=60, help="Among the account's posts of its kind and age; 50 is ordinary"
        ),
    }


def _text(one: Related) -> str:
    return " ".join(one.text.split()) or f"A {one.kind} without text"


def _line(one: Related) -> str:
    at, seen = one.published_local, numbers.short(one.exposure, Unit.COUNT)
    done, rate = numbers.short(one.engagement, Unit.COUNT), numbers.short(one.rate, Unit.RATIO)
    return (
        f"{one.kind} · {at.day} {at:%b %Y} · {seen} {one.over} · {done} engagement · {rate} · {', '.join(one.shared)}"
    )
