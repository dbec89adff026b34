"""Numbers from tokens: which known words a text has, what the word lists say of them, in which language it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np

from analytics.sentiment.tokens import NEGATED

KNOWN, FRENCH, ROMANCE, SHARED, FOREIGN, TRAINED, SIGN = 1, 2, 4, 8, 16, 32, 64
"""What a word says of its language: English or German, French only, French and maybe its kin, several, another one;
whether the model was trained on it (the word lists hold more); and whether it is an emoji or an emoticon."""
TURNED = -0.6
"""What a negation leaves of a word's tone: less, and of the other sign."""


@dataclass(frozen=True, slots=True)
class Book:
    """What was learnt: one row per word or pair of words, and a last row of zeros for those unknown."""

    vocabulary: dict[str, int]
    weights: np.ndarray
    """(n + 1, 3): towards negative, neutral, positive, for texts in English or German."""
    plain: np.ndarray
    """(n + 1, 3): the same for signs that need no language (emoji, marks), for texts in French."""
    tone: np.ndarray
    """(n + 1,): what the word lists say, about -4 to 4."""
    kind: np.ndarray
    heads: np.ndarray
    """(2, 3, 3): for either way of reading: good tone, bad tone, and where it starts."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Tokens of many texts, flat: text `row`, place `at` in the book, place `base` without its negation."""

    n: int
    row: np.ndarray
    at: np.ndarray
    base: np.ndarray
    negated: np.ndarray
    worded: np.ndarray
    pair_row: np.ndarray
    pair: np.ndarray


@cache
def book() -> Book:
    """The model that ships with this package, read once."""
    with (files("analytics.sentiment") / "model.npz").open("rb") as stored, np.load(stored) as arrays:
        words = arrays["words"].tobytes().decode().split("\n")
        weights, plain = (_closed(arrays[name] * arrays["steps"][at]) for at, name in enumerate(("weights", "plain")))
        vocabulary = {word: at for at, word in enumerate(words)}
        tone, kind = _closed(arrays["tone"] / 16), np.append(arrays["kind"], 0)
        return Book(vocabulary, weights, plain, tone, kind.astype(np.uint8), arrays["heads"])


def _closed(table: np.ndarray) -> np.ndarray:
    return np.concatenate([table, np.zeros_like(table[:1])]).astype(np.float32)


def count(tokenised: Sequence[Sequence[str]], model: Book) -> Counted:
    """Where the tokens of each text, and their neighbouring pairs, stand in the book."""
    find, none = model.vocabulary.get, len(model.vocabulary)
    distinct: dict[str, int] = {}
    seen = [distinct.setdefault(token, len(distinct)) for text in tokenised for token in text]
    met = np.array(seen, np.int64)
    row = np.repeat(np.arange(len(tokenised)), [len(text) for text in tokenised])
    bare = [token[1:] if token[0] == NEGATED else token for token in distinct]
    pairs = [
        (at, place)
        for at, text in enumerate(tokenised)
        for one, other in pairwise(text)
        if (place := find(f"{one} {other}")) is not None
    ]
    pair_row, pair = np.array(pairs, np.int64).reshape(-1, 2).T
    return Counted(
        len(tokenised),
        row,
        np.array([find(token, none) for token in distinct], np.int64)[met],
        np.array([find(token, none) for token in bare], np.int64)[met],
        np.array([token[0] == NEGATED for token in distinct], bool)[met],
        np.array([token[0].isalpha() for token in bare], bool)[met],
        pair_row,
        pair,
    )


def scale(row: np.ndarray, n: int) -> np.ndarray:
    """One over the root of how many there are: a long text is not surer by its length alone."""
    return np.asarray(1 / np.sqrt(np.maximum(np.bincount(row, minlength=n), 1)))


def lexicon(counted: Counted, model: Book) -> np.ndarray:
    """(n, 2): sums of good and of bad tone over the root of the text's length; a negation turns a tone over."""
    tone = model.tone[counted.base] * np.where(counted.negated, TURNED, 1.0)
    sides = [np.bincount(counted.row, np.maximum(side * tone, 0), counted.n) for side in (1, -1)]
    return np.asarray(np.column_stack(sides) * scale(counted.row, counted.n)[:, None])


def languages(counted: Counted, model: Book) -> dict[int, np.ndarray]:
    """(n,) each: how many words of a text speak for which language; 0 holds how many words it has."""
    worded = counted.worded
    kind, row = model.kind[counted.base[worded]], counted.row[worded]
    found = {flag: np.bincount(row, (kind & flag) > 0, counted.n) for flag in (KNOWN, FRENCH, ROMANCE, SHARED, FOREIGN)}
    return found | {0: np.bincount(row, minlength=counted.n).astype(float)}
