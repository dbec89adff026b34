"""What is worth knowing about the period, in sentences."""

from __future__ import annotations

from core.language import mark
from core.question import By
from core.report import Block, Finding, Section, Shape
from services import insights, overview
from services.insights import Material
from services.reports.making import Making
from services.reports.part import Option, Part


def make(making: Making, block: Block) -> Section:
    """The findings of the overview, most pressing first."""
    asked = making.asked
    by_day = making.ask(*overview.METRICS, by=By.DAY)
    apart = making.ask(*overview.BY_PLATFORM, split="platform")
    material = Material(by_day, apart, making.peers(), asked.where, asked.posts)
    found = insights.worth_knowing(making.viewer, material, now=making.now)
    advice = making.settings["advice"]
    told = [Finding(one.text, one.certainty, one.action if advice else "", one.good) for one in found]
    if not told and (quiet := insights.headline(found, by_day)):
        told = [Finding(quiet)]
    return Section(block.id, Shape.FINDINGS, findings=tuple(told[: making.settings["most"]]))


PART = Part(
    mark("Worth knowing"),
    mark("What changed and what stood out, in sentences, each with how sure it is and what to do."),
    ":material/lightbulb:",
    Shape.FINDINGS,
    make,
    (
        Option("most", mark("At most"), "number", 6, most=20),
        Option("advice", mark("With what to do"), "switch", True),
    ),
)
