"""The hours of a week as a 7 by 24 map: by how much posts do better, or how many there were."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from charts import theme
from core import language, verdict
from core.language import figure, tr, trn
from core.numbers import THIN

HEIGHT = 340
BETTER, WORSE = "better", "worse"
WEAK = "not enough"
"""How the verdict of a slot with too few posts begins."""
_LEAST = 0.1
"""The colours reach at least so far from usual, so that a small lift looks small."""


def day_names(week_start: int, *, short: bool = False) -> list[str]:
    """The names of the days, in the order of the week.

    >>> day_names(6)[:2]
    ['Sunday', 'Monday']
    """
    return [language.weekday((week_start + at) % 7, short=short) for at in range(7)]


def in_order(table: pd.DataFrame, week_start: int) -> pd.DataFrame:
    """A table of slots or weekdays with its days in the order of the week, and `day`, their name."""
    names = [language.weekday(day) for day in range(7)]
    found = table.assign(day=[names[int(one)] for one in table["weekday"]], place=(table["weekday"] - week_start) % 7)
    return found.sort_values("place", kind="stable", ignore_index=True).drop(columns="place")


def rows(slots: pd.DataFrame, week_start: int) -> pd.DataFrame:
    """The slots with what hovering says of each: `day`, `when`, `count`, `effect`, `judged`, and whether it is
    `weak`."""
    found = in_order(slots, week_start)
    weak = found["verdict"].str.startswith(WEAK)
    known = found["lift"].notna() & ~weak
    shorts = [language.weekday(day, short=True) for day in range(7)]
    effect = [words if shown else tr("not known") for words, shown in zip(said(found), known, strict=True)]
    return found.assign(
        short=[shorts[int(one)] for one in found["weekday"]],
        when=[f"{day} {hours(hour)}" for day, hour in zip(found["day"], found["hour"], strict=True)],
        count=[trn("{n} post", "{n} posts", n) for n in found["posts"]],
        effect=effect,
        judged=[verdict.said(one) for one in found["verdict"]],
        weak=weak,
    )


def hours(hour: int) -> str:
    """An hour of the day.

    >>> hours(9), hours(23)
    ('09:00 to 10:00', '23:00 to 00:00')
    """
    return tr("{low} to {high}", low=f"{hour:02d}:00", high=f"{(hour + 1) % 24:02d}:00")


def percent(share: float) -> str:
    """A share as whole per cent with its sign.

    >>> percent(0.2), percent(-0.051), percent(0.004), percent(0.0)
    ('+20\u202f%', '−5\u202f%', '+0.4\u202f%', '0\u202f%')
    """
    size = abs(share) * 100
    words = figure(f"{size:,.0f}" if size >= 0.95 or size < 0.05 else f"{size:.1f}")
    return f"{'' if size < 0.05 else '−' if share < 0 else '+'}{words}{THIN}%"


def said(found: pd.DataFrame) -> list[str]:
    """Each `lift` with its interval, in words; without one (NaN) as "not known".

    >>> said(pd.DataFrame({"lift": [0.2], "lower": [0.1], "upper": [0.3]}))
    ['+20\u202f% (likely +10\u202f% to +30\u202f%)']
    """
    columns = [found[name].tolist() for name in ("lift", "lower", "upper")]
    return [
        tr("{value} (likely {low} to {high})", value=percent(lift), low=percent(lower), high=percent(upper))
        if not math.isnan(lift)
        else tr("not known")
        for lift, lower, upper in zip(*columns, strict=True)
    ]


def lifts(shown: pd.DataFrame, week_start: int) -> theme.Drawn:
    """Colour is how far from usual, amber below and blue above; sure ones bear a triangle; weak ones are hatched."""
    known = shown[~shown["weak"] & shown["lift"].notna()]
    if known.empty:
        return theme.empty(tr("No hour has enough posts yet"), HEIGHT)
    most = max(float(known["lift"].abs().max()), _LEAST)
    colour = alt.Color(
        "lift:Q",
        scale=alt.Scale(domain=[-most, 0, most], range=theme.DIVERGING, clamp=True, interpolate="rgb"),
        legend=_legend(
            tr("against the usual post"),
            [-most, 0, most],
            f"datum.value == 0 ? {theme.quoted(tr('usual'))} : format(datum.value, '+.0%')",
        ),
    )
    x, y = _axes(week_start)
    base = alt.Chart(known).mark_rect(cornerRadius=2).encode(x, y, colour, tooltip=_words())
    return _map([*_hatched(shown[shown["weak"]], x, y), base, *_signs(known, x, y)])


def counts(shown: pd.DataFrame, week_start: int) -> theme.Drawn:
    """Colour is how many posts were published in the hour; empty hours are faint."""
    if not shown["posts"].sum():
        return theme.empty(tr("No posts in the last year"), HEIGHT)
    most = int(shown["posts"].max())
    colour = alt.Color(
        "posts:Q",
        scale=alt.Scale(domain=[0, most], range=theme.SEQUENTIAL, interpolate="rgb"),
        legend=_legend(tr("posts"), sorted({0, most}), "format(datum.value, ',')"),
    )
    x, y = _axes(week_start)
    return _map([alt.Chart(shown).mark_rect(cornerRadius=2).encode(x, y, colour, tooltip=_words())])


def _map(layers: list[alt.Chart]) -> theme.Drawn:
    return alt.layer(*layers).properties(height=HEIGHT)


def _axes(week_start: int) -> tuple[alt.X, alt.Y]:
    hours = alt.Axis(
        title=None, values=list(range(0, 24, 3)), labelExpr="pad(datum.value, 2, '0', 'left') + ':00'", labelAngle=0,
        labelOverlap="parity", ticks=False, domain=False, labelPadding=6,
    )  # fmt: skip
    days = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8)
    x = alt.X("hour:O", axis=hours, scale=alt.Scale(domain=list(range(24)), paddingInner=0.06, paddingOuter=0))
    order = day_names(week_start, short=True)
    return x, alt.Y("short:O", axis=days, sort=order, scale=alt.Scale(domain=order, paddingInner=0.08, paddingOuter=0))


def _legend(title: str, values: list[float] | list[int], words: str) -> alt.Legend:
    return alt.Legend(
        title=title, orient="bottom", direction="horizontal", values=values, labelExpr=words, gradientLength=150,
        gradientThickness=8, titleFontWeight="normal", titleFontSize=11, titleOrient="top", titleLimit=280, offset=10,
        tickCount=3,
    )  # fmt: skip


def _hatched(weak: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if weak.empty:
        return []
    mark = alt.Chart(weak).mark_rect(cornerRadius=2, color=theme.hatch())
    return [mark.encode(x, y, tooltip=_words())]


def _signs(known: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A triangle on each hour that is clearly better (up) or worse (down)."""
    drawn: list[alt.Chart] = []
    for way, shape in ((BETTER, "triangle-up"), (WORSE, "triangle-down")):
        some = known[known["verdict"] == way]
        if len(some):
            mark = alt.Chart(some).mark_point(
                shape=shape, size=36, fill=theme.PAPER, stroke=theme.INK, strokeWidth=0.8, opacity=1
            )
            drawn.append(mark.encode(x, y, tooltip=_words()))
    return drawn


def _words() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("when:N", title=tr("When")),
        alt.Tooltip("count:N", title=tr("Posts")),
        alt.Tooltip("effect:N", title=tr("Beside the usual")),
        alt.Tooltip("judged:N", title=tr("Verdict")),
    ]
