"""The signs of a run where their neighbours decide how they are drawn: Arabic, joined emoji, letters set with care."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf.fonts import TTFFont


def shaped(font: TTFFont, text: str, size: float, backwards: bool) -> tuple[str, float]:
    """What draws a run, as PDF's text operators, and how wide it is in points."""
    from fpdf.enums import TextDirection

    direction = TextDirection.RTL if backwards else TextDirection.LTR
    glyphs = font.shape_text(text, size, {"features": {}, "fragment_direction": direction})
    own = {code: glyph.glyph_width for glyph, code in font.subset.items() if glyph is not None}
    found, part, wide = [], _Part(), 0.0
    for one in glyphs:
        code, right, up = one["mapped_char"], one["x_offset"] * font.scale, one["y_offset"] * font.scale
        advance = one["x_advance"] * font.scale
        wide += advance
        if code is None:
            part.move(advance)
            continue
        if up:
            found += [part.drawn(), f"{up * size / 1000:.2f} Ts"]
            part = _Part()
        part.move(right)
        part.put(font.escape_text(chr(code)))
        part.move(advance - right - own[code])
        if up:
            found += [part.drawn(), "0 Ts"]
            part = _Part()
    return " ".join(one for one in (*found, part.drawn()) if one), wide * size / 1000


class _Part:
    """Signs in a row, and how far the pen is moved between them."""

    def __init__(self) -> None:
        self._drawn: list[str] = []
        self._signs = ""
        self._moved = 0.0

    def move(self, by: float) -> None:
        """Move the pen to the right, in thousandths of the size."""
        self._moved += by

    def put(self, sign: str) -> None:
        """Draw a sign where the pen is."""
        if abs(self._moved) >= 0.5:
            self._close()
            self._drawn.append(f"{-self._moved:.0f}")
            self._moved = 0.0
        self._signs += sign

    def drawn(self) -> str:
        """The whole row."""
        self._close()
        if abs(self._moved) >= 0.5:
            self._drawn.append(f"{-self._moved:.0f}")
        return f"[{' '.join(self._drawn)}] TJ" if self._drawn else ""

    def _close(self) -> None:
        if self._signs:
            self._drawn.append(f"({self._signs})")
        self._signs = ""
