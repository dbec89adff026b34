"""What posts that do better have in common: only what also held on later posts."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.adjusting import Floats, Known, adjusted, known
from analytics.normal import Z95
from analytics.post_outcome.features import texts

FEWEST = 15
"""A feature that fewer posts have, or lack, is not judged."""
_EARLY = 0.6
_FALSE_SHARE, _HELD_P = 0.05, 0.05
_ALIKE = 0.95


@dataclass(frozen=True, slots=True)
class Driver:
    """Posts with a feature did `ratio` times as well as others (95 % interval `lower` to `upper`), from so many."""

    feature: str
    ratio: float
    lower: float
    upper: float
    posts: int
    words: str


def found(posts: pd.DataFrame, result: str, also: Sequence[str]) -> tuple[Driver, ...]:
    """The drivers of a result, strongest first; a feature is one if it stands out in the first 60 % of the posts (with
    5 % false ones among those that do) and again, by itself, in the rest."""
    judged = known(posts, result)
    judged = dataclasses.replace(judged, kind=np.zeros_like(judged.kind))
    chosen = posts.iloc[judged.rows].reset_index(drop=True)
    flags, words = _flags(chosen, also)
    if not words:
        return ()
    early = judged.published <= np.quantile(judged.published.astype(np.int64), _EARLY).astype("datetime64[s]")
    held = _held(judged, flags, early)
    effect, error = _effects(judged, flags)
    told = [
        _driver(words[at], float(effect[at]), float(error[at]), int(flags[:, at].sum())) for at in np.flatnonzero(held)
    ]
    return tuple(sorted(told, key=lambda one: -abs(np.log(one.ratio))))


def _held(judged: Known, flags: Floats, early: NDArray[np.bool_]) -> NDArray[np.bool_]:
    from scipy import stats

    no = np.zeros(flags.shape[1], dtype=bool)
    enough = np.all([_enough(flags[part]) for part in (early, ~early)], axis=0)
    if not enough.any():
        return no
    first = np.divide(*_effects(judged.part(early), flags[early][:, enough]))
    then = np.divide(*_effects(judged.part(~early), flags[~early][:, enough]))
    stands_out = stats.false_discovery_control(2 * stats.norm.sf(np.abs(first))) <= _FALSE_SHARE
    again = stats.norm.sf(np.sign(first) * then) < _HELD_P
    no[enough] = stands_out & again
    return no


def _enough(flags: Floats) -> NDArray[np.bool_]:
    have = flags.sum(axis=0)
    return np.asarray((have >= FEWEST / 2) & (len(flags) - have >= FEWEST / 2))


def _effects(judged: Known, flags: Floats) -> tuple[Floats, Floats]:
    """Effects and standard errors of all flags together on the logarithm of the result."""
    posts = adjusted(judged)
    inner = posts.cross(flags, flags)
    covariance = np.linalg.inv(inner + (1e-3 + 1e-9 * float(np.trace(inner))) * np.eye(flags.shape[1]))
    outer = posts.cross(flags, posts.response)
    effect = covariance @ outer
    left = 1 - min(float(outer @ effect) / max(float(posts.cross(posts.response, posts.response)), 1e-12), 0.99)
    return effect, np.sqrt(left * np.diag(covariance))


def _driver(words: tuple[str, str], effect: float, error: float, posts: int) -> Driver:
    name, against = words
    ratio, lower, upper = (float(np.exp(value)) for value in (effect, effect - Z95 * error, effect + Z95 * error))
    told = f"{name} did {ratio:.1f} times as well as {against} ({lower:.1f} to {upper:.1f})"
    if abs(ratio - 1) < 0.1:
        told = f"{name} did {ratio:.2f} times as well as {against} ({lower:.2f} to {upper:.2f})"
    return Driver(name, ratio, lower, upper, posts, told)


def _flags(posts: pd.DataFrame, also: Sequence[str]) -> tuple[Floats, list[tuple[str, str]]]:
    """Yes-or-no columns of the posts, (posts, flags), and what to call those that have it and those that don't."""
    kept: list[_Column] = []
    for one in [*_kinds(posts), *_more(posts, also), *_clock(posts), *_texts(posts)]:
        if FEWEST <= one[2].sum() <= len(posts) - FEWEST and not any(_same(one, other) for other in kept):
            kept.append(one)
    if not kept:
        return np.empty((len(posts), 0)), []
    return np.column_stack([one[2] for one in kept]).astype(float), [one[:2] for one in kept]


_Column = tuple[str, str, NDArray[Any]]


def _same(one: _Column, other: _Column) -> bool:
    """Two names for the same posts, or for all others: their effects can't be told apart."""
    return abs(float(np.corrcoef(one[2], other[2])[0, 1])) > _ALIKE


def _kinds(posts: pd.DataFrame) -> list[_Column]:
    kind = posts["kind"].astype(str)
    counts = kind.value_counts()
    names = sorted(counts.index, key=lambda name: (-counts[name], name))
    usual = plural(names[0]).lower() if names else ""
    return [(plural(name).capitalize(), usual, (kind == name).to_numpy(dtype=float)) for name in names[1:]]


def plural(kind: str) -> str:
    """The plural of a kind of post: "story" gives "stories", "status" "statuses", "reel" "reels".

    >>> [plural(kind) for kind in ("story", "status", "live_video", "pictures")]
    ['stories', 'statuses', 'live videos', 'pictures']
    """
    word = kind.replace("_", " ")
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def _clock(posts: pd.DataFrame) -> list[_Column]:
    times = pd.to_datetime(posts["published_local"])
    hour, weekday = times.dt.hour, times.dt.day_of_week
    return [
        ("Posts at the week-end", "on working days", (weekday >= 5).to_numpy(dtype=float)),
        ("Posts from 5:00 to 11:00", "later in the day", hour.between(5, 10).to_numpy(dtype=float)),
        ("Posts from 17:00 to 23:00", "at midday", hour.between(17, 22).to_numpy(dtype=float)),
        ("Posts from 23:00 to 5:00", "at midday", ((hour >= 23) | (hour < 5)).to_numpy(dtype=float)),
    ]


def _texts(posts: pd.DataFrame) -> list[_Column]:
    found = texts(posts)
    middle = round(float(np.expm1(found["length"].median())))
    long = (found["length"] > np.log1p(middle)).to_numpy(dtype=float)
    flags = {"link": "a link", "mention": "a mention", "question": "a question", "emoji": "an emoji"}
    tags = (found["tags"] > 0).to_numpy(dtype=float)
    return [
        *((f"Posts with {words}", "those without", found[name].to_numpy(dtype=float)) for name, words in flags.items()),
        ("Posts with hashtags", "those without", tags),
        (f"Posts with more than {middle} characters", "shorter ones", long),
    ]


def _more(posts: pd.DataFrame, also: Sequence[str]) -> list[_Column]:
    two = [name for name in also if name in posts and set(posts[name].dropna().unique()) == {0, 1}]
    return [
        (f"Posts with {name.replace('_', ' ')}", "those without", (posts[name] == 1).to_numpy(float)) for name in two
    ]
