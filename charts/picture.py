"""A chart as a picture: SVG, PNG or PDF of the very specification a screen draws, on white paper, without a browser."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from charts import settled, theme

WIDTH = 960
SCALE = 2.0
"""A PNG has so many pixels for each one of the chart."""
_INK, _GRID, _PAPER = "#1B1F27", "#E4E7EC", "#FFFFFF"
_MARGIN = {"svg": 16, "png": 16, "pdf": 1}
"""Around it, in pixels; a PDF is laid on a page, which has its own."""
_FONTS = {"fontpkg_inter": "files", "manimgx_fonts": "", "manimgx_fonts_cjk": ""}
"""The packages with the fonts that reports are set in, so that a chart looks the same on a machine without any."""


def draw(spec: Mapping[str, Any], kind: Literal["svg", "png", "pdf"], *, title: str = "", width: int = WIDTH) -> bytes:
    """The picture. `title` stands above it, because a picture travels without its page.

    >>> from charts.theme import empty
    >>> draw(empty("No data", 80).to_dict(), "svg", title="Views by day")[:4]
    b'<svg'
    """
    import vl_convert  # here: nobody who only looks at charts waits for it

    paper = _on_paper(spec, title, width, _MARGIN[kind])
    _with_fonts()
    if kind == "svg":
        return vl_convert.vegalite_to_svg(paper, vl_version="v6.4").encode()
    if kind == "pdf":
        return settled.pdf(vl_convert.vegalite_to_pdf(paper, vl_version="v6.4"))
    return vl_convert.vegalite_to_png(paper, vl_version="v6.4", scale=SCALE)


@lru_cache(maxsize=1)
def _with_fonts() -> None:
    """Fonts are read once."""
    import vl_convert

    for package, folder in _FONTS.items():
        found = find_spec(package)
        if found and found.origin:
            vl_convert.register_font_directory(str(Path(found.origin).parent / folder))


def _on_paper(spec: Mapping[str, Any], title: str, width: int, margin: int) -> dict[str, Any]:
    paper = copy.deepcopy(dict(spec))
    if not {"hconcat", "vconcat", "facet", "repeat"} & paper.keys():
        paper["width"] = width
    paper["background"], paper["padding"] = _PAPER, margin
    if title:
        paper["title"] = {
            "text": title,
            "anchor": "start",
            "fontSize": 15,
            "fontWeight": 600,
            "color": _INK,
            "offset": 12,
        }
    axis = {"labelColor": theme.TEXT, "titleColor": theme.TEXT, "gridColor": _GRID, "domainColor": _GRID}
    own = paper.get("config", {})
    paper["config"] = {
        "font": "Inter, Liberation Sans, sans-serif",
        **own,
        "view": {"stroke": None, **own.get("view", {})},
        "axis": {**axis, **own.get("axis", {})},
        "legend": {"labelColor": theme.TEXT, "titleColor": theme.TEXT, **own.get("legend", {})},
    }
    return paper
