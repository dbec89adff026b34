"""Gains up, losses down: what moved the number of followers, bucket by bucket."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import numpy as np
import pandas as pd

from charts import theme
from charts.marks import Told, on_axis
from core import numbers
from core.language import mark, tr
from core.metric import Unit
from core.question import By

GAINED, LOST, OTHERS = mark("Gained"), mark("Lost"), mark("Net of the others")
_GAP = 0.12
"""The part of a bucket that stays empty beside its bar."""
_PALER = 0.55


def movement(
    frame: pd.DataFrame, words: list[str], by: By, *, height: int = theme.HEIGHT, marks: Told = ()
) -> theme.Drawn:
    """Gains and losses of each bucket, of columns as in `services.audience.growth`, the net of all as a line across
    each bar. `words` name the buckets; one that is not over, or lacks somebody, is paler. `marks` are what
    happened on a day."""
    if frame[["gained", "lost", "net_only"]].isna().all().all():
        return theme.empty(tr("No gains or losses are known in this period"), height)
    table = _spans(frame, words, by)
    parts = pd.concat([_part(table, kind) for kind in (GAINED, LOST, OTHERS)], ignore_index=True)
    kinds = [kind for kind in (GAINED, LOST, OTHERS) if tr(kind) in set(parts["kind"])]
    scale = alt.Scale(domain=[tr(kind) for kind in kinds], range=[_colour(kind) for kind in kinds])
    legend = alt.Legend(orient="top", title=None, symbolType="square", symbolSize=90)
    x = theme.x_days("begin", first=table["bucket"].min(), last=table["after"].max(), labels=4)
    y = theme.y_values("low", tr("Followers"))
    bar = (
        alt.Chart(parts)
        .mark_bar(cornerRadius=1)
        .encode(
            x, alt.X2("end:T"), y, alt.Y2("high:Q"), alt.Color("kind:N", scale=scale, legend=legend),
            alt.Opacity("opacity:Q", scale=None, legend=None), tooltip=_told(kinds),
        )
    )  # fmt: skip
    across = y.copy()
    across.shorthand = "net:Q"
    known = table[table["net"].notna()].drop(columns=["bucket", "after"])  # days are no JSON, for whoever draws it anew
    halo = alt.Chart(known).mark_rule(color=theme.PAPER, strokeWidth=4).encode(x, alt.X2("end:T"), across)
    rule = alt.Chart(known).mark_rule(color=theme.INK, strokeWidth=1.5)
    zero = alt.Chart(pd.DataFrame({"low": [0.0]})).mark_rule(color=theme.PREVIOUS, strokeWidth=1)
    net = rule.encode(x, alt.X2("end:T"), across, tooltip=_told(kinds))
    told = on_axis(marks, table["bucket"].min(), table["after"].max() - timedelta(days=1), x)
    return alt.layer(bar, zero.encode(y), halo, net, *told).properties(height=height)


def _colour(kind: str) -> str:
    return {GAINED: theme.ACCENT, LOST: theme.BELOW}.get(kind, theme.OTHER)


def _told(kinds: list[str]) -> list[alt.Tooltip]:
    fields = {GAINED: "gains", LOST: "losses", OTHERS: "others"}
    return [
        alt.Tooltip("when:N", title=tr("When")),
        *(alt.Tooltip(f"{fields[kind]}:N", title=tr(kind)) for kind in kinds),
        alt.Tooltip("all:N", title=tr("Net")),
        alt.Tooltip("lacking:N", title=tr("Without")),
    ]


def _spans(frame: pd.DataFrame, words: list[str], by: By) -> pd.DataFrame:
    """The buckets with where each begins and ends on the axis, and what hovering says."""
    days = list(frame["bucket"])
    after = [*days[1:], _after(days[-1], by)]
    begin, end = (np.array([theme.utc_ms(day) for day in some], float) for some in (days, after))
    margin = (end - begin) * _GAP
    late = frame["unfinished"].to_numpy(bool) | (frame["without"] != "").to_numpy(bool)
    return frame.assign(
        begin=begin + margin,
        end=end - margin,
        after=after,
        when=words,
        opacity=np.where(late, _PALER, 1.0),
        gains=_exact(frame["gained"]),
        losses=_exact(frame["lost"]),
        others=_exact(frame["net_only"]),
        all=[
            tr("{text} so far", text=text) if open_day and text != tr("n/a") else text
            for text, open_day in zip(_exact(frame["net"]), frame["unfinished"], strict=True)
        ],
        lacking=[text or tr("nobody") for text in frame["without"]],
    )


def _after(bucket: date, by: By) -> date:
    """The first day behind a bucket."""
    if by is By.MONTH:
        return (bucket + timedelta(days=31)).replace(day=1)
    return bucket + timedelta(days=7 if by is By.WEEK else 1)


def _exact(values: pd.Series) -> list[str]:
    return [numbers.exact(value, Unit.COUNT) for value in values.tolist()]


def _part(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """One kind of bar: gains from 0 up, losses from 0 down, the net of others behind them on its side."""
    gained, lost, net = (table[name].to_numpy(float) for name in ("gained", "lost", "net_only"))
    up, down = np.nan_to_num(gained), -np.nan_to_num(lost)
    low, high = {
        GAINED: (np.zeros_like(up), gained),
        LOST: (-lost, np.zeros_like(up)),
        OTHERS: (np.where(net >= 0, up, down + net), np.where(net >= 0, up + net, down)),
    }[kind]
    there = ~np.isnan(low) & ~np.isnan(high) & (low != high)
    rows = table.drop(columns=["bucket", "after"]).assign(low=low, high=high, kind=tr(kind))
    return rows[pd.Series(there, index=rows.index)]
