"""A new page from here on."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Section, Shape
from services.reports.making import Making
from services.reports.part import Part


def make(making: Making, block: Block) -> Section:
    """Nothing but the break."""
    return Section(block.id, Shape.BREAK)


PART = Part(
    mark("Page break"), mark("A new page from here on."), ":material/insert_page_break:", Shape.BREAK, make, asks=False
)
