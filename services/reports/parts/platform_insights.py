"""What is worth knowing of each platform."""

from __future__ import annotations

from core.language import mark, tr
from core.question import By
from core.report import Block, Finding, Section, Shape
from services import insights, overview
from services.connecting import platforms
from services.insights import Material
from services.reports.making import Making
from services.reports.part import Option, Part


def make(making: Making, block: Block) -> Section:
    """The findings of each platform's page, most pressing first; a quiet platform is said to be quiet."""
    apart = making.ask(*overview.BY_PLATFORM, split="platform")
    told = [one for platform in apart.split_titles for one in _of(making, platform)]
    return Section(block.id, Shape.FINDINGS, findings=tuple(told))


def _of(making: Making, platform: str) -> list[Finding]:
    narrowed, title, most = making.narrowed(platform), platforms.title(platform), making.settings["most"]
    by_day = narrowed.ask(*overview.METRICS, by=By.DAY)
    apart = narrowed.ask(*overview.BY_PLATFORM, split="platform")
    posts = making.peers()
    asked = narrowed.asked
    material = Material(by_day, apart, posts[posts["platform"] == platform], asked.where, asked.posts)
    found = insights.worth_knowing(making.viewer, material, now=making.now)
    advice = making.settings["advice"]
    told = [
        Finding(
            one.text if title in one.text else f"{title}: {one.text}",
            one.certainty,
            one.action if advice else "",
            one.good,
        )
        for one in found[:most]
    ]
    return told or [Finding(f"{title}: {insights.headline(found, by_day) or tr('Nothing stands out in this period.')}")]


PART = Part(
    mark("Platform by platform"),
    mark("What changed and what stood out on each platform, in sentences."),
    ":material/hub:",
    Shape.FINDINGS,
    make,
    (
        Option("most", mark("At most on each platform"), "number", 2, most=10),
        Option("advice", mark("With what to do"), "switch", True),
    ),
)
