"""The simulated world: one business, Northwind Coffee, seen by all platforms.

Everything is drawn from random streams keyed by (seed, account, year), so a day's numbers never depend on when they
are asked for: a later `now` only adds days. Nothing here knows a wire format; a platform's file declares its accounts
as `AccountSpec` and asks:

    account = world.account(SPEC)              cached, built in ~0.1 s
    account.posts(now)                         posts published until now, oldest first; `account.by_id[post.id]`
    account.counters("likes", now)             int array, one lifetime counter per post of `posts(now)`; never falls
    account.counters_at("likes", rows, moments) the same for some posts (by index) at several moments
    account.post_daily("views", days)          int array (post, day): adds up to the counters
    account.daily("views", days)               int array: what the account got on these days (platform's calendar)
    account.split("views", "country", days)    {member: int array}: adds up to `daily`
    account.followers(now)                     the stock; `daily("followers_gained")`, `daily("followers_lost")`
    account.shares("age_gender")               {member: share} of the audience
    account.shown(days, now, lag)              (day, factor) the platform already shows: lag, gap, provisional days
    account.planted                            what was put there on purpose, and why
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from core import clock
from sandbox import captions, rhythm

NOT_A_PLUGIN = True

BUSINESS = "Northwind Coffee"
ZONE = "Europe/Berlin"
CURRENCY = "EUR"
BEGINS = date(2024, 1, 1)
SEED = 1707

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SHARES: Mapping[str, Mapping[str, float]] = {
    "country": {"DE": 46, "AT": 11, "CH": 9, "GB": 8, "US": 8, "NL": 5, "FR": 4, "PL": 3, "DK": 3, "IT": 3},
    "city": {
        "Berlin": 34,
        "Hamburg": 14,
        "Munich": 12,
        "Vienna": 10,
        "Cologne": 9,
        "Leipzig": 8,
        "Zurich": 7,
        "London": 6,
    },
    "age": {"13-17": 2, "18-24": 19, "25-34": 38, "35-44": 23, "45-54": 11, "55-64": 5, "65-": 2},
    "gender": {"F": 55, "M": 42, "U": 3},
    "device": {"mobile": 63, "desktop": 19, "tv": 10, "tablet": 7, "other": 1},
    "language": {"de": 62, "en": 30, "fr": 5, "it": 3},
}
_SILENT_DAYS = ((4, 3), (4, 4), (10, 12))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of post: its share of all posts, views relative to the account's usual post, and how it ages.

    `half_life_h` is when half of the fast part has come; `tail` the part that keeps coming, evenly on a log scale;
    `lives_h` ends it (stories); `rates` multiplies the account's rates; `seconds` is the range of durations.
    """

    share: float
    scale: float = 1.0
    half_life_h: float = 14.0
    tail: float = 0.12
    lives_h: float = 0.0
    rates: Mapping[str, float] = field(default_factory=dict)
    seconds: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpec:
    """An account on a platform, as its file declares it. `shows` names the state this fixture exists to show.

    `rates` are lifetime counters of posts per view (likes: 0.04); they add up to the account's days.
    `daily_rates` are account-level numbers per view of the day (reach: 0.7) that belong to no post.
    `gained_per_day` / `lost_per_day` are followers at the beginning; both grow with the account. `day_zone` is the zone
    of the platform's days. `post_id` makes the platform's id of a post. Without posts and followers an account is
    empty.
    """

    platform: str
    key: str
    external_id: str
    title: str
    handle: str
    shows: str
    day_zone: str = "UTC"
    opened: date = BEGINS
    followers: int = 0
    gained_per_day: float = 0.0
    lost_per_day: float = 0.0
    posts_per_week: float = 0.0
    views_per_post: float = 0.0
    growth_per_year: float = 0.3
    kinds: Mapping[str, Kind] = field(default_factory=lambda: {"post": Kind(1.0)})
    rates: Mapping[str, float] = field(default_factory=dict)
    daily_rates: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    post_id: Callable[[int, datetime], str] = lambda number, _at: str(number)

    @property
    def is_empty(self) -> bool:
        """Whether nothing ever happens here."""
        return not self.posts_per_week and not self.followers and not self.gained_per_day


@dataclass(frozen=True, slots=True)
class Post:
    """One published piece of content. `number` is unique and stable; `published_at` is UTC, whole seconds."""

    index: int
    number: int
    id: str
    published_at: datetime
    kind: str
    text: captions.Text
    duration_s: int
    viral: bool


@dataclass(frozen=True, slots=True)
class Planted:
    """Something put into the world on purpose. `factor` multiplies what would have been."""

    day: date
    what: str
    factor: float


def snowflake(number: int, published_at: datetime) -> str:
    """An id in X's style: the moment in milliseconds, then a sequence."""
    return str((int(published_at.timestamp() * 1000) - 1288834974657) << 22 | (number * 7919) % 4096)


def digits(number: int, _at: datetime) -> str:
    """An id in Meta's style: 17 digits."""
    return str(17_900_000_000_000_000 + (number * 2_654_435_761_097) % 99_999_999_999_989)


def base64_id(number: int, _at: datetime) -> str:
    """An id in YouTube's style: 11 characters."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    value = (number + 1) * 0x9E3779B97F4A7C15 % 2**66
    return "".join(letters[value >> (6 * place) & 63] for place in range(11))


def days_of(first: date, last: date) -> list[date]:
    """All days from `first` to `last`, both included."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


class World:
    """One business on all platforms, at a moment.

    `now` is a moment, or a clock. `travel` moves it (tests); the past stays what it was.
    """

    def __init__(self, now: datetime | Callable[[], datetime] | None = None, seed: int = SEED) -> None:
        self._now: datetime | Callable[[], datetime] = now or clock.utc_now
        self.seed = seed
        self._accounts: dict[tuple[str, str], Account] = {}
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The present moment of this world, in UTC."""
        moment = self._now() if callable(self._now) else self._now
        return moment.astimezone(UTC)

    def travel(self, now: datetime | Callable[[], datetime]) -> None:
        """Make it another moment."""
        self._now = now

    def account(self, spec: AccountSpec) -> Account:
        """The account as it is until the end of the present year (built once a year and account)."""
        key = (spec.platform, spec.key)
        last_year = (self.now() + timedelta(days=2)).year
        found = self._accounts.get(key)
        if found is None or found.last_year < last_year:
            with self._lock:
                found = self._accounts.get(key)
                if found is None or found.last_year < last_year:
                    found = self._accounts[key] = Account(spec, self.seed, last_year)
        return found


class Account:
    """One account with its posts and its days until the end of `last_year`. All arrays are read-only."""

    def __init__(self, spec: AccountSpec, seed: int, last_year: int) -> None:
        self.spec = spec
        self.last_year = last_year
        self._seed = seed
        self._drawn = [self._draw_year(year) for year in range(BEGINS.year, last_year + 1)]
        self.days = days_of(BEGINS, date(last_year, 12, 31))
        self._bounds = np.array(
            [rhythm.midnight(day, spec.day_zone) for day in [*self.days, date(last_year + 1, 1, 1)]]
        )
        self._draw_posts()

    def _rng(self, year: int, purpose: str) -> np.random.Generator:
        key = crc32(f"{self.spec.platform}/{self.spec.key}/{purpose}".encode())
        return np.random.default_rng([self._seed, key, year])

    # Days

    def _draw_year(self, year: int) -> tuple[Floats, Floats, list[Planted]]:
        """Intensity and noise of each day of a year, and what was planted in it."""
        rng = self._rng(year, "days")
        days = days_of(date(year, 1, 1), date(year, 12, 31))
        shocks = rng.normal(0, 0.07, len(days))
        noise = np.empty(len(days))
        level = 0.0
        for position, shock in enumerate(shocks):
            level = 0.55 * level + shock
            noise[position] = level
        weekday = rhythm.WATCHING_WEEKDAY[[day.weekday() for day in days]]
        intensity = weekday * np.array([rhythm.season(day) for day in days]) * np.exp(noise)
        planted = self._plant(year, rng)
        for plant in planted:
            if plant.what in {"spike", "drop"}:
                intensity[(plant.day - days[0]).days] *= plant.factor
        return intensity, np.exp(rng.normal(0, 0.05, len(days))), planted

    def _plant(self, year: int, rng: np.random.Generator) -> list[Planted]:
        """One spike or drop each month, restated days, days without data, and a wave of people leaving."""
        planted = []
        for month in range(1, 13):
            up, day, size = bool(rng.integers(2)), int(rng.integers(3, 27)), float(rng.uniform(0, 1))
            factor = 2.8 + size if up else 0.15 + 0.15 * size
            planted.append(Planted(date(year, month, day), "spike" if up else "drop", factor))
            planted.append(Planted(date(year, month, int(rng.integers(1, 28))), "restated", 1.15))
        planted += [Planted(date(year, month, day), "silent", 0.0) for month, day in _SILENT_DAYS]
        planted.append(Planted(date(year, 5, int(rng.integers(8, 25))), "people leaving", 7.0))
        return [plant for plant in planted if plant.day >= self.spec.opened]

    @cached_property
    def planted(self) -> tuple[Planted, ...]:
        """What was put there on purpose, in order of days; the viral posts too."""
        found = [plant for _, _, plants in self._drawn for plant in plants]
        found += [
            Planted(post.published_at.date(), f"viral post {post.id}", 16.0) for post in self._posts if post.viral
        ]
        return tuple(sorted(found, key=lambda plant: (plant.day, plant.what)))

    @cached_property
    def _intensity(self) -> Floats:
        return np.concatenate([intensity for intensity, _, _ in self._drawn])

    @cached_property
    def _noise(self) -> Floats:
        return np.concatenate([noise for _, noise, _ in self._drawn])

    def day_index(self, day: date) -> int:
        """Where a day stands in `days`. Days outside the world are outside the list too."""
        return (day - BEGINS).days

    def today(self, now: datetime) -> date:
        """The day in the platform's calendar."""
        return clock.local_day(now, self.spec.day_zone)

    # Posts

    def _draw_posts(self) -> None:
        drawn = [item for year in range(BEGINS.year, self.last_year + 1) for item in self._draw_year_of_posts(year)]
        drawn.sort(key=lambda item: (item[0].published_at, item[0].number))
        self._posts = [_at_index(post, index) for index, (post, _, _) in enumerate(drawn)]
        self._times = np.array([post.published_at.timestamp() for post in self._posts])
        self._scale = np.array([scale for _, scale, _ in drawn])
        names = list(self.spec.rates)
        rates = np.array([rates for _, _, rates in drawn]).reshape(len(drawn), len(names))
        self._rates = {name: rates[:, column] for column, name in enumerate(names)}
        kinds = [self.spec.kinds[post.kind] for post in self._posts]
        self._half_life = np.array([kind.half_life_h for kind in kinds])
        self._tail = np.array([kind.tail for kind in kinds])
        self._lives = np.array([kind.lives_h for kind in kinds])
        self.by_id = {post.id: post for post in self._posts}

    def _draw_year_of_posts(self, year: int) -> list[tuple[Post, float, list[float]]]:
        if not self.spec.posts_per_week:
            return []
        rng = self._rng(year, "posts")
        days = days_of(date(year, 1, 1), date(year, 12, 31))
        moments = rhythm.moments(days, self.spec.posts_per_week, ZONE, rng)
        viral = (
            {int(rng.integers(len(moments) * q // 4, max(len(moments) * (q + 1) // 4, 1))) for q in range(4)}
            if moments
            else set()
        )
        hostile = {len(moments) // 3: 0, len(moments) * 3 // 4: 1}
        drawn = [
            self._draw_post(year, order, moment, order in viral, hostile.get(order), rng)
            for order, moment in enumerate(moments)
        ]
        return [item for item in drawn if item[0].published_at.date() >= self.spec.opened]

    def _draw_post(
        self, year: int, order: int, at: datetime, viral: bool, hostile: int | None, rng: np.random.Generator
    ) -> tuple[Post, float, list[float]]:
        spec = self.spec
        names = list(spec.kinds)
        weights = np.array([spec.kinds[name].share for name in names])
        kind_name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        kind = spec.kinds[kind_name]
        text = captions.write(rng)
        luck = float(np.exp(rng.normal(0, 0.42)))
        spread = np.exp(rng.normal(0, 0.22, len(spec.rates)))
        duration = int(rng.integers(kind.seconds[0], kind.seconds[1] + 1))
        local = at.astimezone(clock.zone(ZONE))
        years = (at.date() - BEGINS).days / 365.25
        lift = text.lift * rhythm.HOUR_LIFT[local.hour] * (1 + spec.growth_per_year) ** years * (16 if viral else 1)
        scale = spec.views_per_post * kind.scale * luck * lift
        rates = [
            rate * kind.rates.get(name, 1) * factor
            for (name, rate), factor in zip(spec.rates.items(), spread, strict=True)
        ]
        number = (year - BEGINS.year) * 10_000 + order + 1 + crc32(spec.key.encode()) % 1000 * 1_000_000
        words = text if hostile is None else captions.hostile(hostile)
        return Post(0, number, spec.post_id(number, at), at, kind_name, words, duration, viral), scale, rates

    @cached_property
    def _cumulated(self) -> Floats:
        """Views of each post (rows) until each midnight (columns), before rounding."""
        reached = self._reached(self._bounds[None, :])
        steps = np.diff(reached, axis=1) * self._intensity[None, :] * self._scale[:, None]
        return np.concatenate([np.zeros((len(self._posts), 1)), np.cumsum(steps, axis=1)], axis=1)

    def _reached(self, moments: Floats, rows: Ints | slice = slice(None)) -> Floats:
        age = (moments - self._times[rows, None]) / 3600
        half_life, tail, lives = self._half_life[rows, None], self._tail[rows, None], self._lives[rows, None]
        return rhythm.saturation(age, half_life, tail, lives)

    def posts(self, now: datetime) -> list[Post]:
        """The posts published until a moment, oldest first."""
        return self._posts[: self._published(now)]

    def _published(self, now: datetime) -> int:
        return int(np.searchsorted(self._times, now.timestamp(), side="right"))

    def _rate(self, metric: str) -> Floats:
        return np.ones(len(self._posts)) if metric == "views" else self._rates[metric]

    def counters(self, metric: str, now: datetime) -> Ints:
        """The lifetime counter of each post of `posts(now)` at a moment. Whole numbers that never fall."""
        rows = np.arange(self._published(now))
        return self.counters_at(metric, rows, [now])[:, 0]

    def counters_at(self, metric: str, rows: Ints, moments: Sequence[datetime]) -> Ints:
        """Lifetime counters of some posts (by index) at several moments, (post, moment). 0 before publication."""
        stamps = np.array([moment.timestamp() for moment in moments])
        at = np.clip(np.searchsorted(self._bounds, stamps, side="right") - 1, 0, len(self.days) - 1)
        inside = self._reached(stamps[None, :], rows) - self._reached(self._bounds[None, at], rows)
        views = self._cumulated[np.ix_(rows, at)] + inside * self._intensity[at] * self._scale[rows, None]
        counted: Ints = np.floor(self._rate(metric)[rows, None] * views + 1e-9).astype(np.int64)
        return counted

    def post_daily(self, metric: str, days: Sequence[date], now: datetime | None = None) -> Ints:
        """What each post got on each day, (post, day). Sums over all days to the counter; nothing after `now`."""
        first, last = self.day_index(days[0]), self.day_index(days[-1])
        rates = self._rate(metric)
        whole = np.floor(rates[:, None] * self._cumulated[:, first : last + 2] + 1e-9).astype(np.int64)
        if now is None:
            return np.diff(whole, axis=1)
        until = np.zeros(len(self._posts), dtype=np.int64)
        until[: self._published(now)] = self.counters(metric, now)
        capped: Ints = np.diff(np.minimum(whole, until[:, None]), axis=1)
        return capped

    # What the account got

    @cached_property
    def _totals(self) -> dict[str, Ints]:
        return {}

    def _total(self, metric: str) -> Ints:
        if metric not in self._totals:
            self._totals[metric] = self._make_total(metric)
        return self._totals[metric]

    def _make_total(self, metric: str) -> Ints:
        if metric == "followers_gained":
            return self._people(self.spec.gained_per_day, "gained", False)
        if metric == "followers_lost":
            return self._people(self.spec.lost_per_day, "lost", True)
        if metric in self.spec.daily_rates:
            shifted = np.roll(self._noise, 1 + crc32(metric.encode()) % 5)
            return np.floor(self._total("views") * self.spec.daily_rates[metric] * shifted).astype(np.int64)
        total: Ints = self.post_daily(metric, self.days).sum(axis=0)
        return total

    def _people(self, per_day: float, purpose: str, leaving: bool) -> Ints:
        """Followers gained or lost each day: growing with the account, with its season, noise and planted waves."""
        parts = []
        for year, (intensity, _, planted) in zip(range(BEGINS.year, self.last_year + 1), self._drawn, strict=True):
            rng = self._rng(year, purpose)
            days = days_of(date(year, 1, 1), date(year, 12, 31))
            trend = (1 + self.spec.growth_per_year) ** np.array([(day - BEGINS).days / 365.25 for day in days])
            mean = per_day * trend * (1 + 0.3 * (intensity - 1) if leaving else intensity)
            for plant in planted if leaving else ():
                if plant.what == "people leaving":
                    mean[(plant.day - days[0]).days] *= plant.factor
            parts.append(rng.poisson(mean))
        people = np.concatenate(parts).astype(np.int64)
        people[: max(self.day_index(self.spec.opened), 0)] = 0
        return people

    def daily(self, metric: str, days: Sequence[date], now: datetime | None = None) -> Ints:
        """What the account got on each of some consecutive days; the part until `now` of the day that is running."""
        values = self._total(metric)[self.day_index(days[0]) : self.day_index(days[-1]) + 1].copy()
        if now is None:
            return values
        for position, day in enumerate(days):
            if (part := self._elapsed(day, now)) < 1:
                values[position] = self._part_of_day(metric, day, now, int(values[position]), part)
        return values

    def _part_of_day(self, metric: str, day: date, now: datetime, whole: int, part: float) -> int:
        if part > 0 and (metric == "views" or metric in self.spec.rates):
            return int(self.post_daily(metric, [day], now).sum())
        return int(whole * part)

    def _elapsed(self, day: date, now: datetime) -> float:
        start, end = self._bounds[self.day_index(day) : self.day_index(day) + 2]
        return float(np.clip((now.timestamp() - start) / (end - start), 0, 1))

    def followers(self, now: datetime) -> int:
        """How many follow at a moment."""
        today = self.day_index(self.today(now))
        net = self._total("followers_gained") - self._total("followers_lost")
        part = self._elapsed(self.days[today], now) * float(net[today])
        return max(self.spec.followers + int(net[:today].sum()) + int(part), 0)

    def followers_on(self, days: Sequence[date]) -> Ints:
        """How many follow at the end of each of some consecutive days."""
        net = self._total("followers_gained") - self._total("followers_lost")
        stock = self.spec.followers + np.cumsum(net)
        shown: Ints = np.maximum(stock[self.day_index(days[0]) : self.day_index(days[-1]) + 1], 0)
        return shown

    def shares(self, dimension: str) -> dict[str, float]:
        """How the audience divides: member -> share; adds up to 1. `age_gender` members look like "25-34 F"."""
        if dimension == "age_gender" and "age_gender" not in self.spec.shares:
            ages, genders = self.shares("age"), self.shares("gender")
            return {f"{age} {gender}": a * g for age, a in ages.items() for gender, g in genders.items()}
        shares = self.spec.shares.get(dimension) or SHARES[dimension]
        total = sum(shares.values())
        return {member: share / total for member, share in shares.items()}

    def split(self, metric: str, dimension: str, days: Sequence[date], now: datetime | None = None) -> dict[str, Ints]:
        """A daily number by the members of a dimension: drifts slowly, and adds up to `daily` exactly."""
        total = self.daily(metric, days, now)
        shares = self.shares(dimension)
        turn = 2 * np.pi * (np.array([self.day_index(day) for day in days])[None, :] / 91)
        phase = np.array([crc32(member.encode()) % 628 / 100 for member in shares])[:, None]
        weights = np.array(list(shares.values()))[:, None] * (1 + 0.18 * np.sin(turn + phase))
        edges = np.cumsum(weights, axis=0) / weights.sum(axis=0)
        upto = np.floor(edges * total + 0.5).astype(np.int64)
        upto[-1] = total
        return dict(zip(shares, np.diff(upto, axis=0, prepend=np.zeros((1, len(total)), dtype=np.int64)), strict=True))

    def shown(
        self,
        days: Sequence[date],
        now: datetime,
        lag: timedelta = timedelta(),
        settles: timedelta = timedelta(hours=48),
    ) -> list[tuple[date, float]]:
        """The days a platform already shows, each with a factor for its numbers.

        A day appears `lag` after its end and is provisional for `settles` more: 0.94 of what it will be (a planted
        restated day 1.15), then 1.0 for ever. Planted silent days never appear, nor do days before the account opened.
        """
        restated = {plant.day: plant.factor for plant in self.planted if plant.what == "restated"}
        silent = {plant.day for plant in self.planted if plant.what == "silent"}
        found = []
        for day in days:
            if day < max(self.spec.opened, BEGINS) or day > self.days[-1] or day in silent:
                continue
            age_s = now.timestamp() - (self._bounds[self.day_index(day) + 1] + lag.total_seconds())
            if age_s >= 0:
                found.append((day, 1.0 if age_s >= settles.total_seconds() else restated.get(day, 0.94)))
        return found


def _at_index(post: Post, index: int) -> Post:
    return Post(index, post.number, post.id, post.published_at, post.kind, post.text, post.duration_s, post.viral)
