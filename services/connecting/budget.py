"""What metered reads of a connection cost: spent, forecast, estimated before the first reading; and the month's budget.

Prices are the platform's own, per thing read. The same thing costs once a day (UTC), so a post that is read every two
hours costs as much as one that is read once a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from connectors.base import Connector, Depth, Tariff
from core import clock, numbers
from core.errors import AppError, BadSetting, NotOffered, Recovery
from core.language import figure, reader, tr
from core.viewer import Right, Viewer
from services.connecting import credentials, platforms
from services.sync import rhythm
from storage import comments, connections, database, entities, runs, spend, workspaces
from storage.connections import ConnectionRow
from storage.database import Connection

__all__ = ["DEPTHS", "Estimate", "Line", "SpendView", "dollars", "estimate", "set_budget", "set_depth", "view"]

DEPTHS = (30, 90, 365, 730, 3650)
"""Days of history a person may choose to pay for; the last is all that the platform gives."""

_DAY = timedelta(days=1)
_MONTH_DAYS = 30
_MOST = 100_000.0
_DEPTH, _USAGE = "depth", "platform_usage"


def dollars(amount: float) -> str:
    """US dollars, as the reader writes figures.

    >>> dollars(3.456)
    '$3.46'
    """
    text = figure(spend.dollars(amount))
    return text if reader().forms.is_english else f"{text.replace('$', '')}{numbers.THIN}$"


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a cost: so many things at a price each, and how so many come about."""

    what: str
    things: float
    price: float
    how: str = ""

    @property
    def cost(self) -> float:
        """In the currency of the tariff."""
        return self.things * self.price

    @property
    def formula(self) -> str:
        """How the cost comes about.

        >>> Line("Posts", 390, 0.005).formula
        'Posts: about 390 × $0.005 = $1.95'
        """
        said = tr("{what}: about {n} × {price} = {cost}", **self._parts)
        return f"{said} ({self.how})" if self.how else said

    @property
    def spent(self) -> str:
        """The same of what was counted, not estimated."""
        return tr("{what}: {n} × {price} = {cost}", **self._parts)

    @property
    def _parts(self) -> dict[str, str]:
        cost = dollars(round(self.cost, 2))
        return {"what": self.what, "n": figure(f"{self.things:,.0f}"), "price": dollars(self.price), "cost": cost}


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a reading will cost. `choices` says it for every depth of history: days -> posts and money; `at_most` is the
    most it can be for the one chosen, `days`."""

    days: int
    posts: int
    opened: date
    price: float
    newest: int
    choices: Mapping[int, Line]
    at_most: float
    month: tuple[Line, ...]
    budget: float


@dataclass(frozen=True, slots=True)
class SpendView:
    """The spending of a connection in a calendar month (UTC). `lines` is what was spent, `forecast` what the next 30
    days cost at the present rhythm, `month_end` what this month will have cost by then. `usage` is the platform's own
    count. In the demo nothing is billed."""

    month: date
    renews: date
    spent: float
    budget: float
    lines: tuple[Line, ...]
    forecast: tuple[Line, ...]
    month_end: float
    days: int
    usage: Mapping[str, Any]
    offers_usage: bool
    note: str
    is_demo: bool

    @property
    def next_30_days(self) -> float:
        """Money."""
        return _total(self.forecast)

    @property
    def share(self) -> float:
        """How much of the budget is used up, 0 to 1."""
        return min(self.spent / self.budget, 1.0) if self.budget > 0 else 1.0


def _total(lines: Iterable[Line]) -> float:
    return sum(line.cost for line in lines)


def view(viewer: Viewer, connection_id: int, *, now: datetime | None = None) -> SpendView | None:
    """What a connection costs; None where reads are free. Raises NotFound."""
    viewer.require(Right.READ)
    moment = now or clock.utc_now()
    with database.current().read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        declared = platforms.connectors().get(row.platform)
        if declared is None or declared.tariff is None:
            return None
        tariff, month = declared.tariff, spend.month_of(moment)
        found = spend.of_month(connection, row.workspace_id, row.id, month)
        forecast = _rhythm_lines(declared, row.options, *_seen(connection, row, moment))
        spent, renews = spend.month_total(found), spend.month_end(moment)
        left = (renews - moment) / timedelta(days=_MONTH_DAYS)
        return SpendView(
            month=date(month // 100, month % 100, 1),
            renews=renews.date(),
            spent=spent,
            budget=budget_of(tariff, row.options),
            lines=tuple(Line(_called(one.kind), one.things, tariff.prices.get(one.kind, 0.0)) for one in found),
            forecast=forecast,
            month_end=spent + _total(forecast) * left,
            days=rhythm.back_days(declared, row.options),
            usage=row.options.get(_USAGE) or {},
            offers_usage=tariff.usage is not None,
            note=tariff.note,
            is_demo=workspaces.get(connection, row.workspace_id).kind == "demo",
        )


def budget_of(tariff: Tariff, options: Mapping[str, Any]) -> float:
    """The monthly budget: what a person set, or what the platform's connector suggests."""
    return float(options.get(spend.BUDGET, tariff.monthly_budget))


def _called(kind: str) -> str:
    return {"post": tr("Posts"), "user": tr("Profile"), "analytics": tr("Details of posts")}.get(
        kind, kind.capitalize()
    )


def _seen(connection: Connection, row: ConnectionRow, now: datetime) -> tuple[float, float]:
    """Posts and mentions a day, over the last 30 days."""
    accounts = entities.accounts(connection, row.workspace_id, connection_id=row.id, selected=True)
    ids, since = [one.id for one in accounts], clock.epoch_ms(now - _MONTH_DAYS * _DAY)
    posts = entities.post_moments(connection, row.workspace_id, ids, from_ms=since)
    said = comments.newest(connection, row.workspace_id, ids, from_ms=since)
    return len(posts) / _MONTH_DAYS, len(said) / _MONTH_DAYS


def _rhythm_lines(
    declared: Connector, options: Mapping[str, Any], posts_a_day: float, mentions_a_day: float
) -> tuple[Line, ...]:
    """What 30 days cost at the rhythm of the ladder, at so many posts and mentions a day."""
    tariff, posts, days = declared.tariff, posts_a_day * _MONTH_DAYS, _paid_days(rhythm.ladder(declared, options))
    assert tariff is not None  # noqa: S101  (asked for metered platforms only)
    lines = [_each("post", tariff, posts, days)]
    for kind, every in tariff.per_post.items():
        lines.append(_each(kind, tariff, posts, _MONTH_DAYS / (max(every, _DAY) / _DAY)))
    lines += [Line(_called(kind), _MONTH_DAYS, tariff.prices[kind], tr("once a day")) for kind in tariff.per_day]
    if any(stream.optional and rhythm.is_on(stream, options) for stream in declared.streams):
        lines.append(Line(tr("Mentions and replies"), mentions_a_day * _MONTH_DAYS, tariff.prices[tariff.post]))
    return tuple(lines)


def _each(kind: str, tariff: Tariff, posts: float, days: float) -> Line:
    values = {"posts": figure(f"{posts:,.0f}"), "days": figure(f"{max(days, 1):.0f}")}
    how = tr("{posts} posts a month, each on {days} days", **values)
    return Line(_called(kind), posts * max(days, 1), tariff.prices[kind], how)


def _paid_days(ladder: Iterable[tuple[timedelta, timedelta]]) -> float:
    """On how many days a post is read until it is too old: once a day costs as much as every hour.

    >>> _paid_days([(timedelta(days=2), timedelta(hours=2)), (timedelta(days=30), timedelta(days=2))])
    16.0
    """
    days, younger = 0.0, timedelta(0)
    for age, every in ladder:
        days += (age - younger) / max(every, _DAY)
        younger = age
    return days


def estimate(viewer: Viewer, connection_id: int, *, now: datetime | None = None) -> Estimate | None:
    """What the first reading will cost, by how far back it goes, and a month after it. None where reads are free.

    Looks at the profile once, for how many posts there are; the answer is kept. Raises NotFound, and what the platform
    says.
    """
    viewer.require(Right.MANAGE)
    store, moment = database.current(), now or clock.utc_now()
    with store.read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
    declared = platforms.connector(row.platform)
    tariff = declared.tariff
    if tariff is None:
        return None
    kept = row.options.get(_DEPTH)
    if kept is None:
        found = tariff.depth(platforms.client(store, row, stops=False))
        _choose(viewer, connection_id, {_DEPTH: [found.posts, clock.epoch_day(found.opened)]})
    else:
        found = Depth(int(kept[0]), clock.from_epoch_day(int(kept[1])))
    return _estimate(declared, tariff, row.options, found, moment.date())


def _estimate(declared: Connector, tariff: Tariff, options: Mapping[str, Any], found: Depth, today: date) -> Estimate:
    age = max((today - found.opened).days, 1)
    days, price = rhythm.back_days(declared, options), tariff.prices[tariff.post]
    choices = {
        back: Line(tr("First reading, posts"), min(tariff.newest, round(found.posts * min(back, age) / age)), price)
        for back in sorted({*DEPTHS, days})
    }
    return Estimate(
        days=days,
        posts=found.posts,
        opened=found.opened,
        price=price,
        newest=tariff.newest,
        choices=choices,
        at_most=min(found.posts, tariff.newest) * price,
        month=_rhythm_lines(declared, options, found.posts / age, 0.0),
        budget=budget_of(tariff, options),
    )


def set_budget(viewer: Viewer, connection_id: int, amount: float, *, now: datetime | None = None) -> None:
    """Set a month's budget; 0 means that nothing metered is read. What rested is due now. Raises BadSetting."""
    if not 0 <= amount <= _MOST:
        raise BadSetting(
            tr("A monthly budget is an amount from $0 on."), hint=tr("With $0, nothing that costs is read.")
        )
    _choose(viewer, connection_id, {spend.BUDGET: round(float(amount), 2)}, now or clock.utc_now())


def set_depth(viewer: Viewer, connection_id: int, days: int, *, now: datetime | None = None) -> None:
    """Choose how many days of history are read. Days that are new are read next, those known are not paid for again.

    Raises BadSetting.
    """
    if days not in DEPTHS:
        raise BadSetting(tr("History is read as far back as one of the choices."))
    moment = now or clock.utc_now()
    changes: dict[str, Any] = {"back_days": days}
    with database.current().read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        oldest = _oldest_day_read(connection, row)
    wanted = clock.epoch_day(moment.date()) - days + 1
    if oldest is not None and wanted < oldest:
        changes["backfill"] = [wanted, oldest - 1]
    _choose(viewer, connection_id, changes, moment)


def _oldest_day_read(connection: Connection, row: ConnectionRow) -> int | None:
    """The oldest day whose posts were read or are about to be; None before the first reading."""
    declared = platforms.connectors().get(row.platform)
    names = {stream.name for stream in declared.streams if stream.lifetime} if declared else set()
    found = [
        cursor
        for account in entities.accounts(connection, row.workspace_id, connection_id=row.id)
        for cursor in runs.cursors(connection, row.workspace_id, account.id)
        if cursor.stream in names
    ]
    days = [cursor.back_to for cursor in found if cursor.back_to is not None]
    pending = [int(first) for cursor in found for first, _ in cursor.state.get("pending", ())]
    return min([*days, *pending], default=None)


def _choose(viewer: Viewer, connection_id: int, chosen: Mapping[str, Any], next_run: datetime | None = None) -> None:
    """Keep choices among the options of a connection; one that is active runs at `next_run`."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        changes: dict[str, Any] = {"options": {**row.options, **chosen}}
        if next_run is not None and row.state == "active":
            changes["next_run_at"] = clock.epoch_ms(next_run)
        connections.update(connection, viewer.workspace_id, connection_id, **changes)


def ask_platform(viewer: Viewer, connection_id: int, *, now: datetime | None = None) -> None:
    """Ask the platform what it has counted itself, and keep it. Raises NotOffered where it does not tell."""
    viewer.require(Right.MANAGE)
    store, moment = database.current(), now or clock.utc_now()
    with store.read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
    declared = platforms.connector(row.platform)
    silent = NotOffered(
        tr("{title} does not tell its own count with these keys.", title=declared.title),
        hint=tr("You find it in the developer console of {title}.", title=declared.title),
    )
    if declared.tariff is None or declared.tariff.usage is None:
        raise silent
    keys = credentials.app_keys(store, row.workspace_id, row.platform)
    try:
        found = declared.tariff.usage(platforms.client(store, row), keys)
    except AppError as error:
        if error.recovery is Recovery.RETRY:
            raise
        raise silent from error
    if "read" not in found:
        raise silent
    _choose(viewer, connection_id, {_USAGE: {**found, "at": clock.epoch_ms(moment)}})
