"""The last hours as stacked bars, one colour per platform: solid where the hour is known, paler where less sure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import altair as alt
import numpy as np
import pandas as pd

from charts import days, theme
from charts.marks import Told, on_axis
from core import numbers
from core.language import mark, tr
from core.metric import Unit

HEIGHT = 330
_HOUR_MS = 3_600_000.0
_GAP = 0.07
"""The part of an hour that is left free on either side of its bar."""
_SURE, _LOOSE, _PARTLY = 1.0, 0.55, 0.3
_NOT_READ = mark("not read yet")


def rows(hours: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """One row per platform and hour of `services.pulse` with its bounds (ms, the wall clock written as UTC), words for
    the hover and how sure it is."""
    starts = np.array([moment.replace(tzinfo=UTC).timestamp() * 1000 for moment in hours["start"]], float)
    read = (hours["known"] >= hours["accounts"]).to_numpy(bool)
    loose = (hours["loose"] > hours["value"] / 2).to_numpy(bool)
    known = hours["value"].notna().to_numpy(bool)
    return pd.DataFrame(
        {
            "start": starts,
            "end": starts + _HOUR_MS,
            "platform": hours["platform"].to_numpy(object),
            "title": [titles.get(one, one) for one in hours["platform"]],
            "value": hours["value"].to_numpy(float),
            "known": known,
            "sure": np.select([~read, loose], [_PARTLY, _LOOSE], _SURE),
            "when": [days.hour(one) for one in hours["start"]],
            "now": [numbers.exact(float(np.round(value)), Unit.COUNT) for value in hours["value"]],
            "words": np.select(
                [~known, ~read, loose],
                [
                    tr(_NOT_READ),
                    tr("not read to its end yet"),
                    tr("laid evenly over a longer time between two readings"),
                ],
                tr("read closely"),
            ),
        }
    )


def bars(shown: pd.DataFrame, title: str, height: int = HEIGHT, marks: Told = ()) -> theme.Drawn:
    """The chart; `marks` are what happened on its days, each where its day begins to be seen."""
    if not (shown["value"] > 0).any():
        return theme.empty(tr("Nothing was gathered, or nothing read, in the last 24 hours"), height)
    pad = _GAP * _HOUR_MS
    drawn = shown[shown["value"] > 0].sort_values(["start", "title"])
    top = drawn.groupby("start")["value"].cumsum()
    drawn = drawn.assign(begin=drawn["start"] + pad, stop=drawn["end"] - pad, top=top, base=top - drawn["value"])
    first, last = float(shown["start"].min()), float(shown["end"].max())
    scale = alt.Scale(type="utc", domain=[first, last], nice=False)
    axis = alt.Axis(
        title=None,
        format="%H:%M",
        grid=False,
        tickCount=8,
        labelOverlap=True,
        ticks=False,
        domain=False,
        labelPadding=8,
    )
    present = shown[shown["platform"].isin(drawn["platform"])]
    platforms, named = (list(dict.fromkeys(present[column])) for column in ("platform", "title"))
    colour = alt.Color(
        "title:N",
        scale=alt.Scale(domain=named, range=[theme.platform_colour(one) for one in platforms]),
        legend=alt.Legend(
            orient="top", title=None, symbolType="square", symbolSize=90, columns=3, columnPadding=14, offset=4
        ),
    )
    said = [
        alt.Tooltip("when:N", title=tr("Hour")),
        alt.Tooltip("title:N", title=tr("Platform")),
        alt.Tooltip("now:N", title=title),
        alt.Tooltip("words:N", title=tr("How sure")),
    ]
    bar = (
        alt.Chart(drawn)
        .mark_bar(cursor="pointer")
        .encode(
            alt.X("begin:T", scale=scale, axis=axis),
            alt.X2("stop:T"),
            theme.y_values("top", title),
            alt.Y2("base:Q"),
            colour,
            opacity=alt.Opacity("sure:Q", scale=None, legend=None),
            tooltip=said,
        )
        .add_params(theme.picking())
    )
    first_day, last_day = (datetime.fromtimestamp(one / 1000, UTC).date() for one in (first, last - 1))
    told = on_axis(marks, first_day, last_day, alt.X("begin:T", scale=scale),
                   place=lambda day: max(theme.utc_ms(day), first))  # fmt: skip
    return alt.layer(*_unread(shown, scale), bar, *told).properties(height=height)


def _unread(shown: pd.DataFrame, scale: alt.Scale) -> list[alt.Chart]:
    """Hours of which no platform has been read, as a pale band."""
    by_hour = shown.groupby("start").agg(end=("end", "first"), known=("known", "any")).reset_index()
    gaps = by_hour[~by_hour["known"]]
    if gaps.empty:
        return []
    runs = (gaps["start"].diff() != _HOUR_MS).cumsum()
    bands = gaps.groupby(runs).agg(start=("start", "min"), end=("end", "max")).assign(label=tr(_NOT_READ))
    where = alt.X("start:T", scale=scale)
    band = alt.Chart(bands).mark_rect(color=theme.GAP, opacity=0.1).encode(where, alt.X2("end:T"))
    wide = bands[bands["end"] - bands["start"] >= 3 * _HOUR_MS]
    if wide.empty:
        return [band]
    middle = wide.assign(start=(wide["start"] + wide["end"]) / 2)
    words = alt.Chart(middle).mark_text(color=theme.TEXT, fontSize=11, y=10).encode(where, text="label:N")
    return [band, words]
