"""The hours of the week by how many were there."""

from __future__ import annotations

import altair as alt
import pandas as pd

from charts import locale, theme, week
from core import language, numbers
from core.language import tr, trn
from core.metric import Unit

HEIGHT = 216
_LEAST = 3


def there(shown: pd.DataFrame, week_start: int, *, fewest: int = _LEAST) -> theme.Drawn:
    """The map of the week, of rows `weekday`, `hour`, `mean`, `low`, `high` and `seen`. An hour seen fewer times than
    `fewest` is hatched."""
    if shown.empty:
        return theme.empty(tr("No hours are known"), HEIGHT)
    rows = _words(week.in_order(shown, week_start))
    weak = rows["seen"] < fewest
    known, (x, y) = rows[~weak], _axes(week_start)
    told = [
        alt.Tooltip("when:N", title=tr("When")), alt.Tooltip("exact:N", title=tr("Mean")),
        alt.Tooltip("span:N", title=tr("Range")), alt.Tooltip("weeks:N", title=tr("Seen in")),
    ]  # fmt: skip
    layers = []
    if weak.any():
        layers.append(alt.Chart(rows[weak]).mark_rect(cornerRadius=2, color=theme.hatch()).encode(x, y, tooltip=told))
    if len(known):
        most = float(known["mean"].max())
        scale = alt.Scale(domain=[0, most], range=theme.SEQUENTIAL, interpolate="rgb")
        legend = alt.Legend(
            title=tr("followers there"), orient="bottom", direction="horizontal", values=[0, most], gradientLength=150,
            labelExpr=locale.values(3), gradientThickness=8, titleFontWeight="normal", titleFontSize=11,
            titleOrient="left", offset=10,
        )  # fmt: skip
        mark = alt.Chart(known).mark_rect(cornerRadius=2)
        layers.append(mark.encode(x, y, alt.Color("mean:Q", scale=scale, legend=legend), tooltip=told))
    return alt.layer(*layers).properties(height=HEIGHT)


def named(shown: pd.DataFrame, week_start: int) -> pd.DataFrame:
    """The rows in the order of the week, with the names of the days and hours."""
    rows = week.in_order(shown, week_start)
    return rows.assign(weekday=rows["day"], hour=[week.hours(int(hour)) for hour in rows["hour"]])


def _words(rows: pd.DataFrame) -> pd.DataFrame:
    """With what hovering says of each hour."""
    mean, low, high = (
        [numbers.exact(round(one), Unit.COUNT) for one in rows[name]] for name in ("mean", "low", "high")
    )
    return rows.assign(
        short=[language.weekday(int(one), short=True) for one in rows["weekday"]],
        when=[f"{day} {week.hours(int(hour))}" for day, hour in zip(rows["day"], rows["hour"], strict=True)],
        exact=mean,
        span=[tr("{low} to {high}", low=least, high=most) for least, most in zip(low, high, strict=True)],
        weeks=[trn("{n} week", "{n} weeks", seen) for seen in rows["seen"]],
    )


def _axes(week_start: int) -> tuple[alt.X, alt.Y]:
    axis = alt.Axis(
        title=None, values=list(range(0, 24, 3)), labelExpr="pad(datum.value, 2, '0', 'left') + ':00'", labelAngle=0,
        labelOverlap="parity", ticks=False, domain=False, labelPadding=6,
    )  # fmt: skip
    order = week.day_names(week_start, short=True)
    x = alt.X("hour:O", axis=axis, scale=alt.Scale(domain=list(range(24)), paddingInner=0.06, paddingOuter=0))
    days = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8)
    return x, alt.Y("short:O", axis=days, sort=order, scale=alt.Scale(domain=order, paddingInner=0.08, paddingOuter=0))
