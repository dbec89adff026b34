"""Accounts with their key numbers, one row each."""

from __future__ import annotations

from core.language import mark
from core.report import Block, Section, Shape
from services.reports import beside
from services.reports.making import Making
from services.reports.part import Part


def make(making: Making, block: Block) -> Section:
    """The table of the page that compares accounts."""
    return beside.section(making, block.id, "account")


PART = Part(
    mark("Accounts side by side"),
    mark("Each account with its key numbers and their changes, and the total."),
    ":material/table_view:",
    Shape.TABLE,
    make,
    beside.OPTIONS,
)
