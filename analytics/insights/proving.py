"""Is a stated figure one of the computed ones? By value, kind, direction and owner."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date

from analytics.insights.facts import Figure, Form
from analytics.insights.names import TOKEN
from analytics.insights.reading import Mention, Mode
from analytics.insights.tone import DOWN, UP

FARTHEST = 0.05
"""A rounded figure is never farther than this share from the computed one."""
NOTHING = 1e-8
"""What is smaller may be called 0."""

_OF = re.compile(r" ?(?:of|von|der|des|du|de l|del|de l[ao]s?)\b", re.IGNORECASE)


def unproven(sentence: str, found: Sequence[Mention], evidence: Sequence[Figure]) -> str:
    """Why a figure of the sentence is not borne out; empty when all are."""
    for mention in found:
        fitting = [figure for figure in evidence if fits(mention, figure, sentence)]
        said = sentence[mention.start : mention.end].strip()
        if not fitting:
            return f"'{said}' was not computed"
        fitting = [figure for figure in fitting if _same_way(sentence, mention, figure)]
        if not fitting:
            return f"'{said}' goes the other way"
        if not any(_right_label(sentence, mention, figure) for figure in fitting):
            return f"'{said}' belongs to something else"
    return ""


def fits(mention: Mention, figure: Figure, sentence: str) -> bool:
    """Whether a mention states this figure, rightly rounded and as the kind of thing that it is."""
    if figure.day is not None:
        return _fits_day(mention, figure.day)
    time = {Form.WEEKDAY: Mode.WEEKDAY, Form.HOUR: Mode.CLOCK, Form.MONTH: Mode.MONTH}
    if figure.form in time:
        value = mention.month if figure.form is Form.MONTH else mention.value
        return mention.mode is time[figure.form] and value == figure.value and not mention.year
    return any(_near(mention, value, free) for value, free in _as_stated(mention, figure, sentence))


def _fits_day(mention: Mention, day: date) -> bool:
    if mention.mode is Mode.PLAIN:
        return mention.whole and mention.value == day.year and not mention.per and not mention.sign
    if mention.mode not in {Mode.DATE, Mode.MONTH} or mention.year not in {0, day.year}:
        return False
    return mention.month == day.month and (mention.mode is Mode.MONTH or mention.value == day.day)


def _as_stated(mention: Mention, figure: Figure, sentence: str) -> list[tuple[float, bool]]:
    """The figure in the unit in which it was stated, and whether its sign may stay unsaid; several where two ways of
    saying it are right, none where it is not that kind of thing."""
    x, mode, form = figure.value, mention.mode, figure.form
    if mode is Mode.PERCENT:
        return _percents(x, form, level=bool(_OF.match(sentence, mention.end)))
    if mode is Mode.TIMES:
        return {Form.FACTOR: [(x, False)], Form.CHANGE: [(1 + x, False)]}.get(form, [])
    if mode is Mode.PART:
        if form is Form.CHANGE:
            return [] if _OF.match(sentence, mention.end) else [(x, figure.signed)]
        return [(x, False)] if form in {Form.RATIO, Form.FACTOR} else []
    if mode is Mode.POINTS:
        return {Form.POINTS: [(100 * x, figure.signed)], Form.SCORE: [(x, figure.signed)]}.get(form, [])
    if mode is Mode.MONEY:
        right = form is Form.MONEY and mention.currency == figure.currency
        return [(x, figure.signed)] if right else []
    if mode is Mode.SECONDS:
        return [(x, figure.signed)] if form is Form.SECONDS else []
    if mode is Mode.CLOCK:
        return []
    plain = form in {Form.COUNT, Form.SCORE} or (form is Form.MONEY and not figure.currency)
    if mode is not Mode.PLAIN or not plain or (mention.per and mention.per != figure.per):
        return []
    return [(x, figure.signed)]


def _percents(x: float, form: Form, *, level: bool) -> list[tuple[float, bool]]:
    """A share in per cent; of a change or multiple what was added, or with "of" all of it."""
    if form is Form.RATIO:
        return [(100 * x, False)]
    if form is Form.CHANGE:
        return [(100 * (1 + x), False)] if level else [(100 * x, True)]
    if form is Form.FACTOR:
        return [(100 * x, False)] if level else [(100 * (x - 1), True)]
    return []


def _near(mention: Mention, value: float, free: bool) -> bool:
    """Whether a stated number is this value, rounded; `free`: its sign may stay unsaid."""
    if not math.isfinite(value):
        return False
    if mention.sign or not free:
        stated = mention.value * (mention.sign or 1)
    else:
        stated, value = mention.value, abs(value)
    if mention.mode is Mode.PART or (mention.mode is Mode.TIMES and mention.step == 1.0):
        close = abs(value - stated) <= FARTHEST / 2 * abs(stated)
    else:
        farthest = max(FARTHEST * abs(value), NOTHING if stated == 0 else 0.0)
        close = abs(value - stated) <= min(mention.step / 2 * (1 + 1e-9), farthest)
    return (close or _roughly(mention, abs(value), abs(stated))) and _bound_holds(mention, abs(value), abs(stated))


def _roughly(mention: Mention, value: float, stated: float) -> bool:
    """After "about" two digits are enough."""
    if mention.bound != "about" or value == 0 or mention.mode is Mode.PART:
        return False
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.isclose(round(value / unit) * unit, stated, rel_tol=1e-9) and abs(value - stated) <= FARTHEST * value


def _bound_holds(mention: Mention, value: float, stated: float) -> bool:
    equal = mention.equal and math.isclose(value, stated, rel_tol=1e-9)
    if mention.bound == "over":
        return equal or value > stated * (1 + 1e-12)
    return mention.bound != "under" or equal or value < stated * (1 - 1e-12)


def _same_way(sentence: str, mention: Mention, figure: Figure) -> bool:
    """Whether the nearest word of direction goes the figure's way. "More" and "less" of another number do not count."""
    if not figure.signed or not figure.value:
        return True
    ways = [
        (_distance(mention, found), up)
        for up, words in ((True, UP), (False, DOWN))
        for found in words.finditer(sentence)
        if not mention.start <= found.start() < mention.end
    ]
    ways = [way for way in ways if way[0] > 0]
    if not ways:
        return True
    return min(ways)[1] == (figure.value > 0)


def _distance(mention: Mention, found: re.Match[str]) -> int:
    return found.start() - mention.end + 1 if found.start() >= mention.end else mention.start - found.end() + 1


def _right_label(sentence: str, mention: Mention, figure: Figure) -> bool:
    """A figure that belongs to a name stands after it, or before it when no name stands before."""
    if not figure.label:
        return True
    names = list(TOKEN.finditer(sentence))
    before = [name[0] for name in names if name.end() <= mention.start]
    after = [name[0] for name in names if name.start() >= mention.end]
    return figure.label in (before[-1:] or after[:1]) or (figure.label in after[:1] and not before)
