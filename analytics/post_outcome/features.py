"""What is known of a post before it is published, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.adjusting import Floats, local_times
from analytics.hashtags import tags_of

OPTIONAL = ("duration_s", "followers", "media_count")
"""Optional columns that are known before a post is published; more must be named, for a later count would tell all."""
_FEWEST = 10
_MOST = 12
_MENTION, _LINK, _EMOJI = r"(?<!\w)@\w", r"https?://|www\.", "[\u2600-\u27bf\U0001f300-\U0001faff]"

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Features:
    """How to turn posts into numbers: the columns used, the values of each worded one, and middle and spread of each
    number in the posts learnt from (a missing number counts as the middle)."""

    numbers: Texts
    words: tuple[tuple[str, Texts], ...]
    middle: Floats
    spread: Floats

    def matrix(self, posts: pd.DataFrame) -> Floats:
        """Numbers of posts, (posts, features), each with middle 0 and spread 1 in the posts learnt from."""
        raw = _raw(posts, self.numbers, self.words)
        filled = np.where(np.isfinite(raw), raw, self.middle)
        return np.asarray(np.clip((filled - self.middle) / self.spread, -4, 4), dtype=float)


def learnt(posts: pd.DataFrame, also: Sequence[str]) -> Features:
    """The features that posts have; `also` names columns that are known before publishing."""
    columns = [name for name in (*OPTIONAL, *also) if name in posts]
    numbers = tuple(name for name in columns if _is_number(posts[name]))
    worded = ("kind", *(name for name in columns if name not in numbers))
    words = tuple((name, _usual(posts[name])) for name in worded)
    raw = _raw(posts, numbers, words)
    known = np.isfinite(raw)
    n = np.maximum(known.sum(axis=0), 1)
    middle = np.where(known, raw, 0).sum(axis=0) / n
    spread = np.sqrt(np.where(known, (raw - middle) ** 2, 0).sum(axis=0) / n)
    return Features(numbers, words, middle, np.where(spread > 1e-9, spread, 1.0))


def _is_number(values: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values))


def _usual(values: pd.Series) -> Texts:
    counts = values.astype(str).value_counts()
    often = counts[counts >= _FEWEST]
    return tuple(sorted(sorted(often.index, key=lambda name: (-often[name], name))[:_MOST]))


def _raw(posts: pd.DataFrame, numbers: Texts, words: tuple[tuple[str, Texts], ...]) -> Floats:
    empty = pd.Series(np.nan, index=posts.index)
    columns = [*_clock(posts), *texts(posts).to_numpy(dtype=float).T]
    for name in numbers:
        value = pd.to_numeric(posts.get(name, empty), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        columns.append(np.sign(value) * np.log1p(np.abs(value)))
    for name, values in words:
        told = posts.get(name, empty).astype(str)
        columns += [(told == value).to_numpy(dtype=float) for value in values]
    return np.column_stack(columns)


def _clock(posts: pd.DataFrame) -> list[Floats]:
    times = local_times(posts["published_local"])
    turn = 2 * np.pi * (times.dt.hour.to_numpy(dtype=float) + 0.5) / 24
    weekend = np.where(times.isna(), np.nan, times.dt.day_of_week >= 5).astype(float)
    return [np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn), weekend]


def texts(posts: pd.DataFrame) -> pd.DataFrame:
    """Of each post's text: its length (log), tags (log), and whether it has a link, a mention, a question, an emoji."""
    empty = pd.Series("", index=posts.index)
    text = posts.get("text", empty).fillna("").astype(str)
    return pd.DataFrame({
        "length": np.log1p(text.str.len()), "tags": np.log1p([len(tags) for tags in tags_of(posts)]),
        "link": text.str.contains(_LINK), "mention": text.str.contains(_MENTION),
        "question": text.str.contains(r"[?？؟]"), "emoji": text.str.contains(_EMOJI),
    }, index=posts.index)  # fmt: skip
