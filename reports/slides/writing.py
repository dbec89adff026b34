"""A document as a deck: each section by the module of its shape, and the package at the end."""

from __future__ import annotations

from typing import BinaryIO

from core.language import tr
from core.report import Document, Pictures, Section, Shape
from reports.slides import cards, charts, cover, package, prose, tables
from reports.slides.deck import Deck
from reports.slides.text import Line


def write(document: Document, pictures: Pictures, out: BinaryIO) -> None:
    """Write the deck. The same document makes the same bytes."""
    deck = Deck(document, pictures)
    opening = next((one for one in document.sections if one.shape is Shape.COVER), None)
    deck.part(document.title)
    cover.draw(deck, opening)
    for section in document.sections:
        if section is not opening:
            _section(deck, section)
    if not any(one.shape not in {Shape.COVER, Shape.BREAK} for one in document.sections):
        deck.panel(deck.page(tr("Nothing to show yet")), [Line(tr("This report has no blocks."), 14, "muted")])
    cover.appendix(deck)
    deck.finished()
    package.save(deck.shown, document, out)


def _section(deck: Deck, of: Section) -> None:
    if of.failed:
        page = deck.page(of.title, of.lead, said=of.notes)
        page.foot([Line(one, 11, "muted", before=2) for one in of.notes])
        deck.panel(
            page, [Line(tr("This part could not be made."), 16, "ink", True), Line(of.failed, 14, "muted", before=6)]
        )
        return
    match of.shape:
        case Shape.FIGURES:
            cards.draw(deck, of)
        case Shape.CHART:
            charts.draw(deck, of)
        case Shape.TABLE if of.table:
            tables.draw(deck, of, of.title, of.table)
        case Shape.TEXT:
            prose.draw(deck, of)
        case Shape.FINDINGS:
            prose.findings(deck, of)
        case Shape.BREAK | Shape.COVER:
            deck.part(of.title or deck.document.title)
            if said := "\n".join(one for one in (of.lead, of.text) if one) or of.title:
                deck.divider(of.title or said, said if of.title and said != of.title else "")
