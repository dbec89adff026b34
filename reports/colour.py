"""Whether a colour of a sender can be read where it is drawn, and what stands in for it where it cannot."""

from __future__ import annotations

import re

WORDS, MARKS = 4.5, 3.0
"""The least contrast of small words, and of large ones and marks (WCAG 2.2, 1.4.3 and 1.4.11)."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, 1 to 21, as WCAG reckons it.

    >>> contrast("#000000", "#FFFFFF"), round(contrast("#2F6FED", "#FFFFFF"), 1)
    (21.0, 4.5)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, on: str, otherwise: str, *, least: float = WORDS) -> str:
    """The colour where it can be read on another, else `otherwise`; also where it is no colour at all.

    >>> readable("#0F766E", "#FFFFFF", "#1B1F27"), readable("#FFE680", "#FFFFFF", "#1B1F27")
    ('#0F766E', '#1B1F27')
    >>> readable("red;}", "#FFFFFF", "#1B1F27")
    '#1B1F27'
    """
    return colour if _HEX.fullmatch(colour) and contrast(colour, on) >= least else otherwise


def lightened(colour: str, on: str, otherwise: str, *, least: float = WORDS) -> str:
    """The colour with as much white as it takes to be read on a dark one; `otherwise` where it is no colour at all.

    >>> lightened("#0F766E", "#101217", "#FFFFFF"), lightened("#FFE680", "#101217", "#FFFFFF")
    ('#3F918B', '#FFE680')
    """
    if not _HEX.fullmatch(colour):
        return otherwise
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    mixed = ("#" + "".join(f"{round(one + (255 - one) * share / 10):02X}" for one in parts) for share in range(11))
    return next((one for one in mixed if contrast(one, on) >= least), otherwise)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
