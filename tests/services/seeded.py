"""A small workspace to ask: accounts, facts and coverage written with the real store."""

from __future__ import annotations

from datetime import UTC, date, datetime

from analytics.metrics.registry import DIMENSIONS, METRICS
from core import records
from core.clock import epoch_day, epoch_ms
from core.records import GRAINS
from core.viewer import Viewer, owner
from storage import catalog, coverage, entities, facts, settings, workspaces

NOW = datetime(2026, 12, 5, 12, tzinfo=UTC)


class Seeded:
    """One workspace; every method writes and returns nothing a test needs to know more of."""

    def __init__(self, database, *, now=NOW, time_zone="UTC", currency="USD", week_start=0):
        self.database = database
        self.now = now
        with database.write() as connection:
            catalog.write(connection, METRICS.values(), DIMENSIONS.values())
            self.id = workspaces.create(
                connection, "Test", now=now, time_zone=time_zone, currency=currency, week_start=week_start
            )

    @property
    def viewer(self) -> Viewer:
        return owner(self.id)

    def account(self, platform: str, name: str = "", *, time_zone: str = "UTC", currency: str = "") -> int:
        name = name or platform
        made = records.Account(external_id=name, name=name, time_zone=time_zone, currency=currency)
        with self.database.write() as connection:
            return entities.upsert_accounts(connection, self.id, platform, [made], now=self.now)[name]

    def facts(
        self, account: int, metric: str, values, *, first=None, dimension="total", member="", grain="day", at=None
    ):
        """`values` is a mapping day -> value, or a list that begins on `first`; None leaves a day out."""
        if not isinstance(values, dict):
            start = epoch_day(first)
            values = {start + step: value for step, value in enumerate(values)}
        with self.database.write() as connection:
            number = DIMENSIONS[dimension].id
            place = entities.member_ids(connection, self.id, number, {member: member})[member] if number else 0
            facts.write(
                connection,
                self.id,
                [
                    (METRICS[metric].id, GRAINS[grain], number, self._day(day), account, place, float(value))
                    for day, value in values.items()
                    if value is not None
                ],
                epoch_ms(at or self.now),
            )

    @staticmethod
    def _day(day) -> int:
        return epoch_day(day) if isinstance(day, date) else int(day)

    def mark(self, account: int, metric: str, first: date, last: date, state: str, reason: str = "") -> None:
        with self.database.write() as connection:
            marks = [(METRICS[metric].id, first, last, state, reason)]
            coverage.mark(connection, self.id, account, marks, epoch_ms(self.now))

    def setting(self, name: str, value) -> None:
        with self.database.write() as connection:
            settings.put(connection, self.id, name, value)
