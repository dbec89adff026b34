"""The import wizard: drop a file, see how it is understood, see the problems by row, store it, take it back."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from core import clock
from core.errors import BadFile
from core.viewer import Viewer
from services import catalogue
from services.imports import commit, headings, mapping, rows

_NOT_TAKEN = "Not taken"
_ROWS = {mapping.Kind.POSTS: "a post", mapping.Kind.DAILY: "a day of the account"}
_ORDERS = {
    mapping.DateOrder.DAY_FIRST: "day first (31/12/2026)",
    mapping.DateOrder.MONTH_FIRST: "month first (12/31/2026)",
    mapping.DateOrder.YEAR_FIRST: "year first (2026-12-31)",
}
_ABOUT = {
    headings.DAY: "Day",
    headings.PUBLISHED: "Published",
    headings.TIME: "Time of day",
    headings.MONTH: "Month",
    headings.WEEKDAY: "Weekday",
    headings.HOUR: "Hour",
    headings.POST_ID: "Post id",
    headings.TEXT: "Text",
    headings.TAGS: "Hashtags",
    headings.LINK: "Link",
    headings.KIND: "Kind of post",
    headings.THUMBNAIL: "Thumbnail address",
    headings.DURATION: "Duration in seconds",
    headings.LANGUAGE: "Language",
}
_NEW_ACCOUNT = 0
_PREVIEW_ROWS = 20


def wizard(viewer: Viewer) -> None:
    """Everything between dropping a file and storing it."""
    uploaded = st.file_uploader(
        "A CSV or XLSX file of posts or of daily numbers, as platforms export them", type=["csv", "tsv", "txt", "xlsx"]
    )
    if uploaded is None:
        st.caption("Nothing is stored before you have seen it. Every import can be taken back.")
        return
    try:
        shown = commit.recognise(viewer, uploaded.name, uploaded.getvalue())
        chosen = _adjust(viewer, shown)
    except BadFile as error:
        st.error(f"{error.message} {error.hint}", icon=":material/error:")
        return
    _show(chosen)
    _store(viewer, chosen)


def _adjust(viewer: Viewer, shown: commit.Preview) -> commit.Preview:
    """The preview under the plan as the person has changed it."""
    st.markdown(f"**{len(shown.table.rows):,} rows** · {shown.table.how}".replace(",", "\u202f"))
    plan = _settings(shown)
    with st.expander("Columns", icon=":material/view_column:", expanded=True):
        plan = _columns(shown, plan)
    return commit.preview(shown.file_name, shown.table, plan)


def _settings(shown: commit.Preview) -> mapping.Plan:
    plan = shown.plan
    left, middle, right = st.columns(3)
    kind = left.selectbox("A row is", list(_ROWS), index=list(_ROWS).index(plan.kind), format_func=_ROWS.__getitem__)
    zone = middle.text_input("Times are in", plan.time_zone, help="A time zone such as Europe/Berlin.")
    order = right.selectbox(
        "Dates are written",
        list(_ORDERS),
        index=list(_ORDERS).index(plan.date_order) if plan.date_order else None,
        format_func=_ORDERS.__getitem__,
        placeholder="Choose: the dates fit two orders",
    )
    if plan.decimal_comma is None:
        comma = left.selectbox(
            "1,234 means", [False, True], format_func=lambda is_comma: "1.234 (a fraction)" if is_comma else "1 234"
        )
        plan = replace(plan, decimal_comma=comma)
    if not plan.has_date:
        plan = _year(plan)
    if any("under another date" in problem.text for problem in shown.parsed.problems):
        plan = replace(plan, take_repeats=st.checkbox("Take posts that repeat another under a different date"))
    return replace(plan, kind=kind, time_zone=clock.zone(zone).key, date_order=order)


def _year(plan: mapping.Plan) -> mapping.Plan:
    st.warning(
        "This file names month, weekday and hour, but no date. Give the year, and each post is dated to the first such "
        "weekday of its month: an estimate.",
        icon=":material/event_busy:",
    )
    left, right, _ = st.columns(3)
    year = left.number_input("Year of the posts", 2004, clock.utc_now().year, value=None, step=1)
    first = right.selectbox("Weekday 1 is", ["Sunday", "Monday"])
    return replace(plan, year=int(year) if year else None, sunday_is_first=first == "Sunday")


def _columns(shown: commit.Preview, plan: mapping.Plan) -> mapping.Plan:
    titles = _ABOUT | {f"metric:{name}": title for name, title in catalogue.stored_metric_titles().items()}
    table = pd.DataFrame(
        {
            "Column": [column.heading for column in plan.columns],
            "Example": [_example(shown, column.index) for column in plan.columns],
            "Means": [titles.get(column.meaning or "", _NOT_TAKEN) for column in plan.columns],
            "Why not": [column.why_not for column in plan.columns],
        }
    )
    edited = st.data_editor(
        table,
        hide_index=True,
        width="stretch",
        disabled=["Column", "Example", "Why not"],
        column_config={
            "Means": st.column_config.SelectboxColumn(options=[_NOT_TAKEN, *titles.values()], required=True)
        },
        key=f"columns-{shown.file_name}",
    )
    meanings = {title: meaning for meaning, title in titles.items()}
    changed = [at for at in range(len(table)) if edited["Means"].iloc[at] != table["Means"].iloc[at]]
    for at in changed:
        plan = plan.with_meaning(at, meanings.get(edited["Means"].iloc[at]))
    return plan


def _example(shown: commit.Preview, index: int) -> str:
    return next((row[index][:60] for row in shown.table.rows if row[index].strip()), "")


def _show(shown: commit.Preview) -> None:
    skipped = [problem for problem in shown.parsed.problems if problem.skips_row]
    left, right = st.columns(2)
    left.metric("Rows to store", shown.parsed.rows_taken, border=True)
    right.metric("Rows left out", len(skipped), border=True)
    if shown.parsed.problems:
        with st.expander(f"{len(shown.parsed.problems)} problems", icon=":material/warning:", expanded=True):
            st.dataframe(_problems(shown.parsed.problems), hide_index=True, width="stretch", height="content")
    if shown.can_commit:
        st.dataframe(_preview(shown.parsed), hide_index=True, width="stretch")
        st.caption(f"The first {_PREVIEW_ROWS} of what will be stored." + _estimated(shown.parsed))


def _estimated(parsed: rows.Parsed) -> str:
    return " Dates are estimates, made from month, weekday and hour." if parsed.dates_estimated else ""


def _problems(problems: tuple[rows.Problem, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Row": [problem.row for problem in problems],
            "Column": [problem.column for problem in problems],
            "Problem": [problem.text for problem in problems],
            "Then": ["row left out" if problem.skips_row else "value left out" for problem in problems],
        }
    )


def _preview(parsed: rows.Parsed) -> pd.DataFrame:
    if parsed.facts:
        found = pd.DataFrame([{"Day": fact.day, "metric": fact.metric, "value": fact.value} for fact in parsed.facts])
        return found.pivot(index="Day", columns="metric", values="value").reset_index().head(_PREVIEW_ROWS)
    counters = pd.DataFrame(
        [{"post": reading.post, "metric": reading.metric, "value": reading.value} for reading in parsed.readings]
    ).pivot(index="post", columns="metric", values="value")
    posts = pd.DataFrame(
        [
            {"post": post.external_id, "Published": post.published_at, "Kind": post.kind, "Text": post.text[:120]}
            for post in parsed.posts[:_PREVIEW_ROWS]
        ]
    )
    return posts.join(counters, on="post").drop(columns="post")


def _store(viewer: Viewer, shown: commit.Preview) -> None:
    platforms = catalogue.platform_titles()
    accounts = catalogue.accounts(viewer)
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    known = list(platforms)
    platform = left.selectbox(
        "Platform",
        known,
        index=known.index(shown.plan.platform) if shown.plan.platform in known else None,
        format_func=platforms.__getitem__,
    )
    options = {_NEW_ACCOUNT: "A new account"} | {a.id: a.name for a in accounts if a.platform == platform}
    account = middle.selectbox("Into", list(options), format_func=options.__getitem__)
    name = right.text_input("Its name", disabled=account != _NEW_ACCOUNT, placeholder="Northwind Coffee")
    ready = shown.can_commit and platform is not None and (account != _NEW_ACCOUNT or name.strip())
    label = f"Store {shown.parsed.rows_taken} rows"
    if st.button(label, type="primary", disabled=not ready, icon=":material/save:") and platform:
        try:
            commit.commit(viewer, shown, platform=platform, account_id=account or None, account_name=name)
        except BadFile as error:
            st.error(f"{error.message} {error.hint}", icon=":material/error:")
            return
        st.toast(f"{shown.parsed.rows_taken} rows stored. They can be taken back below.", icon=":material/check:")


def history(viewer: Viewer) -> None:
    """The imports so far, each with its undo."""
    batches = commit.batches(viewer)
    if not batches:
        return
    st.subheader("Imports so far")
    for batch in batches:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            platform = catalogue.platform_titles().get(batch.platform, batch.platform)
            when = batch.imported_at.strftime("%-d %b %Y, %H:%M UTC")
            st.text(
                f"{batch.file_name} · {platform} · {batch.account or 'account removed'} · {batch.rows} rows · {when}"
            )
            if batch.undone_at:
                st.caption("taken back")
            elif st.button("Take back", key=f"undo-{batch.id}", icon=":material/undo:"):
                commit.undo(viewer, batch.id)
                st.rerun()
