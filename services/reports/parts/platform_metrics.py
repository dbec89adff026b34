"""One platform in its own terms: what it tells of a period."""

from __future__ import annotations

from core.errors import NotEnoughData
from core.language import mark, tr
from core.report import Block, Section, Shape
from services import catalogue, platform_view
from services.platform_view import GLANCE, GROUPS, OTHER, PlatformAnswer
from services.reports.making import Making, figure_of, known
from services.reports.part import Option, Part

_TITLES = {GLANCE: GLANCE, **{name: name for name in GROUPS}, OTHER: OTHER}


def make(making: Making, block: Block) -> Section:
    """The cards of the platform's page, those that belong together."""
    group, found = making.settings["group"], _found(making)
    cards = next((one.cards for one in found.groups if one.title == group), ())
    if not cards:
        raise NotEnoughData(tr("{platform} tells nothing of this in the period.", platform=found.title))
    figures = [figure_of(card.title, card.number, tuple(known(value) for value in card.values)) for card in cards]
    making.known.explanations.update({card.number.metric: card.explanation for card in cards})
    return Section(block.id, Shape.FIGURES, f"{found.title}: {tr(group)}", figures=tuple(figures))


def _found(making: Making) -> PlatformAnswer:
    asked = making.asked
    accounts = [(one.id, one.platform) for one in catalogue.accounts(making.viewer) if one.selected]
    platform = platform_view.chosen(asked.where, accounts)
    if not platform:
        raise NotEnoughData(
            tr("This block is about one platform."), hint=tr("Choose it in the filters of the report, or of the block.")
        )
    return making.once(
        ("platform", asked.on(platform)),
        lambda: platform_view.platform_view(making.viewer, asked, platform, now=making.now),
    )


PART = Part(
    mark("A platform's own numbers"),
    mark("What one platform tells of the period, in its own terms."),
    ":material/smartphone:",
    Shape.FIGURES,
    make,
    (Option("group", mark("Which of them"), "choice", GLANCE, _TITLES),),
)
