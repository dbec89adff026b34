"""Words around numbers on the screen: changes, periods, ages; and text that is data made safe to draw."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from charts import numbers
from core.clock import zone
from core.metric import Direction, Unit
from core.question import Number, Period
from services import calendar

short = numbers.short
exact = numbers.exact
percent = numbers.percent

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=@/'\"])")


def plain(text: str) -> str:
    """Text from a platform or a person for a place that reads Markdown: it shows as it is, and does nothing.

    >>> plain("**hi** :material/home:")
    '\\\\*\\\\*hi\\\\*\\\\* \\\\:\\u200bmaterial\\\\/home\\\\:\\u200b'
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split())).replace("\\:", "\\:\u200b")


def value(number: Number) -> str:
    """A number for a card: short, with "at most" where it is a bound."""
    text = numbers.short(number.value, number.unit, number.currency)
    return f"≤ {text}" if number.at_most and number.value is not None else text


def value_exact(number: Number) -> str:
    """The same with every digit, or why there is none."""
    if number.value is None:
        return f"n/a: {number.why_none}" if number.why_none else "n/a"
    bound = "at most " if number.at_most else ""
    return bound + numbers.exact(number.value, number.unit, number.currency)


def difference(number: Number) -> str:
    """The absolute change in words: "141K more", "0.2 pts less, better"."""
    if number.difference is None:
        return ""
    size = abs(number.difference)
    if size == 0:
        return "unchanged"
    if number.unit is Unit.RATIO and size < 0.0001:
        return "hardly any"
    text = points(size) if number.unit is Unit.RATIO else numbers.short(size, number.unit, number.currency)
    word = "more" if number.difference > 0 else "less"
    judged = {True: ", better", False: ", worse"} if number.direction is Direction.DOWN else {}
    return f"{text} {word}{judged.get(bool(number.is_good), '')}"


def points(size: float) -> str:
    """A difference between shares, in percentage points.

    >>> points(0.0123), points(0.0004)
    ('1.2 pts', '0.04 pts')
    """
    return f"{size * 100:,.1f} pts" if size >= 0.0005 else f"{size * 100:,.2f} pts"


def change(number: Number) -> str:
    """The relative change with its sign; "n/a" and why where it is undefined."""
    if number.change is None:
        return f"n/a ({number.why_no_change})" if number.why_no_change else ""
    return numbers.percent(number.change)


def periods(period: Period, compared: Period | None) -> str:
    """ "1–30 Oct 2026 against 1–30 Sep 2026"; one year where it is the same."""
    if compared is None:
        return calendar.words(period, year=True)
    same = period.last.year == compared.first.year == period.first.year == compared.last.year
    past = calendar.words(compared, year=not same)
    return f"{calendar.words(period, year=True)} against {past}"


def age(moment: datetime, now: datetime) -> str:
    """How long ago a moment was.

    >>> from datetime import UTC
    >>> age(datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 12, 5, tzinfo=UTC))
    '2 h ago'
    """
    passed = max(now - moment, timedelta(0))
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{int(passed / timedelta(minutes=1))} min ago"
    if passed < timedelta(days=2):
        return f"{int(passed / timedelta(hours=1))} h ago"
    return f"{passed.days} days ago"


def until(at: datetime, time_zone: str, now: datetime) -> str:
    """The end of what is known: a day where it is a day's end, else a moment.

    >>> from datetime import UTC
    >>> until(datetime(2026, 1, 2, tzinfo=UTC), "UTC", datetime(2026, 1, 2, 9, tzinfo=UTC))
    'the end of yesterday'
    """
    local, today = at.astimezone(zone(time_zone)), now.astimezone(zone(time_zone)).date()
    if (local.hour, local.minute) != (0, 0):
        return moment(at, time_zone, now)
    day = local.date() - timedelta(days=1)
    if today - day == timedelta(days=1):
        return "the end of yesterday"
    return calendar.day_words(day, year=day.year != today.year)


def moment(at: datetime, time_zone: str, now: datetime) -> str:
    """A moment on the clock of the workspace: "today 06:00", "29 Oct 23:00"."""
    local, today = at.astimezone(zone(time_zone)), now.astimezone(zone(time_zone)).date()
    if local.date() == today:
        return f"today {local:%H:%M}"
    if today - local.date() == timedelta(days=1):
        return f"yesterday {local:%H:%M}"
    return f"{calendar.day_words(local.date(), year=local.year != today.year)} {local:%H:%M}"
