"""What a file holds: how many rows are taken, the first of them, and every problem by row, with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import time
from typing import Literal

import pandas as pd
import streamlit as st

from core.clock import zone
from core.language import figure, tr, trn
from services import catalogue
from services.imports import rows
from services.imports.commit import Preview
from services.imports.mapping import Kind
from ui import downloads, format, tables

_PREVIEW_ROWS = 20
_LISTED_PROBLEMS = 500
_NARROW_PROBLEMS = 8
_TEXT_CHARACTERS = 120
_TALLEST_ROWS, _TALLEST = 7, 296


def noun(shown: Preview, count: int) -> str:
    """How many posts or days, in words."""
    if shown.plan.kind is Kind.POSTS:
        return trn("{n} post", "{n} posts", count)
    return trn("{n} day", "{n} days", count)


def draw(shown: Preview) -> None:
    """The numbers of rows, the problems, the first rows."""
    st.subheader(tr("What it holds"), anchor=False)
    parsed = shown.parsed
    skipped = len({problem.row for problem in parsed.problems if problem.skips_row})
    values = [problem for problem in parsed.problems if problem.column and not problem.skips_row]
    numbers = {
        tr("Posts to store") if shown.plan.kind is Kind.POSTS else tr("Days to store"): parsed.rows_taken,
        tr("Numbers to store"): len(parsed.readings) + len(parsed.facts),
        tr("Rows left out"): skipped,
        tr("Values left out"): len(values),
    }
    grid = st.grid(4, min_column_width=140, gap="small")
    for title, count in numbers.items():
        with grid.cell():
            st.metric(title, figure(f"{count:,}"), border=True)
    if parsed.problems:
        _problems(shown)
    if parsed.has_repeats:
        st.checkbox(tr("Take posts that repeat another under a different date"), key=repeats_key(shown.table.digest))
    if shown.can_commit:
        _first(shown)


def _problems(shown: Preview) -> None:
    """What stays out and what is odd: in short, then each by row, all of it to download."""
    problems = shown.parsed.problems
    with st.container(border=True, gap="xsmall", key="panel-import-problems"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f":orange[:material/warning:] **{trn('{n} problem', '{n} problems', len(problems))}**")
            _download(shown)
        for text, count in _kinds(problems).most_common(5) if len(problems) > _TALLEST_ROWS else ():
            st.caption(format.plain(f"{figure(f'{count:,}')} × {text}"))
        with st.container(key="wide-import-problems"):
            config = {"Row": st.column_config.NumberColumn(width=60, format="%d")}
            listed, config = tables.told(_listed(problems[:_LISTED_PROBLEMS]), config)
            st.dataframe(
                listed,
                hide_index=True,
                height=_height(len(problems)),
                row_height=36,
                column_config=config,
                alt=tr("Problems by row"),
            )
        with st.container(key="narrow-import-problems", gap="xsmall"):
            for problem in problems[:_NARROW_PROBLEMS]:
                st.caption(format.plain(f"{_place(problem)} {problem.text}. {problem.todo}"))
            if len(problems) > _NARROW_PROBLEMS:
                _first_of(_NARROW_PROBLEMS, len(problems))
        if len(problems) > _LISTED_PROBLEMS:
            _first_of(_LISTED_PROBLEMS, len(problems))


def _first_of(shown: int, every: int) -> None:
    shares = {"shown": figure(f"{shown:,}"), "all": figure(f"{every:,}")}
    st.caption(tr("The first {shown} of {all}. The download has all of them.", **shares))


def repeats_key(digest: str) -> str:
    """Where it is kept whether posts under two dates are taken."""
    return f"import-repeats-{digest[:16]}"


def _place(problem: rows.Problem) -> str:
    where = tr("Row {row}", row=figure(f"{problem.row:,}"))
    where += f", {problem.column}" if problem.column else ""
    return f"{where}: {problem.value}" if problem.value else f"{where}:"


def _kinds(problems: tuple[rows.Problem, ...]) -> Counter[str]:
    """How often each kind of problem comes, whatever the row it points to."""
    return Counter(f"{problem.column} {problem.kind or problem.text}".strip() for problem in problems)


def _height(lines: int) -> int | Literal["content"]:
    """A short table in full; a long one scrolls inside itself."""
    return "content" if lines <= _TALLEST_ROWS else _TALLEST


def _listed(problems: tuple[rows.Problem, ...]) -> pd.DataFrame:
    listed = pd.DataFrame(
        {
            "Row": [problem.row for problem in problems],
            "Column": [problem.column for problem in problems],
            "Value": [problem.value for problem in problems],
            "Problem": [problem.text for problem in problems],
            "What to do": [problem.todo for problem in problems],
            "Left out": [_left_out(problem) for problem in problems],
        }
    )
    return listed.drop(columns=[name for name in ("Column", "Value") if not listed[name].any()])


def _left_out(problem: rows.Problem) -> str:
    return tr("the row") if problem.skips_row else tr("the value") if problem.column else tr("nothing")


def _download(shown: Preview) -> None:
    """The problems with the cells of their rows, so that the file can be mended."""

    def content() -> bytes:
        problems = shown.parsed.problems
        cells = dict(zip(shown.table.numbers, shown.table.rows, strict=True))
        original = pd.DataFrame([cells[problem.row] for problem in problems], columns=_distinct(shown.table.headings))
        return downloads.to_csv(pd.concat([tables.headed(_listed(problems)), original], axis=1))

    st.download_button(
        tr("Download as CSV"),
        content,
        "problems.csv",
        "text/csv",
        key="import-problems-csv",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def _distinct(names: tuple[str, ...]) -> list[str]:
    return [
        tr("{name} (column {n})", name=name, n=at) if names.count(name) > 1 else name
        for at, name in enumerate(names, 1)
    ]


def _first(shown: Preview) -> None:
    table = _days(shown) if shown.parsed.facts else _posts(shown)
    total = shown.parsed.rows_taken
    st.caption(" ".join([_as_stored(shown, total), *_estimated(shown)]))
    numbers = {title: st.column_config.NumberColumn(format="localized") for title in _titles().values()}
    config = numbers | {
        "Published": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=140),
        "Day": st.column_config.DateColumn(format="D MMM YYYY", width=110),
        "Text": st.column_config.TextColumn(width=280),
    }
    shown, config = tables.told(table, config)
    st.dataframe(
        shown,
        hide_index=True,
        row_height=36,
        height=_height(len(table)),
        column_config=config,
        placeholder="–",
        alt=tr("The first rows as they will be stored"),
    )


def _as_stored(shown: Preview, total: int) -> str:
    """How many of the rows stand below."""
    values = {"shown": _PREVIEW_ROWS}
    if shown.plan.kind is Kind.POSTS and total > _PREVIEW_ROWS:
        return trn(
            "The first {shown} of {n} post, as it will be stored.",
            "The first {shown} of {n} posts, as they will be stored.",
            total,
            **values,
        )
    if shown.plan.kind is Kind.POSTS:
        return trn("{n} post, as it will be stored.", "{n} posts, as they will be stored.", total)
    if total > _PREVIEW_ROWS:
        return trn(
            "The first {shown} of {n} day, as it will be stored.",
            "The first {shown} of {n} days, as they will be stored.",
            total,
            **values,
        )
    return trn("{n} day, as it will be stored.", "{n} days, as they will be stored.", total)


def _estimated(shown: Preview) -> Iterator[str]:
    parsed = shown.parsed
    if parsed.dates_estimated:
        yield tr("Dates are estimates, made from month, weekday and hour.")
    elif parsed.posts and _is_dated_only(shown):
        yield tr("The file gives no time of day: midnight stands for it.")
    if parsed.made_ids:
        yield tr(
            "These posts have no id, link or text: a later export of the same posts would add them a second time, so "
            "take this import back first."
        )


def _titles() -> dict[str, str]:
    return {name: tr(title) for name, title in catalogue.stored_metric_titles().items()}


def _is_dated_only(shown: Preview) -> bool:
    local = zone(shown.plan.time_zone)
    return all(post.published_at.astimezone(local).time() == time() for post in shown.parsed.posts)


def _days(shown: Preview) -> pd.DataFrame:
    titles = _titles()
    wanted = sorted({fact.day for fact in shown.parsed.facts})[:_PREVIEW_ROWS]
    by_day: dict[object, dict[str, object]] = {day: {"Day": day} for day in wanted}
    for fact in shown.parsed.facts:
        if fact.day in by_day:
            by_day[fact.day][titles[fact.metric]] = fact.value
    return pd.DataFrame(list(by_day.values()))


def _posts(shown: Preview) -> pd.DataFrame:
    titles = _titles()
    local = zone(shown.plan.time_zone)
    first: dict[str, dict[str, object]] = {
        post.external_id: {
            "Published": post.published_at.astimezone(local).replace(tzinfo=None),
            "Kind": post.kind,
            "Text": post.text[:_TEXT_CHARACTERS],
        }
        for post in shown.parsed.posts[:_PREVIEW_ROWS]
    }
    for reading in shown.parsed.readings:
        if reading.post in first:
            first[reading.post][titles[reading.metric]] = reading.value
    return pd.DataFrame(list(first.values()))
