"""What of a short text carries its tone: words, what a negation covers, emoji, emoticons, shouting."""

from __future__ import annotations

import html
import re
from functools import lru_cache

URL = re.compile(r"(?:https?:|www\.)\S*")
TOKEN = re.compile(
    r"@\w+|#?[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|(?<!\w)[<>]?[:;=][-o'^]?[)\](\[dDpP/\\|3*oO]+|[)(\]\[][-o']?[:;=]|<3+"
    r"|[!?]+|\.{2,}|[….,;:()\"]"
    r"|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
)
HUMPS = re.compile(r"[^\W\d_][^\W\d_A-ZÄÖÜÉÈ]+|[A-ZÄÖÜÉÈ]+(?![a-zäöüéè])")
ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)'(?=..)", re.IGNORECASE)
"""French: l'amour, j'aime, qu'il; the word counts, not what was fused to it."""
STRETCHED = re.compile(r"(.)\1{2,}")
REACH = 4
"""A negation covers the next four words, or up to a mark or another negation."""
NEGATIONS = frozenset(
    re.findall(
        r"\w+",
        "not no never none nobody nothing neither nor cannot without hardly barely nope aint dont doesnt didnt isnt "
        "arent wasnt werent cant couldnt wont wouldnt shouldnt hasnt havent hadnt "
        "nicht nichts nie niemals kein keine keinen keinem keiner keines ohne weder "
        "pas jamais aucun aucune rien sans ni nul nulle",
    )
)
NEGATED = "~"
FACES = frozenset(":;=<>)([]")


def tokens(text: str) -> list[str]:
    """Tokens of a text: lower-case words, `~` before those a negation covers, emoji, emoticons and marks of emphasis.

    A mention becomes `<user>`, links and figures are left out, a hashtag counts as its words (#LoveThis: love, this),
    three or more equal letters become two and are noted as `<long>`, words in capitals are noted as `<caps>` (or
    `<allcaps>` where all of them are). Commonly got wrong: "not good" and "good" share no token here.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        In the order of the text; empty when it has none.

    Raises
    ------
    Nothing.

    Notes
    -----
    Negations of English, German and French are known. A negation that comes after ("gefällt mir nicht") is one only
    for what follows it; the model has pairs of words for such cases.

    References
    ----------
    The reach of a negation: B. Pang, L. Lee, S. Vaithyanathan, Thumbs up? Sentiment Classification using Machine
    Learning Techniques, 2002, doi:10.3115/1118693.1118704; marks of emphasis: C. Hutto, E. Gilbert, VADER, 2014.

    Examples
    --------
    >>> tokens("@you I do NOT like this soooo much!! https://x.y")
    ['<user>', 'i', 'do', 'not', '~like', '~this', '<long>', '~soo', '~much', '!', '!!', '<caps>']
    >>> tokens("12 %")
    []
    """
    if "&" in text:
        text = html.unescape(text)
    if ":/" in text or "www" in text:
        text = URL.sub(" ", text)
    found: list[str] = []
    covered = shouted = words = 0
    for raw in TOKEN.findall(text.replace("’", "'")):
        parts, negation, mark, shout = _part(raw)
        if mark:
            covered = 0
        elif negation:
            covered = REACH
        elif covered > 0 and parts and shout >= 0:
            covered -= 1
            parts = tuple(part if part[0] == "<" else NEGATED + part for part in parts)
        if shout >= 0:
            words += 1
            shouted += shout
        found += parts
    if shouted:
        found.append("<caps>" if shouted < words else "<allcaps>")
    return found


@lru_cache(maxsize=65_536)
def _part(raw: str) -> tuple[tuple[str, ...], bool, bool, int]:
    """(tokens, is a negation, ends a negation, 1 shouted 0 not -1 no word) of one piece of text."""
    first = raw[0]
    if first == "@":
        return ("<user>",), False, False, -1
    if first == "#" or first.isalpha():
        return _word(raw)
    if first in "!?":
        kind = "!" if "?" not in raw else "?" if "!" not in raw else "?!"
        return (kind, kind[0] * 2) if len(raw) > 1 else (kind,), False, True, -1
    if raw == "…" or raw.startswith(".."):
        return ("...",), False, True, -1
    if len(raw) == 1 and raw in '.,;:()"':
        return (), False, True, -1
    if first == "<" and set(raw[1:]) == {"3"}:
        return ("<3",), False, False, -1
    if first in FACES:
        return (STRETCHED.sub(r"\1\1", raw.lower()),), False, False, -1
    return (raw,), False, False, -1


def _word(raw: str) -> tuple[tuple[str, ...], bool, bool, int]:
    word = raw.lstrip("#")
    pieces = HUMPS.findall(word) if _humped(raw) else [ELIDED.sub("", word)]
    lower = [STRETCHED.sub(r"\1\1", piece.lower()) for piece in pieces]
    long = ("<long>",) if STRETCHED.search(word.lower()) else ()
    negation = len(lower) == 1 and (lower[0] in NEGATIONS or lower[0].endswith("n't"))
    return (*long, *lower), negation, False, int(len(word) > 2 and word.isupper())


def _humped(raw: str) -> bool:
    return raw[0] == "#" and raw[2:].lower() != raw[2:] and not raw.isupper()
