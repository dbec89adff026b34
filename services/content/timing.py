"""When do posts do better, and does it hold? Hours of the week, from a kept study or the posts of a year."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics import best_time
from analytics.adjusting import known
from analytics.best_time import BETTER, FEWEST, FEWEST_ALL, BestTimes, Lift
from charts import week
from core import language
from core.language import figure, mark, tr
from core.numbers import THIN
from core.question import Period, Posts, Where
from core.viewer import Viewer
from services import studies
from services.connecting.platforms import title as platform_title
from services.content import year
from services.content.year import Standing
from services.studies import Kept

MOST = 5
"""So many of the best times are told."""
ALL = best_time.SLOTS
KIND = "best_times"
_NO_LIFT = Lift(math.nan, math.nan, math.nan, 0)


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour of the week (`weekday` 0 is Monday), or of every day (`weekday` None), that clearly does better."""

    weekday: int | None
    hour: int
    lift: float
    lower: float
    upper: float
    posts: int

    @property
    def name(self) -> str:
        """Such as "Tuesday 18:00 to 19:00"."""
        hours = week.hours(self.hour)
        if self.weekday is None:
            return tr("Every day {hours}", hours=hours)
        return f"{language.weekday(self.weekday)} {hours}"

    @property
    def when(self) -> str:
        """The same inside a sentence: "on Tuesday 18:00 to 19:00"."""
        hours = week.hours(self.hour)
        if self.weekday is None:
            return tr("every day {hours}", hours=hours)
        return tr("on {weekday} {hours}", weekday=language.weekday(self.weekday), hours=hours)


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """What is known of best times. `slots`, `hours` and `weekdays` are as in `analytics.best_time`; without lifts
    (NaN) where they are not known. `posts` is how many could be judged, `fewest` how many are needed."""

    standing: Standing
    slots: pd.DataFrame
    hours: pd.DataFrame
    weekdays: pd.DataFrame
    reliable: bool
    held_out: Lift
    posts: int
    fewest: int = FEWEST_ALL

    @property
    def enough(self) -> bool:
        """Whether there are enough posts to look for a pattern."""
        return self.posts >= self.fewest


@dataclass(frozen=True, slots=True)
class OnPlatform:
    """What is known of one platform, in a line."""

    platform: str
    title: str
    said: str
    best: Slot | None


@dataclass(frozen=True, slots=True, eq=False)
class BestTimeAnswer:
    """Everything the page shows. `kinds` are the kinds of posts with how many, most first; `published` counts all
    posts of the year in view."""

    timing: Timing
    kinds: tuple[tuple[str, int], ...]
    kind: str
    published: int
    period: Period
    platforms: tuple[OnPlatform, ...]


def best_time_of(
    viewer: Viewer, where: Where, kind: str = "", only: Posts | None = None, *, now: datetime
) -> BestTimeAnswer:
    """Best times of the accounts or platforms chosen, of the posts meant by `only`, and of one kind if `kind` is given.

    What a study says is taken from it; what no study is about - accounts, several platforms, some posts - is computed.
    """
    every = year.posts(viewer, where, only, now=now)
    counts = every["kind"].value_counts()
    kinds = tuple((str(name), int(counts[name])) for name in sorted(counts.index, key=lambda one: (-counts[one], one)))
    chosen = kind if kind in counts.index else ""
    posts = every[every["kind"] == chosen] if chosen else every
    subject = year.studied(where, only)
    if subject is None or chosen:
        timing = computed(posts)
    else:
        standing, found = year.kept(viewer, KIND, subject)
        timing = studied(standing, found) if found is not None else _counted(standing, posts)
    return BestTimeAnswer(
        timing, kinds, chosen, len(posts), year.period(now), () if only else _platforms(viewer, where)
    )


def best(timing: Timing, most: int = MOST) -> tuple[Slot, ...]:
    """The times that clearly do better, best first: hours of the week, or hours of every day where those can't be told
    apart. None where the pattern is not reliable."""
    if not (timing.standing.ok and timing.reliable):
        return ()
    for table in (timing.slots, timing.hours):
        sure = table[table["verdict"] == BETTER].sort_values("lift", ascending=False, kind="stable")
        if len(sure):
            return tuple(_slot(row) for row in sure.head(most).to_dict("records"))
    return ()


def finding(timing: Timing) -> str:
    """What was found, in one sentence."""
    if not timing.standing.ok:
        return timing.standing.reason
    if not timing.enough:
        return tr(
            "Not enough posts yet ({n} of {fewest}) to look for best times.", n=timing.posts, fewest=timing.fewest
        )
    if not timing.reliable:
        return tr("No reliable pattern: posts do about as well at any hour. Post when it suits you.")
    told = best(timing, 1)
    if not told:
        return tr("The pattern holds as a whole, but no single hour stands out for sure yet.")
    effect = shares(told[0].lift, told[0].lower, told[0].upper)
    return tr("Posts do best {when}: {effect}.", when=told[0].when, effect=effect)


def proof(timing: Timing) -> str:
    """How the pattern did on later posts, in one sentence."""
    lift = timing.held_out
    if not (timing.standing.ok and timing.enough):
        return ""
    if math.isnan(lift.value):
        return tr("It could not be checked on later posts: too few, or none at other hours.")
    if lift.value >= 0:
        checked = mark(
            "Checked on {posts} later posts: those at advised hours did {share} better than those at other hours "
            "(likely {low} to {high})."
        )
    else:
        checked = mark(
            "Checked on {posts} later posts: those at advised hours did {share} worse than those at other hours "
            "(likely {low} to {high})."
        )
    said = tr(checked, posts=figure(f"{lift.posts:,}"), **_share(lift.value, lift.lower, lift.upper))
    return f"{said} {tr('The pattern held.') if timing.reliable else tr('That is not enough to rely on.')}"


def shares(lift: float, lower: float, upper: float) -> str:
    """A lift with its interval in words.

    >>> shares(0.321, 0.1, 0.5)
    '32\u202f% above usual (likely +10\u202f% to +50\u202f%)'
    """
    if lift >= 0:
        return tr("{share} above usual (likely {low} to {high})", **_share(lift, lower, upper))
    return tr("{share} below usual (likely {low} to {high})", **_share(lift, lower, upper))


def _share(lift: float, lower: float, upper: float) -> dict[str, str]:
    """The size of a lift and its interval, as the sentences about it name them."""
    return {"share": figure(f"{abs(lift) * 100:.0f}") + f"{THIN}%", "low": signed(lower), "high": signed(upper)}


def signed(share: float) -> str:
    """A share as whole per cent with its sign.

    >>> signed(0.204), signed(-0.05), signed(0.001), signed(float("nan"))
    ('+20\u202f%', '−5\u202f%', '+0.1\u202f%', 'n/a')
    """
    return tr("n/a") if math.isnan(share) else week.percent(share)


def best_hours(timing: Timing) -> tuple[str, ...]:
    """The hours that clearly do better on any day, those beside each other as one: "16:00 to 19:00"."""
    if not (timing.standing.ok and timing.reliable):
        return ()
    better = sorted(int(hour) for hour in timing.hours.loc[timing.hours["verdict"] == BETTER, "hour"])
    runs: list[list[int]] = []
    for hour in better:
        if runs and hour == runs[-1][1] + 1:
            runs[-1][1] = hour
        else:
            runs.append([hour, hour])
    return tuple(tr("{low} to {high}", low=f"{first:02d}:00", high=f"{(last + 1) % 24:02d}:00") for first, last in runs)


def _slot(row: Mapping[Hashable, Any]) -> Slot:
    weekday = int(row["weekday"]) if "weekday" in row else None
    return Slot(weekday, int(row["hour"]), row["lift"], row["lower"], row["upper"], int(row["posts"]))


def computed(posts: pd.DataFrame) -> Timing:
    """Best times of some posts of the last year, found now."""
    if posts.empty:
        return _counted(Standing("not_enough", tr("No post of the last year is known.")), posts)
    made = best_time.best_times(posts)
    return _made(Standing("ok"), made)


def _made(standing: Standing, made: BestTimes) -> Timing:
    judged = int(made.slots["posts"].sum())
    return Timing(standing, made.slots, made.hours, made.weekdays, made.reliable, made.held_out_lift, judged)


def studied(standing: Standing, found: Kept) -> Timing:
    """What a kept study of best times says."""
    numbers = {name: math.nan if value is None else value for name, value in found.found["held_out_lift"].items()}
    made = BestTimes(
        found.frame("slots"), found.frame("hours"), found.frame("weekdays"), bool(found.found["reliable"]),
        Lift(numbers["value"], numbers["lower"], numbers["upper"], int(numbers["posts"])), "",
    )  # fmt: skip
    return _made(standing, made)


def _counted(standing: Standing, posts: pd.DataFrame) -> Timing:
    """When posts were published, and nothing about how they did."""
    judged = best_time.slots_of(known(posts)) if len(posts) else np.empty(0, dtype=np.int64)
    counts = np.bincount(judged, minlength=best_time.SLOTS)
    week = pd.DataFrame({"weekday": np.repeat(np.arange(7), 24), "hour": np.tile(np.arange(24), 7), "posts": counts})
    tables = (week, week.groupby("hour", as_index=False)["posts"].sum(),
              week.groupby("weekday", as_index=False)["posts"].sum())  # fmt: skip
    blank = {"lift": np.nan, "lower": np.nan, "upper": np.nan}
    slots, hours, weekdays = (one.assign(**blank, verdict=_few(one["posts"])) for one in tables)
    return Timing(standing, slots, hours, weekdays, False, _NO_LIFT, int(counts.sum()))


def _few(posts: pd.Series) -> list[str]:
    return [f"not enough posts yet ({n} of {FEWEST})" if n < FEWEST else "not known" for n in posts]


def _platforms(viewer: Viewer, where: Where) -> tuple[OnPlatform, ...]:
    """Each platform of the view, as its own study has it; nothing where accounts are chosen."""
    if where.accounts:
        return ()
    found = [one for one in studies.all_of(viewer, KIND) if one.subject.platform]
    return tuple(_on_platform(one) for one in found if not where.platforms or one.subject.platform in where.platforms)


def _on_platform(one: Kept) -> OnPlatform:
    platform, title = one.subject.platform, platform_title(one.subject.platform)
    if one.state != "ok":
        return OnPlatform(platform, title, one.reason, None)
    timing = studied(Standing("ok"), one)
    told = best(timing, 1)
    if told:
        said = f"{told[0].name}, {shares(told[0].lift, told[0].lower, told[0].upper)}"
        return OnPlatform(platform, title, said, told[0])
    if not timing.enough:
        few = tr("not enough posts yet ({n} of {fewest})", n=timing.posts, fewest=timing.fewest)
        return OnPlatform(platform, title, few, None)
    said = tr("no single hour stands out") if timing.reliable else tr("no reliable pattern")
    return OnPlatform(platform, title, said, None)
