"""The menu: every page in `pages/` that declares `PAGE`, found without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import streamlit as st

from core.errors import AppError
from core.language import tr

FOLDER = Path(__file__).resolve().parents[1] / "pages"
_HERE, _LEFT = "_here", "_left"


@dataclass(frozen=True, slots=True)
class PageSpec:
    """What a page declares: `order` sorts pages and, by their first page, sections; "" is the section without a name.

    `default` is the page at the root. `needs_workspace`: without one the first-run choice is shown instead.
    `filters`: whether the filter bar stands above it; `dated`: whether its period counts there;
    `posts`: how much of it is made of posts, which content type and tag narrow. `help` is one sentence for the menu's
    tooltip. `in_menu`: not for a page that only another one leads to.
    """

    title: str
    icon: str
    url_path: str
    section: str = ""
    order: int = 100
    default: bool = False
    needs_workspace: bool = True
    filters: bool = True
    dated: bool = True
    posts: Literal["all", "some", "none"] = "none"
    help: str = ""
    in_menu: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu: where its script is, what it declares, and what Streamlit knows it as."""

    path: Path
    spec: PageSpec
    page: st.Page


def entries() -> list[Entry]:
    """Every page, in the order of the menu: by section (the one with the lowest `order` first), then by `order`."""
    found = [(path, _spec(path, path.stat().st_mtime_ns)) for path in sorted(FOLDER.rglob("[!_]*.py"))]
    firsts: dict[str, int] = {}
    for _, spec in found:
        firsts[spec.section] = min(spec.order, firsts.get(spec.section, spec.order))
    found.sort(key=lambda one: (firsts[one[1].section], one[1].section, one[1].order, one[1].title))
    return [Entry(path, spec, _page(path, spec)) for path, spec in found]


@lru_cache(maxsize=256)
def _spec(path: Path, _changed_ns: int) -> PageSpec:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == "PAGE" for one in node.targets):
            return PageSpec(**ast.literal_eval(node.value))
    raise AppError(f"pages/{path.relative_to(FOLDER)} declares no PAGE.", hint="Every page declares one.")


def _page(path: Path, spec: PageSpec) -> st.Page:
    return st.Page(
        path,
        title=spec.title,
        icon="",  # a page's icon would be fetched from outside as the tab's; `draw` shows it in the menu
        url_path=spec.url_path,
        default=spec.default,
        help=tr(spec.help) if spec.help else None,
    )


def draw(found: list[Entry]) -> None:
    """The links, by section. What widgets are bound to stays in the address by itself, and nothing else does."""
    section = ""
    for entry in found:
        if not entry.spec.in_menu:
            continue
        if entry.spec.section != section:
            section = entry.spec.section
            st.caption(tr(section))
        st.page_link(entry.page, label=tr(entry.spec.title), icon=entry.spec.icon, width="stretch")


def link(url_path: str, label: str, icon: str | None = None) -> None:
    """A link to another page by its address; the filters are kept. Nothing when there is no such page."""
    for entry in entries():
        if entry.spec.url_path == url_path:
            st.page_link(entry.page, label=label, icon=icon)


def exists(url_path: str) -> bool:
    """Whether there is a page with this address."""
    return any(entry.spec.url_path == url_path for entry in entries())


def go(url_path: str, **parameters: str) -> None:
    """Leave for another page by its address, with parameters of its own. Does nothing when there is no such page."""
    for entry in entries():
        if entry.spec.url_path == url_path:
            _note_leaving(url_path, parameters)
            # without query_params it refuses to clear what widgets are bound to
            st.switch_page(entry.page, query_params=parameters)


def _note_leaving(target: str, parameters: dict[str, str]) -> None:
    """Keep what the page's widgets are bound to: in the browser's history its address has `parameters` instead."""
    here = st.session_state.get(_HERE)
    if here is not None and here != target and parameters:
        bound = {name: st.session_state[name] for name in st.query_params if name in st.session_state}
        st.session_state[_LEFT] = {**st.session_state.get(_LEFT, {}), here: (parameters, bound)}


def arrive(url_path: str) -> None:
    """Note which page is drawn. If the browser went back to a page that was left by `go`, it is as it was left."""
    before, left = st.session_state.get(_HERE), st.session_state.get(_LEFT, {})
    st.session_state[_HERE] = url_path
    if before == url_path or url_path not in left or left[url_path][0] != st.query_params.to_dict():
        return
    parameters, bound = left.pop(url_path)
    for name, value in bound.items():
        st.session_state[name] = value
    for name in parameters:
        del st.query_params[name]
    st.rerun()
