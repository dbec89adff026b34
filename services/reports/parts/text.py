"""A person's own words."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Section, Shape
from services.reports.making import Making
from services.reports.part import Option, Part


def make(making: Making, block: Block) -> Section:
    """The words as they were written."""
    return Section(block.id, Shape.TEXT, text=making.settings["text"])


PART = Part(
    mark("Text"),
    mark("Your own words."),
    ":material/notes:",
    Shape.TEXT,
    make,
    (Option("text", mark("Text"), "text", ""),),
    asks=False,
)
