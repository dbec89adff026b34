"""The builder: what a report is laid out of on the left, how it will look on the right. Kept with every change."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.errors import AppError, NotFound
from core.language import mark, tr
from services.reports import background, layouts
from ui import format, menu, page, states
from ui.load import Workspace
from ui.screens.reports import blocks, looking, looks, sending, whole
from ui.screens.reports.changes import Draft

_REPORT, _SIDE = "report", "report-side"
_SIDES = {"blocks": mark("Blocks"), "whole": mark("Report"), "looks": mark("Look"), "sending": mark("Send it")}


def draw(workspace: Workspace) -> None:
    """The page, or that there is no such report."""
    page.style("reports")
    draft = _draft(workspace)
    _crumbs(draft)
    if draft is None:
        states.empty(
            tr("There is no such report here. It may belong to another workspace, or someone removed it."),
            icon=":material/search_off:", to="reports", label=tr("See all reports"), key="noreport",
        )  # fmt: skip
        return
    _bar(workspace, draft)
    if draft.refused:
        st.error(format.plain(draft.refused), icon=":material/error:")
    left, right = st.columns([5, 7], gap="medium")
    picking = False
    with left, states.boundary():
        picking = _side(workspace, draft)
    with right, states.boundary(), st.container(key="report-preview"):
        if picking:
            st.caption(tr("The preview follows."))
        elif draft.layout.blocks:
            looking.layout(workspace, draft.layout)
        else:
            st.caption(tr("The preview appears with the first block."))


def _draft(workspace: Workspace) -> Draft | None:
    given = st.query_params.get(_REPORT, "")
    if not given.isdecimal() or len(given) > 19:
        return None
    try:
        return Draft(workspace.viewer, layouts.find(workspace.viewer, int(given)))
    except NotFound:
        return None


def _crumbs(draft: Draft | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="crumbs"):
        if st.button(tr("All reports"), key="report-crumb", type="tertiary", icon=":material/arrow_back:"):
            menu.go("reports")
        if draft is not None:
            st.markdown(":gray[/]", width="content")
            st.markdown(f"**{format.plain(draft.layout.title)}**", width="content")


def _bar(workspace: Workspace, draft: Draft) -> None:
    """What is done with the report as a whole, and when it was last kept."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report-bar"):
        if st.button(
            tr("Make report"), type="primary", icon=":material/play_arrow:", key=draft.key("make"),
            disabled=not draft.layout.blocks,
        ):  # fmt: skip
            _make(draft)
        if st.button(tr("Duplicate"), icon=":material/content_copy:", key=draft.key("copy"), type="tertiary"):
            menu.go("report", report=str(layouts.copy(draft.viewer, draft.kept.id)))
        _as_template(draft)
        _delete(draft)
        at = draft.saved_at.astimezone(clock.zone(workspace.time_zone))
        st.caption(f":material/cloud_done: {tr('Saved {time}', time=_moment(draft, workspace, f'{at:%H:%M}'))}")


def _moment(draft: Draft, workspace: Workspace, time: str) -> str:
    said = format.moment(draft.saved_at, workspace.time_zone, clock.utc_now())
    return time if said.endswith(time) and clock.local_day(draft.saved_at, workspace.time_zone) == clock.local_day(
        clock.utc_now(), workspace.time_zone) else format.line(said)  # fmt: skip


def _make(draft: Draft) -> None:
    try:
        run_id = background.start(draft.viewer, draft.layout, report_id=draft.kept.id)
    except AppError as error:
        states.failed(error)
        return
    menu.go("made", made=str(run_id))


def _as_template(draft: Draft) -> None:
    with (
        st.popover(tr("Save as template"), icon=":material/bookmark_add:", type="tertiary", key=draft.key("template")),
        st.form(draft.key("template-form"), border=False),
    ):
        st.caption(tr("Everyone in this workspace can start from it. This report stays as it is."))
        title = st.text_input(
            tr("Name of the template"), draft.layout.title, max_chars=layouts.LONGEST_TITLE,
            key=draft.key("template-name"),
        )  # fmt: skip
        if st.form_submit_button(tr("Save the template"), type="primary", key=draft.key("template-save")):
            try:
                layouts.save_as_template(draft.viewer, draft.kept.id, title.strip())
            except AppError as error:
                states.failed(error)
            else:
                st.toast(tr("The template is saved. It is on the page of all reports."), icon=":material/check:")


def _delete(draft: Draft) -> None:
    with st.popover(tr("Delete"), icon=":material/delete:", type="tertiary", key=draft.key("delete")):
        st.text(tr("Deletes how this report is laid out. What was made of it stays in the archive."))
        if st.button(f":red[{tr('Delete this report')}]", key=draft.key("delete-it")):
            layouts.remove(draft.viewer, draft.kept.id)
            menu.go("reports")


def _side(workspace: Workspace, draft: Draft) -> bool:
    """The chosen settings; answers whether a block is being picked, for which no preview should be waited for."""
    shown = {name: tr(title) for name, title in _SIDES.items()}
    side = st.segmented_control(
        tr("What is laid out"), list(shown), default="blocks", required=True, key=_SIDE,
        format_func=shown.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    if side == "whole":
        whole.draw(workspace, draft)
    elif side == "looks":
        looks.draw(draft)
    elif side == "sending":
        sending.draw(workspace, draft)
    else:
        return blocks.draw(workspace, draft)
    return False
