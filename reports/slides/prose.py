"""Words on slides: plain text, and findings with how sure they are and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.language import tr
from core.report import Finding, Section
from reports.slides import text
from reports.slides.deck import Deck, Page, numbered
from reports.slides.look import BAD, BOTTOM, GOOD, LINE, ROOM, SIDE, TOP
from reports.slides.text import SPACING, Line

_MEASURE = 10.4
"""Lines longer than this are hard to follow."""
_SIZES = (20, 18, 16, 14)


def draw(deck: Deck, section: Section) -> None:
    """A section of plain text."""
    paragraphs = [one.strip("\n") for one in re.split(r"\n\s*\n", text.clean(section.text)) if one.strip()]
    flow(deck, section.title, paragraphs, lead=section.lead, notes=section.notes)


def flow(
    deck: Deck, title: str, paragraphs: Sequence[str], *, lead: str = "", notes: Sequence[str] = (), largest: int = 20
) -> None:
    """Paragraphs over slides, as large as they fit on one, going on in small on the next where they do not."""
    below = [Line(one, 11, "muted", before=2) for one in notes]
    room = _room(lead, below)
    for size in [one for one in _SIZES if one <= largest]:
        slides = _cut(paragraphs, size, room)
        if len(slides) == 1:
            break
    for n, lines in enumerate(slides, 1):
        page = deck.page(numbered(title, n, len(slides)), lead, said=notes)
        page.foot(below)
        page.words(lines, (SIDE, page.top + 0.1, _MEASURE, room))


def _room(lead: str, below: Sequence[Line]) -> float:
    """How high words on a slide may stand."""
    above = text.height([Line(lead, 14, marked=True)], ROOM) + 0.16 if lead else 0
    return BOTTOM - TOP - 0.1 - above - (text.height(below, ROOM) + 0.12 if below else 0)


def _cut(paragraphs: Sequence[str], size: float, room: float) -> list[list[Line]]:
    """The paragraphs in slides; one that is higher than a slide is cut between its lines."""
    slides: list[list[Line]] = [[]]
    for paragraph in paragraphs:
        for piece in _pieces(paragraph, size, room):
            line = Line(piece, size, before=size * 0.6, marked=True)
            if slides[-1] and text.height([*slides[-1], line], _MEASURE) > room:
                slides.append([])
            slides[-1].append(line)
    return slides


def _pieces(paragraph: str, size: float, room: float) -> list[str]:
    if text.height([Line(paragraph, size, marked=True)], _MEASURE) <= room:
        return [paragraph]
    most = int(room * 72 / (size * SPACING))
    lines = text.wrapped(paragraph, size, _MEASURE, True)
    return ["\n".join(lines[n : n + most]) for n in range(0, len(lines), most)]


def findings(deck: Deck, section: Section) -> None:
    """A section of findings, each with a bar in the colour of what it means, and the word for it."""
    if not section.findings:
        page = deck.page(section.title, section.lead, said=section.notes)
        deck.panel(page, [Line(tr("Nothing out of the ordinary was found."), 14, "muted")])
        return
    below = [Line(one, 11, "muted", before=2) for one in section.notes]
    room = _room(section.lead, below)
    slides: list[list[tuple[list[Line], Finding]]] = [[]]
    taken = 0.0
    for one in section.findings:
        for lines in _told(one, room):
            high = text.height(lines, _MEASURE) + 0.3
            if slides[-1] and taken + high - 0.3 > room:
                slides.append([])
                taken = 0.0
            slides[-1].append((lines, one))
            taken += high
    for n, some in enumerate(slides, 1):
        page = deck.page(numbered(section.title, n, len(slides)), section.lead, said=section.notes)
        page.foot(below)
        _listed(page, some)


def _told(of: Finding, room: float) -> list[list[Line]]:
    said = "" if of.good is None else tr("Good news") if of.good else tr("Needs attention")
    lines = [Line(said, 11, GOOD if of.good else BAD, True)] if said else []
    lines.append(Line(of.text, 16, "ink", True, before=1))
    if of.certainty:
        lines.append(Line(of.certainty, 12, "muted", before=3))
    if of.action:
        lines.append(Line(f"→ {of.action}", 13, "accent", True, before=4))
    if text.height(lines, _MEASURE) <= room:
        return [lines]
    return [[Line(piece, 14, one.colour, one.bold)] for one in lines for piece in _pieces(one.text, 14, room - 0.4)]


def _listed(page: Page, some: Sequence[tuple[list[Line], Finding]]) -> None:
    top = page.top + 0.1
    for lines, one in some:
        high = text.height(lines, _MEASURE)
        page.shape((SIDE, top, 0.07, high), LINE if one.good is None else GOOD if one.good else BAD)
        page.words(lines, (SIDE + 0.28, top, _MEASURE, high))
        top += high + 0.3
