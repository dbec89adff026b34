"""What posts that do better have in common: only what also held on later posts."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.adjusting import Floats, Known, adjusted, known
from analytics.normal import Z95
from analytics.post_outcome.features import texts
from core.language import figure, mark, tr

FEWEST = 15
"""A feature that fewer posts have, or lack, is not judged."""
_EARLY = 0.6
_FALSE_SHARE, _HELD_P = 0.05, 0.05
_ALIKE = 0.95
_LONGER = re.compile(r"Posts with more than (\d+) characters")
_PLURALS = (
    mark("images"), mark("videos"), mark("carousels"), mark("reels"), mark("shorts"), mark("stories"), mark("tweets"),
    mark("replies"), mark("documents"), mark("articles"), mark("polls"), mark("posts"), mark("links"), mark("reposts"),
)  # fmt: skip
"""The usual kinds of posts; a platform may name others, which stay as they are."""


@dataclass(frozen=True, slots=True)
class Driver:
    """Posts with a feature did `ratio` times as well as others (95 % interval `lower` to `upper`), from so many; the
    others are called `against`."""

    feature: str
    ratio: float
    lower: float
    upper: float
    posts: int
    words: str
    against: str = ""


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
    digits = 2 if abs(ratio - 1) < 0.1 else 1
    times, low, high = (figure(f"{value:.{digits}f}") for value in (ratio, lower, upper))
    told = tr("{posts} did {times} times as well as {others} ({low} to {high})",
              posts=said(name), times=times, others=said(against), low=low, high=high)  # fmt: skip
    return Driver(name, ratio, lower, upper, posts, told, against)


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


def said(feature: str) -> str:
    """A feature, or what it is held against, in the reader's language: they are kept in English.

    >>> said("Posts with a link"), said("Posts with more than 80 characters"), said("Reels")
    ('Posts with a link', 'Posts with more than 80 characters', 'Reels')
    """
    if longer := _LONGER.fullmatch(feature):
        return tr("Posts with more than {n} characters", n=longer[1])
    kind = feature.lower()
    if kind not in _PLURALS:
        return tr(feature)
    return tr(kind) if kind == feature else tr(kind)[:1].upper() + tr(kind)[1:]


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
        (mark("Posts at the week-end"), mark("on working days"), (weekday >= 5).to_numpy(dtype=float)),
        (mark("Posts from 5:00 to 11:00"), mark("later in the day"), hour.between(5, 10).to_numpy(dtype=float)),
        (mark("Posts from 17:00 to 23:00"), mark("at midday"), hour.between(17, 22).to_numpy(dtype=float)),
        (mark("Posts from 23:00 to 5:00"), "at midday", ((hour >= 23) | (hour < 5)).to_numpy(dtype=float)),
    ]


def _texts(posts: pd.DataFrame) -> list[_Column]:
    found = texts(posts)
    middle = round(float(np.expm1(found["length"].median())))
    long = (found["length"] > np.log1p(middle)).to_numpy(dtype=float)
    flags = {
        "link": mark("Posts with a link"), "mention": mark("Posts with a mention"),
        "question": mark("Posts with a question"), "emoji": mark("Posts with an emoji"),
    }  # fmt: skip
    tags = (found["tags"] > 0).to_numpy(dtype=float)
    return [
        *((feature, mark("those without"), found[name].to_numpy(dtype=float)) for name, feature in flags.items()),
        (mark("Posts with hashtags"), "those without", tags),
        (f"Posts with more than {middle} characters", mark("shorter ones"), long),
    ]


def _more(posts: pd.DataFrame, also: Sequence[str]) -> list[_Column]:
    two = [name for name in also if name in posts and set(posts[name].dropna().unique()) == {0, 1}]
    return [
        (f"Posts with {name.replace('_', ' ')}", "those without", (posts[name] == 1).to_numpy(float)) for name in two
    ]
