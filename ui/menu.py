"""The pages there are, found in `pages/`, and the menu made from what each declares."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.page import Page

FOLDER = Path(__file__).resolve().parents[1] / "pages"
SECTIONS = ("", "Performance", "Data", "Reference")


@dataclass(frozen=True, slots=True)
class Found:
    """A page file and what it declares."""

    path: Path
    page: Page


@cache
def discover() -> tuple[Found, ...]:
    """Every page, in menu order. A file that declares no PAGE literal is an error, not left out."""
    found = [Found(path, _declared(path)) for path in sorted(FOLDER.glob("*/*.py"))]
    return tuple(sorted(found, key=lambda f: (SECTIONS.index(f.page.section), f.page.order, f.page.title)))


def _declared(path: Path) -> Page:
    """The PAGE literal, read without running the page."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.targets[0]) == "PAGE":
            values: dict[str, Any] = {
                keyword.arg: ast.literal_eval(keyword.value) for keyword in node.value.keywords if keyword.arg
            }
            return Page(**values)
    raise ValueError(f"{path} declares no PAGE")


def register(*, has_workspace: bool) -> Any:
    """Tell Streamlit the pages that make sense now; returns the one that was asked for."""
    pages = {
        found.page.url: st.Page(
            str(found.path),
            title=found.page.title,
            icon=f":material/{found.page.icon}:",
            url_path=found.page.url,
            default=found.page.default and has_workspace or (not has_workspace and found.page.url == "welcome"),
        )
        for found in discover()
        if has_workspace or not found.page.needs_workspace
    }
    st.session_state["_pages"] = pages
    return st.navigation(list(pages.values()), position="hidden")


def target(url: str) -> Any:
    """The page at an address, for links."""
    return st.session_state["_pages"][url]


def declared(url: str) -> Page:
    """What the page at an address declares ("" is the default page)."""
    return next(found.page for found in discover() if found.page.url == url or (not url and found.page.default))


def draw() -> None:
    """The links, by section."""
    pages = st.session_state["_pages"]
    for section in SECTIONS:
        shown = [f.page for f in discover() if f.page.section == section and not f.page.hidden and f.page.url in pages]
        if section and shown:
            st.caption(section)
        for entry in shown:
            st.page_link(pages[entry.url], label=entry.title, icon=f":material/{entry.icon}:", width="stretch")
