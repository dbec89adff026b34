"""The builder's blocks: the list in its order, a picker of what can be added, and the settings of the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.errors import AppError
from core.language import tr, trn
from core.report import Block
from services.reports import layouts
from services.reports.part import Option, Part
from services.words import periods
from ui import format, load
from ui.load import Workspace
from ui.screens.reports import choices, pieces
from ui.screens.reports.changes import Draft

_AS_REPORT = "as-report"
_TEXT_HEIGHT, _LONGEST_TEXT, _LONGEST_TITLE = 160, 20_000, 120


def draw(workspace: Workspace, draft: Draft) -> bool:
    """List, picker and settings; answers whether the picker is open."""
    picking = False
    parts, blocks, chosen = choices.parts(), draft.layout.blocks, draft.chosen()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report-blocks-head"):
        st.caption(trn("{n} block", "{n} blocks", len(blocks)), width="stretch")
        full = len(blocks) >= layouts.MOST_BLOCKS
        if st.button(tr("Add a block"), icon=":material/add:", key=draft.key("add"), disabled=full):
            picking = True
            _picker(draft)
    if draft.removed is not None:
        _bring_back(draft, draft.removed)
    if chosen is None:
        st.info(tr("Nothing is laid out yet. Add a block to begin."), icon=":material/add_notes:")
        return picking
    pieces.ordered(
        [
            pieces.Item(one.id, choices.symbol(parts.get(one.part)), choices.title(one, parts),
                        choices.about(workspace, one, parts))
            for one in blocks
        ],
        chosen.id, draft.key("order"), label=tr("Blocks in their order"), picked=draft.pick, moved=draft.order,
    )  # fmt: skip
    _settings(workspace, draft, chosen, parts.get(chosen.part))
    return picking


def _bring_back(draft: Draft, block: Block) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report-removed"):
        title = format.plain(choices.title(block, choices.parts()))
        st.markdown(tr("Removed: {title}", title=title), width="stretch")
        st.button(tr("Undo"), icon=":material/undo:", key=draft.key("undo"), type="tertiary", on_click=draft.bring_back)


def _picker(draft: Draft) -> None:
    @st.dialog(tr("Add a block"), width="large", icon=":material/add:", on_dismiss="rerun")
    def opened() -> None:
        with st.grid(2, min_column_width=240, gap="small"):
            for name, part in sorted(choices.parts().items(), key=lambda one: tr(one[1].title).casefold()):
                with st.container(border=True, gap="xxsmall", key=f"card-part-{name}"):
                    if st.button(
                        tr(part.title), icon=part.icon, key=draft.key(f"add-{name}"), type="tertiary",
                        on_click=draft.add, args=(name,),
                    ):  # fmt: skip
                        st.rerun()
                    st.caption(tr(part.about))

    opened()


def _settings(workspace: Workspace, draft: Draft, block: Block, part: Part | None) -> None:
    """What can be changed of a block."""
    with st.container(border=True, gap="small", key="panel-report-block"):
        _head(draft, block)
        if part is None:
            st.warning(tr("This program has no such part any more. Remove the block, or update the program."))
            return
        st.caption(tr(part.about))
        key = draft.held(f"{block.id}-title", block.title)
        st.text_input(
            tr("Title"), key=key, max_chars=_LONGEST_TITLE, placeholder=tr(part.title),
            on_change=lambda: draft.retitle(block.id, st.session_state[key]),
        )  # fmt: skip
        for one in part.options:
            _option(workspace, draft, block, one)
        if part.asks:
            own = any(name in block.options for name in _OWN)
            with st.expander(
                tr("Its own period and platforms"), expanded=own, icon=":material/tune:",
                key=draft.key(f"{block.id}-own"),
            ):  # fmt: skip
                _question(workspace, draft, block)


def _head(draft: Draft, block: Block) -> None:
    """The block's place, and what can be done with it as a whole."""
    ids = [one.id for one in draft.layout.blocks]
    at, last = ids.index(block.id), len(ids) - 1
    title = choices.title(block, choices.parts())
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="report-block-head"):
        st.markdown(f"**{format.plain(title)}**", width="stretch")
        for words, icon, by, off in (
            (tr("Move up"), "arrow_upward", -1, at == 0), (tr("Move down"), "arrow_downward", 1, at == last)
        ):  # fmt: skip
            st.button(
                words, icon=f":material/{icon}:", key=draft.key(icon), type="tertiary", disabled=off, help=words,
                on_click=draft.move, args=(block.id, by),
            )  # fmt: skip
        words = tr("Duplicate this block")
        st.button(words, icon=":material/content_copy:", key=draft.key("double"), type="tertiary", help=words,
                  on_click=draft.double, args=(block,))  # fmt: skip
        words = tr("Remove this block")
        st.button(words, icon=":material/delete:", key=draft.key("remove"), type="tertiary", help=words,
                  on_click=draft.remove, args=(block.id,))  # fmt: skip


def _option(workspace: Workspace, draft: Draft, block: Block, option: Option) -> None:
    """One setting of a part, as the widget that fits what it takes."""
    try:
        value = option.read(block.options.get(option.name))
    except AppError as error:
        st.warning(format.plain(f"{error.message} {error.hint}".strip()))
        value = option.default
    key = f"{block.id}-option-{option.name}"
    full = draft.held(key, list(value) if option.takes == "metrics" else value)

    def keep() -> None:
        given = st.session_state[full]
        if isinstance(given, float):
            given = int(given)
        draft.option(block.id, option.name, given, without=given is None or given == [])

    _widget(workspace, option, full, keep, value)


def _widget(workspace: Workspace, option: Option, key: str, keep: Any, value: Any) -> None:
    label = tr(option.title)
    if option.takes in ("metric", "metrics"):
        titles = choices.metrics(workspace)
        chosen = list(value) if option.takes == "metrics" else [value]
        names = [*(option.of or titles), *(one for one in chosen if one not in (option.of or titles))]
        shown: Callable[[Any], str] = lambda name: titles.get(name, str(name))  # noqa: E731
        if option.takes == "metric":
            st.selectbox(label, names, key=key, format_func=shown, on_change=keep)
        else:
            st.multiselect(label, names, key=key, format_func=shown, on_change=keep)
    elif option.takes == "choice":
        known = dict(option.choices or {})
        st.selectbox(label, list(known), key=key, format_func=lambda one: tr(known[one]), on_change=keep)
    elif option.takes == "number":
        st.number_input(label, option.least, option.most, step=1, key=key, on_change=keep)
    elif option.takes == "switch":
        st.toggle(label, key=key, on_change=keep)
    else:
        st.text_area(label, key=key, height=_TEXT_HEIGHT, max_chars=_LONGEST_TEXT, on_change=keep)


_OWN = ("period", "compare", "platforms", "accounts", "kinds", "tags")
_COMPARE = ("previous", "last_year", "")


def _question(workspace: Workspace, draft: Draft, block: Block) -> None:
    """What the block is asked instead of what the report is asked."""
    given, as_report = block.options, tr("As the report")
    _one(draft, block, tr("Period"), "period", {_AS_REPORT: as_report, **{
        name: tr(title) for name, title in periods.TITLES.items()
    }})  # fmt: skip
    _one(draft, block, tr("Compare with"), "compare", {_AS_REPORT: as_report, **{
        name: tr(choices.COMPARE[name]) for name in _COMPARE
    }})  # fmt: skip
    titles = load.platform_titles()
    chosen = tuple(given.get("platforms") or ())
    _several(draft, block, tr("Platforms"), "platforms",
             {one: titles.get(one, one) for one in choices.platforms(workspace, chosen)})  # fmt: skip
    _several(draft, block, tr("Accounts"), "accounts",
             choices.accounts(workspace, tuple(given.get("accounts") or ())))  # fmt: skip
    _several(draft, block, tr("Content type"), "kinds", choices.kinds(workspace, tuple(given.get("kinds") or ())))
    _several(draft, block, tr("Tag"), "tags", choices.tags(workspace, tuple(given.get("tags") or ())))


def _one(draft: Draft, block: Block, label: str, name: str, options: dict[str, str]) -> None:
    found = block.options.get(name, _AS_REPORT)
    found = "" if name == "compare" and found is None else found
    key = draft.held(f"{block.id}-{name}", found if found in options else _AS_REPORT)

    def keep() -> None:
        chosen = st.session_state[key]
        draft.option(block.id, name, chosen, without=chosen == _AS_REPORT)

    st.selectbox(label, list(options), key=key, format_func=options.__getitem__, on_change=keep)


def _several(draft: Draft, block: Block, label: str, name: str, options: dict[Any, str]) -> None:
    key = draft.held(f"{block.id}-{name}", list(block.options.get(name) or []))

    def keep() -> None:
        chosen = list(st.session_state[key])
        draft.option(block.id, name, chosen, without=not chosen)

    st.multiselect(
        label, list(options), key=key, format_func=options.__getitem__, on_change=keep, placeholder=tr("As the report")
    )
