"""A map of the world's countries, coloured by share. Its outlines ship with the project: nothing is fetched."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from charts import theme
from core.language import tr

HEIGHT = 350
_FILE = Path(__file__).resolve().parent / "world.json"
"""Natural Earth, public domain; see `world-LICENSE.txt`."""
_PALE, _EDGE = "rgba(138, 147, 163, 0.16)", "rgba(138, 147, 163, 0.55)"


@cache
def _outlines() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def codes() -> frozenset[str]:
    """The countries that are large enough for the map, by their two letters.

    >>> "DE" in codes(), "SG" in codes()
    (True, False)
    """
    return frozenset(one["id"] for one in _outlines()["objects"]["countries"]["geometries"] if "id" in one)


def countries(shown: pd.DataFrame, *, colour: str = theme.ACCENT, height: int = HEIGHT) -> theme.Drawn:
    """The map, of rows `key` (two letters), `name`, `share` (NaN: none, drawn pale) and `said` for the hover. The
    largest share has the full `colour`, written as #RRGGBB; colours follow the square root, so that small shares show.
    """
    known = shown[shown["share"].notna() & shown["key"].isin(codes())]
    if known.empty:
        return theme.empty(tr("No country on the map has a share"), height)
    most = float(known["share"].max()) or 1.0
    fields = ["name", "share", "said"]
    rows = pd.DataFrame({name: shown[name] for name in ("key", *fields)})
    shapes = alt.InlineData(_outlines(), format=alt.TopoDataFormat(feature="countries", type="topojson"))
    scale = alt.Scale(type="sqrt", domain=[0, most], range=_range(colour), interpolate="rgb")
    legend = alt.Legend(
        title=tr("share"), orient="bottom", direction="horizontal", values=[0, most / 4, most],
        labelExpr="format(datum.value, '.0%')", gradientLength=150, gradientThickness=8, titleFontWeight="normal",
        titleFontSize=11, titleOrient="left", offset=6,
    )  # fmt: skip
    told = alt.LookupData(data=rows, key="key", fields=fields)
    words = [alt.Tooltip("name:N", title=tr("Country")), alt.Tooltip("said:N", title=tr("Share"))]
    base = alt.Chart().mark_geoshape(fill=_PALE, stroke=_EDGE, strokeWidth=0.5)
    coloured = alt.Chart().mark_geoshape(stroke=_EDGE, strokeWidth=0.5).transform_lookup(lookup="id", from_=told)
    drawn = alt.layer(
        base.transform_lookup(lookup="id", from_=told).encode(tooltip=words),
        coloured.transform_filter("isValid(datum.share)").encode(
            alt.Fill("share:Q", scale=scale, legend=legend), tooltip=words
        ),
        data=shapes,
    )
    return drawn.project(type="equalEarth").properties(height=height)


def _range(colour: str) -> list[str]:
    """From faint to full.

    >>> _range("#4C6AF0")
    ['rgba(76, 106, 240, 0.22)', 'rgba(76, 106, 240, 1)']
    """
    parts = ", ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return [f"rgba({parts}, 0.22)", f"rgba({parts}, 1)"]
