"""An export of a platform against ours: how it is read, each metric on both sides, and the days that lie apart."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core import clock
from core.errors import BadFile
from core.kept import retold
from core.language import figure, mark, tr, trn
from services.imports.commit import Preview
from services.imports.mapping import Kind
from services.reconciliation import by_day, files
from services.reconciliation.compared import DIFFERS
from services.reconciliation.files import FileCompared, OfFile
from services.words import calendar
from ui import format, load, panels, tables
from ui.load import Workspace
from ui.screens.health import detail, enter
from ui.screens.importing import kept, page, reading
from ui.states import boundary

_LISTED = 7
_SIDES = "Theirs", "Ours", "Difference"
_APART = {"posts": mark("Posts apart"), "days": mark("Days apart")}
_THAT_DIFFER = {"posts": mark("Posts that differ"), "days": mark("Days that differ")}
_OF_METRIC = {"posts": mark("Posts of {metric} that differ"), "days": mark("Days of {metric} that differ")}
_ROW_PX = 34
_ROWS, _ONE = "rec_file_rows", "rec_file_metric"


def draw(workspace: Workspace, uploaded: UploadedFile) -> None:
    """How the file is read, then both sides of it."""
    with st.container(border=True, key="panel-rec-reading", gap="small"), boundary():
        shown = _shown(workspace, uploaded)
        account_id = _account(workspace, shown, uploaded) if shown is not None else None
    if shown is None or account_id is None:
        return
    with boundary():
        found = kept.latest(
            uploaded.file_id,
            "against",
            (shown.plan, shown.table.sheet, shown.table.encoding, account_id, load.version(workspace), load.now()),
            lambda: files.against(workspace.viewer, shown, account_id, now=load.now()),
        )
        _both(workspace, found)


# The file


def _shown(workspace: Workspace, uploaded: UploadedFile) -> Preview | None:
    """What the file holds as an import would read it; None where it cannot be read, or a person has to say how."""
    try:
        read = page.table(uploaded)
        plan = reading.draw(workspace, read, uploaded.name, uploaded.file_id)
        shown = page.read_rows(workspace, uploaded, read, replace(plan, take_repeats=False))
    except BadFile as error:
        st.error(format.plain(f"{retold(error.message)} {retold(error.hint)}"), icon=":material/error:")
        return None
    if shown.parsed.problems:
        left = sum(one.skips_row for one in shown.parsed.problems)
        st.caption(
            tr(
                "{rows} rows are read, {left} are left out. Import names each with its reason.",
                rows=figure(f"{shown.parsed.rows_taken:,}"),
                left=figure(f"{left:,}"),
            )
        )
    if not shown.can_commit:
        st.info(tr("Nothing in it can be compared yet. Say above how it is written."), icon=":material/info:")
        return None
    return shown


def _account(workspace: Workspace, shown: Preview, uploaded: UploadedFile) -> int | None:
    """Whose numbers they are: the account the file names, or the only one there is."""
    fitting = {one.id: enter.account_title(one) for one in files.accounts(workspace.viewer, shown)}
    if not fitting:
        st.info(tr("No account of this platform is read here, so there is nothing to compare."), icon=":material/info:")
        return None
    named = files.named(workspace.viewer, shown)
    first = list(fitting).index(named) if named in fitting else 0 if len(fitting) == 1 else None
    return st.selectbox(
        tr("Compare with"),
        list(fitting),
        first,
        fitting.__getitem__,
        placeholder=tr("Choose an account"),
        key=f"rec-file-account-{uploaded.file_id}-{len(fitting)}-{named}",
        width=420,
    )


# Both sides


def _both(workspace: Workspace, found: FileCompared) -> None:
    """The metrics, and one of them in full."""
    things = "posts" if found.kind is Kind.POSTS else "days"
    with st.container(border=True, key="panel-rec-file", gap="small"):
        table = pd.DataFrame([_row(one, things) for one in found.found])
        panels.head(tr("The export against ours"), key="rec-file", note=format.plain(_note(found)), table=_every(found))
        if not found.found:
            st.caption(tr("The file has no metric that is read from this platform."))
            return
        with st.container(key="wide-rec-file"):
            _wide(table)
        with st.container(key="narrow-rec-file", gap="small"):
            for one in found.found:
                st.markdown(f"**{format.plain(tr(one.metric.title))}**")
                st.caption(format.plain(f"{detail.signed(one.verdict)} · {_sides(one)}"))
        if found.left_out:
            st.caption(format.plain(tr("Not compared: {reasons}.", reasons="; ".join(found.left_out))))
        _keep(workspace, found, things)
    with st.container(border=True, key="panel-rec-metric", gap="small"), boundary():
        _detail(found, things)


def _note(found: FileCompared) -> str:
    return f"{enter.account_title(found.account)} · {files.period_words(found)} · {found.source}"


def _row(one: OfFile, things: str) -> dict[str, object]:
    share = one.compared.share if one.compared else None
    unit = one.metric.unit
    return {
        "Verdict": detail.signed(one.verdict),
        "Metric": tr(one.metric.title),
        "Theirs": format.exact(one.theirs, unit, one.currency),
        "Ours": format.exact(one.ours, unit, one.currency),
        "Difference": format.exact(one.difference, unit, one.currency),
        "%": None if share is None else share * 100,
        _APART[things]: tr("{n} of {all}", n=figure(f"{one.apart:,}"), all=figure(f"{len(one.days):,}")),
        "Most apart on": _worst(one),
    }


def _sides(one: OfFile) -> str:
    theirs, ours = (format.exact(number, one.metric.unit, one.currency) for number in (one.theirs, one.ours))
    counts = {"n": figure(f"{one.apart:,}"), "all": figure(f"{len(one.days):,}")}
    return tr("theirs {theirs}, ours {ours}, {n} of {all} apart", theirs=theirs, ours=ours, **counts)


def _worst(one: OfFile) -> str:
    days = by_day.most_apart(one.days)
    return calendar.day_words(days[0].day, year=True) if days else ""


def _wide(table: pd.DataFrame) -> None:
    number = st.column_config.TextColumn(width=110, alignment="right")
    config = dict.fromkeys(("Theirs", "Ours", "Difference"), number)
    share = st.column_config.NumberColumn(format="%+.1f%%", width=70)
    shown, config = tables.told(table, {**config, "%": share})
    st.dataframe(
        shown,
        key=_ROWS,
        hide_index=True,
        height="content",
        row_height=_ROW_PX,
        placeholder=tr("n/a"),
        column_config=config,
        on_select=lambda: _pick(list(table["Metric"])),
        selection_mode="single-row",
        alt=trn("{n} metric of the file against ours", "{n} metrics of the file against ours", len(table)),
    )


def _pick(titles: list[str]) -> None:
    rows = st.session_state[_ROWS].selection.rows
    if rows:
        st.session_state[_ONE] = titles[int(rows[0])]


def _keep(workspace: Workspace, found: FileCompared, things: str) -> None:
    """Keep the totals in the list; the file leaves the screen."""
    totals = sum(one.compared is not None for one in found.found)
    if not totals:
        if things == "posts":
            st.caption(tr("The list keeps numbers of days. These are of whole lives of posts, so they are not kept."))
        return
    label = trn("Keep {n} total in the list", "Keep {n} totals in the list", totals)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(label, type="primary", key="rec_file_keep"):
            files.keep(workspace.viewer, found, now=clock.utc_now())
            st.session_state.pop(enter.CHOSEN, None)
            enter.next_file()
            kept.forget()
            st.toast(trn("{n} total kept.", "{n} totals kept.", totals), icon=":material/check:")
            st.rerun()
        st.caption(tr("They are worked out anew each time you look; no row of the file is stored."))


def _detail(found: FileCompared, things: str) -> None:
    """One metric: what is said of it, the days most apart, and why."""
    titles = {tr(one.metric.title): one for one in found.found}
    if st.session_state.get(_ONE) not in titles:
        first = next((one for one in found.found if one.verdict == DIFFERS), found.found[0])
        st.session_state[_ONE] = tr(first.metric.title)
    one = titles[str(st.selectbox(tr("Look closer at"), list(titles), key=_ONE, width=320))]
    st.text(one.said)
    apart = by_day.most_apart(one.days)
    if apart:
        few = figure(f"{len(apart):,}")
        if len(apart) > _LISTED:
            few = tr("the {shown} most apart of {all}", shown=_LISTED, all=few)
        st.markdown(f"**{tr(_THAT_DIFFER[things])}** ({few})")
        _listed(one, apart[:_LISTED], things)
    if one.compared is not None:
        detail.layers(one.compared)
        detail.reasons(one.compared)


def _listed(one: OfFile, days: tuple[by_day.Day, ...], things: str) -> None:
    """The days or posts most apart; on a phone as lines."""
    number = st.column_config.TextColumn(width=110, alignment="right")
    table = _days(one, days, things)
    with st.container(key="wide-rec-days"):
        shown, config = tables.told(table, dict.fromkeys(_SIDES, number))
        st.dataframe(
            shown,
            hide_index=True,
            height="content",
            width="content" if things == "days" else "stretch",
            row_height=_ROW_PX,
            column_config=config,
            alt=tr(_OF_METRIC[things], metric=tr(one.metric.title)),
        )
    with st.container(key="narrow-rec-days", gap=None):
        for row in table.to_dict("records"):
            title = f" · {row['Post']}" if "Post" in row else ""
            sides = tr("theirs {theirs}, ours {ours}", theirs=row["Theirs"], ours=row["Ours"])
            st.caption(format.plain(f"{row['Day']} · {sides}{title}"))


def _days(one: OfFile, days: tuple[by_day.Day, ...], things: str) -> pd.DataFrame:
    rows = [
        {
            "Day": calendar.day_words(day.day, year=True),
            **({"Post": day.title} if things == "posts" else {}),
            "Theirs": format.exact(day.theirs, one.metric.unit, one.currency),
            "Ours": format.exact(day.ours, one.metric.unit, one.currency),
            "Difference": format.exact(day.apart, one.metric.unit, one.currency),
        }
        for day in days
    ]
    return pd.DataFrame(rows)


def _every(found: FileCompared) -> pd.DataFrame | None:
    """Every day or post of every metric, to download."""
    rows = [
        {"Metric": tr(one.metric.title), "Day": day.day, "Post": day.title, "Theirs": day.theirs, "Ours": day.ours,
         "Difference": day.apart}
        for one in found.found
        for day in one.days
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    return table.drop(columns=[] if found.kind is Kind.POSTS else ["Post"]) if rows else None
