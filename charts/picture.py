"""A chart as a picture: SVG or PNG of the very specification a screen draws, on white paper, without a browser."""

from __future__ import annotations

import copy
from typing import Any, Literal

from charts import theme

WIDTH = 960
SCALE = 2.0
"""A PNG has so many pixels for each one of the chart."""
_INK, _GRID, _PAPER = "#1B1F27", "#E4E7EC", "#FFFFFF"


def draw(spec: dict[str, Any], kind: Literal["svg", "png"], *, title: str = "", width: int = WIDTH) -> bytes:
    """The picture. `title` stands above it, because a picture travels without its page.

    >>> from charts.theme import empty
    >>> draw(empty("No data", 80).to_dict(), "svg", title="Views by day")[:4]
    b'<svg'
    """
    import vl_convert  # here: nobody who only looks at charts waits for it

    paper = _on_paper(spec, title, width)
    if kind == "svg":
        return vl_convert.vegalite_to_svg(paper, vl_version="v6.4").encode()
    return vl_convert.vegalite_to_png(paper, vl_version="v6.4", scale=SCALE)


def _on_paper(spec: dict[str, Any], title: str, width: int) -> dict[str, Any]:
    paper = copy.deepcopy(spec)
    if not {"hconcat", "vconcat", "facet", "repeat"} & paper.keys():
        paper["width"] = width
    paper["background"], paper["padding"] = _PAPER, 16
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
