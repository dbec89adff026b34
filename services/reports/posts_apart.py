"""Which differences between posts are real: what the parts about them share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from charts import differences as apart
from charts import theme
from core import verdict
from core.errors import NotEnoughData
from core.language import mark, tr
from core.report import Cell, Column, Holds
from services import differences
from services.differences import Differences, Judged
from services.reports.making import Making, known
from services.reports.part import Option
from services.words import calendar, wording

WINDOW = Option(
    "window", mark("Posts"), "choice", "year",
    {"year": mark("Posts of the last 12 months"), "period": mark("Posts of the period")},
)  # fmt: skip


def found(making: Making, split: str) -> Differences:
    """What posts tell. Raises NotEnoughData where there is none."""
    asked, window = making.asked, making.settings["window"]
    told = making.once(
        ("differences", asked, split, window),
        lambda: differences.between(
            making.viewer,
            asked.period,
            asked.where,
            split=split,
            window=window,
            only=asked.posts,
            known=making.peers(),
            now=making.now,
        ),
    )
    if not told.posts:
        raise NotEnoughData(tr("No posts were published {days}.", days=calendar.words(told.period, year=True)))
    return told


def lead(told: Differences) -> str:
    """Which posts are looked at."""
    days = calendar.words(told.period, year=True)
    return tr("{posts} posts published {days}, as they stand now", posts=wording.count(told.posts), days=days)


def drawn(judged: Sequence[Judged], names: Sequence[str], labels: Sequence[str], of: str) -> theme.Drawn:
    """The differences with their intervals, of those that could be made."""
    made = [one.found for one in judged if one.found is not None]
    shown = pd.DataFrame(
        {
            "name": list(names),
            "label": list(labels),
            "estimate": [one.estimate for one in made],
            "lower": [one.lower for one in made],
            "upper": [one.upper for one in made],
            "verdict": [one.verdict if one.reliable else apart.UNCLEAR for one in made],
            "words": [one.words for one in judged if one.found is not None],
        }
    )
    return apart.forest(shown, of)


def columns() -> tuple[Column, ...]:
    """A difference in a rate, in points, with its interval and what comes of it."""
    return (
        Column(tr("Difference in rate"), Holds.RATIO),
        Column(tr("From"), Holds.RATIO),
        Column(tr("To"), Holds.RATIO),
        Column(tr("Verdict")),
    )


def cells(one: Judged) -> tuple[Cell, ...]:
    """The values of `columns`; where nothing could be compared, why."""
    if one.found is None:
        return None, None, None, one.why
    made = one.found
    return known(made.estimate), known(made.lower), known(made.upper), verdict.said(made.verdict)
