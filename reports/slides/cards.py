"""Key numbers as cards: a title, a large value, its change with a word, and the small line of its days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from core.language import tr
from core.report import Figure, Section
from reports import words
from reports.slides import text
from reports.slides.deck import Box, Deck, Page, numbered
from reports.slides.look import BAD, GOOD, LINE, ROOM, SIDE
from reports.slides.text import Line

MOST = 8
"""So many cards on a slide."""
_GAP, _INSET = 0.25, 0.24
_TALLEST = 2.45


def draw(deck: Deck, section: Section) -> None:
    """A section's cards, on as many slides as it takes, with as many on each."""
    slides = max(1, -(-len(section.figures) // MOST))
    share = -(-len(section.figures) // slides) or 1
    for n in range(slides):
        some = section.figures[n * share : (n + 1) * share]
        said = (*section.notes, *(_told(one) for one in some))
        page = deck.page(numbered(section.title, n + 1, slides), section.lead, said=said)
        page.foot([Line(one, 11, "muted", before=2) for one in section.notes])
        if not some:
            deck.panel(page, [Line(tr("No numbers were chosen."), 14, "muted")])
            continue
        for one, box in zip(some, _boxes(page, len(some)), strict=True):
            _card(page, one, box)


def _boxes(page: Page, count: int) -> list[Box]:
    across = count if count <= 4 else -(-count // 2)
    down = -(-count // across)
    wide = min((ROOM - _GAP * (across - 1)) / across, 5.0)
    high = min((page.bottom - page.top - 0.1 - _GAP * (down - 1)) / down, _TALLEST)
    return [
        (SIDE + n % across * (wide + _GAP), page.top + 0.1 + n // across * (high + _GAP), wide, high)
        for n in range(count)
    ]


def _card(page: Page, of: Figure, box: Box) -> None:
    shape = page.shape(box, "FFFFFF", LINE, round_by=0.09, adorns=False)
    has_course = sum(one is not None for one in of.course) > 1
    room, high = box[2] - 2 * _INSET, box[3] - 2 * 0.2 - (0.5 if has_course else 0)
    lines = _lines(of, room)
    scale = 1.0
    while text.height(lines, room) > high and scale > 0.4:
        scale -= 0.05
        lines = _lines(of, room, scale)
    text.write(text.frame(shape, inset=(_INSET, 0.2, _INSET, 0.2)), lines)
    if has_course:
        line = (box[0] + _INSET, box[1] + box[3] - 0.62, room, 0.42)
        _course(page, of.course, line, tr("{title}, day by day", title=of.title))


def _lines(of: Figure, room: float, scale: float = 1.0) -> list[Line]:
    value = words.value(of)
    sizes = [one * scale for one in range(34, 9, -2)]
    large = text.fitting(value, sizes, room, sizes[0] * text.SPACING / 72 + 0.01, True)
    known = of.value is not None
    lines = [
        Line(of.title, 12 * scale, "muted"),
        Line(value, large, "ink" if known else "muted", True, before=4 * scale),
    ]
    if said := words.change(of):
        colour = "muted" if of.good is None else GOOD if of.good else BAD
        lines.append(Line(f"{said}{_verdict(of)}", 13 * scale, colour, True, before=4 * scale))
    if of.previous is not None:
        before = words.before(of)
        lines.append(Line(tr("before {value}", value=before), 11 * scale, "muted", before=2 * scale))
    why = of.why_none if not known else of.why_no_change if not said else ""
    return [*lines, Line(why, 11 * scale, "muted", before=4 * scale)] if why else lines


def _verdict(of: Figure) -> str:
    """Colour alone says nothing to many."""
    return "" if of.good is None else f" · {tr('better') if of.good else tr('worse')}"


def _told(of: Figure) -> str:
    """A card in one line."""
    parts = [f"{of.title}: {words.value(of)}", words.change(of) + _verdict(of) if words.change(of) else ""]
    why = of.why_none if of.value is None else of.why_no_change if not words.change(of) else ""
    return text.flat(", ".join(one for one in (*parts, why) if one))


def _course(page: Page, course: Sequence[float | None], box: Box, said: str) -> None:
    """A small line; a gap in it is a gap, a day between two gaps a dot as wide as the line."""
    known = [one for one in course if one is not None]
    low, span = min(known), (max(known) - min(known)) or 1.0
    left, top, wide, high = (Inches(one) for one in box)
    step = wide / max(1, len(course) - 1)
    points = [
        None if one is None else (left + round(n * step), top + round(high * (1 - (one - low) / span)))
        for n, one in enumerate(course)
    ]
    runs: list[list[tuple[int, int]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    _drawn(page, [run if len(run) > 1 else [run[0], (run[0][0] + Emu(9525), run[0][1])] for run in runs if run], said)


def _drawn(page: Page, runs: Sequence[Sequence[tuple[int, int]]], said: str) -> None:
    builder: Any = page.slide.shapes.build_freeform(*runs[0][0])
    for n, run in enumerate(runs):
        if n:
            builder.move_to(*run[0])
        builder.add_line_segments(run[1:], close=False)
    shape = builder.convert_to_shape()
    shape.fill.background()
    text.paint(shape.line.color, "accent")
    shape.line.width = Pt(1.5)
    for style in shape._element.findall(qn("p:style")):
        shape._element.remove(style)
    text.described(shape, text.flat(said))
