"""One metric, platform by platform: bars from zero, biggest first, with the past as a thin mark."""

from __future__ import annotations

import altair as alt
import pandas as pd

from charts import theme
from core import numbers
from core.language import tr
from core.question import Answer

_ROW = 40
_NARROW = 340
"""The pixels of the narrowest panel, with its names."""
_APART = 6
_OF = "of"


def rows(answer: Answer, metric: str) -> pd.DataFrame:
    """One row per platform that has the metric, biggest first: platform, title, value, previous and words."""
    found = [
        {
            "platform": split,
            "title": answer.split_titles.get(split, split),
            "value": number.value,
            "previous": number.previous,
            "short": numbers.short(number.value, number.unit, number.currency),
            "now": numbers.exact(number.value, number.unit, number.currency),
            "before": numbers.exact(number.previous, number.unit, number.currency),
            "change": number.why_no_change if number.change is None else numbers.percent(number.change),
        }
        for (split, name), number in answer.by_split.items()
        if name == metric and number.value is not None
    ]
    columns = ["platform", "title", "value", "previous", "short", "now", "before", "change"]
    return pd.DataFrame(found, columns=columns).sort_values("value", ascending=False, ignore_index=True)


def bars(shown: pd.DataFrame, title: str, *, labels: int = 90) -> theme.Drawn:
    """The chart; a click on a bar picks its platform. A column `of` names the platform whose colour a bar has, where
    `platform` is something else; `labels` pixels are left for names, and beside the bars what their values take."""
    if shown.empty:
        return theme.empty(tr("No data in this period"))
    order = list(shown["title"])
    y = alt.Y("title:N", sort=order, axis=_names(order, labels))
    most = float(max(shown["value"].max(), shown["previous"].max() if shown["previous"].notna().any() else 0)) or 1.0
    room = theme.room(*shown["short"]) + _APART
    ends: list[float | alt.ExprRef] = [0, alt.ExprRef(f"max(width - {room}, 20)")]
    scale = alt.Scale(domain=[min(0.0, float(shown["value"].min())), most], nice=False, range=ends)
    x = alt.X("value:Q", axis=None, scale=scale)
    colour = alt.Color(
        "platform:N",
        legend=None,
        scale=alt.Scale(
            domain=list(shown["platform"]),
            range=[theme.platform_colour(platform) for platform in shown[_OF if _OF in shown else theme.PICK]],
        ),
    )
    words = [
        alt.Tooltip("title:N", title=tr("Platform")),
        alt.Tooltip("now:N", title=title),
        alt.Tooltip("before:N", title=tr("Before")),
        alt.Tooltip("change:N", title=tr("Change")),
    ]
    bar = alt.Chart(shown).mark_bar(height=alt.RelativeBandSize(0.52), cornerRadiusEnd=3, cursor="pointer")
    bar = bar.encode(x, y, colour, tooltip=words).add_params(theme.picking())
    reach = most * room / max(_NARROW - labels - room, 20)
    beyond = (shown["previous"] > shown["value"]) & (shown["previous"] - shown["value"] < reach)
    edges = shown.assign(edge=shown["value"].where(~beyond, shown["previous"]))
    text = alt.Chart(edges).mark_text(align="left", dx=_APART, fontSize=12, fontWeight=600, color=theme.TEXT)
    edge = x.copy()
    edge.shorthand = "edge:Q"
    tick = alt.Chart(shown[shown["previous"].notna()]).mark_tick(
        color=theme.PREVIOUS, thickness=2, height=alt.RelativeBandSize(0.8)
    )
    layers = [bar, text.encode(edge, y, text="short:N")]
    if shown["previous"].notna().any():
        past = x.copy()
        past.shorthand = "previous:Q"
        layers.insert(1, tick.encode(past, y, tooltip=words))
    return alt.layer(*layers).properties(height=min(theme.HEIGHT, _ROW * len(shown) + _ROW // 2))


def _names(order: list[str], labels: int) -> alt.Axis:
    """The names beside the bars, cut to so many pixels."""
    return alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=labels,
                    labelExpr=theme.named(order, labels // 6))  # fmt: skip
