"""How pages look: sizes and distances in points, and colours that can be read on paper."""

from __future__ import annotations

from dataclasses import dataclass

from core.report import Branding
from reports import colour

WIDE, HIGH = 595.28, 841.89
SIDE, TOP, FOOT = 48.0, 58.0, 54.0
ROOM = WIDE - 2 * SIDE
BODY, SMALL, TINY = 9.5, 8.0, 7.5
LEADING = 1.45
"""The distance of lines, for each point of their size."""
PAPER, INK = "#FFFFFF", "#1B1F27"
SOFT, LINE, PANEL = "#5B6472", "#E1E5EA", "#F6F7F9"
GOOD, BAD, WARN, WARN_PAPER = "#146C43", "#B42318", "#7A4B00", "#FFF6E5"


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a document: what is said and what is drawn in the sender's own, where they can be read."""

    ink: str
    accent: str


def look(branding: Branding) -> Look:
    """The look of a branding; what cannot be read on paper gives way.

    >>> look(Branding(accent="#FFE600")), look(Branding(accent="#0F766E", ink="#EEEEEE"))
    (Look(ink='#1B1F27', accent='#1B1F27'), Look(ink='#1B1F27', accent='#0F766E'))
    """
    ink = colour.readable(branding.ink, PAPER, INK, least=7)
    return Look(ink, colour.readable(branding.accent, PAPER, ink))
