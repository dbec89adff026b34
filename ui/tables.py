"""Tables: posts as a table on a wide screen and as a list on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core import language, numbers
from core.language import mark, tr, trn
from core.metric import Unit
from services.content.posts import PostTable
from services.words import calendar, wording
from ui import figures, format, load, menu

_SHORTEST, _AT_ONCE = 90, 5
_LETTER, _EDGES, _WIDEST, _ROOMY = 6.6, 18, 130, 180
LINK = mark("Link")
"""The column that leads to the platform; a click anywhere else opens the post here."""


def told(table: pd.DataFrame, config: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
    """What `st.dataframe` takes: a table with its headings in the reader's language and its figures and dates in the
    reader's form, and the settings of its columns."""
    headings, shown = _headings(table), headed(table)
    settings = {headings.get(name, name): _dated(one) for name, one in (config or {}).items()}
    if not language.reader().words.is_english:
        settings = _fitting(settings, list(shown.columns))
    return (shown, settings) if figures.are_the_browsers() else figures.written(shown, settings)


def headed(table: pd.DataFrame) -> pd.DataFrame:
    """A table with the headings in the reader's language. Inside the code a column has its English name; this is done
    last, where a table is shown or downloaded."""
    return table.rename(columns=_headings(table))


def _headings(table: pd.DataFrame) -> dict[str, str]:
    headings: dict[str, str] = {}
    for name in map(str, table.columns):
        heading = tr(name)
        headings[name] = name if heading in headings.values() else heading  # two columns never share a heading
    return headings


def _fitting(config: dict[str, Any], columns: list[str]) -> dict[str, Any]:
    """Columns wide enough for headings that are longer than the English ones; the widest column gives way."""
    widths = {
        name: config[name]["width"]
        for name in columns
        if isinstance(config.get(name), dict) and isinstance(config[name].get("width"), int)
    }
    if max(widths.values(), default=0) < _ROOMY:
        return config
    label = {name: config[name].get("label") for name in widths}
    needed = {name: round(_LETTER * len(name if label[name] is None else label[name])) + _EDGES for name in widths}
    more = {name: max(min(needed[name], _WIDEST) - width, 0) for name, width in widths.items()}
    widest = max(widths, key=widths.__getitem__)
    part = min(1.0, widths[widest] / 3 / max(sum(more.values()), 1))
    fitting = {name: width + round(more[name] * part) for name, width in widths.items()}
    fitting[widest] -= sum(fitting.values()) - sum(widths.values())
    return {**config, **{name: {**config[name], "width": width} for name, width in fitting.items()}}


def _dated(column: Any) -> Any:
    """The settings of a column with its dates in the reader's form: in figures, for the browser knows no other months
    than the English."""
    kind = column.get("type_config") if isinstance(column, dict) else None
    if not kind or kind["type"] not in ("date", "datetime") or not kind["format"]:
        return column
    written = kind["format"].replace("D MMM YYYY", format.day_pattern(year=True))
    return {**column, "type_config": {**kind, "format": written.replace("D MMM", format.day_pattern())}}


def posts_frame(posts: PostTable) -> pd.DataFrame:
    """Posts with the columns people read, numbers as numbers; rates say what they are taken over."""
    titles, rows = load.platform_titles(), posts.frame
    columns = {
        "Post": [
            text.strip() or wording.without_text(kind) for text, kind in zip(rows["text"], rows["kind"], strict=True)
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
            alt=trn("{n} post, best first", "{n} posts, best first", len(table)),
        )
    with st.container(key=f"narrow-{key}", gap="small"):
        items = list(zip(ids, table.to_dict("records"), strict=True))
        for post, row in items[:_AT_ONCE]:
            _item(post, row, key)
        _more(items[_AT_ONCE:], key)


def _more(items: Sequence[tuple[int, dict[Any, Any]]], key: str) -> None:
    """The rest of the list on a phone, behind one line that says how many they are."""
    if items:
        opened = st.expander(trn("{n} more", "{n} more", len(items)), key=f"more-{key}", on_change="rerun")
        if opened.open:
            with opened:
                for post, row in items:
                    _item(post, row, key)


def opening(table: pd.DataFrame, ids: Sequence[int], *, key: str, **options: Any) -> None:
    """A table of posts, whose ids stand in the same order: a click on a row opens the post."""
    shown, config = told(table, options.pop("column_config", None))
    event = st.dataframe(
        shown,
        key=f"rows-{key}",
        column_config=config,
        on_select="rerun",
        selection_mode="single-cell",
        placeholder=tr("n/a"),
        hide_index=True,
        height="content",
        row_height=36,
        **options,
    )
    cells = event.selection.cells
    if cells and cells[0][1] != tr(LINK):
        menu.go("post", post=str(ids[int(cells[0][0])]))


def item(post: int, text: str, caption: str, key: str) -> None:
    """A post in a list: its text, which opens it, and a line below that is safe to draw."""
    with st.container(gap=None):
        title(post, text, key)
        st.caption(caption)


def title(post: int, text: str, key: str) -> None:
    """The text of a post, which opens it."""
    short = format.plain(format.cut(text, _SHORTEST))
    if st.button(short, key=f"open-{key}-{post}", type="tertiary", help=tr("Open the post")):
        menu.go("post", post=str(post))


def _config(table: pd.DataFrame) -> dict[str, Any]:
    most = float(table["Engagement"].max()) if table["Engagement"].notna().any() else 1.0
    return {
        "Post": st.column_config.TextColumn(width=206),
        "Platform": st.column_config.TextColumn(width=84),
        "Published": st.column_config.DatetimeColumn(format="D MMM, HH:mm", width=100),
        "Views": st.column_config.NumberColumn(format="compact", width=62, help=tr("Until now")),
        "Engagement": st.column_config.ProgressColumn(
            format="compact", min_value=0, max_value=most or 1.0, width=112, help=tr("Until now")
        ),
        "Rate": st.column_config.NumberColumn(
            format="%.1f%%",
            width=62,
            help=tr("Engagement over views; where a platform gives none, impressions or reach"),
        ),
        "Score": st.column_config.NumberColumn(
            format="%.0f", width=52, help=tr("Among the account's posts of the same kind and age; 50 is ordinary")
        ),
        "Link": st.column_config.LinkColumn("", display_text=":material/open_in_new:", width=36),
    }


def _item(post: int, row: Mapping[Any, Any], key: str) -> None:
    engagement = numbers.short(row["Engagement"], Unit.COUNT)
    rate = numbers.short(row["Rate"], Unit.RATIO)
    item(
        post,
        str(row["Post"]),
        tr(
            "{platform} · {day} · {engagement} engagements · {rate}",
            platform=row["Platform"],
            day=calendar.day_words(row["Published"].date(), year=False),
            engagement=engagement,
            rate=rate,
        ),
        key,
    )
