"""When a report makes itself: a rhythm in a time zone, in plain words, right in both nights when clocks change."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core import clock, language
from core.errors import BadSetting
from core.language import mark, tr

EVERY = {
    "day": mark("Every day"),
    "workday": mark("Every weekday, Monday to Friday"),
    "week": mark("Every week"),
    "month": mark("Every month"),
    "quarter": mark("Every quarter"),
}
LAST_DAY = 0
"""The last day of a month, as a day of it."""
_HORIZON_DAYS = 100


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`every` is one of `EVERY`. `weekdays` (0 is Monday) are for weeks, `day` of the month for months and quarters:
    1 to 28, or the last. `at` is a time of day in `zone` (IANA), to the minute."""

    every: str = "workday"
    at: time = time(8, 0)
    zone: str = "UTC"
    weekdays: tuple[int, ...] = (0,)
    day: int = 1

    def __post_init__(self) -> None:
        if self.every not in EVERY:
            raise BadSetting(tr("There is no rhythm called '{name}'.", name=self.every), hint=", ".join(EVERY))
        if self.every == "week" and not (self.weekdays and set(self.weekdays) <= set(range(7))):
            raise BadSetting(tr("Choose at least one day of the week."))
        if not (self.day == LAST_DAY or 1 <= self.day <= 28):
            raise BadSetting(tr("A day of the month is 1 to 28, or the last day."))
        clock.zone(self.zone)

    def next_after(self, moment: datetime) -> datetime:
        """The first moment of the rhythm after another, in UTC.

        Where clocks jump over its time of day, it comes as much later as they jumped; where a time of day comes twice,
        the first one counts.

        >>> Rhythm("workday", time(8), "Europe/Berlin").next_after(datetime(2026, 11, 20, 12, tzinfo=UTC))
        datetime.datetime(2026, 11, 23, 7, 0, tzinfo=datetime.timezone.utc)
        >>> Rhythm("day", time(2, 30), "Europe/Berlin").next_after(datetime(2026, 3, 28, 12, tzinfo=UTC))
        datetime.datetime(2026, 3, 29, 1, 30, tzinfo=datetime.timezone.utc)
        """
        first = clock.local_day(moment, self.zone) - timedelta(days=1)
        for ahead in range(_HORIZON_DAYS):
            day = first + timedelta(days=ahead)
            at = datetime.combine(day, self.at, clock.zone(self.zone)).astimezone(UTC)
            if self._has(day) and at > moment:
                return at
        raise AssertionError("A rhythm comes at least once a quarter.")

    def newest(self, after: datetime, now: datetime) -> datetime | None:
        """The last moment of the rhythm after one and not after another; None where there is none. What was missed
        before it is not made up for."""
        found, at = None, self.next_after(after)
        while at <= now:
            found, at = at, self.next_after(at)
        return found

    def _has(self, day: date) -> bool:
        if self.every == "workday":
            return day.weekday() < 5
        if self.every == "week":
            return day.weekday() in self.weekdays
        if self.every in {"month", "quarter"}:
            last = calendar.monthrange(day.year, day.month)[1]
            on = day.day == (last if self.day == LAST_DAY else self.day)
            return on and (self.every == "month" or day.month % 3 == 1)
        return True

    def words(self) -> str:
        """The rhythm in a sentence without its full stop.

        >>> Rhythm("week", time(9), "Europe/Berlin", (0, 3)).words()
        'Every Monday and Thursday at 09:00 (Europe/Berlin)'
        """
        at = f"{self.at:%H:%M}"
        if self.every == "week":
            days = language.listed([language.weekday(one) for one in sorted(self.weekdays)])
            return tr("Every {days} at {time} ({zone})", days=days, time=at, zone=self.zone)
        if self.every == "day":
            return tr("Every day at {time} ({zone})", time=at, zone=self.zone)
        if self.every == "workday":
            return tr("Every weekday, Monday to Friday, at {time} ({zone})", time=at, zone=self.zone)
        return self._monthly(at)

    def _monthly(self, at: str) -> str:
        last, month = self.day == LAST_DAY, self.every == "month"
        if month and last:
            return tr("On the last day of every month at {time} ({zone})", time=at, zone=self.zone)
        if month:
            return tr("On day {day} of every month at {time} ({zone})", day=self.day, time=at, zone=self.zone)
        if last:
            return tr("On the last day of the first month of every quarter at {time} ({zone})", time=at, zone=self.zone)
        return tr("On day {day} of every quarter at {time} ({zone})", day=self.day, time=at, zone=self.zone)


def to_plain(of: Rhythm) -> dict[str, Any]:
    """A rhythm as JSON has it."""
    return {"every": of.every, "at": f"{of.at:%H:%M}", "zone": of.zone, "weekdays": list(of.weekdays), "day": of.day}


def from_plain(found: Mapping[str, Any]) -> Rhythm:
    """The rhythm that `to_plain` wrote. Raises BadSetting, KeyError or ValueError for anything else."""
    at = time.fromisoformat(found["at"])
    return Rhythm(found["every"], at, found["zone"], tuple(found["weekdays"]), found["day"])
