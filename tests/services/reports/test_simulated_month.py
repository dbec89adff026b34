"""A month of scheduled reports over the night when clocks go back, sent by processes that are killed on the way.

Everyone on the list gets every report at its local time, and nobody gets one twice.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.reports import delivery, schedules
from services.reports.rhythm import Rhythm
from tests.alerts.postbox import Postbox, serving
from tests.contracts.project import ROOT
from tests.services.reports.office import PEOPLE, START, Office, through, weekdays

BERLIN = ZoneInfo("Europe/Berlin")
LAST = datetime(2026, 11, 14, 0, 0, 5, tzinfo=UTC)
pytestmark = pytest.mark.slow


@pytest.fixture
def box():
    with serving(Postbox()) as made:
        yield made


class Line:
    """Starts senders, one after the other, on the same store and the same clock."""

    def __init__(self, url, folder, box) -> None:
        self.clock = folder / "clock"
        self.clock.write_text((START.replace(second=5)).isoformat())
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PLUMBLINE_")}
        self._environment = clean | through(box) | {"DATABASE_URL": url, "PLUMBLINE_DATA_DIR": str(folder)}
        self._environment["PLUMBLINE_LOG_LEVEL"] = "warning"

    def start(self, death: str = "") -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.services.reports.sender", str(self.clock), LAST.isoformat()]
        return subprocess.Popen([*command, *filter(None, [death])], cwd=ROOT, env=self._environment)

    def until_it_dies(self, death: str = "") -> None:
        process = self.start(death)
        assert process.wait(timeout=200) == -signal.SIGKILL


def expected():
    """(address, subject, moment) of all there is to come, reckoned from the calendar alone."""
    first, last = date(2026, 10, 15), date(2026, 11, 13)
    for day in weekdays(first, last):
        at = datetime.combine(day, time(8, 0, 5), BERLIN)
        yield from ((one, f"Daily: {spoken(day - timedelta(days=1))}", at) for one in PEOPLE)
        if day.weekday() == 0:
            week = datetime.combine(day, time(9, 0, 5), BERLIN)
            ended = day - timedelta(days=1)
            yield from ((one, f"Weekly: {span(ended - timedelta(days=6), ended)}", week) for one in PEOPLE)


def spoken(day):
    return f"{day.day} {day:%b} {day.year}"


def span(first, last):
    if first.month == last.month:
        return f"{first.day}–{spoken(last)}"
    return f"{first.day} {first:%b} – {spoken(last)}"


def test_it_sends_every_mail_of_a_month_once_though_it_is_killed_again_and_again(database, database_url, tmp_path, box):
    office = Office(database)
    office.schedule(title="Daily", period="yesterday")
    office.schedule(Rhythm("week", time(9), "Europe/Berlin", (0,)), title="Weekly", period="last_week")
    line = Line(database_url, tmp_path, box)

    line.until_it_dies("making:4")
    assert len(box.mails) == 3
    line.until_it_dies("between:4")
    assert len(box.mails) == 7
    sender, dead = line.start(), []

    def kill(mail) -> None:
        """The server has the whole mail, and the sender will never hear that."""
        if len(box.mails) == 17 and not dead:
            dead.append(mail)
            sender.send_signal(signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):
                sender.wait(timeout=5)

    box.before_answer = kill
    assert sender.wait(timeout=200) == -signal.SIGKILL
    assert len(box.mails) == 17
    assert line.start().wait(timeout=300) == 0

    arrived = Counter((mail.to[0], mail.read["Subject"], mail.read["Date"].datetime) for mail in box.mails)
    late = {key for key in arrived if key not in set(expected())}
    assert {moment - timedelta(minutes=1) for _, _, moment in late} <= {at for _, _, at in expected()}
    assert Counter((to, subject) for to, subject, _ in arrived) == Counter((to, said) for to, said, _ in expected())
    assert set(arrived.values()) == {1}
    assert len(late) <= 3, "only the report that was being made when its process died is from a minute later"
    told = delivery.log_of(office.viewer, limit=1000)
    (doubt,) = [one for one in told if one.state != "sent"]
    assert (doubt.state, doubt.to) == ("doubt", dead[0].to[0])
    assert len(told) == len(box.mails) == len({mail.read["Message-ID"] for mail in box.mails})
    assert [one.active for one in schedules.all_of(office.viewer)] == [True, True]
