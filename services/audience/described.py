"""One audience along its dimensions: shares of each group, of which day they are, and how much they cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from analytics.metrics import registry
from core.errors import NotFound
from core.language import figure, mark, tr
from core.metric import Adds, Unit
from core.numbers import THIN
from core.question import Asked, By, Period, Question, Where
from core.viewer import Right, Viewer
from services import ask
from services.audience import people, places
from services.audience.people import MONTHLY, WHO, Audience
from services.words import calendar
from storage import database

TITLES = {
    "country": mark("Countries"), "city": mark("Cities"), "age_gender": mark("Age and gender"), "age": mark("Age"),
    "gender": mark("Gender"), "language": mark("Languages"), "job_function": mark("Job functions"),
    "seniority": mark("Seniority"), "industry": mark("Industries"), "company_size": mark("Company size"),
}  # fmt: skip
_TOP = 45
"""Platforms that cut their lists off cut them here."""
_ALL, _OVER = 0.995, 1.005
COLUMNS = ("key", "name", "value", "share", "earlier", "change")
_Span = tuple[Period, By | None]


@dataclass(frozen=True, eq=False)
class Part:
    """The audience along one dimension. `frame` has `COLUMNS`: `value` is NaN where only shares are told, `share` is of
    all the audience where its size is known, `earlier` the share on the earlier date, `change` between them.

    `dated` says of when it is, `earlier_dated` of when what it is compared with, `coverage` how much it covers.
    """

    dimension: str
    title: str
    frame: pd.DataFrame
    dated: str
    earlier_dated: str
    coverage: str
    covered: float


@dataclass(frozen=True, eq=False)
class Described:
    """One audience along all its dimensions."""

    audience: Audience
    parts: tuple[Part, ...]


def describe(viewer: Viewer, asked: Asked, key: str, *, now: datetime) -> Described:
    """One audience with its shares. Raises NotFound when it is not described near this period, and as `ask` does."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        accounts = people.chosen(connection, viewer, asked.where)
        found = people.found(connection, viewer, asked.period, accounts, now)
        past = calendar.past_of(asked.period, asked.compare)
        earlier = None if past is None else people.found(connection, viewer, past, accounts, now, after=False)
    one = next((one for one in people.audiences(found, accounts) if one.key == key), None)
    if one is None:
        raise NotFound(
            tr("Nothing is told of this audience in this period."), hint=tr("Choose another period or platform.")
        )
    totals: dict[tuple[Period, tuple[int, ...]], float | None] = {}
    periods = asked.period, past
    made = [_part(_Reader(viewer, one, name, now, totals), periods, (found, earlier)) for name in one.dimensions]
    return Described(one, tuple(part for part in made if len(part.frame)))


def _part(
    read: _Reader, periods: tuple[Period, Period | None], found: tuple[pd.DataFrame, pd.DataFrame | None]
) -> Part:
    """One dimension of an audience, beside the earlier date where that is known."""
    one, dimension = read.audience, read.dimension
    mine, before = read.at(_of(found[0], one, dimension), periods[0]), _Told.nothing()
    if found[1] is not None and periods[1] is not None:
        days = {at: day for at, day in _of(found[1], one, dimension).items() if day < mine.last}
        # Some accounts beside all of them would show a change of the accounts, not of the audience.
        if set(days) == set(mine.accounts):
            before = read.at(days, periods[1])
    # A group that was not listed has no known share; it is not 0.
    frame = mine.frame.assign(earlier=mine.frame["key"].map(before.shares()).astype(float))
    frame = frame.assign(change=frame["share"] - frame["earlier"])
    frame = frame.sort_values("share", ascending=False, kind="stable", ignore_index=True)[list(COLUMNS)]
    return Part(dimension, tr(TITLES[dimension]), frame, mine.dated, before.dated, _coverage(mine, one), mine.covered)


def _of(found: pd.DataFrame, one: Audience, dimension: str) -> dict[int, date]:
    rows = found[(found["metric"] == one.metric) & (found["dimension"] == dimension)]
    return {int(at): day for at, day in zip(rows["account"], rows["day"], strict=True) if int(at) in one.accounts}


@dataclass(frozen=True, eq=False)
class _Told:
    """Members with values and shares; `covered` is what the shares add up to, `most` how many an account listed."""

    frame: pd.DataFrame
    accounts: tuple[int, ...]
    last: date
    dated: str
    covered: float
    of_all: bool
    listed: int

    @classmethod
    def nothing(cls) -> _Told:
        frame = pd.DataFrame({"key": [], "name": [], "value": [], "share": []})
        return cls(frame, (), date.min, "", float("nan"), False, 0)

    def shares(self) -> dict[str, float]:
        return dict(zip(self.frame["key"], self.frame["share"], strict=True))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Asks for one dimension of one audience."""

    viewer: Viewer
    audience: Audience
    dimension: str
    now: datetime
    totals: dict[tuple[Period, tuple[int, ...]], float | None]

    def at(self, days: Mapping[int, date], period: Period) -> _Told:
        """What is told on these days of these accounts; of a flow, in the period."""
        if not days:
            return _Told.nothing()
        adds = registry.METRICS[self.audience.metric].adds
        spans: dict[_Span, tuple[int, ...]] = {}
        if adds is Adds.FLOW:
            spans[period, None] = tuple(days)
        elif self.audience.metric in MONTHLY:
            spans.update({(people.month(day), None): (at,) for at, day in days.items()})
        else:
            for at, day in days.items():
                spans[Period(day, day), By.DAY] = (*spans.get((Period(day, day), By.DAY), ()), at)
        parts = [self._ask(span, by, accounts) for (span, by), accounts in spans.items()]
        values = pd.concat([one for one, _ in parts]).groupby("key", as_index=False, sort=False)
        frame = values.agg({"name": "first", "value": "sum"})
        listed = max((len(one) for one, _ in parts), default=0)
        whole = sum(total for _, total in parts if total is not None) if all(one[1] for one in parts) else None
        return self._shared(frame, whole, spans, listed)

    def _ask(self, span: Period, by: By | None, accounts: tuple[int, ...]) -> tuple[pd.DataFrame, float | None]:
        """Members with their values, and the size of the whole where there is one."""
        metric, where = self.audience.metric, Where(accounts=accounts)
        answer = ask.ask(self.viewer, Question((metric,), span, by, self.dimension, where), now=self.now)
        rows = answer.frame[answer.frame["value"].notna()]
        names = [places.name(self.dimension, key, answer.split_titles.get(key, key)) for key in rows["split"]]
        found = pd.DataFrame({"key": rows["split"].to_numpy(), "name": names, "value": rows["value"].to_numpy(float)})
        if registry.METRICS[metric].adds is Adds.UNIQUE:
            return found, None
        if (span, accounts) not in self.totals:
            whole = ask.ask(self.viewer, Question((metric,), span, None, None, where), now=self.now)
            self.totals[span, accounts] = whole.totals[metric].value
        return found, self.totals[span, accounts]

    def _shared(
        self, frame: pd.DataFrame, whole: float | None, spans: Mapping[_Span, tuple[int, ...]], listed: int
    ) -> _Told:
        """With shares: as given, of the whole, or of what is told where that is more than the whole."""
        given = registry.METRICS[self.audience.metric].unit is Unit.RATIO
        told = float(frame["value"].sum())
        of_all = given or (whole is not None and told <= whole * _OVER)
        base = 1.0 if given else whole if of_all and whole else told
        frame = frame.assign(share=frame["value"] / base if base else float("nan"))
        if given:
            frame = frame.assign(value=float("nan"))
        ends = [span for span, _ in spans]
        accounts = tuple(at for group in spans.values() for at in group)
        last = max(span.first for span in ends)
        covered = told / base if base else float("nan")
        return _Told(frame, accounts, last, _dated(ends), covered, of_all, listed)


def _dated(spans: list[Period]) -> str:
    """The days, or the stretch, a description is of."""
    first, last = min(one.first for one in spans), max(one.last for one in spans)
    return calendar.words(Period(first, last), year=True)


def _coverage(told: _Told, one: Audience) -> str:
    """How much of the audience is in it, in words."""
    if not told.of_all:
        return tr(
            "shares of those described: the platform tells more {who} than it counts in all, or no total", who=one.who
        )
    who = WHO[one.metric]
    share = figure(f"{told.covered * 100:.0f}") + f"{THIN}%"
    covers = tr(who.covers_all) if told.covered >= _ALL else tr(who.covers_part, share=share)
    return tr("{covers}, the {n} largest groups only", covers=covers, n=_TOP) if told.listed >= _TOP else covers
