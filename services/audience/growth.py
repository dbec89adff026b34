"""How does the audience grow? Followers, what was gained and lost, and the pace of each platform or account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd

from core import language, numbers
from core.language import figure, tr
from core.metric import Unit
from core.question import Answer, Asked, By, Period, Question, Where
from core.viewer import Viewer
from services import ask, comparison
from services.ask.notes import listed
from services.comparison import Comparison
from services.connecting.platforms import title as platform_title
from services.overview import Card, card
from services.words import calendar
from storage import database, entities

METRICS = ("followers", "followers_net", "followers_gained", "followers_lost", "follower_growth_rate")
"""What the page asks, the cards in this order; and what stands side by side."""
_MOST_DAYS, _MOST_WEEKS = 62, 400
"""So many days of a period are drawn one by one, so many in weeks; longer ones in months."""
COLUMNS = ("bucket", "gained", "lost", "net_only", "net", "unfinished", "without")


@dataclass(frozen=True, eq=False)
class Movement:
    """Gains and losses: `frame` has one row per bucket with `COLUMNS`.

    `gained` and `lost` (0 or more) come from accounts that tell both; `net_only` is the change of the follower count of
    all others; NaN is not known. `without` names accounts that have no value there. `words` say whose net only is
    known.
    """

    by: By
    frame: pd.DataFrame
    words: str

    @property
    def empty(self) -> bool:
        """Whether nothing is known."""
        return bool(self.frame[["gained", "lost", "net_only"]].isna().all().all())


@dataclass(frozen=True, eq=False)
class GrowthAnswer:
    """What the upper half of the page shows. `by_day` has all of `METRICS` with the past beside it."""

    headline: str
    cards: tuple[Card, ...]
    by_day: Answer
    movement: Movement

    @property
    def empty(self) -> bool:
        """Whether there is no number at all."""
        return all(card.number.value is None for card in self.cards)


def growth(viewer: Viewer, asked: Asked, *, now: datetime) -> GrowthAnswer:
    """Followers of a period, by day and beside the past. Raises as `ask` does."""
    by_day = ask.ask(viewer, asked.question(METRICS, By.DAY), now=now)
    cards = tuple(card(by_day, name) for name in METRICS)
    beside = ask.ask(viewer, asked.question(METRICS, split="platform"), now=now)
    return GrowthAnswer(_headline(by_day, beside), cards, by_day, movement(viewer, by_day.period, asked.where, now=now))


def sides(viewer: Viewer, asked: Asked, split: str, *, now: datetime) -> Comparison:
    """The growth of platforms or accounts side by side. Raises as `ask` does."""
    return comparison.compare(viewer, asked, split=split, metrics=METRICS, now=now)


def _headline(by_day: Answer, beside: Answer) -> str:
    """What the period brought, and who grew fastest; nothing where the change is not known."""
    net, rate = by_day.totals["followers_net"].value, by_day.totals["follower_growth_rate"].value
    if net is None:
        return ""
    rates = {
        key: number.value
        for (key, name), number in beside.by_split.items()
        if name == "follower_growth_rate" and number.value is not None
    }
    fastest = max(rates, key=rates.__getitem__, default="")
    moved = _moved(net, rate)
    if len(rates) < 2 or rates[fastest] <= 0:
        return f"{moved}."
    rose = numbers.short(rates[fastest], Unit.RATIO)
    return tr("{moved}; {platform} grew fastest, by {rate}.", moved=moved, platform=platform_title(fastest), rate=rose)


def _moved(net: float, rate: float | None) -> str:
    """What a period brought, without a full stop."""
    if not net:
        return tr("The audience did not change")
    n = figure(f"{abs(net):,.0f}")
    if not rate:
        return tr("The audience grew by {n}", n=n) if net > 0 else tr("The audience shrank by {n}", n=n)
    part = numbers.short(abs(rate), Unit.RATIO)
    if net > 0:
        return tr("The audience grew by {n} ({part} of where it stood)", n=n, part=part)
    return tr("The audience shrank by {n} ({part} of where it stood)", n=n, part=part)


def movement(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> Movement:
    """Gains and losses by day, week or month, as the length of the period asks for."""
    by = By.DAY if period.days <= _MOST_DAYS else By.WEEK if period.days <= _MOST_WEEKS else By.MONTH
    names = ("followers_gained", "followers_lost", "followers_net")
    answer = ask.ask(viewer, Question(names, period, by, "account", where), now=now)
    wide = {name: _wide(answer, name) for name in names}
    gained, lost, net = (wide[name] for name in names)
    both = [key for key in answer.split_titles if gained[key].notna().any() and lost[key].notna().any()]
    rest = [key for key in answer.split_titles if key not in both and net[key].notna().any()]
    late = answer.frame.pivot_table(index="bucket", columns="split", values="unfinished", aggfunc="max", sort=False)
    shown = [*both, *rest]
    lacking = pd.concat([gained[both].isna() | lost[both].isna(), net[rest].isna()], axis=1)
    # A day counts for an account when both sides of it are known.
    told = gained[both].notna() & lost[both].notna()
    frame = pd.DataFrame(
        {
            "bucket": list(net.index),
            "gained": _sum(gained[both].where(told)),
            "lost": _sum(lost[both].where(told)),
            "net_only": _sum(net[rest]),
            "unfinished": late[shown].astype(bool).any(axis=1).to_numpy() if shown else False,
            "without": [listed(_titles(viewer, answer, row)) if row else "" for row in _true(lacking)],
        }
    )
    parts = frame[["gained", "net_only"]].assign(lost=-frame["lost"])
    return Movement(by, frame.assign(net=parts.sum(axis=1, min_count=1))[list(COLUMNS)], _who(viewer, answer, wide))


def _wide(answer: Answer, name: str) -> pd.DataFrame:
    rows = answer.frame[answer.frame["metric"] == name]
    table = rows.pivot(index="bucket", columns="split", values="value").astype(float)
    return table.reindex(index=list(dict.fromkeys(rows["bucket"])), columns=list(answer.split_titles))


def _sum(parts: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(parts.sum(axis=1, min_count=1), float)


def _true(table: pd.DataFrame) -> list[list[str]]:
    """The columns that are true in each row."""
    return [[str(name) for name, held in zip(table.columns, row, strict=True) if held] for row in table.to_numpy(bool)]


def _platforms(viewer: Viewer) -> dict[str, str]:
    with database.current().read() as connection:
        return {str(one.id): one.platform for one in entities.accounts(connection, viewer.workspace_id)}


def _titles(viewer: Viewer, answer: Answer, keys: list[str]) -> list[str]:
    platforms = _platforms(viewer)
    return [f"{answer.split_titles[key]} ({platform_title(platforms[key])})" for key in keys]


def _who(viewer: Viewer, answer: Answer, wide: dict[str, pd.DataFrame]) -> str:
    """For whom the net change stands in; whole platforms by their name."""
    told: dict[str, bool] = {}
    for key in answer.split_titles:
        gains, losses, net = (bool(wide[name][key].notna().any()) for name in wide)
        if net or (gains and losses):
            told[key] = gains and losses
    platforms = _platforms(viewer)
    mixed = {platforms[key] for key, both in told.items() if both}
    names = [
        _titles(viewer, answer, [key])[0] if platforms[key] in mixed else platform_title(platforms[key])
        for key, both in told.items()
        if not both
    ]
    if not names:
        return ""
    return tr("Net only, where gains and losses are not both told: {names}.", names=listed(dict.fromkeys(names)))


def bucket_words(bucket: date, by: By) -> str:
    """A bucket in words.

    >>> bucket_words(date(2026, 11, 2), By.WEEK), bucket_words(date(2026, 11, 2), By.MONTH)
    ('Week of 2 Nov 2026', 'Nov 2026')
    """
    day = calendar.day_words(bucket, year=True)
    if by is By.MONTH:
        return day.split(" ", 1)[1] if language.reader().forms.is_english else language.day(bucket, "yMMM")
    return tr("Week of {day}", day=day) if by is By.WEEK else f"{language.weekday(bucket.weekday(), short=True)} {day}"
