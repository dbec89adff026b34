"""What a number is made of, as it was read: values by day, as first read and as they stand, and what is lacking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from analytics.metrics import definitions, registry
from core import clock
from core.errors import BadQuestion
from core.language import reader, tr
from core.metric import Adds, Metric
from core.question import Question, Where
from core.records import GRAINS
from core.viewer import Viewer
from services import ask
from services.quality import covered, scope
from services.quality.check import apart
from services.quality.covered import LACKING
from services.reconciliation.kept import Stated
from storage import database, entities, facts, quality, settings, workspaces
from storage.database import Connection
from storage.entities import AccountRow

_EDGE = 1


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """One number's way: `metric` and the stored `terms` (with `minus` taken off); `days` by day of the period with one
    day more at each end, columns by term, `first` the same as first read; `lacking` and `unfinished` count days of the
    period on which a term is not known, or still being counted; `restated_at` is when a value last changed; `lifetime`
    what posts published in the period have gathered until now (None: not such a metric); `others` what the period comes
    to by other definitions."""

    stated: Stated
    metric: Metric
    workspace_zone: str
    zone: str
    terms: tuple[str, ...]
    minus: tuple[str, ...]
    days: pd.DataFrame
    first: pd.DataFrame
    lacking: int
    unfinished: int
    restated_at: datetime | None
    lifetime: float | None
    others: dict[str, float]

    def total(self, frame: pd.DataFrame, shift: int = 0) -> float | None:
        """What a frame of days comes to over the period (moved by `shift` days): a sum, or a level at its end."""
        start = clock.epoch_day(self.stated.period.first) + shift
        inside = frame.reindex(range(start, start + self.stated.period.days))
        values = inside[list(self.terms)].sum(axis=1, min_count=1)
        if self.minus:
            values = values - inside[list(self.minus)].sum(axis=1, min_count=1).fillna(0.0)
        known = values.dropna()
        if known.empty:
            return None
        return float(known.iloc[-1]) if self.metric.adds is Adds.STOCK else float(known.sum())

    @property
    def usual_day(self) -> float | None:
        """The median of a known day."""
        values = self.days[list(self.terms)].sum(axis=1, min_count=1).dropna()
        return float(values.median()) if len(values) else None

    @property
    def edges(self) -> float:
        """What lies in an hour at the two ends of the period, at most: of the days just inside and outside."""
        start, end = clock.epoch_day(self.stated.period.first), clock.epoch_day(self.stated.period.last)
        by_day = self.days[list(self.terms)].sum(axis=1, min_count=1)
        pairs = by_day.reindex([start - 1, start]), by_day.reindex([end, end + 1])
        return float(sum(np.nan_to_num(pair.abs().max()) for pair in pairs)) / 24


def traced(workspace_id: int, stated: Stated, *, now: datetime) -> Traced:
    """The way of one number. Raises NotFound when its account is gone."""
    metric = registry.metric(stated.metric)
    with database.current().read() as connection:
        account = entities.account(connection, workspace_id, stated.account_id)
        version = str(settings.get(connection, workspace_id, "engagement_definition", definitions.DEFAULT))
        terms, minus = _terms(metric, account.platform, version)
        days, first, changed = _values(connection, workspace_id, stated, (*terms, *minus))
        where = Where(accounts=(stated.account_id,))
        stored = tuple(registry.METRICS[name] for name in terms)
        known = covered.known(connection, workspace_id, stated.period, where, now, stored)
        zone = workspaces.get(connection, workspace_id).time_zone
        lifetime = _lifetime(connection, workspace_id, stated, metric, account, terms)
        others = _others(connection, workspace_id, stated, metric, account.platform, version)
    return Traced(
        stated=stated,
        metric=metric,
        workspace_zone=zone,
        zone=scope.day_zone(account),
        terms=terms,
        minus=minus,
        days=days,
        first=first,
        lacking=_days_in(known, terms, LACKING),
        unfinished=_days_in(known, terms, ("not_yet",)),
        restated_at=changed,
        lifetime=lifetime,
        others=others,
    )


def as_of(viewer: Viewer, stated: Stated, restated_at: datetime | None, *, now: datetime) -> float | None:
    """What ours was when the other number was noted, where something has changed since."""
    if restated_at is None or restated_at <= stated.made_at:
        return None
    where = Where(accounts=(stated.account_id,))
    question = Question((stated.metric,), stated.period, where=where, as_of=stated.made_at)
    try:
        return ask.ask(viewer, question, now=now).totals[stated.metric].value
    except BadQuestion:  # the period had not begun then
        return None


def _terms(metric: Metric, platform: str, version: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stored metrics that a metric is summed from on a platform, and those taken off."""
    if metric.name == "engagement":
        return registry.engagement_terms(version, platform), ()
    if not metric.derived:
        return (metric.name,), ()
    return metric.terms, tuple(name for name in metric.minus if registry.offered(name, platform))


def _values(
    connection: Connection, workspace_id: int, stated: Stated, names: Collection[str]
) -> tuple[pd.DataFrame, pd.DataFrame, datetime | None]:
    """Values by day as they stand, as first read, and when one of the period last changed."""
    ids = {registry.METRICS[name].id: name for name in names}
    span = clock.epoch_day(stated.period.first) - _EDGE, clock.epoch_day(stated.period.last) + _EDGE
    found = facts.read(connection, workspace_id, metric_ids=list(ids), grain=GRAINS["day"], dimension_id=0,
                       first_day=span[0], last_day=span[1], account_ids=[stated.account_id])  # fmt: skip
    old = quality.revisions(connection, workspace_id, list(ids), [stated.account_id], span)
    earliest = old.sort_values("observed_from").drop_duplicates(["metric_id", "day"])
    merged = pd.concat([earliest, found]).drop_duplicates(["metric_id", "day"])
    changed = None if old.empty else clock.from_epoch_ms(int(old["observed_to"].max()))
    return _wide(found, ids), _wide(merged, ids), changed


def _wide(rows: pd.DataFrame, ids: dict[int, str]) -> pd.DataFrame:
    found = apart(rows)
    account = int(rows["account_id"].iloc[0]) if len(rows) else 0
    none = pd.Series(dtype=float, index=pd.Index([], dtype="int64"))
    return pd.DataFrame({name: found.get((account, number), none) for number, name in ids.items()}, dtype=float)


def _days_in(known: covered.Known, terms: tuple[str, ...], states: Collection[str]) -> int:
    """On how many days a term is in one of these states."""
    rows = [at for at, metric in enumerate(known.metrics) if metric.name in terms]
    if not known.accounts or not rows:
        return 0
    codes = [covered.STATES.index(one) for one in states]
    return int(np.isin(known.codes[0, rows], codes).any(axis=0).sum())


def _lifetime(
    connection: Connection, workspace_id: int, stated: Stated, metric: Metric, account: AccountRow,
    terms: tuple[str, ...],
) -> float | None:  # fmt: skip
    """What the posts published in the period have gathered until now."""
    if not all(registry.METRICS[name].per_post for name in terms) or metric.adds is not Adds.FLOW:
        return None
    zone = scope.day_zone(account)
    starts = clock.epoch_ms(clock.day_start(stated.period.first, zone))
    ends = clock.epoch_ms(clock.day_end(stated.period.last, zone))
    return quality.posts_gathered(
        connection, workspace_id, stated.account_id, [registry.METRICS[name].id for name in terms], (starts, ends)
    )


def _others(
    connection: Connection, workspace_id: int, stated: Stated, metric: Metric, platform: str, version: str
) -> dict[str, float]:
    """What the same period comes to in other definitions of the metric that the platform knows."""
    if metric.name != "engagement":
        return {}
    wanted = {
        tr("the definition '{definition}' of engagement", definition=one): registry.engagement_terms(one, platform)
        for one in definitions.ENGAGEMENT
        if one != version
    }
    if registry.offered("interactions", platform):
        wanted[tr("the platform's own total of interactions")] = ("interactions",)
    mine = _terms(metric, platform, version)[0]
    found: dict[str, float] = {}
    for words, terms in wanted.items():
        if set(terms) == set(mine) or not terms:
            continue
        rows = facts.read(connection, workspace_id, metric_ids=[registry.METRICS[name].id for name in terms],
                          grain=GRAINS["day"], dimension_id=0, first_day=stated.period.first,
                          last_day=stated.period.last, account_ids=[stated.account_id])  # fmt: skip
        if len(rows):
            found[words] = float(rows["value"].sum())
    return found


def added(names: Collection[str]) -> str:
    """Metrics that are added up, in words."""
    if reader().words.is_english:
        return " + ".join(names).replace("_", " ")
    return " + ".join(tr(registry.METRICS[name].title) for name in names)


def hours_apart(zone: str, other: str, moment: datetime) -> float:
    """How many hours two time zones lie apart at a moment.

    >>> from datetime import UTC
    >>> hours_apart("UTC", "Europe/Berlin", datetime(2026, 1, 1, tzinfo=UTC))
    1.0
    """
    offsets = [moment.astimezone(clock.zone(one)).utcoffset() or timedelta(0) for one in (zone, other)]
    return abs((offsets[0] - offsets[1]) / timedelta(hours=1))
