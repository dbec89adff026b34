"""Words around numbers on the screen: changes, periods, ages; and text that is data made safe to draw."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from core import language, numbers
from core.clock import zone
from core.language import figure, tr, trn
from core.metric import Direction, Unit
from core.question import Number, Period
from services.words import calendar

short = numbers.short
exact = numbers.exact
percent = numbers.percent

_DAYS = {"de": ("DD.MM.", "DD.MM.YYYY"), "es": ("DD/MM", "DD/MM/YYYY"), "fr": ("DD/MM", "DD/MM/YYYY")}
_PICKERS = {"de": "DD.MM.YYYY", "es": "DD/MM/YYYY", "fr": "DD/MM/YYYY"}
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_COLON = re.compile(r"(?<!\d)\\:|\\:(?!\d\d\b)")
"""Where a name between colons may begin or end, but not in 17:00, which is not to be broken."""
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=@/'\"])")


def plain(text: str) -> str:
    """Text from a platform or a person for a place that reads Markdown: it shows as it is, and does nothing.

    >>> plain("**hi** :material/home:")
    '\\\\*\\\\*hi\\\\*\\\\* \\\\:\\u200bmaterial\\\\/home\\\\:\\u200b'
    """
    return _COLON.sub("\\\\:\u200b", _MARKS.sub(r"\\\1", _SPACES.sub(" ", text.strip())))


def line(text: str) -> str:
    """A sentence of ours for a place that reads Markdown, where a day at its start, "1. Nov.", would begin a list.

    >>> line("1. Nov. 2026"), line("1 Nov 2026")
    ('1\\\\. Nov. 2026', '1 Nov 2026')
    """
    return re.sub(r"^(\d+)\.(?=\s)", r"\1\\.", text)


def cut(text: str, longest: int) -> str:
    """The first `longest` characters of a text, and a sign that there are more.

    >>> cut("one two three", 8), cut("one two", 8)
    ('one two…', 'one two')
    """
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"


def value(number: Number) -> str:
    """A number for a card: short, with "at most" where it is a bound."""
    text = numbers.short(number.value, number.unit, number.currency)
    return f"≤ {text}" if number.at_most and number.value is not None else text


def value_exact(number: Number) -> str:
    """The same with every digit, or why there is none."""
    if number.value is None:
        return f"{tr('n/a')}: {number.why_none}" if number.why_none else tr("n/a")
    text = numbers.exact(number.value, number.unit, number.currency)
    return tr("at most {value}", value=text) if number.at_most else text


def difference(number: Number) -> str:
    """The absolute change in words: "141K more", "0.2 pts less, better"."""
    if number.difference is None:
        return ""
    size = abs(number.difference)
    if size == 0:
        return tr("unchanged")
    if number.unit is Unit.RATIO and size < 0.0001:
        return tr("hardly any")
    text = points(size) if number.unit is Unit.RATIO else numbers.short(size, number.unit, number.currency)
    more = tr("{size} more", size=text) if number.difference > 0 else tr("{size} less", size=text)
    if number.direction is not Direction.DOWN:
        return more
    return tr("{more}, better", more=more) if number.is_good else tr("{more}, worse", more=more)


def points(size: float) -> str:
    """A difference between shares, in percentage points.

    >>> points(0.0123), points(0.0004)
    ('1.2 pts', '0.04 pts')
    """
    return tr("{size} pts", size=figure(f"{size * 100:,.1f}" if size >= 0.0005 else f"{size * 100:,.2f}"))


def change(number: Number) -> str:
    """The relative change with its sign; "n/a" and why where it is undefined."""
    if number.change is None:
        return f"{tr('n/a')} ({number.why_no_change})" if number.why_no_change else ""
    return numbers.percent(number.change)


def periods(period: Period, compared: Period | None) -> str:
    """ "1–30 Oct 2026 against 1–30 Sep 2026"; one year where it is the same."""
    if compared is None:
        return calendar.words(period, year=True)
    same = period.last.year == compared.first.year == period.first.year == compared.last.year
    past = calendar.words(compared, year=not same)
    return tr("{period} against {past}", period=calendar.words(period, year=True), past=past)


def age(moment: datetime, now: datetime) -> str:
    """How long ago a moment was.

    >>> from datetime import UTC
    >>> age(datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 12, 5, tzinfo=UTC))
    '2 h ago'
    """
    passed = max(now - moment, timedelta(0))
    if passed < timedelta(minutes=1):
        return tr("just now")
    if passed < timedelta(hours=1):
        return tr("{n} min ago", n=int(passed / timedelta(minutes=1)))
    if passed < timedelta(days=2):
        return tr("{n} h ago", n=int(passed / timedelta(hours=1)))
    return trn("{n} day ago", "{n} days ago", passed.days)


def day_pattern(*, year: bool = False, time: bool = False) -> str:
    """How a column of a table writes days, in the reader's form.

    >>> day_pattern(year=True), day_pattern(time=True)
    ('D MMM YYYY', 'D MMM, HH:mm')
    """
    short, whole = _DAYS.get(language.reader().forms.code, ("D MMM", "D MMM YYYY"))
    return f"{whole if year else short}{', HH:mm' if time else ''}"


def picker_pattern() -> str:
    """How a date is written where one is chosen, in the reader's form."""
    return _PICKERS.get(language.reader().forms.code, "YYYY-MM-DD")


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
        return tr("the end of yesterday")
    return calendar.day_words(day, year=day.year != today.year)


def moment(at: datetime, time_zone: str, now: datetime) -> str:
    """A moment on the clock of the workspace: "today 06:00", "29 Oct 23:00"."""
    local, today = at.astimezone(zone(time_zone)), now.astimezone(zone(time_zone)).date()
    if local.date() == today:
        return tr("today {time}", time=f"{local:%H:%M}")
    if today - local.date() == timedelta(days=1):
        return tr("yesterday {time}", time=f"{local:%H:%M}")
    return f"{calendar.day_words(local.date(), year=local.year != today.year)} {local:%H:%M}"
