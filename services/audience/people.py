"""Who is the audience? What each platform tells of it, of which day, and how much of it that covers.

Platforms define their groups differently, so nothing is added up across them: each description is of one platform's
followers, viewers or views. Shares that a platform gives as shares are of one account, because they do not add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from analytics.metrics import registry
from core import clock
from core.language import mark, tr
from core.metric import Adds
from core.question import Period, Question, Where
from core.records import GRAINS
from core.viewer import Right, Viewer
from services import ask
from services.ask.notes import account_title
from services.audience import silent
from services.connecting.platforms import title as platform_title
from storage import audience as stored
from storage import database, entities, workspaces
from storage.database import Connection
from storage.entities import AccountRow


@dataclass(frozen=True, slots=True)
class Who:
    """Who or what a metric describes, in words: within a sentence, above the column of their numbers, those of a
    platform, and that a description is of all of them, or of a part."""

    name: str
    heading: str
    of_platform: str
    covers_all: str
    covers_part: str


_FOLLOWERS = Who(mark("followers"), mark("Followers"), mark("{platform} followers"),
                 mark("covers all followers"), mark("covers {share} of followers"))  # fmt: skip
WHO = {
    "followers": _FOLLOWERS,
    "follower_share": _FOLLOWERS,
    "viewer_share": Who(
        mark("viewers"),
        mark("Viewers"),
        mark("{platform} viewers"),
        mark("covers all viewers"),
        mark("covers {share} of viewers"),
    ),
    "accounts_engaged": Who(
        mark("accounts that reacted"),
        mark("Accounts that reacted"),
        mark("{platform} accounts that reacted"),
        mark("covers all accounts that reacted"),
        mark("covers {share} of accounts that reacted"),
    ),
    "views": Who(
        mark("views"),
        mark("Views"),
        mark("{platform} views"),
        mark("covers all views"),
        mark("covers {share} of views"),
    ),
}
"""Metric -> who or what is described by it. Followers first; the rest tells of others than followers."""
MONTHLY = frozenset({"viewer_share", "accounts_engaged"})
"""Told of whole months."""
DIMENSIONS = ("country", "city", "age_gender", "age", "gender", "language", "job_function", "seniority", "industry",
              "company_size")  # fmt: skip
_NEAR = 35
"""A description may be so many days older than the end of the period."""
_MONTHS_NEAR = 70
"""One of a month may have begun so many days before it; where there is no older one, one so much newer will do."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Something a platform describes: its followers, viewers or views; `accounts` are those that are in it, `account`
    the name of the one where the platform has several that cannot be added up."""

    key: str
    account: str
    platform: str
    metric: str
    accounts: tuple[int, ...]
    dimensions: tuple[str, ...]

    @property
    def who(self) -> str:
        """What the shares are shares of."""
        return tr(WHO[self.metric].name)

    @property
    def title(self) -> str:
        """What a person calls it."""
        named = tr(WHO[self.metric].of_platform, platform=platform_title(self.platform))
        return f"{named}: {self.account}" if self.account else named


@dataclass(frozen=True, slots=True)
class People:
    """What there is to look at, followers first, the largest first; and which platforms tell nothing, with why."""

    audiences: tuple[Audience, ...]
    silent: tuple[str, ...]


def people(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> People:
    """Which audiences are described near the end of a period. Raises NotAllowed."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        accounts = chosen(connection, viewer, where)
        described = found(connection, viewer, period, accounts, now)
    every = audiences(described, accounts)
    told = {account for one in every for account in one.accounts if one.metric != "views"}
    quiet = [one for one in accounts.values() if one.id not in told]
    sizes = _sizes(viewer, accounts, period, now)
    ordered = sorted(every, key=lambda one: (WHO[one.metric] is not _FOLLOWERS, -_size(one, sizes), one.title))
    return People(tuple(ordered), silent.reasons(viewer, quiet, sizes))


def _sizes(viewer: Viewer, accounts: Mapping[int, AccountRow], period: Period, now: datetime) -> dict[int, float]:
    """Account -> its followers, where they are known."""
    if not accounts:
        return {}
    question = Question(("followers",), period, None, "account", Where(accounts=tuple(accounts)))
    numbers = ask.ask(viewer, question, now=now).by_split
    return {int(key): number.value for (key, _), number in numbers.items() if number.value is not None}


def _size(one: Audience, sizes: Mapping[int, float]) -> float:
    return sum(sizes.get(at, 0.0) for at in one.accounts)


def chosen(connection: Connection, viewer: Viewer, where: Where) -> dict[int, AccountRow]:
    known = entities.accounts(connection, viewer.workspace_id, list(where.platforms) or None)
    return {one.id: one for one in known if (one.id in where.accounts if where.accounts else one.selected)}


def found(
    connection: Connection,
    viewer: Viewer,
    period: Period,
    accounts: Mapping[int, AccountRow],
    now: datetime,
    *,
    after: bool = True,
) -> pd.DataFrame:
    """What is described when: metric, dimension, account, and `day`, the newest up to the period's end or, where there
    is none and `after`, the first after it. Months count once they are over; flows count inside the period only."""
    zone = workspaces.get(connection, viewer.workspace_id).time_zone
    today, last = clock.local_day(now, zone), period.last
    rows = _days(connection, viewer, last - timedelta(days=_MONTHS_NEAR), last)
    if after and last < today:
        until = min(today, last + timedelta(days=_MONTHS_NEAR))
        rows = pd.concat([rows, _days(connection, viewer, last + timedelta(days=1), until)], ignore_index=True)
    rows = rows[rows["account_id"].isin(list(accounts))]
    day = [clock.from_epoch_day(int(one)) for one in rows["day"]]
    rows = rows.assign(day=pd.Series(day, index=rows.index, dtype=object))
    kept = [_counts(row, period, today) for row in rows.itertuples()]
    rows = rows[pd.Series(kept, index=rows.index, dtype=bool)]
    rows = rows.assign(late=[one > last for one in rows["day"]], age=[abs((last - one).days) for one in rows["day"]])
    best = rows.sort_values(["late", "age"]).drop_duplicates(["metric_id", "dimension_id", "account_id"])
    return pd.DataFrame(
        {
            "metric": [registry.BY_ID[int(one)].name for one in best["metric_id"]],
            "dimension": [_DIMENSION_NAMES[int(one)] for one in best["dimension_id"]],
            "account": best["account_id"].to_numpy(),
            "day": best["day"].to_numpy(),
        }
    )


_DIMENSION_NAMES = {registry.DIMENSIONS[name].id: name for name in DIMENSIONS}


def _days(connection: Connection, viewer: Viewer, first: date, last: date) -> pd.DataFrame:
    return stored.described(
        connection,
        viewer.workspace_id,
        metric_ids=[registry.METRICS[name].id for name in WHO],
        grains=[GRAINS["day"], GRAINS["month"]],
        dimension_ids=list(_DIMENSION_NAMES),
        first_day=first,
        last_day=last,
    )


def _counts(row: object, period: Period, today: date) -> bool:
    """Whether a day of a description can stand for the period."""
    metric = registry.BY_ID[row.metric_id]  # type: ignore[attr-defined]
    day: date = row.day  # type: ignore[attr-defined]
    monthly = row.grain == GRAINS["month"]  # type: ignore[attr-defined]
    if metric.adds is Adds.FLOW:
        return not monthly and period.first <= day <= period.last
    if metric.name in MONTHLY or monthly:
        return monthly and metric.name in MONTHLY and month(day).last < today
    return day >= period.last - timedelta(days=_NEAR)


def month(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def audiences(described: pd.DataFrame, accounts: Mapping[int, AccountRow]) -> tuple[Audience, ...]:
    """By metric and platform; by account where shares do not add up."""
    every = []
    platforms = described["account"].map({one.id: one.platform for one in accounts.values()})
    for (metric, platform), rows in described.groupby([described["metric"], platforms], sort=False):
        alone = registry.METRICS[str(metric)].adds is Adds.UNIQUE
        for members in [[one] for one in _unique(rows)] if alone else [_unique(rows)]:
            mine = set(rows[rows["account"].isin(members)]["dimension"])
            account = account_title(accounts[members[0]]) if alone and rows["account"].nunique() > 1 else ""
            key = f"{metric}-{members[0] if alone else platform}"
            dimensions = tuple(name for name in DIMENSIONS if name in mine)
            every.append(Audience(key, account, str(platform), str(metric), tuple(members), dimensions))
    return tuple(every)


def _unique(rows: pd.DataFrame) -> list[int]:
    return sorted({int(one) for one in rows["account"]})
