"""Words and signs of connections: what a state, a run and a stream are called, and how long things take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.connections import ConnectionView, LimitView
from storage.runs import NOTICE, RunRow

Colour = Literal["green", "orange", "red", "gray", "primary"]


@dataclass(frozen=True, slots=True)
class Said:
    """A state in a word, with an icon and a colour: never by colour alone."""

    word: str
    icon: str
    colour: Colour

    @property
    def line(self) -> str:
        """The icon alone, coloured, for a line of text."""
        return f":{self.colour}[{self.icon}]"


CONNECTED = Said("Connected", ":material/check_circle:", "green")
ATTENTION = Said("Needs attention", ":material/error:", "orange")
PAUSED = Said("Paused", ":material/pause_circle:", "gray")
READING = Said("Reading", ":material/sync:", "primary")
WAITING = Said("Waiting to begin", ":material/schedule:", "primary")
FAILING = Said("Last read failed", ":material/warning:", "orange")
RESTING = Said("Limit used up", ":material/savings:", "orange")
UNFINISHED = Said("Not finished", ":material/pending:", "gray")
AVAILABLE = Said("Available", ":material/add_circle:", "gray")
PLANNED = Said("Planned", ":material/event:", "gray")

_OUTCOMES = {
    "ok": Said("Good", ":material/check_circle:", "green"),
    "partial": Said("In part", ":material/warning:", "orange"),
    "failed": Said("Failed", ":material/error:", "red"),
    "resting": Said("Rested", ":material/savings:", "orange"),
    "interrupted": Said("Cut off", ":material/power_off:", "gray"),
    "running": READING,
}
_STREAMS = {
    "ok": Said("Read", ":material/check_circle:", "green"),
    "waiting": Said("To be read", ":material/hourglass_empty:", "gray"),
    "skipped": Said("Not offered", ":material/do_not_disturb_on:", "gray"),
    "not_permitted": Said("No permission", ":material/lock:", "orange"),
    "failed": Said("Failed", ":material/error:", "red"),
    "later": Said("Goes on later", ":material/schedule:", "orange"),
    "resting": Said("Limit used up", ":material/savings:", "orange"),
}
_TRIGGERS = {
    "schedule": "On schedule",
    "request": "Asked for",
    "connect": "First reading",
    "backfill": "Past days",
    "rehearsal": "Rehearsed for the demo",
    NOTICE: "Told of news",
}


def state(view: ConnectionView) -> Said:
    """How a connection does."""
    if view.running:
        return READING
    if view.state == "attention":
        return ATTENTION
    if view.state == "paused":
        return PAUSED
    if view.state == "new":
        return UNFINISHED
    if view.requested or not view.runs:
        return WAITING
    if view.resting:
        return RESTING
    last = stumbled(view)
    return FAILING if last and last.outcome == "failed" else CONNECTED


def stumbled(view: ConnectionView) -> RunRow | None:
    """The last run by rhythm or on request, if it brought nothing or only a part of what was due."""
    ended = next((run for run in view.runs if run.outcome != "running" and run.whole), None)
    return ended if ended and ended.outcome in {"failed", "partial"} else None


def busy(view: ConnectionView) -> bool:
    """Whether a sync is under way or about to begin."""
    return view.running or view.requested or (view.state == "active" and not view.runs)


def outcome(name: str) -> Said:
    """How a run ended."""
    return _OUTCOMES.get(name, Said(name.capitalize(), ":material/help:", "gray"))


def stream(name: str) -> Said:
    """How a stream went."""
    return _STREAMS.get(name, Said(name.capitalize(), ":material/help:", "gray"))


def trigger(name: str) -> str:
    """Why a run began."""
    return _TRIGGERS.get(name, name.capitalize())


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "row"), count(1200, "row"), count(2, "reply", "replies")
    ('1 row', '1,200 rows', '2 replies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def every(rhythm: timedelta) -> str:
    """How often.

    >>> every(timedelta(hours=4)), every(timedelta(hours=1)), every(timedelta(minutes=15)), every(timedelta(days=7))
    ('every 4 hours', 'every hour', 'every 15 minutes', 'every week')
    """
    for noun in ("week", "day", "hour", "minute"):
        unit = timedelta(**{f"{noun}s": 1})
        if rhythm >= unit and rhythm % unit == timedelta(0):
            return f"every {noun}" if rhythm == unit else f"every {rhythm // unit} {noun}s"
    return f"every {rhythm / timedelta(seconds=1):.0f} seconds"


def history(days: int) -> str:
    """How far back a platform can be read.

    >>> history(0), history(730), history(90), history(420)
    ('from the day you connect', '2 years back', '90 days back', '14 months back')
    """
    if days <= 0:
        return "from the day you connect"
    if days >= 365 and days % 365 < 31:
        return f"{count(days // 365, 'year')} back"
    return f"{days // 30} months back" if days >= 180 else f"{days} days back"


def lasted(took: timedelta) -> str:
    """How long something took.

    >>> lasted(timedelta(seconds=4)), lasted(timedelta(seconds=130)), lasted(timedelta(hours=3))
    ('4 s', '2 min', '3 h')
    """
    if took < timedelta(minutes=1):
        return f"{max(took // timedelta(seconds=1), 1)} s"
    return f"{took // timedelta(minutes=1)} min" if took < timedelta(hours=1) else f"{took // timedelta(hours=1)} h"


def ahead(moment: datetime | None, now: datetime) -> str:
    """How far away a moment is.

    >>> from datetime import UTC
    >>> ahead(datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 10, tzinfo=UTC)), ahead(None, datetime.min)
    ('in 2 h', 'not planned')
    """
    if moment is None:
        return "not planned"
    left = moment - now
    if left < timedelta(minutes=1):
        return "now"
    return f"in {lasted(left)}" if left < timedelta(days=2) else f"in {left.days} days"


def limit(found: LimitView) -> tuple[str, str]:
    """A rate limit in words: units used of how many, and in what time."""
    span = every(timedelta(seconds=found.per_s)).removeprefix("every ")
    return f"{found.used:,.0f} of {found.calls:,.0f}", f"{found.name} used in the last {span}"
