"""Text of people and platforms, made harmless for where it goes: no spreadsheet runs it, no file breaks of it."""

from __future__ import annotations

import re

_RUNS = re.compile(r"[\t\r\n\0]|\s*[=+\-@＝＋－＠]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WEB = re.compile(r"https?://[^\s\"<>\\^`{|}]+", re.IGNORECASE)


def runs(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula.

    >>> runs("=1+1"), runs("  @SUM(A1)"), runs("-5 °C"), runs("fine = fine")
    (True, True, True, False)
    """
    return _RUNS.match(text) is not None


def harmless(text: str) -> str:
    """A text for a file in which everything is text: what might run begins with an apostrophe.

    >>> harmless("=HYPERLINK(1)"), harmless("fine"), harmless("-5")
    ("'=HYPERLINK(1)", 'fine', "'-5")
    """
    return writable(f"'{text}" if runs(text) else text)


def writable(text: str) -> str:
    """A text without the signs that XML and UTF-8 have no place for; one stands for each that was there.

    >>> writable("a\\0b"), writable("half \\ud83d emoji")
    ('a�b', 'half � emoji')
    """
    return _UNWRITABLE.sub("\ufffd", text)


def is_web(link: str) -> bool:
    """Whether a link may be followed: to the web, and nowhere else.

    >>> is_web("https://example.com/p/1"), is_web("javascript:alert(1)"), is_web("file:///etc/passwd")
    (True, False, False)
    """
    return _WEB.fullmatch(link) is not None
