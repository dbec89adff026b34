"""A workspace that sends reports: numbers, a report, a mailing list, and a mail server to send through."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core import clock
from core.report import Block
from services.reports import layouts, lists, schedules, slots
from services.reports.rhythm import Rhythm
from services.reports.targets import Target
from tests.services.seeded import Seeded

START = datetime(2026, 10, 14, 12, tzinfo=UTC)
PEOPLE = ("ann@example.com", "bob@example.com", "cem@example.com")
EVERY_WEEKDAY = Rhythm("workday", time(8), "Europe/Berlin")


class Office:
    """Everything is made with the real services. `begin` is when it opens; its days are those of Berlin."""

    def __init__(self, database, begin: datetime = START, *, days: int = 60) -> None:
        self.database, self.begin = database, begin
        self.seeded = Seeded(database, now=begin, time_zone="Europe/Berlin")
        self.viewer = self.seeded.viewer
        account = self.seeded.account("instagram", "Northwind")
        first = begin.date() - timedelta(days=30)
        self.seeded.facts(account, "views", [100 + step for step in range(days)], first=first)
        self.list_id = lists.add(self.viewer, "Team", now=begin)
        lists.add_people(self.viewer, self.list_id, ", ".join(PEOPLE), now=begin)

    def report(self, title: str = "Numbers", period: str = "yesterday", *, blocks=None, language: str = "en") -> int:
        """A report with a key number and a sentence."""
        made = layouts.start(self.viewer, "blank", now=self.begin)
        layout = layouts.find(self.viewer, made).layout
        shown = blocks or (
            Block("b1", "key_numbers", options={"metrics": ["views"]}),
            Block("b2", "text", "What we did", {"text": "Less, but **better**."}),
        )
        layout = replace(layout, title=title, period=period, blocks=shown, language=language)
        layouts.save(self.viewer, made, layout, now=self.begin)
        return made

    def schedule(self, of: Rhythm = EVERY_WEEKDAY, *, title: str = "Numbers", period: str = "yesterday",
                 formats=("csv",), to=None, when_late: str = "banner") -> int:  # fmt: skip
        """A report that makes itself, and goes to the list."""
        return schedules.create(
            self.viewer, self.report(title, period), of, to or [Target("mail", self.list_id)], formats=formats,
            when_late=when_late, now=self.begin,
        )  # fmt: skip


def make_due(database) -> int:
    """What the scheduler's job does."""
    slots.take_due(database, now=clock.utc_now())
    waiting = slots.waiting(database)
    for run in waiting:
        slots.make(database, run)
    return len(waiting)


def weekdays(first: date, last: date) -> list[date]:
    """Monday to Friday, reckoned here and not by what is tested."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [one for one in days if one.isoweekday() <= 5]


def settings(monkeypatch: pytest.MonkeyPatch, box) -> None:
    """Let the program send through a postbox."""
    for name, value in through(box).items():
        monkeypatch.setenv(name, value)


def through(box) -> dict[str, str]:
    """The settings that lead to a postbox."""
    return {
        "PLUMBLINE_SMTP_HOST": "127.0.0.1", "PLUMBLINE_SMTP_PORT": str(box.port), "PLUMBLINE_SMTP_SECURITY": "none",
        "PLUMBLINE_SMTP_FROM": "Northwind <reports@sender.example>", "PLUMBLINE_SMTP_TIMEOUT": "5",
    }  # fmt: skip
