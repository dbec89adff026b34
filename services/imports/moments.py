"""Dates and times as people and platforms write them. A date that fits two orders is asked for, not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from itertools import pairwise

from core.language import mark, tr


class DateOrder(StrEnum):
    """How a date of three numbers is written."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a cell is no date, and what to do."""

    text: str
    todo: str = mark("Write it as 2026-12-31, or leave the row out.")


_TIME = (
    r"(?:(?:,\s*|\s+|T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_NUMBERS = re.compile(r"(?P<a>\d{1,4})(?P<sign>[./-])(?P<b>\d{1,2})(?P=sign)(?P<c>\d{4}|\d{2})" + _TIME, re.I)
_WORD = r"(?P<month>[^\W\d_]{3,10})\.?"
_YEAR = r",?(?:\s+(?:de\s+)?(?P<year>\d{4}))?"
_DAY_WORD = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?" + _WORD + _YEAR + _TIME, re.I)
_WORD_DAY = re.compile(_WORD + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?" + _YEAR + _TIME, re.I)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,?\s+")
_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?()", re.I)
_MONTHS = (
    "jan january januar jänner janv janvier ene enero", "feb february februar févr fév fevr février febrero",
    "mar march märz mär mrz mars marzo", "apr april avr avril abr abril", "may mai mayo", "jun june juni juin junio",
    "jul july juli juil juillet julio", "aug august août aout ago agosto", "sep sept september septembre septiembre",
    "oct october oktober okt octobre octubre", "nov november novembre noviembre",
    "dec december dezember dez déc décembre dic diciembre",
)  # fmt: skip
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}


def order_of(cells: Iterable[str]) -> DateOrder | None:
    """The order that fits all dates of three numbers; None when both fit.

    >>> order_of(["2026-01-02"]), order_of(["13/01/2026", "02/01/2026"]), order_of(["01/02/2026"])
    (<DateOrder.YEAR_FIRST: 'year_first'>, <DateOrder.DAY_FIRST: 'day_first'>, None)
    """
    found = [match for cell in cells if (match := _NUMBERS.fullmatch(cell)) and len(match["a"]) < 3]
    if not found:
        return DateOrder.YEAR_FIRST
    day_first = all(int(match["b"]) <= 12 for match in found)
    month_first = all(int(match["a"]) <= 12 for match in found)
    if day_first == month_first:
        return None
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def names_no_year(cell: str) -> bool:
    """Whether a cell is a day of a month without its year.

    >>> names_no_year("June 1"), names_no_year("June 1, 2026")
    (True, False)
    """
    match = _worded(cell)
    return match is not None and match["year"] is None


def years_of(cells: Sequence[str], newest: int) -> list[int]:
    """The year of each date that names none: `newest`, and the year before on the other side of a New Year.

    Rows that run over more than one New Year, or in no order of time, all get the same.

    >>> years_of(["30 December", "31 December", "1 January"], 2026), years_of(["1 January", "31 December"], 2026)
    ([2025, 2025, 2026], [2026, 2025])
    """
    found = [_worded(re.sub(r"\s+", " ", cell.strip())) for cell in cells]
    days = [(_MONTH[match["month"].lower()], int(match["day"])) if match else None for match in found]
    known = [newest] * len(days)
    over = [_over_new_year(days, newest), _over_new_year(days[::-1], newest)[::-1]]
    return min((known, *over), key=lambda years: _span(days, years))


def _over_new_year(days: Sequence[tuple[int, int] | None], newest: int) -> list[int]:
    """The years of days that run back in time from the newest, over one New Year at most."""
    years, before, year = [], None, newest
    for day in days:
        if day is not None:
            year -= before is not None and day > before
            before = day
        years.append(year)
    return years if newest - year <= 1 else [newest] * len(days)


def _span(days: Sequence[tuple[int, int] | None], years: Sequence[int]) -> int:
    """How many days lie between neighbours, all in all; about."""
    placed = [year * 372 + day[0] * 31 + day[1] for day, year in zip(days, years, strict=True) if day]
    return sum(abs(after - before) for before, after in pairwise(placed))


def read(cell: str, order: DateOrder | None, year: int | None = None) -> datetime | Unread:
    """The date and time in a cell: aware where the cell names its distance from UTC, else naive; or why it is none.

    `year` completes a date that names none.

    >>> read("13/02/2026 5:30 PM", DateOrder.DAY_FIRST)
    datetime.datetime(2026, 2, 13, 17, 30)
    >>> read("03/04/2026", None).text
    'may be day first or month first'
    """
    text = re.sub(r"\s+", " ", cell.strip())
    if not text:
        return Unread(tr("has no date"), tr("Add the date in the file, or leave the row out."))
    if match := _NUMBERS.fullmatch(text):
        return _of_numbers(match, order)
    match = _worded(text)
    if match is None:
        return Unread(tr("is not a date"))
    written = match["year"] or year
    if written is None:
        return Unread(tr("names no year"), tr("Choose the year above, or add it in the file."))
    return _at(int(written), _MONTH[match["month"].lower()], int(match["day"]), match)


def clock_time(local: datetime, cell: str) -> datetime | Unread:
    """The moment with the time of day of a cell.

    >>> clock_time(datetime(2026, 1, 2), "5:30 pm")
    datetime.datetime(2026, 1, 2, 17, 30)
    """
    match = _CLOCK.fullmatch(cell.strip())
    time = _time(match) if match else None
    if time is None:
        return Unread(tr("is not a time of day"), tr("Write it as 17:30."))
    return local.replace(hour=time[0], minute=time[1], second=time[2])


def _worded(text: str) -> re.Match[str] | None:
    """A date with the name of a month, with or without a weekday before it."""
    for written in (text, _WEEKDAY.sub("", text, count=1)):
        for pattern in (_DAY_WORD, _WORD_DAY):
            match = pattern.fullmatch(written)
            if match and match["month"].lower() in _MONTH:
                return match
    return None


def _of_numbers(match: re.Match[str], order: DateOrder | None) -> datetime | Unread:
    first, second, third = (int(match[name]) for name in "abc")
    if len(match["a"]) == 4:
        return _at(first, second, third, match) if len(match["c"]) == 2 else Unread(tr("is not a date"))
    if len(match["a"]) == 3 or order is DateOrder.YEAR_FIRST:
        return Unread(tr("is not a date written year first"))
    year = third if len(match["c"]) == 4 else 2000 + third
    if order is None and first <= 12 and second <= 12 and first != second:
        return Unread(tr("may be day first or month first"), tr("Choose above how dates are written."))
    day_first = order is DateOrder.DAY_FIRST or (order is None and first > 12)
    day, month = (first, second) if day_first else (second, first)
    found = _at(year, month, day, match)
    if isinstance(found, Unread) and not isinstance(_at(year, day, month, match), Unread):
        return Unread(tr("is not a date written day first") if day_first else tr("is not a date written month first"))
    return found


def _at(year: int, month: int, day: int, match: re.Match[str]) -> datetime | Unread:
    time = _time(match) if match["hour"] else (0, 0, 0)
    if time is None:
        return Unread(tr("names no time of a day"))
    try:
        local = datetime(year, month, day, *time)  # noqa: DTZ001 the plan's zone follows
    except ValueError:
        return Unread(tr("is not a date"))
    offset = match["offset"]
    if not offset:
        return local
    if offset.upper() in {"Z", "UTC", "GMT"}:
        return local.replace(tzinfo=UTC)
    digits = offset.replace(":", "")
    size = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    if size >= timedelta(days=1):
        return Unread(tr("names no distance from UTC"))
    return local.replace(tzinfo=timezone(-size if digits[0] == "-" else size))


def _time(match: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
