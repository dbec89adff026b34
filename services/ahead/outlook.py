"""Where is a metric heading? A forecast with its report card, and the sum over the days ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pandas as pd

from core.errors import NotEnoughData
from core.language import tr, trn
from core.metric import Adds
from core.question import Period, Question, Where
from core.viewer import Viewer
from services import daily, studies
from services.ask import ask
from services.daily import Daily
from services.studies import Kept, Subject
from services.studies.forecasts import HORIZON, LEVEL
from services.studies.forecasts import KIND as STUDY

HORIZONS = (14, 28, 56, 90)
PAST = 4
"""The history that is shown is so many times as long as what is ahead."""
FEWEST = 8
"""With fewer known days nothing is forecast."""
FEWEST_TRIALS = 4
"""A forecast is trusted from so many trials on the past on."""


@dataclass(frozen=True, slots=True)
class Report:
    """How the same method did on the past, in `trials` of it. `ours` and `naive` are mean misses as a ratio to the
    usual change (MASE) of the forecast and of the simple guess; `held` is the share of days inside the band."""

    ours: float
    naive: float
    held: float
    trials: int
    method: str
    trusted: bool

    @property
    def better(self) -> float:
        """By how much its misses were smaller than those of the simple guess: 0.2 is a fifth; NaN unknown."""
        return 1 - self.ours / self.naive if self.naive > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Sum:
    """What the days ahead bring together. `lower` and `upper` add up the band's ends: the range if every day came out
    at the same end. `before` adds up as many days before, None where one is unknown; `known` counts those known."""

    days: int
    mean: float
    lower: float
    upper: float
    before: float | None
    known: int

    @property
    def change(self) -> float | None:
        """The middle against the days before; None where that is undefined."""
        return self.mean / self.before - 1 if self.before is not None and self.before > 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What is known of a metric's future. `ahead`: day, mean, lower and upper, one row per day; empty, with `why_none`,
    where nothing can be said. `recent` is the exact value over the last four weeks of what does not add up.
    `computed_at` is None for what was computed just now."""

    daily: Daily | None
    horizon: int
    ahead: pd.DataFrame
    report: Report | None
    in_all: Sum | None
    recent: float | None = None
    why_none: str = ""
    computed_at: datetime | None = None
    cautions: tuple[str, ...] = field(default=())

    @property
    def adds(self) -> bool:
        """Whether days add up."""
        return self.daily is not None and self.daily.metric.adds is Adds.FLOW

    @property
    def stands(self) -> bool:
        """Whether it is a level that stands, such as followers."""
        return self.daily is not None and self.daily.metric.adds is Adds.STOCK


def outlook(viewer: Viewer, name: str, where: Where, horizon: int, *, now: datetime) -> Outlook:
    """The next `horizon` days of a metric: from the kept study where that is about the same days, else computed."""
    try:
        history = daily.daily(viewer, name, where, now=now)
    except NotEnoughData as error:
        return _nothing(None, horizon, str(error))
    if history.known < FEWEST:
        few = tr("Not enough days yet ({n} of {fewest}) for a forecast.", n=history.known, fewest=FEWEST)
        return _nothing(history, horizon, few)
    ahead, report, at = _kept(viewer, name, where, horizon, history) or _computed(history, horizon)
    if ahead.empty:
        return _nothing(history, horizon, tr("{n} days are known; a forecast needs more.", n=history.known))
    flows = history.metric.adds is Adds.FLOW
    return Outlook(
        history,
        horizon,
        ahead,
        report,
        _sum(history, ahead) if flows else None,
        None if flows or history.metric.adds is Adds.STOCK else _recent(viewer, name, where, history, now),
        computed_at=at,
        cautions=(*history.cautions, *_reached(history, horizon)),
    )


def first(one: Outlook, days: int) -> Outlook:
    """The same for its first `days` days only."""
    if one.daily is None or one.ahead.empty or days >= one.horizon:
        return one
    ahead = one.ahead.head(days)
    in_all = _sum(one.daily, ahead) if one.adds else None
    return replace(one, horizon=days, ahead=ahead, in_all=in_all)


def _nothing(history: Daily | None, horizon: int, why: str) -> Outlook:
    empty = pd.DataFrame({"day": [], "mean": [], "lower": [], "upper": []})
    return Outlook(history, horizon, empty, None, None, why_none=why)


def _reached(history: Daily, horizon: int) -> tuple[str, ...]:
    """The trials look ahead at most a quarter of the history."""
    tried = max(len(history.values) // 4, 1)
    if tried >= horizon:
        return ()
    return (
        trn(
            "Trials on the past reached {n} day ahead; beyond that the band is carried on, not checked.",
            "Trials on the past reached {n} days ahead; beyond that the band is carried on, not checked.",
            tried,
        ),
    )


def _kept(
    viewer: Viewer, name: str, where: Where, horizon: int, history: Daily
) -> tuple[pd.DataFrame, Report, datetime | None] | None:
    """What the kept study says, if it is about these days."""
    if horizon != HORIZON or where.accounts or len(where.platforms) > 1:
        return None
    kept = studies.find(viewer, STUDY.name, Subject(name, where.platforms[0] if where.platforms else ""))
    if kept is None or kept.state != "ok" or kept.until != history.last:
        return None
    return kept.frame("frame"), _report(kept), kept.computed_at


def _report(kept: Kept) -> Report:
    found, backtest = kept.found, kept.found["backtest"]
    ours, naive, held = (_number(backtest[name]) for name in ("mase", "mase_naive", "coverage"))
    return Report(ours, naive, held, int(backtest["folds"]), str(found["method"]), bool(found["trusted"]))


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _computed(history: Daily, horizon: int) -> tuple[pd.DataFrame, Report, datetime | None]:
    from analytics.forecast import forecast

    stands = history.metric.adds is Adds.STOCK
    made = forecast(history.values, horizon, kind="stock" if stands else "flow", level=LEVEL)
    card = made.backtest
    report = Report(card.mase, card.mase_naive, card.coverage, card.folds, made.method, bool(made.trusted))
    return made.frame.rename_axis("day").reset_index(), report, None


def _sum(history: Daily, ahead: pd.DataFrame) -> Sum:
    before = history.values.tail(len(ahead))
    known = int(before.notna().sum())
    whole = float(before.sum()) if known == len(ahead) else None
    mean, lower, upper = (float(ahead[name].sum()) for name in ("mean", "lower", "upper"))
    return Sum(len(ahead), mean, lower, upper, whole, known)


def _recent(viewer: Viewer, name: str, where: Where, history: Daily, now: datetime) -> float | None:
    if history.metric.adds is Adds.UNIQUE:
        return None
    period = Period(history.last - timedelta(days=daily.RECENT - 1), history.last)
    return ask(viewer, Question((name,), period, None, None, where), now=now).totals[name].value
