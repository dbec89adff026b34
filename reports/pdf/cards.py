"""Key numbers as a grid of cards: a title, a large value, its change with a word, and the small line of its days."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from core.language import tr
from core.report import Figure
from reports import words
from reports.pdf import look, prose
from reports.pdf.flow import Piece
from reports.pdf.sheet import BOLD, REGULAR, Sheet
from reports.pdf.text import clean

_GAP, _INSET = 10.0, 11.0
_VALUE, _COURSE = 18.0, 26.0
_TALLEST = 400.0
_Line = tuple[str, float, str, str]
"""Text, size, weight, colour."""


def cards(sheet: Sheet, figures: Sequence[Figure]) -> list[Piece]:
    """The cards, row by row, each as high as its fullest."""
    across = _across(len(figures))
    wide = (look.ROOM - _GAP * (across - 1)) / across
    if any(_high(_lines(sheet, one, wide - 2 * _INSET)) > _TALLEST for one in figures):
        return [piece for one in figures for piece in prose.paragraph(sheet, _told(one))]
    return [_row(sheet, figures[n : n + across], wide, gap=_GAP if n else 6) for n in range(0, len(figures), across)]


def _across(count: int) -> int:
    """How many stand side by side, so that the last row is as full as can be.

    >>> [_across(count) for count in (1, 2, 3, 4, 5, 6, 7, 8, 9)]
    [2, 2, 3, 4, 3, 3, 4, 4, 3]
    """
    return count if count in {2, 3, 4} else min((4, 3), key=lambda across: -count % across) if count > 1 else 2


def _row(sheet: Sheet, figures: Sequence[Figure], wide: float, gap: float) -> Piece:
    told = [_lines(sheet, one, wide - 2 * _INSET) for one in figures]
    drawn = any(_has_course(one) for one in figures)
    high = 2 * _INSET + max(map(_high, told)) + (_COURSE + 8 if drawn else 0)

    def draw(on: Sheet, y: float) -> None:
        for n, (figure, lines) in enumerate(zip(figures, told, strict=True)):
            x = look.SIDE + n * (wide + _GAP)
            on.area(x, y, wide, high, look.PAPER, look.LINE, round_by=5)
            with on.tagged("P"):
                _say(on, lines, x + _INSET, y + _INSET)
            if _has_course(figure):
                _draw_course(on, figure.course, x + _INSET, y + high - _INSET - _COURSE, wide - 2 * _INSET)

    return Piece(high, draw, gap=gap)


def _lines(sheet: Sheet, of: Figure, room: float) -> list[_Line]:
    known, soft = of.value is not None, look.SOFT
    found = [(line, look.SMALL + 0.5, REGULAR, soft) for line in sheet.lines(of.title, room, look.SMALL + 0.5)]
    value = clean(words.value(of))
    size = min(_VALUE, max(9.0, _VALUE * room / (sheet.width(value, _VALUE, BOLD) + 0.1)))
    found += [(line, size, BOLD, sheet.look.ink if known else soft) for line in sheet.lines(value, room, size, BOLD)]
    change = words.change(of) if known else ""
    if change:
        colour = soft if of.good is None else look.GOOD if of.good else look.BAD
        said = f"{_arrow(of)}{change}{_verdict(of)}"
        found += [(line, look.SMALL + 0.5, BOLD, colour) for line in sheet.lines(said, room, look.SMALL + 0.5, BOLD)]
    if known and of.previous is not None:
        said = tr("before {value}", value=words.before(of))
        found += [(line, look.TINY, REGULAR, soft) for line in sheet.lines(said, room, look.TINY)]
    why = of.why_none if not known else of.why_no_change if not change else ""
    return found + [(line, look.TINY, REGULAR, soft) for line in sheet.lines(why, room, look.TINY) if why]


def _arrow(of: Figure) -> str:
    moved = of.change if of.change is not None else of.difference
    return "" if not moved else "↑ " if moved > 0 else "↓ "


def _verdict(of: Figure) -> str:
    """Colour alone says nothing to many."""
    return "" if of.good is None else f" · {tr('better') if of.good else tr('worse')}"


def _told(of: Figure) -> str:
    """A card in words, where somebody wrote more than a card holds."""
    told = (words.change(of), of.why_none if of.value is None else of.why_no_change)
    return ", ".join((f"{of.title}: {words.value(of)}", *(one for one in told if one)))


def _high(lines: Sequence[_Line]) -> float:
    return sum(size * 1.4 for _, size, _, _ in lines)


def _say(on: Sheet, lines: Sequence[_Line], x: float, y: float) -> None:
    for text, size, weight, colour in lines:
        on.put(x, y + size * 1.05, text, size, weight, colour)
        y += size * 1.4


def _has_course(of: Figure) -> bool:
    return sum(one is not None for one in of.course) > 1


def _draw_course(on: Sheet, course: Sequence[float | None], x: float, y: float, wide: float) -> None:
    """The small line; a gap in it is a gap, and a day between two gaps is a dot."""
    known = [one for one in course if one is not None]
    low, size = min(known), (max(known) - min(known)) or 1.0
    step = wide / (len(course) - 1)
    for is_gap, run in groupby(enumerate(course), lambda one: one[1] is None):
        if not is_gap:
            points = [(x + at * step, y + _COURSE - ((value or 0.0) - low) / size * _COURSE) for at, value in run]
            on.course(points, on.look.accent)
