"""How a chart in a browser writes figures and days: in the form of who reads."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from core import language
from core.language import Language

_PARTS = {"y": "%Y", "MMMM": "%B", "MMM": "%b", "LLL": "%b", "MM": "%m", "M": "%-m", "dd": "%d", "d": "%-d",
          "EEEE": "%A", "E": "%a", "HH": "%H", "H": "%-H", "mm": "%M", "ss": "%S"}  # fmt: skip
_ENGLISH_VALUES = "replace(replace(format(datum.value, '~s'), 'k', 'K'), 'G', 'B')"


def config() -> dict[str, Any]:
    """The part of a specification's settings that says so; nothing for English, which is the browser's own."""
    forms = language.reader().forms
    return {} if forms.is_english else {"locale": _locale(forms.code)}


def days() -> str:
    """The format of the days on an axis: "%-d %b" in English."""
    return "%-d %b" if language.reader().forms.is_english else _format(language.pattern("MMMd"))


def values(digits: int = 0) -> str:
    """The labels of an axis as on cards, as an expression: 1.5K, 2M. `digits` are as many as count, else all."""
    forms = language.reader().forms
    if forms.is_english:
        return f"format(datum.value, '.{digits}~s')" if digits else _ENGLISH_VALUES
    kind = f",.{digits}~r" if digits else ",~r"
    found = f"format(datum.value, '{kind}')"
    for step, word in reversed(forms.steps):
        found = f"abs(datum.value) >= {step:.0f} ? format(datum.value / {step:.0f}, '{kind}') + '{word}' : {found}"
    return found


@lru_cache(maxsize=len(language.LANGUAGES))
def _locale(code: str) -> dict[str, Any]:
    from babel import Locale  # the way of English waits for no import

    forms = language.LANGUAGES[code]
    known = Locale.parse(forms.locale)
    names = {"days": "wide", "shortDays": "abbreviated"}
    months = {"months": "wide", "shortMonths": "abbreviated"}
    week = [6, 0, 1, 2, 3, 4, 5]  # there a week begins on Sunday
    date = _format(known.datetime_skeletons["yMd"].pattern)
    return {
        "number": _number(forms),
        "time": {
            "dateTime": f"%A, {date} %H:%M:%S",
            "date": date,
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            **{name: [known.days["format"][width][day] for day in week] for name, width in names.items()},
            **{name: [known.months["format"][width][at] for at in range(1, 13)] for name, width in months.items()},
        },
    }


def _number(forms: Language) -> dict[str, Any]:
    return {
        "decimal": forms.decimal,
        "thousands": forms.thousands,
        "grouping": [3],
        "currency": ["", "\u202f€"],
        "percent": "\u202f%",
    }


def _format(pattern: str) -> str:
    """CLDR's pattern of a day as charts write it.

    >>> _format("d. MMM"), _format("dd/MM/y")
    ('%-d. %b', '%d/%m/%Y')
    """
    return re.sub(r"y+|M+|L+|d+|E+|H+|m+|s+", lambda part: _PARTS[part[0]], pattern)
