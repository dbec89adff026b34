"""Words in paragraphs: headings, text with words in bold, notes, boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.pdf import look
from reports.pdf.flow import Piece
from reports.pdf.sheet import BOLD, REGULAR, Sheet
from reports.pdf.text import clean

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
_TOGETHER, _SHARE = 8, 4
"""A paragraph of so many lines stays on one page; of a longer one so many lines do."""
_BULLET = 10.0


def heading(sheet: Sheet, text: str, *, level: int = 2, gap: float = 30, fresh: bool = False) -> list[Piece]:
    """A heading, which is also listed in the outline."""
    size = {1: 25.0, 2: 14.5, 3: 10.5}[level]
    after = {1: 4, 2: 5, 3: 1}[level]
    lines = sheet.lines(text, look.ROOM, size, BOLD) if text.strip() else []
    shares = [lines[n : n + _TOGETHER] for n in range(0, len(lines), _TOGETHER)]

    def piece(share: list[str], is_first: bool) -> Piece:
        def draw(on: Sheet, y: float) -> None:
            if level < 3 and is_first:
                on.outline.append((" ".join(lines), on.pdf.page, y, level))
            with on.tagged(f"H{level}"):
                _lines(on, share, y, size, BOLD, on.look.ink, spread=1.25)

        high = len(share) * size * 1.25 + after
        return Piece(high, draw, gap=gap if is_first else 0, keep=True, fresh=fresh and is_first)

    return [piece(share, n == 0) for n, share in enumerate(shares)]


def paragraph(
    sheet: Sheet, text: str, *, size: float = look.BODY, colour: str = "", gap: float = 6, weight: str = REGULAR,
    keep: bool = False,
) -> list[Piece]:  # fmt: skip
    """A text without format, as pieces that may stand on several pages."""
    lines = sheet.lines(text, look.ROOM, size, weight) if text.strip() else []
    return list(_pieces([[(line, weight)] for line in lines], size, colour, gap, keep))


def paragraphs(sheet: Sheet, text: str) -> list[Piece]:
    """Plain text in paragraphs, which blank lines divide; **words** are bold."""
    told = [one.strip() for one in re.split(r"\n[ \t]*\n", clean(text)) if one.strip()]
    return [
        piece for one in told for piece in _pieces(_spans(sheet, one, look.ROOM, look.BODY), look.BODY, "", 7, False)
    ]


def notes(sheet: Sheet, said: Sequence[str], *, gap: float = 6) -> list[Piece]:
    """Caveats, each with its mark."""
    found = []
    for n, note in enumerate(one for one in said if one.strip()):
        lines = sheet.lines(note, look.ROOM - _BULLET, look.SMALL)
        found += [
            replace(piece, gap=(gap if n == 0 else 2) if at == 0 else 0) for at, piece in enumerate(_noted(lines))
        ]
    return found


def box(sheet: Sheet, title: str, text: str, *, ink: str, paper: str, gap: float = 12) -> list[Piece]:
    """Words in a coloured box, with a mark at its side."""
    inset = 12.0
    lines = [(line, BOLD) for line in sheet.lines(title, look.ROOM - 2 * inset, look.BODY, BOLD)] if title else []
    lines += [(line, REGULAR) for line in sheet.lines(text, look.ROOM - 2 * inset, look.BODY)] if text.strip() else []
    step = look.BODY * look.LEADING
    shares = [lines[n : n + 30] for n in range(0, len(lines), 30)]

    def piece(share: list[tuple[str, str]], gap: float) -> Piece:
        high = len(share) * step + 14

        def draw(on: Sheet, y: float) -> None:
            on.area(look.SIDE, y, look.ROOM, high, paper)
            on.area(look.SIDE, y, 3, high, ink)
            with on.tagged("P"):
                for n, (line, weight) in enumerate(share):
                    on.put(look.SIDE + inset, y + 7 + n * step + 0.76 * step, line, look.BODY, weight, ink)

        return Piece(high, draw, gap=gap)

    return [piece(share, gap if n == 0 else 0) for n, share in enumerate(shares)]


def _noted(lines: list[str]) -> Iterator[Piece]:
    step = look.SMALL * 1.4
    for start in range(0, len(lines), _TOGETHER):
        share = lines[start : start + _TOGETHER]

        def draw(on: Sheet, y: float, share: list[str] = share, is_first: bool = start == 0) -> None:
            with on.tagged("P"):
                if is_first:
                    on.put(look.SIDE, y + look.SMALL, "•", look.SMALL, colour=look.SOFT)
                _lines(on, share, y, look.SMALL, REGULAR, look.SOFT, x=look.SIDE + _BULLET, spread=1.4)

        yield Piece(len(share) * step, draw)


def _pieces(lines: list[list[tuple[str, str]]], size: float, colour: str, gap: float, keep: bool) -> Iterator[Piece]:
    share = len(lines) if len(lines) <= _TOGETHER else _SHARE
    step = size * look.LEADING
    for start in range(0, len(lines), share or 1):
        part = lines[start : start + share]

        def draw(on: Sheet, y: float, part: list[list[tuple[str, str]]] = part) -> None:
            with on.tagged("P"):
                for n, line in enumerate(part):
                    x = look.SIDE
                    for text, weight in line:
                        on.put(x, y + n * step + size * 1.05, text, size, weight, colour)
                        x += on.width(text, size, weight)

        yield Piece(len(part) * step, draw, gap=gap if start == 0 else 0, keep=keep)


def _spans(sheet: Sheet, text: str, room: float, size: float) -> list[list[tuple[str, str]]]:
    """Lines of pieces in two weights."""
    if "**" not in text:
        return [[(line, REGULAR)] for line in sheet.lines(text, room, size)]
    found: list[list[tuple[str, str]]] = []
    for part in text.split("\n"):
        line: list[tuple[str, str]] = []
        used = 0.0
        for n, span in enumerate(_BOLD.split(part)):
            weight = BOLD if n % 2 else REGULAR
            for word in sheet.fitting(span, room, size, weight):
                wide = sheet.width(word, size, weight)
                if line and not word.isspace() and used + wide > room:
                    found.append(line)
                    line, used = [], 0.0
                if line or not word.isspace():
                    line, used = _joined(line, word, weight), used + wide
        found.append(line)
    return found


def _joined(line: list[tuple[str, str]], word: str, weight: str) -> list[tuple[str, str]]:
    if line and line[-1][1] == weight:
        return [*line[:-1], (line[-1][0] + word, weight)]
    return [*line, (word, weight)]


def _lines(
    on: Sheet, lines: Sequence[str], y: float, size: float, weight: str, colour: str, *, x: float = look.SIDE,
    spread: float = look.LEADING,
) -> None:  # fmt: skip
    for n, line in enumerate(lines):
        on.put(x, y + n * size * spread + size, line, size, weight, colour)
