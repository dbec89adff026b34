"""Who the audience is: shares of its groups as bars."""

from __future__ import annotations

import math
import re

import altair as alt
import numpy as np
import pandas as pd

from charts import theme
from core import numbers
from core.language import mark, tr
from core.metric import Unit

_ROW = 27
_ROOM = 0.42
"""The share of the axis that a written value takes."""
_LETTER = 5.6
"""The width of a letter of a name, in pixels: measured before the font is there, names come out too narrow."""
_GENDERS = {mark("Women"): theme.SERIES[3], mark("Men"): theme.SERIES[1], mark("Not said"): theme.OTHER}


def shares(shown: pd.DataFrame, colour: str, of: str, *, labels: int = 150) -> theme.Drawn:
    """Groups with their shares, in the order given: rows of `name`, `share`, `earlier` (NaN is not known), `count` and
    `moved` (words). The line across a bar is the earlier share."""
    if shown.empty:
        return theme.empty(tr("Nothing is told"), 120)
    extent = min(labels, _LETTER * max(len(name) for name in shown["name"])) + 10
    axis = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=labels, minExtent=extent)
    y = alt.Y("name:N", sort=list(shown["name"]), axis=axis)
    most = float(np.nanmax(shown[["share", "earlier"]].to_numpy(float))) or 1.0
    x = alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, most * (1 + _ROOM)]))
    words = [
        alt.Tooltip("name:N", title=of), alt.Tooltip("exact:N", title=tr("Share")),
        alt.Tooltip("count:N", title=tr("Number")), alt.Tooltip("moved:N", title=tr("Change")),
    ]  # fmt: skip
    rows = shown.assign(
        short=[numbers.short(one, Unit.RATIO) for one in shown["share"]],
        exact=[numbers.exact(one, Unit.RATIO) for one in shown["share"]],
        edge=shown[["share", "earlier"]].max(axis=1),
    )
    bar = alt.Chart(rows).mark_bar(color=colour, height=alt.RelativeBandSize(0.56), cornerRadiusEnd=3)
    text = alt.Chart(rows).mark_text(align="left", dx=6, fontSize=12, fontWeight=600, color=theme.TEXT)
    edge = x.copy()
    edge.shorthand = "edge:Q"
    layers = [bar.encode(x, y, tooltip=words), text.encode(edge, y, text="short:N", tooltip=words)]
    past = rows[rows["earlier"].notna()]
    if len(past):
        before = x.copy()
        before.shorthand = "earlier:Q"
        tick = alt.Chart(past).mark_tick(color=theme.PREVIOUS, thickness=2, height=alt.RelativeBandSize(0.85))
        layers.insert(1, tick.encode(before, y, tooltip=words))
    return alt.layer(*layers).properties(height=_ROW * len(rows) + 12)


def ages(shown: pd.DataFrame) -> theme.Drawn:
    """Age bands with their genders one behind the other: rows of `age`, `gender`, `share`, `count` and `moved`."""
    if shown.empty:
        return theme.empty(tr("Nothing is told"), 120)
    colours = {tr(name): colour for name, colour in _GENDERS.items()}
    rows = shown.assign(gender=[tr(one) for one in shown["gender"]])
    kinds = [name for name in colours if name in set(rows["gender"])]
    rows, whole = _placed(rows, kinds)
    order = sorted(set(shown["age"]), key=in_order)
    y = alt.Y("age:N", sort=order, axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8))
    most = float(whole["share"].max()) or 1.0
    x = alt.X("begin:Q", axis=None, scale=alt.Scale(domain=[0, most * (1 + _ROOM)]))
    colour = alt.Color(
        "gender:N",
        scale=alt.Scale(domain=kinds, range=[colours[kind] for kind in kinds]),
        legend=alt.Legend(orient="top", title=None, symbolType="square", symbolSize=90),
    )
    words = [
        alt.Tooltip("age:N", title=tr("Age")), alt.Tooltip("gender:N", title=tr("Gender")),
        alt.Tooltip("exact:N", title=tr("Share")), alt.Tooltip("count:N", title=tr("Number")),
        alt.Tooltip("moved:N", title=tr("Change")),
    ]  # fmt: skip
    bar = (
        alt.Chart(rows).mark_bar(height=alt.RelativeBandSize(0.56)).encode(x, alt.X2("end:Q"), y, colour, tooltip=words)
    )
    text = alt.Chart(whole).mark_text(align="left", dx=6, fontSize=12, fontWeight=600, color=theme.TEXT)
    beyond = x.copy()
    beyond.shorthand = "share:Q"
    return alt.layer(bar, text.encode(beyond, y, text="short:N")).properties(height=_ROW * len(order) + 42)


def _placed(shown: pd.DataFrame, kinds: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Where each part begins and ends, and the sum of each age with its words."""
    rows = shown.assign(place=shown["gender"].map({name: at for at, name in enumerate(kinds)}))
    rows = rows.sort_values(["age", "place"], ignore_index=True)
    end = rows.groupby("age")["share"].cumsum()
    exact = [numbers.exact(one, Unit.RATIO) for one in rows["share"]]
    whole = rows.groupby("age", as_index=False)["share"].sum()
    written = [numbers.short(one, Unit.RATIO) for one in whole["share"]]
    return rows.assign(begin=end - rows["share"], end=end, exact=exact), whole.assign(short=written)


def in_order(band: str) -> tuple[float, str]:
    """What groups that follow each other, such as ages, are sorted by: the lowest first, those without a number last.

    >>> sorted(["65+", "18-24", "Unknown", "13-17"], key=in_order)
    ['13-17', '18-24', '65+', 'Unknown']
    >>> sorted(["1,001 to 5,000", "11 to 50", "1 person"], key=in_order)
    ['1 person', '11 to 50', '1,001 to 5,000']
    """
    found = re.match(r"[0-9][0-9,]*", band)
    return (float(found[0].replace(",", "")) if found else math.inf, band)
