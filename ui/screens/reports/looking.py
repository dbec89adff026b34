"""A report as it will look: pages of the PDF as pictures, or the web page in a closed frame."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from core.language import mark, tr
from core.report import Document, Layout
from reports import plain
from services.reports import archive, preview
from services.reports.preview import Asked
from ui import load
from ui.load import Workspace
from ui.screens.reports import pieces

_KEPT, _ASKED, _KIND, _PAGE = "report-preview", "report-asked", "report-preview-kind", "report-preview-page"
_TITLES = {"pdf": mark("PDF"), "html": mark("Web page")}
_FRAME_HEIGHT, _WORDS = 860, 1500


@dataclass(slots=True)
class _Shown:
    """The last document that was looked at in this session, and its files."""

    of: str
    document: Document
    files: dict[str, bytes] = field(default_factory=dict)


def layout(workspace: Workspace, given: Layout) -> None:
    """What a layout would give if it were made now; made anew only where the layout or the numbers changed."""
    version = f"{load.version(workspace)}.{load.today(workspace)}.{given.language}.{given.forms}"
    written = json.dumps(plain.plain(given), sort_keys=True)
    key = hashlib.sha256(f"{workspace.id}.{version}.{written}".encode()).hexdigest()
    asked = st.session_state.setdefault(_ASKED, Asked())

    def make() -> Document:
        words = tr("Making the preview")
        bar = st.progress(0.0, words)
        try:
            told: Callable[[float], None] = lambda done: _tell(bar, done, words)  # noqa: E731
            return preview.document(workspace.viewer, given, asked, f"{workspace.id}.{version}", told)
        finally:
            bar.empty()

    _look(key, make, given.title)


def made(workspace: Workspace, run_id: int, title: str) -> None:
    """A report that was made."""
    _look(f"made-{run_id}", lambda: archive.document(workspace.viewer, run_id), title)


def _tell(bar: st.delta_generator.DeltaGenerator, done: float, words: str) -> None:
    bar.progress(min(done, 1.0), words)


def _look(key: str, make: Callable[[], Document], title: str) -> None:
    kinds = preview.kinds()
    if not kinds:
        return
    kind = kinds[0]
    if len(kinds) > 1:
        shown = {one: tr(_TITLES[one]) for one in kinds}
        kind = st.segmented_control(
            tr("Look at it as"), kinds, default=kind, required=True, key=_KIND, format_func=shown.__getitem__,
            label_visibility="collapsed",
        ) or kind  # fmt: skip
    found = st.session_state.get(_KEPT)
    if not isinstance(found, _Shown) or found.of != key:
        found = st.session_state[_KEPT] = _Shown(key, make())
    if kind not in found.files:
        with st.spinner(tr("Drawing the pages")):
            found.files[kind] = archive.written(found.document, kind)
    if kind == "html":
        pieces.framed(found.files[kind].decode(), tr("The report “{title}” as a web page", title=title), _FRAME_HEIGHT)
    else:
        _pages(found.files[kind], title)


def _pages(pdf: bytes, title: str) -> None:
    """One page at a time, as large as there is room."""
    count = preview.count(pdf)
    if st.session_state.get(_PAGE, 1) > count:
        st.session_state[_PAGE] = count
    at = 1
    if count > 1:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report-pages"):
            at = st.pagination(count, key=_PAGE, max_visible_pages=5)
            st.caption(tr("Page {at} of {all}", at=at, all=count), width="content")
    picture, words = preview.page(pdf, at)
    place = tr("Page {at} of {all}", at=at, all=count)
    said = tr("{page} of the report “{title}”: {words}", page=place, title=title, words=words[:_WORDS])
    with st.container(border=True, key="report-page"):
        st.image(picture, width="stretch", alt=said)
