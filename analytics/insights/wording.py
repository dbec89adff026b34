"""Numbers, dates and names in the words of a language. Whatever is written is noted: no figure without evidence."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from analytics.insights.facts import Fact, Figure, Form
from analytics.insights.names import LONGEST_NAME, clean, restored, token
from core.metric import Unit
from core.question import Period

MINUS = "−"
_PHRASES = frozenset(
    ("where", "account_where", "periods", "period", "parts", "above", "weekday", "hour", "month", "turn")
)
_FORMS = {
    Unit.COUNT: Form.COUNT,
    Unit.MONEY: Form.MONEY,
    Unit.RATIO: Form.RATIO,
    Unit.SECONDS: Form.SECONDS,
    Unit.SCORE: Form.SCORE,
}


@dataclass(frozen=True, slots=True)
class Language:
    """How a language writes numbers, dates and findings.

    `texts` and `actions` are templates by kind, or by `kind.variant`; `titles` what metrics are called; `words` the
    phrases between them. `first_day` stands for day 1 where it is not written as the others are; with `one_until_two`
    the plural begins at 2. From `grouped` digits on thousands stand apart; `dated` is a day with its year.
    """

    code: str
    thousands: str
    decimal: str
    percent: str
    day: str
    first_day: str
    hour: str
    one_until_two: bool
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    words: Mapping[str, str]
    texts: Mapping[str, str]
    actions: Mapping[str, str]
    titles: Mapping[str, str]
    units_of_time: Mapping[str, str]
    grouped: int = 4
    dated: str = "{day} {year}"

    def number(self, value: float, digits: int) -> str:
        """A number without its sign, thousands apart."""
        whole, _, rest = f"{abs(value):,.{digits}f}".partition(".")
        together = whole.replace(",", "")
        apart = together if len(together) < self.grouped else whole.replace(",", self.thousands)
        return apart + (self.decimal + rest if rest else "")

    def day_of(self, day: date, *, year: bool = False) -> str:
        """A day of a month."""
        said = self.day.format(number=self._ordinal(day), month=self.months[day.month - 1])
        return self.dated.format(day=said, year=day.year) if year else said

    def span(self, period: Period, *, year: bool) -> str:
        """A period: "1–30 November 2026"; its year left out only where another says it."""
        first, last = period.first, period.last
        ends = self.day_of(last, year=year or first.year != last.year)
        if first == last:
            return ends
        if (first.year, first.month) != (last.year, last.month):
            return f"{self.day_of(first, year=first.year != last.year)} – {ends}"
        return f"{self.day.format(number=self._ordinal(first), month='').split()[0]}–{ends}"

    def _ordinal(self, day: date) -> str:
        return self.first_day if day.day == 1 and self.first_day else str(day.day)


def digits_for(size: float, whole_from: float) -> int:
    """Decimals that keep a number within five per cent of what it is.

    >>> [digits_for(size, 10) for size in (0.0, 3.0, 27.4, 3.4, 0.034)]
    [0, 0, 0, 1, 3]
    """
    if size >= whole_from or float(size).is_integer():
        return 0
    return 1 if size >= 1 else 1 - math.floor(math.log10(size))


class Writer:
    """Fills templates for one fact, and notes the figures and names it wrote.

    After the colon of a field stands how it is written: `v` in the metric's unit, `+v` with sign, `%` and `+%` a
    relative difference, `r` a share, `x` a multiple, `c` a count, `n|one|many` a count with its noun, `d` a day.
    """

    def __init__(self, language: Language, fact: Fact, values: Mapping[str, float], effect: float) -> None:
        self.figures: dict[str, Figure] = {}
        self._names: dict[tuple[str, str], None] = {}
        self._language, self._fact, self._values, self._effect = language, fact, values, effect

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The names it wrote, in the order of their tokens."""
        return tuple(self._names)

    def restored(self, text: str) -> str:
        """The text with the names in place of their tokens."""
        return restored(text, self.names)

    def fill(self, template: str) -> str:
        """The template with every field written, and a token for every name."""
        parts = []
        for literal, name, how, _ in string.Formatter().parse(template):
            parts.append(literal)
            if name is not None:
                parts.append(self._field(name, how or ""))
        return "".join(parts)

    def _field(self, name: str, how: str) -> str:
        if how == "d":
            return self._day(name, year=True)
        if how:
            return self._number(name, how)
        if name in _PHRASES:
            return str(getattr(self, f"_{name}")())
        if name == "title":
            title = self._language.titles.get(self._fact.metric) or self._fact.title or self._fact.metric
            return self._name(name, title)
        if name == "hint":
            return self._name(name, self._fact.hint, 200)
        text = getattr(self._fact.subject, name)
        if name == "post" and not clean(text):
            text = self._language.words["untitled"]
        return self._name(name, text)

    def _name(self, kind: str, text: str, longest: int = LONGEST_NAME) -> str:
        """The token of a name; empty for an empty name."""
        name = clean(text, longest)
        if not name:
            return ""
        self._names.setdefault((kind, name))
        return token(list(self._names).index((kind, name)))

    # -- numbers

    def _number(self, name: str, how: str) -> str:
        value, speech = self._values[name], self._language
        if how in {"v", "+v"}:
            return self._level(name, value, signed=how == "+v")
        if how in {"%", "+%"}:
            self._note(Figure(name, value, Form.CHANGE, signed=True))
            return (self._sign(value) if how == "+%" else "") + self._percent(value)
        if how == "r":
            self._note(Figure(name, value, Form.RATIO))
            return self._percent(value)
        if how == "x":
            self._note(Figure(name, value, Form.FACTOR))
            return speech.number(value, digits_for(abs(value), 10))
        number, (_, one, many) = speech.number(value, digits_for(abs(value), 100)), f"{how}||".split("|")[:3]
        self._note(Figure(name, value, per=speech.units_of_time.get(many.lower().partition(" ")[0], "")))
        if how == "c":
            return number
        single = abs(value) < 2 if speech.one_until_two else value == 1
        return f"{number} {one if single else many}"

    def _level(self, name: str, value: float, *, signed: bool, label: str = "") -> str:
        fact, form = self._fact, _FORMS[self._fact.unit]
        if signed and form is Form.RATIO:
            form = Form.POINTS
        self._note(Figure(name, value, form, currency=fact.currency, signed=signed, label=label))
        return (self._sign(value) if signed or value < 0 else "") + self._in_unit(value, form)

    def _in_unit(self, value: float, form: Form) -> str:
        speech, size = self._language, abs(value)
        if form is Form.RATIO:
            return self._percent(value)
        if form is Form.POINTS:
            return f"{speech.number(100 * size, digits_for(round(100 * size, 9), 10))} {speech.words['points']}"
        if form is Form.MONEY:
            digits = 2 if size >= 1 or size == 0 else max(2, 1 - math.floor(math.log10(size)))
            return f"{speech.number(size, digits)} {self._fact.currency}".rstrip()
        number = speech.number(size, digits_for(size, 100))
        return f"{number} s" if form is Form.SECONDS else number

    def _percent(self, value: float) -> str:
        size = round(abs(value) * 100, 9)
        return self._language.number(size, digits_for(size, 10)) + self._language.percent

    @staticmethod
    def _sign(value: float) -> str:
        return MINUS if value < 0 else "+"

    # -- time

    def _day(self, name: str, *, year: bool) -> str:
        day = self._fact.days[name]
        self._note_day(name, day)
        return self._language.day_of(day, year=year)

    def _period(self) -> str:
        period = self._fact.period
        if period is None:
            return ""
        self._note_period("period", period)
        return self._language.span(period, year=True)

    def _periods(self) -> str:
        mine, theirs = self._fact.period, self._fact.compared
        if mine is None or theirs is None:
            return self._period()
        self._note_period("period", mine)
        self._note_period("compared", theirs)
        one_year = len({mine.first.year, mine.last.year, theirs.first.year, theirs.last.year}) == 1
        spans = self._language.span(mine, year=not one_year), self._language.span(theirs, year=True)
        return f" {self._language.words['against']} ".join(spans)

    def _weekday(self) -> str:
        weekday = self._fact.subject.weekday or 0
        self._note(Figure("weekday", weekday, Form.WEEKDAY))
        return self._language.weekdays[weekday]

    def _hour(self) -> str:
        hour = self._fact.subject.hour or 0
        self._note(Figure("hour", hour, Form.HOUR))
        return self._language.hour.format(hour=hour)

    def _month(self) -> str:
        month = self._fact.subject.month or 1
        self._note(Figure("month", month, Form.MONTH))
        return self._language.months[month - 1]

    # -- phrases

    def _where(self) -> str:
        subject = self._fact.subject
        said = [self._name("platform", subject.platform), self._name("account", subject.account)]
        return f" ({', '.join(name for name in said if name)})" if any(said) else ""

    def _account_where(self) -> str:
        account = self._name("account", self._fact.subject.account)
        return f" ({account})" if account else ""

    def _above(self) -> str:
        return self._language.words["above" if self._effect > 0 else "below"]

    def _turn(self) -> str:
        return self._language.words.get(f"turn_{self._fact.subject.turn}", "")

    def _parts(self) -> str:
        """The contributions, biggest first, if they add up to the difference; otherwise nothing."""
        parts = [(name, value) for name, value in self._fact.parts if value]
        whole = self._values.get("difference", math.nan)
        if len(parts) < 2 or not math.isclose(math.fsum(v for _, v in parts), whole, rel_tol=1e-6, abs_tol=1e-9):
            return ""
        parts.sort(key=lambda part: (-abs(part[1]), part[0]))
        said = []
        for number, (name, value) in enumerate(parts, 1):
            label = self._name("part", name)
            said.append(f"{label} {self._level(f'part_{number}', value, signed=True, label=label)}")
        listed = f"{', '.join(said[:-1])} {self._language.words['and']} {said[-1]}"
        return f", {self._language.words['from']} {listed}"

    def _note(self, figure: Figure) -> None:
        self.figures.setdefault(figure.name, figure)

    def _note_day(self, name: str, day: date) -> None:
        self._note(replace(Figure(name, day.toordinal(), Form.DATE), day=day))

    def _note_period(self, name: str, period: Period) -> None:
        self._note_day(f"{name}_first", period.first)
        self._note_day(f"{name}_last", period.last)
