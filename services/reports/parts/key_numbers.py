"""The key numbers of the period, each with its change and its course."""

from __future__ import annotations

from core.language import mark
from core.question import By
from core.report import Block, Section, Shape
from services.reports.making import Making, figure
from services.reports.part import Option, Part

DEFAULT = ("views", "engagement", "engagement_rate", "followers", "followers_net", "posts_published")


def make(making: Making, block: Block) -> Section:
    """The numbers in the order they were chosen."""
    answer = making.ask(*making.settings["metrics"], by=By.DAY)
    figures = tuple(figure(answer, name) for name in making.settings["metrics"])
    return Section(block.id, Shape.FIGURES, figures=figures, notes=making.notes(answer))


PART = Part(
    mark("Key numbers"),
    mark("The totals of the period with their changes."),
    ":material/speed:",
    Shape.FIGURES,
    make,
    (Option("metrics", mark("Metrics"), "metrics", DEFAULT),),
)
