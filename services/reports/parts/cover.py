"""The first page, with the title of the report."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Section, Shape
from services.reports.making import Making
from services.reports.part import Option, Part


def make(making: Making, block: Block) -> Section:
    """Title and words; formats add what the numbers are narrowed to and how new they are."""
    return Section(block.id, Shape.COVER, text=making.settings["text"])


PART = Part(
    mark("Cover"),
    mark("The first page: the title, and words of your own."),
    ":material/article:",
    Shape.COVER,
    make,
    (Option("text", mark("Text"), "text", ""),),
    asks=False,
)
