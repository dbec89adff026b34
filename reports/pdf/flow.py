"""Pieces that follow each other down the pages: none is cut in two, and a heading stays with what it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reports.pdf.sheet import Sheet

Draw = Callable[[Sheet, float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What stands on one page. `draw` is told how far down it begins; `gap` is the room above it, which falls away at
    the top of a page. `keep` holds it to the next. `again` is drawn above it where it begins a page, such as the head
    of a table; `fresh` begins a page with it."""

    high: float
    draw: Draw
    gap: float = 0.0
    keep: bool = False
    again: Piece | None = None
    fresh: bool = False


Page = list[tuple[float, Piece]]


def paged(pieces: Iterable[Piece], top: float, bottom: float) -> list[Page]:
    """Pages, each with its pieces and how far down they begin.

    >>> nothing = lambda sheet, y: None
    >>> title, row = Piece(20, nothing, keep=True), Piece(30, nothing)
    >>> [[y for y, _ in page] for page in paged([row, row, title, row], 10, 100)]
    [[10, 40.0], [10, 30.0]]
    """
    pages: list[Page] = [[]]
    at = top
    for chain in _chains(pieces):
        page, room = pages[-1], bottom - at
        needed = sum(one.high + (one.gap if n or page else 0) for n, one in enumerate(chain))
        if page and (chain[0].fresh or needed > room + 0.01):
            pages.append([])
            at = top
        for one in chain:
            if pages[-1] and at + one.gap + one.high > bottom + 0.01:
                pages.append([])
                at = top
            page = pages[-1]
            if not page and one.again is not None:
                page.append((at, one.again))
                at += one.again.high
            at += one.gap if page else 0
            page.append((at, one))
            at += one.high
    return pages


def _chains(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    """Pieces that stand on one page, as long as they can."""
    chain: list[Piece] = []
    for one in pieces:
        chain.append(one)
        if not one.keep:
            yield chain
            chain = []
    if chain:
        yield chain
