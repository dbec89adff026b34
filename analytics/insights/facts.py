"""What goes into a written insight and what comes out: computed facts, figures, and the sentence with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.metric import Direction, Unit
from core.question import Period


class Category(StrEnum):
    """What a finding is about."""

    PERFORMANCE = "performance"
    GROWTH = "growth"
    TREND = "trend"
    COMPETITION = "competition"
    ANOMALY = "anomaly"
    BUDGET = "budget"
    DATA = "data"


class Form(StrEnum):
    """How a figure is written, and so what a sentence may call it.

    RATIO is a share or rate (0.034 = 3.4 %); CHANGE a relative difference (0.2 = 20 % more); FACTOR a multiple (1.2
    times); POINTS a difference of two rates (0.02 = 2 points). DATE, WEEKDAY (0 Monday), HOUR and MONTH are of time.
    """

    COUNT = "count"
    MONEY = "money"
    RATIO = "ratio"
    CHANGE = "change"
    FACTOR = "factor"
    POINTS = "points"
    SECONDS = "seconds"
    SCORE = "score"
    DATE = "date"
    WEEKDAY = "weekday"
    HOUR = "hour"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Figure:
    """One computed figure of a sentence, by name. `day` is set for dates only, whose `value` is the day's ordinal.

    `signed` figures have a direction: a sentence that calls a rise a fall is wrong. `label` is the token of the name
    that it belongs to, where a sentence tells several; `per` the unit of time that it counts ("hour").
    """

    name: str
    value: float
    form: Form = Form.COUNT
    day: date | None = None
    currency: str = ""
    signed: bool = False
    label: str = ""
    per: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fact is about, as people call it; empty or None where it does not apply.

    `content` is the kind of post ("reel"), `feature` a property of posts, `segment` a part of the audience,
    `peer` what it is held against, `turn` where the use of a tag goes ("rising", "falling", "new"; others are not
    said). `weekday` is 0 (Monday) to 6, `hour` 0 to 23, `month` 1 to 12.
    """

    platform: str = ""
    account: str = ""
    content: str = ""
    post: str = ""
    tag: str = ""
    feature: str = ""
    segment: str = ""
    peer: str = ""
    turn: str = ""
    weekday: int | None = None
    hour: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One computed result, ready to be told. Which `values` and `days` a kind needs stands in `kinds.KINDS`.

    `questions` are keys of what it was computed from. `lower` and `upper` bound the kind's effect, or what is expected
    where it tells of the future; `confidence` is 0 to 1. `verdict` is the method's own: nothing is said of one that
    begins with "no reliable" or "not enough". `parts` are the contributions that add up to the difference, `weight` is
    the part of the workspace that it concerns (0 to 1), `hint` what an error said to do, in the reader's language.
    """

    kind: str
    metric: str = ""
    title: str = ""
    unit: Unit = Unit.COUNT
    direction: Direction = Direction.UP
    subject: Subject = Subject()
    values: Mapping[str, float] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    period: Period | None = None
    compared: Period | None = None
    parts: tuple[tuple[str, float], ...] = ()
    questions: tuple[str, ...] = ()
    confidence: float | None = None
    lower: float | None = None
    upper: float | None = None
    verdict: str = ""
    currency: str = ""
    weight: float = 1.0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Insight:
    """One finding in words, with what it rests on and what to do.

    `evidence` holds every figure of `text` and `action`. `pattern` is `text` with a token in place of every name, and
    `names` what the tokens stand for: (kind, text), in their order (`names.token`).
    `size` is the effect on a log scale (0.69 = doubled or halved), `confidence` 0 to 1 and `certainty` the same in
    words. `good` is None where there is no good direction. `more` counts findings of the kind that were left out.
    """

    kind: str
    category: Category
    text: str
    action: str
    certainty: str
    evidence: tuple[Figure, ...]
    questions: tuple[str, ...]
    size: float
    confidence: float
    language: str
    metric: str = ""
    good: bool | None = None
    pattern: str = ""
    names: tuple[tuple[str, str], ...] = ()
    more: int = 0
