"""Followers gained and lost."""

from __future__ import annotations

from charts import movement, theme
from core.errors import NotEnoughData
from core.language import mark, tr
from core.question import By
from core.report import Block, Column, Holds, Plot, Section, Shape
from services.audience import growth
from services.reports.making import Making, table
from services.reports.part import Part
from services.team import annotation

_TITLES = {
    By.DAY: mark("Gains and losses by day"),
    By.WEEK: mark("Gains and losses by week"),
    By.MONTH: mark("Gains and losses by month"),
}


def make(making: Making, block: Block) -> Section:
    """The bars of the audience page: by day, week or month, as the length of the period asks for."""
    asked = making.asked
    names = ("followers_gained", "followers_lost", "followers_net")
    making.ask(*names)
    found = making.once(
        ("movement", asked.period, asked.where),
        lambda: growth.movement(making.viewer, asked.period, asked.where, now=making.now),
    )
    if found.empty:
        raise NotEnoughData(tr("No gains or losses are known in this period."))
    marks = tuple((one.day, one.text) for one in annotation.between(making.viewer, asked.period))
    words = [growth.bucket_words(bucket, found.by) for bucket in found.frame["bucket"]]
    drawn = movement.movement(found.frame, words, found.by, marks=marks)
    kinds = {"gained": movement.GAINED, "lost": movement.LOST, "net_only": movement.OTHERS}
    shown = [name for name in kinds if found.frame[name].notna().any()]
    columns = (
        Column(tr("From"), Holds.DAY),
        *(Column(tr(kinds[name]), Holds.COUNT) for name in shown),
        Column(tr("Net"), Holds.COUNT, "", "followers_net"),
        Column(tr("Without")),
    )
    values = [found.frame[name] for name in ("bucket", *shown, "net", "without")]
    paler = found.frame["unfinished"].any() or (found.frame["without"] != "").any()
    late = tr("Paler: not all of it is known; the table names who is missing.") if paler else ""
    return Section(
        block.id,
        Shape.CHART,
        tr(_TITLES[found.by]),
        chart=theme.spec(drawn),
        words=tr("Gains up, losses down, the net of all as a line"),
        table=table(columns, *values),
        plot=Plot("column", 0, (len(shown) + 1,)),
        notes=tuple(filter(None, (found.words, late))),
    )


PART = Part(
    mark("Gains and losses"),
    mark("Followers gained and lost, by day, week or month."),
    ":material/group_add:",
    Shape.CHART,
    make,
)
