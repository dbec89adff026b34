"""What platforms changed afterwards: which numbers said something else at a moment, how long that usually goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.metrics import registry
from core import clock
from core.language import tr, trn
from core.metric import Adds
from core.question import Period, Question, Where
from core.records import GRAINS
from core.viewer import Right, Viewer
from services import ask
from services.ask.notes import account_title
from services.connecting import platforms
from services.quality import scope
from services.words import calendar
from storage import database, entities, facts, quality, workspaces
from storage.database import Connection
from storage.entities import AccountRow

LONGEST_AGE = 60
"""Days after which changes are no longer counted by age."""
LEAST = 50
"""Numbers of an age that must have been watched before a share is told."""
SETTLED = 0.01
"""A platform has settled from the age on at which fewer than this share of its numbers change."""
EVENTS = 3
"""Changes are a habit only if they were seen on so many days; an age counts only if so many numbers changed at it."""
_WATCHED_DAYS = 120
_COMPARED = 8
_GRAINS = {number: name for name, number in GRAINS.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Restated:
    """What said something else at `since`.

    `changes`: one row per number, newest first: day, platform, account, metric, title, part ("" for the total), grain,
    before, after (NaN when it is gone), difference, seen. `by_metric`: daily totals by platform and metric: changes,
    first and last day, difference (NaN where days do not add up). `periods`: metric, title, then, now, restated,
    arrived: what the period came to at `since` and comes to now. `why_none` says why there are no `periods`.
    """

    since: datetime
    period: Period
    changes: pd.DataFrame
    by_metric: pd.DataFrame
    periods: pd.DataFrame
    why_none: str


@dataclass(frozen=True, slots=True)
class Habit:
    """How long a platform keeps changing its daily totals: `shares` of those watched that changed at each age in days
    (NaN where too few were), `watched` at age 1, `changed` in all. `settles` is the age from which hardly any changes,
    None where it cannot be told yet, with `why`."""

    platform: str
    title: str
    shares: tuple[float, ...]
    watched: int
    changed: int
    settles: int | None
    why: str


def restated(viewer: Viewer, since: datetime, period: Period, where: Where, *, now: datetime) -> Restated:
    """What was changed since a moment, and what that did to the period."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        accounts = scope.accounts(connection, viewer.workspace_id, where)
        within = scope.past(connection, viewer.workspace_id, period, now)
        zone = workspaces.get(connection, viewer.workspace_id).time_zone
        found = facts.changed_since(connection, viewer.workspace_id, clock.epoch_ms(since),
                                    account_ids=[one.id for one in accounts])  # fmt: skip
        changes = _named(connection, viewer.workspace_id, found, accounts)
    by_metric = _by_metric(changes)
    periods, why = _periods(viewer, since, within, where, changes, zone, now)
    return Restated(since, within, changes, by_metric, periods, why)


def _named(
    connection: Connection, workspace_id: int, found: pd.DataFrame, accounts: tuple[AccountRow, ...]
) -> pd.DataFrame:
    """The changes with names instead of numbers."""
    by_id, known = {one.id: one for one in accounts}, registry.BY_ID
    rows = found[found["metric_id"].isin(list(known))].sort_values(
        ["changed_at", "day", "metric_id"], ascending=[False, False, True], ignore_index=True
    )
    members = {
        (dimension, row.id): row.title or row.key
        for dimension in rows.loc[rows["dimension_id"] > 0, "dimension_id"].unique().tolist()
        for row in entities.members(connection, workspace_id, int(dimension))
    }
    split = {one.id: tr(one.title) for one in registry.DIMENSIONS.values()}
    grains = [_GRAINS.get(grain, "") for grain in rows["grain"].tolist()]
    return pd.DataFrame(
        {
            "day": [
                clock.from_epoch_day(day // 24 if grain == "hour" else day)
                for day, grain in zip(rows["day"].tolist(), grains, strict=True)
            ],
            "platform": [by_id[one].platform for one in rows["account_id"].tolist()],
            "account": [account_title(by_id[one]) for one in rows["account_id"].tolist()],
            "metric": [known[one].name for one in rows["metric_id"].tolist()],
            "title": [tr(known[one].title) for one in rows["metric_id"].tolist()],
            "part": [
                f"{split.get(dimension, dimension)}: {members.get((dimension, member), member)}" if dimension else ""
                for dimension, member in zip(rows["dimension_id"].tolist(), rows["member_id"].tolist(), strict=True)
            ],
            "grain": grains,
            "before": rows["was"].astype(float),
            "after": rows["now"].astype(float),
            "difference": (rows["now"] - rows["was"]).astype(float),
            "seen": [clock.from_epoch_ms(one) for one in rows["changed_at"].tolist()],
        }
    )


def _totals(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes of daily totals: what is added up, and nothing twice."""
    return changes[(changes["part"] == "") & (changes["grain"] == "day")]


def _by_metric(changes: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for (platform, metric), found in _totals(changes).groupby(["platform", "metric"], sort=True):
        known = registry.METRICS[str(metric)]
        adds = known.adds is Adds.FLOW
        rows.append((platform, metric, tr(known.title), len(found), found["day"].min(), found["day"].max(),
                     float(found["difference"].sum(skipna=False)) if adds else np.nan))  # fmt: skip
    columns = ["platform", "metric", "title", "changes", "first", "last", "difference"]
    return pd.DataFrame(rows, columns=columns).sort_values("changes", ascending=False, ignore_index=True)


def _periods(
    viewer: Viewer, since: datetime, period: Period, where: Where, changes: pd.DataFrame, zone: str, now: datetime
) -> tuple[pd.DataFrame, str]:
    """The period as it was known then and as it is known now, of the metrics that changed in it."""
    columns = ["metric", "title", "then", "now", "restated", "arrived"]
    none = pd.DataFrame(columns=columns)
    if period.first > clock.local_day(since, zone):
        return none, tr("The period had not begun at that moment.")
    mine = _totals(changes)
    inside = mine[(mine["day"] >= period.first) & (mine["day"] <= period.last)]
    metrics = tuple(inside["metric"].value_counts().head(_COMPARED).index)
    if not metrics:
        return none, tr("No daily total of this period was changed.")
    then = ask.ask(viewer, Question(metrics, period, where=where, as_of=since), now=now).totals
    today = ask.ask(viewer, Question(metrics, period, where=where), now=now).totals
    rows = []
    for name in metrics:
        was, value = then[name].value, today[name].value
        flow = registry.METRICS[name].adds is Adds.FLOW
        moved = float(inside.loc[inside["metric"] == name, "difference"].sum()) if flow else np.nan
        both = was is not None and value is not None
        rows.append((name, tr(registry.METRICS[name].title), was, value, moved,
                     value - was - moved if both and flow else np.nan))  # type: ignore[operator]  # fmt: skip
    made = pd.DataFrame(rows, columns=columns)
    return made.astype(dict.fromkeys(columns[2:], float)), ""


def habits(viewer: Viewer, where: Where, *, now: datetime) -> tuple[Habit, ...]:
    """How long each platform usually keeps changing its daily totals, from those of the last months."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        accounts = scope.accounts(connection, viewer.workspace_id, where)
        last = clock.epoch_day(now.date())
        ids, days = [one.id for one in accounts], (last - _WATCHED_DAYS, last)
        standing = facts.read(connection, viewer.workspace_id, metric_ids=scope.STORED_IDS, grain=GRAINS["day"],
                              dimension_id=0, first_day=days[0], last_day=days[1], account_ids=ids)  # fmt: skip
        replaced = quality.revisions(connection, viewer.workspace_id, scope.STORED_IDS, ids, days)
    platform_of = {one.id: one.platform for one in accounts}
    return tuple(
        _habit(
            platform,
            standing[standing["account_id"].map(platform_of) == platform],
            replaced[replaced["account_id"].map(platform_of) == platform],
            clock.epoch_ms(now),
        )
        for platform in dict.fromkeys(platform_of.values())
    )


_DAY_MS = timedelta(days=1) / timedelta(milliseconds=1)


def _habit(platform: str, standing: pd.DataFrame, replaced: pd.DataFrame, now_ms: int) -> Habit:
    key = ["account_id", "metric_id", "day"]
    first = pd.concat([
        standing[key].assign(at=standing["observed_at"]), replaced[key].assign(at=replaced["observed_from"])
    ]).groupby(key)["at"].min()  # fmt: skip
    days = first.index.get_level_values("day").to_numpy()
    shown = _age(days, first.to_numpy())
    reached = _age(days, np.full(len(days), now_ms))
    changed = replaced[key].assign(age=_age(replaced["day"].to_numpy(), replaced["observed_to"].to_numpy()))
    changed = changed[changed["age"].between(1, LONGEST_AGE)].drop_duplicates([*key, "age"])
    ages = np.arange(1, LONGEST_AGE + 1)
    watched = ((shown[:, None] < ages) & (reached[:, None] >= ages)).sum(axis=0)
    counts = np.bincount(changed["age"].to_numpy(int), minlength=LONGEST_AGE + 1)[1 : LONGEST_AGE + 1]
    shares = np.where(watched >= LEAST, counts / np.maximum(watched, 1), np.nan)
    events = len(np.unique(replaced["observed_to"].to_numpy() // int(_DAY_MS)))
    settles, why = _settles(np.where(counts >= EVENTS, shares, shares * 0), int(watched.max(initial=0)), events)
    title = platforms.title(platform)
    return Habit(platform, title, tuple(shares.tolist()), int(watched.max(initial=0)), len(changed), settles, why)


def _age(days: NDArray[np.int64], moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many days after its day a number was seen: 1 is the day after."""
    ages: NDArray[np.int64] = (np.asarray(moments, float) // _DAY_MS).astype(np.int64) - np.asarray(days, np.int64)
    return ages


def _settles(shares: NDArray[np.float64], watched: int, events: int) -> tuple[int | None, str]:
    if watched < LEAST:
        return None, tr(
            "not enough yet ({watched} of {least} daily numbers were watched from their first days on)",
            watched=watched,
            least=LEAST,
        )
    if 0 < events < EVENTS:
        return None, trn(
            "changes were seen on {n} day only, which is no habit yet ({n} of {least})",
            "changes were seen on {n} days only, which is no habit yet ({n} of {least})",
            events,
            least=EVENTS,
        )
    known = np.flatnonzero(~np.isnan(shares))
    moving = known[shares[known] >= SETTLED]
    last = int(moving[-1]) + 1 if len(moving) else 0
    if last >= known[-1] + 1:
        return None, tr("still changing at {n} days, the oldest age that was watched", n=last)
    return last, ""


def settles_words(one: Habit) -> str:
    """A habit in a sentence.

    >>> settles_words(Habit("x", "X", (), 90, 3, 2, ""))
    'X: hardly any number changes later than 2 days after its day.'
    """
    if one.settles is None:
        return f"{one.title}: {one.why}."
    if one.settles == 0:
        return tr("{platform}: numbers hardly change once they are shown.", platform=one.title)
    return trn(
        "{platform}: hardly any number changes later than {n} day after its day.",
        "{platform}: hardly any number changes later than {n} days after its day.",
        one.settles,
        platform=one.title,
    )


def day_words(moment: datetime, zone: str) -> str:
    """A moment as a day and time of the workspace."""
    local = moment.astimezone(clock.zone(zone))
    return f"{calendar.day_words(local.date(), year=True)}, {local:%H:%M}"
