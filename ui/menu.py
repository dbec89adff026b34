"""The menu: every page in `pages/` that declares `PAGE`, found without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from core.errors import AppError

FOLDER = Path(__file__).resolve().parents[1] / "pages"


@dataclass(frozen=True, slots=True)
class PageSpec:
    """What a page declares: `order` sorts pages and, by their first page, sections; "" is the section without a name.

    `default` is the page at the root. `needs_workspace`: without one the first-run choice is shown instead.
    `filters`: whether the filter bar stands above it; `dated`: whether its period counts there. `help` is one sentence
    for the menu's tooltip. `in_menu`: not for a page that only another one leads to.
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
        help=spec.help or None,
    )


def draw(found: list[Entry]) -> None:
    """The links, by section. What widgets are bound to stays in the address by itself, and nothing else does."""
    section = ""
    for entry in found:
        if not entry.spec.in_menu:
            continue
        if entry.spec.section != section:
            section = entry.spec.section
            st.caption(section)
        st.page_link(entry.page, label=entry.spec.title, icon=entry.spec.icon, width="stretch")


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
            # without query_params it refuses to clear what widgets are bound to
            st.switch_page(entry.page, query_params=parameters)
