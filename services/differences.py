"""Which differences between platforms, accounts and formats are real, and which may be chance?

Posts are held against posts: their engagement over how often they were shown, one row per post. All comparisons of one
kind are judged together, so that of those called real at most one in twenty is expected to be false.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics import compare
from analytics.compare import Difference
from core.language import mark, tr
from core.question import Period, Posts, Where
from core.viewer import Viewer
from services.ask.notes import listed
from services.connecting.platforms import title as platform_title
from services.content import posts
from services.content.posts import EXPOSURES
from services.words import wording

FEWEST = 5
"""With fewer posts on a side nothing is compared."""
MOST = 10
"""So many platforms or accounts are held against each other, those with the most posts."""
YEAR_DAYS = 365
WINDOWS = ("year", "period")
"""Which posts are taken: those of the year up to the end of the period, or those of the period."""
_APART = mark("not enough posts with a common measure of how often they were shown")

Name = TypeVar("Name", bound=Hashable)
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Sides = tuple[Bools, Bools]
"""Which posts are on the one side, and which on the other."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Two sides held against each other. `over` is what their rates are taken over; where nothing can be compared
    `found` is None and `why` says why. `words` is the result as a sentence."""

    a: str
    b: str
    platform: str
    over: str
    found: Difference | None
    words: str
    why: str = ""

    @property
    def reliable(self) -> bool:
        """Whether a difference is claimed."""
        return self.found is not None and self.found.reliable


@dataclass(frozen=True, slots=True)
class Format:
    """The posts of a kind on a platform. `rate` is their engagement over how often they were shown, NaN unknown;
    `against` is how they differ from the platform's other kinds."""

    platform: str
    title: str
    kind: str
    posts: int
    median: float
    rate: float
    over: str
    against: Judged


@dataclass(frozen=True, slots=True)
class Differences:
    """What posts tell: sides in pairs, clearest first, and formats, by platform and most posts first. `posts` were
    published in `period`."""

    pairs: tuple[Judged, ...]
    formats: tuple[Format, ...]
    posts: int
    period: Period
    notes: tuple[str, ...]

    @property
    def real(self) -> tuple[Judged, ...]:
        """The pairs that differ reliably."""
        return tuple(one for one in self.pairs if one.reliable)


@dataclass(frozen=True, slots=True, eq=False)
class _Posts:
    """Posts as arrays: engagement and, by measure, how often each was shown; NaN unknown, or not to be divided by."""

    engagement: Floats
    shown: Mapping[str, Floats]

    def rates(self, chosen: Bools, over: str) -> Floats:
        """Engagement and exposure of the chosen posts of which both are known, (n, 2)."""
        known = chosen & ~np.isnan(self.shown[over])
        return np.column_stack([self.engagement[known], self.shown[over][known]])

    def common(self, one: Bools, two: Bools) -> str:
        """The first measure that enough posts of both sides have; none is empty."""
        for over, shown in self.shown.items():
            known = ~np.isnan(shown)
            if min((one & known).sum(), (two & known).sum()) >= FEWEST:
                return over
        return ""

    def own(self, chosen: Bools) -> str:
        """The measure that most of the chosen posts have; none is empty."""
        counts = {over: int((chosen & ~np.isnan(shown)).sum()) for over, shown in self.shown.items()}
        best = max(counts, key=lambda over: counts[over], default="")
        return best if counts.get(best) else ""


def between(
    viewer: Viewer,
    period: Period,
    where: Where,
    *,
    split: str = "platform",
    window: str = "year",
    only: Posts | None = None,
    known: pd.DataFrame | None = None,
    now: datetime,
) -> Differences:
    """How platforms (or accounts) and formats differ in the engagement rate of posts. `known`: what `posts.peers`
    answered, to save a read."""
    every = posts.narrowed(posts.peers(viewer, period, where, now=now) if known is None else known, only)
    taken = period if window == "period" else Period(period.last - timedelta(days=YEAR_DAYS - 1), period.last)
    inside = (
        every["inside"] if window == "period" else pd.to_datetime(every["published_local"]) >= pd.Timestamp(taken.first)
    )
    mine = every[inside].reset_index(drop=True)
    arrays = _arrays(mine)
    groups = _places(_sides_of(mine, split).tolist())
    biggest = sorted(groups, key=lambda name: (-len(groups[name]), name))[:MOST]
    notes = (
        ()
        if len(groups) <= MOST
        else (tr("Compared are the {n} with the most posts of {all}.", n=MOST, all=len(groups)),)
    )
    pairs = _pairs(arrays, {name: groups[name] for name in biggest}, mine["platform"].tolist())
    return Differences(pairs, _formats(arrays, mine), len(mine), taken, notes)


def _sides_of(mine: pd.DataFrame, split: str) -> pd.Series:
    titles = mine["platform"].map(platform_title)
    return titles if split == "platform" else mine["account"] + " (" + titles + ")"


def _arrays(mine: pd.DataFrame) -> _Posts:
    engagement = mine["engagement"].to_numpy(float)
    unknown = ~(engagement >= 0)
    shown = {}
    for over in EXPOSURES:
        if over in mine.columns:
            values = mine[over].to_numpy(float)
            shown[over] = np.where(unknown | ~(values > 0), np.nan, values)
    return _Posts(engagement, shown)


def _places(names: Sequence[Name]) -> dict[Name, list[int]]:
    """Name -> where it stands."""
    found: dict[Name, list[int]] = {}
    for at, name in enumerate(names):
        found.setdefault(name, []).append(at)
    return found


def _mask(n: int, places: list[int]) -> Bools:
    chosen = np.zeros(n, bool)
    chosen[places] = True
    return chosen


def _judge(arrays: _Posts, sides: Mapping[tuple[str, str], Sides]) -> dict[tuple[str, str], tuple[str, Difference]]:
    """What comes of comparisons that can be made, each with what it is taken over. They share sides and so hang
    together, which the control of false claims allows for."""
    over = {name: arrays.common(*two) for name, two in sides.items()}
    names = [name for name, measure in over.items() if measure]
    rates = [(arrays.rates(sides[name][0], over[name]), arrays.rates(sides[name][1], over[name])) for name in names]
    found = compare.many(rates, "rate", dependent=True)
    return {name: (over[name], one) for name, one in zip(names, found, strict=True)}


def _pairs(arrays: _Posts, groups: Mapping[str, list[int]], platforms: list[str]) -> tuple[Judged, ...]:
    """Every side against every other, the one with the higher rate first."""
    n = len(arrays.engagement)
    masks = {name: _mask(n, places) for name, places in groups.items()}
    sides = {
        (a, b): (masks[a], masks[b]) for a, b in (_higher(arrays, masks, *pair) for pair in combinations(masks, 2))
    }
    found = _judge(arrays, sides)
    judged = []
    for a, b in sides:
        over, one = found.get((a, b), ("", None))
        platform = platforms[groups[a][0]]
        why = tr(_APART) if one is None else one.reason.rstrip(".")
        if one is None or one.verdict == "not enough data":
            judged.append(
                Judged(a, b, platform, "", None, tr("{a} and {b} are not compared: {why}.", a=a, b=b, why=why), why)
            )
        else:
            judged.append(Judged(a, b, platform, over, one, one.words(a, b)))
    return tuple(sorted(judged, key=_clearest))


def _higher(arrays: _Posts, masks: Mapping[str, Bools], a: str, b: str) -> tuple[str, str]:
    over = arrays.common(masks[a], masks[b])
    if not over:
        return a, b
    one, two = (arrays.rates(masks[name], over).sum(axis=0) for name in (a, b))
    return (b, a) if two[0] / two[1] > one[0] / one[1] else (a, b)


def _clearest(one: Judged) -> tuple[bool, bool, float, str]:
    return one.found is None, not one.reliable, -abs(one.found.estimate) if one.found else 0.0, f"{one.a} {one.b}"


def _formats(arrays: _Posts, mine: pd.DataFrame) -> tuple[Format, ...]:
    """Each kind of post of each platform against the platform's other kinds."""
    n, platforms = len(mine), [str(one) for one in mine["platform"]]
    of_platform = {name: _mask(n, places) for name, places in _places(platforms).items()}
    named = list(zip(platforms, [str(one) for one in mine["kind"]], strict=True))
    kinds = {key: _mask(n, places) for key, places in _places(named).items()}
    sides: dict[tuple[str, str], Sides] = {key: (own, of_platform[key[0]] & ~own) for key, own in kinds.items()}
    found = _judge(arrays, sides)
    made = [_format(arrays, *key, sides[key], found.get(key)) for key in kinds]
    return tuple(sorted(made, key=lambda one: (one.title, -one.posts, one.kind)))


def _format(arrays: _Posts, platform: str, kind: str, sides: Sides, found: tuple[str, Difference] | None) -> Format:
    title, named, own = platform_title(platform), wording.kind(kind), sides[0]
    over = found[0] if found else arrays.own(own)
    rates = arrays.rates(own, over) if over else np.empty((0, 2))
    known = arrays.engagement[own & ~np.isnan(arrays.engagement)]
    if found is None or found[1].verdict == "not enough data":
        why = _too_few(*sides) if found is None else found[1].reason.rstrip(".")
        against = Judged(named, tr("the other formats"), platform, over, None, f"{title}, {named}: {why}.", why)
    else:
        words = found[1].words(f"{title} {named}", tr("other formats on {platform}", platform=title))
        against = Judged(named, tr("the other formats"), platform, over, found[1], words)
    return Format(
        platform,
        title,
        named,
        int(own.sum()),
        float(np.median(known)) if len(known) else np.nan,
        float(rates[:, 0].sum() / rates[:, 1].sum()) if len(rates) else np.nan,
        over,
        against,
    )


def _too_few(own: Bools, rest: Bools) -> str:
    if not rest.any():
        return tr("the only format")
    if own.sum() < FEWEST:
        return tr("not enough posts yet ({n} of {fewest})", n=int(own.sum()), fewest=FEWEST)
    if rest.sum() < FEWEST:
        return tr("not enough posts yet (others {n} of {fewest})", n=int(rest.sum()), fewest=FEWEST)
    return tr(_APART)


def summary(found: Differences) -> str:
    """How many of the comparisons show a real difference, in one sentence; empty where none could be made."""
    made = [one for one in found.pairs if one.found is not None]
    if not made:
        return ""
    counts = {"n": len(found.real), "all": len(made)}
    apart = [tr("{a} with {b}", a=one.a, b=one.b) for one in found.pairs if one.found is None]
    if not apart:
        return tr("{n} of {all} comparisons show a real difference in engagement rate.", **counts)
    return tr("{n} of {all} comparisons show a real difference in engagement rate; not comparable: {pairs}.",
              **counts, pairs=listed(apart))  # fmt: skip
