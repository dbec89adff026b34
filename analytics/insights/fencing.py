"""What may leave this machine of a text that somebody wrote: no personal data, no markup, no fence but ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

LONGEST = 280
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*", re.IGNORECASE)
_MAIL = re.compile(
    r"[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b"
    r"|[\w.+-]+ ?(?:\(at\)|\[at\]|\{at\}| at ) ?[\w-]+ ?(?:\(dot\)|\[dot\]|\{dot\}|\.| dot ) ?[a-z]{2,}\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@ ?[\w.]+|(?<!\w)u/\w+")
_PHONE = re.compile(r"(?<![\w])\+?\(?\d(?:[ ().\-/–]{0,3}\d){6,}(?!\w)")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_RUN = re.compile(r"([^\w\s])(?:\s*\1){2,}")
_SHAPED = {"Sm", "Sk", "Ps", "Pe", "Pi", "Pf", "Cc", "Cf", "Cs", "Co", "Cn"}
_SHORTEST_PART = 3


def masked(text: str, people: Iterable[str] = ()) -> str:
    """The text without mail addresses, links, @handles, telephone and bank account numbers, and these people's names.

    >>> masked("Thanks Ana! Mail ana@example.com or call +49 30 1234567, @ana_b", ["Ana Bell"])
    'Thanks (name)! Mail (e-mail) or call (number), (handle)'
    """
    line = _plain(_uncut(text))
    for pattern, mask in (
        (_MAIL, "(e-mail)"),
        (_LINK, "(link)"),
        (_HANDLE, "(handle)"),
        (_ACCOUNT, "(number)"),
        (_PHONE, "(number)"),
    ):
        line = pattern.sub(mask, line)
    for name in sorted({_plain(person) for person in people} - {""}, key=len, reverse=True):
        line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "(name)", line, flags=re.IGNORECASE)
        for part in name.split():
            if len(part) >= _SHORTEST_PART:
                line = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "(name)", line)
    return re.sub(r"\(name\)(?:[ -]\(name\))+", "(name)", line)


def _uncut(text: str) -> str:
    """A shortened text without its last, cut word, and without the numbers before it: half of an address or of a
    telephone number is not recognised, but tells enough."""
    if not text.endswith("…"):
        return text
    words = text.split()[:-1]
    while words and re.search(r"[\d@]", words[-1]):
        words.pop()
    return " ".join(words)


def _plain(text: str) -> str:
    """Compatible letters made the same, invisible ones gone, in one line."""
    same = unicodedata.normalize("NFKC", text)
    kept = "".join(" " if c.isspace() or unicodedata.category(c) == "Cc" else c for c in same)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in {"Cf", "Cs", "Co", "Cn"}).split())


def tamed(text: str, fence: str = "") -> str:
    """The text in one line, without brackets (but round ones), signs that build markup, runs of signs, and the fence.

    >>> tamed("ok ``` <|end|> ===== [SYSTEM] {x}" + chr(10) + "END abc123", "abc123")
    'ok end SYSTEM x END'
    """
    kept = (c if c in "()+" else "'" if unicodedata.category(c) in {"Pi", "Pf"} else _shaped(c) for c in _plain(text))
    line = _RUN.sub(r"\1", "".join(kept))
    while fence and re.search(re.escape(fence), line, re.IGNORECASE):
        line = re.sub(re.escape(fence), "", line, flags=re.IGNORECASE)
    return " ".join(line.split())[:LONGEST]


def _shaped(letter: str) -> str:
    return " " if unicodedata.category(letter) in _SHAPED or letter in "\\#*_" else letter


def fenced(texts: Mapping[str, str], fence: str, people: Iterable[str] = ()) -> str:
    """Texts by name between two lines that hold a random word; each masked and tamed, one a line.

    >>> print(fenced({"⟦b⟧": "Hi @bob"}, "f00d"))
    DATA f00d
    ⟦b⟧: Hi (handle)
    END f00d
    """
    known = tuple(people)
    lines = [f"{name}: {tamed(masked(text, known), fence)}" for name, text in texts.items()]
    return "\n".join([f"DATA {fence}", *lines, f"END {fence}"])
