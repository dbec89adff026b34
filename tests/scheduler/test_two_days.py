"""Two days of the scheduler on a clock that we move: every connection read when it is due, over a change of the hour."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from connectors.http import Client
from core import clock
from core.registry import discover
from core.viewer import owner
from sandbox.server import Platform
from scheduler.jobs import sync_due
from services import sync
from services.connecting import connections as connecting
from services.connecting import platforms
from services.installation import demo
from storage import connections, workspaces

CHANGES = {"Europe/Berlin": date(2026, 10, 25), "Pacific/Auckland": date(2026, 9, 27)}
"""Zone -> a day of 25 hours, and one of 23."""


@pytest.fixture(params=CHANGES.items(), ids=CHANGES.keys())
def change(request):
    return request.param


@pytest.fixture
def sent(monkeypatch):
    """Every request as it went over the wire: (platform, moment, status)."""
    found = []
    plain = Client._over_the_wire

    def recorded(self, method, url, options):
        answer = plain(self, method, url, options)
        found.append((self.connector.platform, self.now(), answer.status_code))
        return answer

    monkeypatch.setattr(Client, "_over_the_wire", recorded)
    return found


@pytest.fixture
def taken(monkeypatch):
    """What was set aside of every limit that the platform's headers do not rule: (key, limit, moment, units)."""
    found = []
    plain = Client._wait_for

    def recorded(self, limit, cost):
        plain(self, limit, cost)
        if limit.name not in self._platform_speaks:
            found.append((self._limit_key(limit.name), limit, self.now(), cost))

    monkeypatch.setattr(Client, "_wait_for", recorded)
    return found


def connect_all(database, sandbox, zone, now):
    with database.write() as connection:
        viewer = owner(workspaces.create(connection, "Shop", now=now, time_zone=zone))
    served = discover("sandbox", "PLATFORM", Platform)
    for platform in [name for name in platforms.connectors() if name in served]:
        made = demo.connect(viewer, platform, sandbox.url, now)
        with database.write() as connection:
            connections.update(connection, viewer.workspace_id, made, next_run_at=clock.epoch_ms(now))
    return viewer


def live(database, hands, until):
    """What the scheduler does, without the waiting in between."""
    while hands.moment < until:
        with database.read() as connection:
            due = connections.due(connection, hands.moment)
            others = [row.next_run_at for row in connections.list_all(connection) if row.next_run_at]
        for row in due:
            sync.sync_connection(row.workspace_id, row.id)
        if not due:
            following = clock.from_epoch_ms(min(others)) if others else until
            hands.moment = min(until, max(following, hands.moment + sync_due.JOB.every))


def most_in_any_window(moments, per_s):
    """The largest sum of units in any span of `per_s` seconds, of (moment, units) in order."""
    most = total = 0.0
    start = 0
    for at, units in moments:
        total += units
        while moments[start][0] <= at - timedelta(seconds=per_s):
            total -= moments[start][1]
            start += 1
        most = max(most, total)
    return most


@pytest.mark.slow
def test_it_keeps_every_limit_over_a_change_of_the_hour(sqlite_database, sandbox, change, hands, sent, taken):
    zone, day = change
    began = hands.moment = clock.day_start(day - timedelta(days=1), zone)
    viewer = connect_all(sqlite_database, sandbox, zone, began)
    live(sqlite_database, hands, began + timedelta(hours=48))

    refused = [one for one in sent if one[2] == 429 or one[2] >= 500]
    assert refused == [], "no platform had to stop us"
    by_limit = defaultdict(list)
    for key, limit, moment, units in taken:
        by_limit[key, limit].append((moment, units))
    for (key, limit), moments in by_limit.items():
        assert most_in_any_window(sorted(moments), limit.per_s) <= limit.calls, (key, limit.name)
    assert sandbox.app.unexpected == []

    for view in connecting.list_all(viewer, n_runs=500):
        assert view.state == "active", (view.platform, view.reason)
        whole = [run for run in view.runs if run.trigger in {"connect", "schedule"}]
        assert {run.outcome for run in whole} == {"ok"}, (view.platform, [run.reason for run in whole if run.reason])
        starts = sorted(clock.from_epoch_ms(run.started_at) for run in whole)
        declared = platforms.connector(view.platform)
        longest = max((later - earlier for earlier, later in pairwise(starts)), default=timedelta.max)
        assert longest <= declared.every + timedelta(minutes=20), (view.platform, longest)
