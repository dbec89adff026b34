"""How far the team's targets are reached."""

from __future__ import annotations

import pandas as pd

from analytics.metrics.registry import METRICS
from charts import tally, theme
from core import numbers
from core.errors import NotEnoughData
from core.language import mark, tr
from core.metric import Unit
from core.question import Number, Where
from core.report import Block, Column, Holds, Plot, Section, Shape
from services.reports.making import Making, table
from services.reports.part import Part
from services.team import custom_metrics, targets

_PER = mark("What adds up has a target per {days} days, taken for as many days as the period has.")


def make(making: Making, block: Block) -> Section:
    """Each target with what was reached of it. Targets are for all of the workspace, so a narrowed block has none."""
    asked = making.asked
    if asked.where != Where() or asked.posts:
        raise NotEnoughData(
            tr("Targets are set for all platforms and accounts together."),
            hint=tr("Take the filters away to see how far they are reached."),
        )
    goals = targets.read(making.viewer)
    own = custom_metrics.read(making.viewer)
    names = [name for name in (*METRICS, *own) if name in goals]
    if not names:
        raise NotEnoughData(tr("No targets are set."), hint=tr("Set them under Targets on the overview."))
    answer = making.ask(*names)
    found = [(answer.explain(name).title, answer.totals[name]) for name in names]
    reached = [targets.progress(goals, number, answer.period) for _, number in found]
    wanted = [_wanted(goals, number, answer.period.days) for _, number in found]
    titles, shares = [title for title, _ in found], [one.share if one else None for one in reached]
    said = [numbers.exact(number.value, number.unit, number.currency) for _, number in found]
    aims = [numbers.exact(target, one.unit, one.currency) for target, (_, one) in zip(wanted, found, strict=True)]
    columns = (
        Column(tr("Metric")), Column(tr("Value")), Column(tr("Target")), Column(tr("Reached"), Holds.RATIO),
        Column(tr("Change"), Holds.CHANGE),
    )  # fmt: skip
    return Section(
        block.id,
        Shape.CHART,
        tr("Targets reached"),
        tr("parts of what was aimed at in the period; 100 % is reached"),
        chart=theme.spec(tally.bars(_bars(titles, shares, said, aims))),
        words="; ".join(f"{title} {one} / {aim}" for title, one, aim in zip(titles, said, aims, strict=True)),
        table=table(columns, titles, said, aims, shares, [number.change for _, number in found]),
        plot=Plot("bar", 0, (3,)),
        notes=(
            tr(
                "What adds up has a target per {days} days, taken for as many days as the period has.",
                days=targets.DAYS,
            ),
            *making.notes(answer),
        ),
    )


def _wanted(goals: dict[str, float], number: Number, days: int) -> float:
    """The target in the unit of the period."""
    return goals[number.metric] * (days / targets.DAYS if targets.sums_over_days(number.metric) else 1)


def _bars(titles: list[str], shares: list[float | None], said: list[str], aims: list[str]) -> pd.DataFrame:
    rows = [
        {"name": title, "value": max(part, 0.0), "words": numbers.short(part, Unit.RATIO), "hover": f"{one} / {aim}"}
        for title, part, one, aim in zip(titles, shares, said, aims, strict=True)
        if part is not None
    ]
    return pd.DataFrame(rows, columns=["name", "value", "words", "hover"])


PART = Part(
    mark("Targets"),
    mark("How far the team's targets are reached in the period."),
    ":material/flag:",
    Shape.CHART,
    make,
)
