"""How the values of a document are written for people, in the reader's language. Formats say them only through this."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from core import language, numbers
from core.language import figure, tr, trn
from core.metric import Unit
from core.question import Period
from core.report import Cell, Column, Document, Figure, Holds, Table


def cell(value: Cell, column: Column) -> str:
    """A value of a table. What is not known is "n/a".

    >>> cell(0.0375, Column("Rate", Holds.RATIO)), cell(15230, Column("Views", Holds.COUNT)), cell(None, Column("Kind"))
    ('3.75\u202f%', '15,230', 'n/a')
    """
    if value is None:
        return tr("n/a")
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        return value
    if column.holds is Holds.CHANGE:
        return numbers.percent(value)
    if column.holds is Holds.RATIO:
        return figure(f"{value * 100:,.2f}").replace("-", "−") + f"{numbers.THIN}%"
    return numbers.exact(value, Unit(column.holds.value), column.currency)


def day(of: date) -> str:
    """A day with its year.

    >>> day(date(2026, 4, 21))
    '21 Apr 2026'
    """
    return language.day(of, "yMMMd")


def moment(of: datetime, zone: str = "") -> str:
    """A day and a time of day; in a time zone, with its name.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 4, 21, 8, 0, tzinfo=UTC), "Europe/Berlin")
    '21 Apr 2026, 10:00 (Europe/Berlin)'
    """
    local = of.astimezone(ZoneInfo(zone)) if zone and of.tzinfo else of
    return f"{day(local)}, {local:%H:%M}" + (f" ({zone})" if zone else "")


def period(of: Period) -> str:
    """A period with its years.

    >>> period(Period(date(2026, 4, 1), date(2026, 4, 20)))
    '1–20 Apr 2026'
    """
    return language.days(of.first, of.last, year=True)


def value(of: Figure) -> str:
    """A key number, short; "at most" where it is an upper bound."""
    short = numbers.short(of.value, of.unit, of.currency)
    return tr("at most {value}", value=short) if of.at_most else short


def exact(of: Figure) -> str:
    """A key number with all its digits, for where there is room or a pointer rests on it.

    >>> exact(Figure("Views", "views", 1_234_567, Unit.COUNT))
    '1,234,567'
    """
    return numbers.exact(of.value, of.unit, of.currency)


def before(of: Figure) -> str:
    """What it was in the period it is compared with, short."""
    return numbers.short(of.previous, of.unit, of.currency)


def change(of: Figure) -> str:
    """Its change with its sign; points for rates; empty where there is none (`why_no_change` says why)."""
    if of.unit is Unit.RATIO and of.difference is not None:
        sign = "−" if of.difference < 0 else "+"
        return tr("{size} points", size=sign + figure(f"{abs(of.difference) * 100:,.1f}"))
    return "" if of.change is None else numbers.percent(of.change)


def complete(table: Table) -> str:
    """How many of its rows are here: "complete: 12 of 12 rows", or "the first 10 of 340 rows".

    >>> complete(Table((), ((), ()), 2)), complete(Table((), ((),), 340))
    ('Complete: 2 of 2 rows', 'The first 1 of 340 rows')
    """
    here, all_rows = figure(f"{len(table.rows):,}"), table.of
    if table.is_complete:
        return trn("Complete: {here} of {n} row", "Complete: {here} of {n} rows", all_rows, here=here)
    return trn("The first {here} of {n} row", "The first {here} of {n} rows", all_rows, here=here)


def facts(of: Document) -> tuple[tuple[str, str], ...]:
    """What page one of every format says about where its numbers come from: (what, in words)."""
    against = period(of.compared) if of.compared else tr("nothing")
    until = moment(of.data_until, of.time_zone) if of.data_until else tr("no data yet")
    return (
        (tr("Workspace"), of.workspace),
        (tr("Period"), period(of.period)),
        (tr("Compared with"), against),
        (tr("Narrowed to"), ", ".join(of.filters) or tr("everything")),
        (tr("Data as of"), until),
        (tr("Made"), moment(of.made_at, of.time_zone)),
        (tr("Made by"), f"Plumbline {of.program}"),
    )
