"""The days that were not as expected."""

from __future__ import annotations

from core.errors import NotEnoughData
from core.language import mark, tr
from core.report import Block, Cell, Column, Holds, Section, Shape, Table
from services import unusual_days
from services.reports.making import Making
from services.reports.part import Option, Part
from services.unusual_days import Unusual, words


def make(making: Making, block: Block) -> Section:
    """The list of the page about unusual days, the most striking first; missing numbers are told apart."""
    asked = making.asked
    found = making.once(
        ("unusual", asked.period, asked.where),
        lambda: unusual_days.unusual_days(making.viewer, asked.period, asked.where, now=making.now),
    )
    if not found.watched:
        raise NotEnoughData(words.headline(found))
    real = [one for one in found.found if not one.doubtful]
    shown = real[: making.settings["most"]]
    columns = (
        Column(tr("Day"), Holds.DAY),
        Column(tr("Metric")),
        Column(tr("Where")),
        Column(tr("Value")),
        Column(tr("Expected")),
        Column(tr("Difference")),
    )
    notes = [f"{_upper(words.sentence(one))}. {words.doubt(one)}" for one in found.found if one.doubtful]
    return Section(
        block.id,
        Shape.TABLE,
        lead=words.headline(found),
        table=Table(columns, tuple(_row(one) for one in shown), len(real)),
        notes=(*notes, *found.failed, tr(words.BUDGET)),
    )


def _row(one: Unusual) -> tuple[Cell, ...]:
    """Values as people write them: each row may have a unit of its own."""
    value, expected = (words.write(amount, one.unit, one.currency) for amount in (one.value, one.expected))
    return one.day, one.title, one.place_title if one.place else tr("All"), value, expected, words.against(one)


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


PART = Part(
    mark("Unusual days"),
    mark("The days on which something was not as its own past lets expect."),
    ":material/notification_important:",
    Shape.TABLE,
    make,
    (Option("most", mark("How many days"), "number", 10, most=500),),
)
