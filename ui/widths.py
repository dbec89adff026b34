"""How wide controls are, in the reader's language and for what is chosen in them."""

from __future__ import annotations

from collections.abc import Iterable

from core import language

_WIDEST, _LETTER, _AROUND = 358, 7, 84


def room(width: int, chosen: Iterable[str] = ()) -> int:
    """The width of a control: most languages need more of it than English, and what is chosen is read as a whole, as
    far as a phone is wide.

    >>> room(136), room(136, ["#tea"]), room(136, ["#wholesalepartners"]), room(136, ["x" * 99])
    (136, 136, 210, 358)
    """
    usual = width if language.reader().words.is_english else round(width * 1.25)
    return max(usual, *(min(_AROUND + _LETTER * len(one), _WIDEST) for one in chosen), 0)
