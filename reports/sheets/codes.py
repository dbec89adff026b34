"""What a cell of a workbook holds, and the number format that it is shown in."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from core import language
from core.language import figure, tr
from core.report import Cell, Column, Holds
from reports import safe

TEXT, QUOTED, LINK = "", "'", "http"
"""The formats of plain text, of text that begins like a formula, which the workbook marks as text for good, and of
links."""
LONGEST = 32_767
"""The most signs that a cell of a workbook holds, counted as UTF-16 does."""
_ROOM = 200
_EXACT = 10**15
_COUNT, _ROUGH, _FINE, _TINY = "#,##0", "#,##0.0", "#,##0.0#####", "0.00E+00"
_CODES = {Holds.RATIO: "0.0%", Holds.CHANGE: "+0.0%;-0.0%;0.0%", Holds.SECONDS: '#,##0" s"', Holds.SCORE: "0.0"}
_LOCALES = {"en": "809", "de": "407", "fr": "40C", "es": "C0A"}
_FIRST_DAY = date(1900, 3, 1).toordinal()
_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
Typed = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Codes:
    """The number formats of one reader. Marks of thousands and decimals are those of the reader's own program."""

    day: str
    short_day: str
    moment: str
    money_first: bool
    too_long: str

    @classmethod
    def here(cls) -> Codes:
        """Those of who is reading."""
        forms = language.reader().forms
        place = f"[$-{_LOCALES[forms.code]}]"
        short = place + language.pattern("MMMd").replace("MMM", "mmm")
        day = place + language.pattern("yMMMd").replace("MMM", "mmm").replace("y", "yyyy")
        too_long = tr("… and {n} more characters, which a cell has no room for; the CSV file has them.", n="{n}")
        return cls(day, short, f"{day} hh:mm", forms.is_english, too_long)

    def every(self, column: Column) -> set[str]:
        """All that cells of a column can be shown in."""
        return {TEXT, QUOTED, self.day, self.moment, _COUNT, _ROUGH, _FINE, _TINY, self.number(column, 0)}

    def number(self, column: Column, value: float) -> str:
        """The format of a number. One that is no whole number shows what it has, as far as a person can use it."""
        if column.holds is Holds.MONEY:
            return self._money(column.currency)
        if column.holds in _CODES:
            return _CODES[column.holds]
        if value % 1 == 0:
            return _COUNT
        size = abs(value)
        return _ROUGH if size >= 1000 else _FINE if size >= 1e-5 else _TINY

    def typed(self, value: Cell, column: Column) -> tuple[Typed, str]:
        """What the cell holds and its format: days as the numbers that workbooks count them in, nothing for what is
        not known, and as text what a workbook's numbers cannot hold."""
        if value is None:
            return None, TEXT
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bool):
            return value, TEXT
        if isinstance(value, int | float):
            if not math.isfinite(value):
                return None, TEXT
            return (str(value), TEXT) if abs(value) >= _EXACT else (value, self.number(column, value))
        if value.toordinal() < _FIRST_DAY:
            return (value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()), TEXT
        return serial(value), (self.moment if isinstance(value, datetime) else self.day)

    def text(self, text: str) -> tuple[str, str]:
        """A text and its format. One too long for a cell says so at its end."""
        kind = QUOTED if safe.runs(text) else TEXT
        text = safe.writable(text).replace("\r\n", "\n").replace("\r", "\n")
        if len(text) * 2 > LONGEST and (over := _units(text) - LONGEST) > 0:
            kept = _first(text, LONGEST - _ROOM)
            text = f"{kept} {self.too_long.format(n=figure(f'{over + _ROOM:,}'))}"
        if text.startswith("<r>") and text.endswith("</r>"):
            text += " "  # or the library would take it for marked-up text, and write it as it is
        return text, kind

    def _money(self, currency: str) -> str:
        if not re.fullmatch(r"[A-Z]{3}", currency):
            return "#,##0.00"
        return f"[${currency}] #,##0.00" if self.money_first else f"#,##0.00 [${currency}]"


def serial(of: date) -> float:
    """A day, or a moment as the clock on the wall shows it, as workbooks count them.

    >>> serial(date(2026, 10, 1)), serial(datetime(2026, 10, 1, 12))
    (46296, 46296.5)
    """
    if not isinstance(of, datetime):
        return of.toordinal() - _ZERO.toordinal()
    since = of.replace(tzinfo=UTC) - _ZERO
    return since.days + (since.seconds + since.microseconds / 1e6) / 86_400


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _first(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
