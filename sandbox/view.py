"""An account at a moment as a platform may show it: what `Call.view` hands to a platform's file, faults applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from sandbox.faults import Fault
from sandbox.world import Account, AccountSpec, Ints, Post, World, days_of

NOT_A_PLUGIN = True

_FEW_POSTS = 3
SETTLES = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class View:
    """One account at `now`. All numbers are what has happened until then."""

    account: Account
    spec: AccountSpec
    now: datetime
    faults: Mapping[str, Fault]

    @classmethod
    def of(cls, world: World, spec: AccountSpec, now: datetime, faults: Mapping[str, Fault]) -> View:
        """The account, or its empty twin under the fault `empty_account`."""
        if "empty_account" in faults:
            spec = emptied(spec)
        return cls(world.account(spec), spec, now, faults)

    @property
    def today(self) -> date:
        """The day that is running in the platform's calendar."""
        return self.account.today(self.now)

    @property
    def followers(self) -> int:
        """How many follow now."""
        return self.account.followers(self.now)

    def posts(self) -> list[Post]:
        """Published posts, newest first; only a few under `one_page`."""
        found = self.account.posts(self.now)[::-1]
        return found[:_FEW_POSTS] if "one_page" in self.faults else found

    def post(self, post_id: str) -> Post | None:
        """The published post of an id."""
        found = self.account.by_id.get(post_id)
        return found if found and found.published_at <= self.now else None

    def counters(self, metric: str) -> Ints:
        """Lifetime counters, by `post.index`. `restated` lifts those of posts younger than its days."""
        return self.counters_at(metric, np.arange(len(self.account.posts(self.now))), [self.now])[:, 0]

    def counters_at(self, metric: str, rows: Ints, moments: Sequence[datetime]) -> Ints:
        """Lifetime counters of some posts (by index) at several moments, (post, moment)."""
        values = self.account.counters_at(metric, rows, moments)
        if fault := self.faults.get("restated"):
            since = self.now - timedelta(days=_days(fault))
            young = np.array([post.published_at > since for post in self.account.posts(self.now)])[rows, None]
            values = np.where(young, np.floor(values * _factor(fault)), values).astype(np.int64)
        return values

    def daily(
        self, metric: str, first: date, last: date, lag: timedelta = timedelta(), settles: timedelta = SETTLES
    ) -> dict[date, int]:
        """A daily number for the days the platform already shows (see `Account.shown`); others are left out."""
        days, factors = self._shown(first, last, lag, settles)
        if not days:
            return {}
        span = days_of(days[0], days[-1])
        values = dict(zip(span, self.account.daily(metric, span, self.now).tolist(), strict=True))
        return {day: int(values[day] * factor) for day, factor in zip(days, factors, strict=True)}

    def split(
        self,
        metric: str,
        dimension: str,
        first: date,
        last: date,
        lag: timedelta = timedelta(),
        settles: timedelta = SETTLES,
    ) -> dict[str, dict[date, int]]:
        """`daily` by the members of a dimension; adds up to it on settled days."""
        days, factors = self._shown(first, last, lag, settles)
        if not days:
            return {}
        span = days_of(days[0], days[-1])
        parts = self.account.split(metric, dimension, span, self.now)
        at = [(day - days[0]).days for day in days]
        return {
            member: {day: int(values[i] * factor) for day, i, factor in zip(days, at, factors, strict=True)}
            for member, values in parts.items()
        }

    def post_daily(self, metric: str, days: Sequence[date]) -> Ints:
        """(post.index, day): what posts got on consecutive days until now."""
        return self.account.post_daily(metric, days, self.now)

    def _shown(self, first: date, last: date, lag: timedelta, settles: timedelta) -> tuple[list[date], list[float]]:
        if first > last or self.spec.is_empty:
            return [], []
        shown = self.account.shown(days_of(first, last), self.now, lag, settles)
        if fault := self.faults.get("restated"):
            newest = self.today - timedelta(days=_days(fault) + lag.days)
            shown = [(day, factor * (_factor(fault) if day >= newest else 1)) for day, factor in shown]
        return [day for day, _ in shown], [factor for _, factor in shown]


def emptied(spec: AccountSpec) -> AccountSpec:
    """The same account with nothing in it."""
    return replace(spec, key=f"{spec.key}/empty", followers=0, gained_per_day=0.0, lost_per_day=0.0, posts_per_week=0.0)


def _days(fault: Fault) -> int:
    return int(fault.options.get("days", 3))


def _factor(fault: Fault) -> float:
    return float(fault.options.get("factor", 1.25))
