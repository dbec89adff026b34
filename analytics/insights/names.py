"""Names inside sentences: what people and platforms wrote stands there as a token until the very end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST_NAME = 60
OPEN, CLOSE = "⟦", "⟧"
TOKEN = re.compile(f"{OPEN}([a-z]+){CLOSE}")
_QUOTES = str.maketrans({**dict.fromkeys('"“”„‟«»‹›', "'"), OPEN: "[", CLOSE: "]"})


def clean(text: str, longest: int = LONGEST_NAME) -> str:
    """What somebody wrote, in one line that holds no controls and no tokens, and ends no quotation.

    >>> clean('Say "hi"' + chr(0x202E) + chr(10) + "now")
    "Say 'hi' now"
    """
    kept = "".join(" " if unicodedata.category(c) in {"Zl", "Zp", "Cc"} else c for c in text)
    kept = "".join(c for c in kept if unicodedata.category(c)[0] != "C").translate(_QUOTES)
    line = " ".join(kept.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def token(place: int) -> str:
    """What stands for the name at a place; letters only, so that it is no figure.

    >>> token(0), token(25), token(26)
    ('⟦a⟧', '⟦z⟧', '⟦ba⟧')
    """
    letters = ""
    while True:
        place, digit = divmod(place, 26)
        letters = chr(97 + digit) + letters
        if not place:
            return OPEN + letters + CLOSE


def restored(text: str, names: Sequence[tuple[str, str]]) -> str:
    """The text with names in place of their tokens; a token that stands for nothing stays.

    >>> restored("⟦a⟧ +5 %", [("title", "Views")])
    'Views +5 %'
    """
    known = {token(place): name for place, (_, name) in enumerate(names)}
    return TOKEN.sub(lambda found: known.get(found[0], found[0]), text)
