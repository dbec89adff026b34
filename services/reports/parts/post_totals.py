"""The posts of the period added up."""

from __future__ import annotations

from core import numbers
from core.errors import NotEnoughData
from core.language import mark, tr
from core.report import Block, Cell, Column, Holds, Section, Shape, Table
from services.comparison import INGREDIENTS
from services.content import post_list
from services.content.post_list import Total
from services.reports.making import Making
from services.reports.part import Option, Part
from services.words import calendar, wording


def make(making: Making, block: Block) -> Section:
    """Each number of the posts that are meant: in all where it adds up, and that of the post in the middle."""
    asked, chosen = making.asked, making.settings
    found = making.once(
        ("posts of", asked, chosen["basis"]),
        lambda: post_list.read(
            making.viewer, asked.period, asked.where, "engagement", chosen["basis"], asked.posts, now=making.now
        ),
    )
    if not found.every and chosen["basis"] == "in_period":
        raise NotEnoughData(tr("No post has numbers of its own for this period yet."))
    if not found.every:
        raise NotEnoughData(tr("No posts were published {days}.", days=calendar.words(asked.period, year=True)))
    every = ("engagement", *(name for name in found.metrics if name != "engagement" and name not in INGREDIENTS))
    totals = [one for one in post_list.totals(found, every) if one.posts]
    columns = (
        Column(tr("Metric")), Column(tr("In all")), Column(tr("Post in the middle")), Column(tr("Posts"), Holds.COUNT)
    )  # fmt: skip
    said = [tr("{metric} has no total: {why}.", metric=one.title, why=one.why) for one in totals if one.why]
    return Section(
        block.id,
        Shape.TABLE,
        lead=tr("{n} posts", n=wording.count(found.every)),
        table=Table(columns, tuple(_row(one) for one in totals), len(totals)),
        notes=(*said, *(note.text for note in found.notes)),
    )


def _row(one: Total) -> tuple[Cell, ...]:
    """Values as people write them: each row has a unit of its own."""
    whole, middle = (numbers.exact(value, one.unit) for value in (one.value, one.median))
    return one.title, whole, middle, one.posts


PART = Part(
    mark("Posts in all"),
    mark("The posts of the period added up: what they gathered, and the post in the middle."),
    ":material/functions:",
    Shape.TABLE,
    make,
    (Option("basis", mark("Counted"), "choice", "lifetime", post_list.BASES),),
)
