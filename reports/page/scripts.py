"""The JavaScript of the page: Vega, Vega-Lite and Vega-Embed as vl-convert carries them, and our own."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_FONT = _HERE.parents[1] / "ui" / "static" / "inter-latin-wght-normal.woff2"
"""The site's own; what it has no letters for is written in what the reader has."""
BEGIN = 'document.documentElement.classList.add("js")'
"""Runs before anything is drawn, so that nothing jumps."""


@cache
def style() -> str:
    """The style sheet, without the colours of a sender."""
    return (_HERE / "page.css").read_text().replace("%FONT%", base64.b64encode(_FONT.read_bytes()).decode())


@cache
def own() -> str:
    """What sorts, finds, folds and draws."""
    return (_HERE / "page.js").read_text()


@cache
def charts() -> str:
    """What draws charts in a browser. Putting it together takes seconds, so it is kept while the process lives."""
    import vl_convert  # here: a report without charts does without

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version="v6.4")
