"""Words and signs of connections: what a state, a run and a stream are called, and how long things take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.language import figure, mark, tr, trn
from services.connecting.connections import ConnectionView, LimitView
from storage.runs import NOTICE, RunRow

Colour = Literal["green", "orange", "red", "gray", "primary"]


@dataclass(frozen=True, slots=True)
class Said:
    """A state in a word, with an icon and a colour: never by colour alone."""

    text: str
    icon: str
    colour: Colour

    @property
    def word(self) -> str:
        """The word, in the reader's language."""
        return tr(self.text)

    @property
    def line(self) -> str:
        """The icon alone, coloured, for a line of text."""
        return f":{self.colour}[{self.icon}]"


CONNECTED = Said(mark("Connected"), ":material/check_circle:", "green")
ATTENTION = Said(mark("Needs attention"), ":material/error:", "orange")
PAUSED = Said(mark("Paused"), ":material/pause_circle:", "gray")
READING = Said(mark("Reading"), ":material/sync:", "primary")
WAITING = Said(mark("Waiting to begin"), ":material/schedule:", "primary")
FAILING = Said(mark("Last read failed"), ":material/warning:", "orange")
RESTING = Said(mark("Limit used up"), ":material/savings:", "orange")
UNFINISHED = Said(mark("Not finished"), ":material/pending:", "gray")
AVAILABLE = Said(mark("Available"), ":material/add_circle:", "gray")
PLANNED = Said(mark("Planned"), ":material/event:", "gray")

_OUTCOMES = {
    "ok": Said(mark("Good"), ":material/check_circle:", "green"),
    "partial": Said(mark("In part"), ":material/warning:", "orange"),
    "failed": Said(mark("Failed"), ":material/error:", "red"),
    "resting": Said(mark("Rested"), ":material/savings:", "orange"),
    "interrupted": Said(mark("Cut off"), ":material/power_off:", "gray"),
    "running": READING,
}
_STREAMS = {
    "ok": Said(mark("Read"), ":material/check_circle:", "green"),
    "waiting": Said(mark("To be read"), ":material/hourglass_empty:", "gray"),
    "skipped": Said(mark("Not offered"), ":material/do_not_disturb_on:", "gray"),
    "not_permitted": Said(mark("No permission"), ":material/lock:", "orange"),
    "failed": Said(mark("Failed"), ":material/error:", "red"),
    "later": Said(mark("Goes on later"), ":material/schedule:", "orange"),
    "resting": Said(mark("Limit used up"), ":material/savings:", "orange"),
}
_TRIGGERS = {
    "schedule": mark("On schedule"),
    "request": mark("Asked for"),
    "connect": mark("First reading"),
    "backfill": mark("Past days"),
    "rehearsal": mark("Rehearsed for the demo"),
    NOTICE: mark("Told of news"),
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
    return tr(_TRIGGERS.get(name, name.capitalize()))


def every(rhythm: timedelta) -> str:
    """How often.

    >>> every(timedelta(hours=4)), every(timedelta(hours=1)), every(timedelta(minutes=15)), every(timedelta(days=7))
    ('every 4 hours', 'every hour', 'every 15 minutes', 'every week')
    """
    unit, n = _whole(rhythm)
    match unit:
        case "week":
            return trn("every week", "every {n} weeks", n)
        case "day":
            return trn("every day", "every {n} days", n)
        case "hour":
            return trn("every hour", "every {n} hours", n)
        case "minute":
            return trn("every minute", "every {n} minutes", n)
    return tr("every {n} seconds", n=n)


def older_than(age: timedelta) -> str:
    """An age in words.

    >>> older_than(timedelta(days=2)), older_than(timedelta(days=1)), older_than(timedelta(hours=6))
    ('2 days', 'a day', '6 hours')
    """
    unit, n = _whole(age)
    match unit:
        case "week":
            return trn("a week", "{n} weeks", n)
        case "day":
            return trn("a day", "{n} days", n)
        case "hour":
            return trn("an hour", "{n} hours", n)
        case "minute":
            return trn("a minute", "{n} minutes", n)
    return tr("{n} seconds", n=n)


def _whole(span: timedelta) -> tuple[str, int]:
    """The longest unit that a span is some whole number of, and the number."""
    for unit in ("week", "day", "hour", "minute"):
        one = timedelta(**{f"{unit}s": 1})
        if span >= one and span % one == timedelta(0):
            return unit, span // one
    return "second", round(span / timedelta(seconds=1))


def history(days: int) -> str:
    """How far back a platform can be read.

    >>> history(0), history(730), history(90), history(420)
    ('from the day you connect', '2 years back', '90 days back', '14 months back')
    """
    if days <= 0:
        return tr("from the day you connect")
    if days >= 365 and days % 365 < 31:
        return trn("{n} year back", "{n} years back", days // 365)
    if days >= 180:
        return trn("{n} month back", "{n} months back", days // 30)
    return trn("{n} day back", "{n} days back", days)


def lasted(took: timedelta) -> str:
    """How long something took.

    >>> lasted(timedelta(seconds=4)), lasted(timedelta(seconds=130)), lasted(timedelta(hours=3))
    ('4 s', '2 min', '3 h')
    """
    if took < timedelta(minutes=1):
        return tr("{n} s", n=max(took // timedelta(seconds=1), 1))
    if took < timedelta(hours=1):
        return tr("{n} min", n=took // timedelta(minutes=1))
    return tr("{n} h", n=took // timedelta(hours=1))


def ahead(moment: datetime | None, now: datetime) -> str:
    """How far away a moment is.

    >>> from datetime import UTC
    >>> ahead(datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 10, tzinfo=UTC)), ahead(None, datetime.min)
    ('in 2 h', 'not planned')
    """
    if moment is None:
        return tr("not planned")
    left = moment - now
    if left < timedelta(minutes=1):
        return tr("now")
    if left < timedelta(days=2):
        return tr("in {time}", time=lasted(left))
    return trn("in {n} day", "in {n} days", left.days)


def limit(found: LimitView) -> tuple[str, str]:
    """A rate limit in words: units used of how many, and in what time."""
    used = tr("{used} of {all}", used=figure(f"{found.used:,.0f}"), all=figure(f"{found.calls:,.0f}"))
    return used, _used_in(timedelta(seconds=found.per_s), found.name)


def _used_in(span: timedelta, name: str) -> str:
    unit, n = _whole(span)
    match unit:
        case "week":
            return trn("{name} used in the last week", "{name} used in the last {n} weeks", n, name=name)
        case "day":
            return trn("{name} used in the last day", "{name} used in the last {n} days", n, name=name)
        case "hour":
            return trn("{name} used in the last hour", "{name} used in the last {n} hours", n, name=name)
        case "minute":
            return trn("{name} used in the last minute", "{name} used in the last {n} minutes", n, name=name)
    return tr("{name} used in the last {n} seconds", name=name, n=n)
