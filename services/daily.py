"""A metric by day, where it is whole: the history that what comes next and what is unusual are judged from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from analytics.metrics import registry
from core.errors import BadQuestion, NotEnoughData
from core.language import tr, trn
from core.metric import Adds, Metric
from core.question import Answer, By, Explanation, Period, Question, Where
from core.viewer import Viewer
from services import catalogue
from services.ask import ask
from services.team import custom_metrics
from services.words import calendar

DAYS = 1100
"""Three years show whether a year repeats itself; what lies before is another time."""
WHOLE = 0.9
"""A day is whole when the accounts that are known bring at least this share of what all usually bring."""
RECENT = 28
"""What accounts usually bring is taken from their last known days, so many."""
ADDED = frozenset({Adds.FLOW, Adds.STOCK, Adds.UNIQUE})
"""Where a total is made by adding accounts, a missing account makes it smaller."""


@dataclass(frozen=True, slots=True, eq=False)
class Daily:
    """`values`: float by day from the first whole day to the last, NaN where a day is not known or not whole. `since`
    is that first day if days before it were left out, because accounts that count today were not known then; `partial`
    counts the days left out after it. `at_most` marks people who may be counted twice."""

    metric: Metric
    values: pd.Series
    since: date | None
    partial: int
    at_most: bool
    currency: str
    explanation: Explanation

    @property
    def last(self) -> date:
        """The newest day that is known."""
        return pd.Timestamp(self.values.index[-1]).date()

    @property
    def first(self) -> date:
        """The oldest day that is used."""
        return pd.Timestamp(self.values.index[0]).date()

    @property
    def known(self) -> int:
        """How many days are known."""
        return int(self.values.notna().sum())

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a reader must know of the history, each in one sentence."""
        said = []
        if self.since is not None:
            day = calendar.day_words(self.since, year=True)
            said.append(tr("Counted from {day}: before, not all accounts that count today were read.", day=day))
        if self.partial:
            said.append(
                trn(
                    "{n} day is left out because some accounts are missing on it.",
                    "{n} days are left out because some accounts are missing on them.",
                    self.partial,
                )
            )
        if self.at_most:
            said.append(tr("People that several accounts reached may be counted more than once."))
        return tuple(said)


def metrics(viewer: Viewer, where: Where) -> dict[str, str]:
    """Name -> title of every metric with daily numbers that the chosen platforms give, then the team's own."""
    read = {one.platform for one in catalogue.accounts(viewer) if one.selected and _chosen(one.id, one.platform, where)}
    given = {
        name: tr(metric.title)
        for name, metric in registry.METRICS.items()
        if metric.grain == "day" and read.intersection(registry.platforms(name))
    }
    own = {
        name: one.title
        for name, one in custom_metrics.read(viewer).items()
        if all(read.intersection(registry.platforms(part)) for part in one.formula.names)
    }
    return given | own


def _chosen(account: int, platform: str, where: Where) -> bool:
    if where.accounts:
        return account in where.accounts
    return not where.platforms or platform in where.platforms


def metric(viewer: Viewer, name: str) -> Metric:
    """A registered metric or one of the team's own. Raises BadQuestion."""
    if not custom_metrics.is_custom(name):
        return registry.metric(name)
    own = custom_metrics.read(viewer).get(name)
    if own is None:
        raise BadQuestion(tr("There is no metric called '{name}'.", name=name), hint=tr("It may have been removed."))
    return custom_metrics.as_metric(own)


def daily(viewer: Viewer, name: str, where: Where, *, now: datetime) -> Daily:
    """The finished days of a metric. Raises NotEnoughData where none is known, and as `ask` does."""
    of, period = metric(viewer, name), Period(now.date() - timedelta(days=DAYS), now.date())
    answer = ask(viewer, Question((name,), period, By.DAY, None, where), now=now)
    total = _finished(answer)
    whole = total
    if of.adds in ADDED and total.notna().any():
        parts = wide(ask(viewer, Question((name,), period, By.DAY, "account", where), now=now), name)
        whole = total.where(_is_whole(parts.reindex(total.index), total))
    if not whole.notna().any():
        hint = tr("The chosen platforms have given none; choose another metric, or connect a platform.")
        raise NotEnoughData(tr("No day is known yet."), hint=hint)
    first, last = whole.first_valid_index(), whole.last_valid_index()
    values, known = whole.loc[first:last].asfreq("D"), total.loc[first:last].asfreq("D")
    cut = bool(total.loc[:first].iloc[:-1].notna().any())
    number = answer.totals[name]
    return Daily(
        of,
        values,
        pd.Timestamp(str(first)).date() if cut else None,
        int((known.notna() & values.isna()).sum()),
        number.at_most,
        number.currency,
        answer.explain(name),
    )


def wide(answer: Answer, name: str) -> pd.DataFrame:
    """A metric of an answer by day, one column for each part; NaN is not known."""
    rows = answer.frame[answer.frame["metric"] == name]
    table = rows.pivot(index="bucket", columns="split", values="value").astype(float)
    return table.set_index(pd.DatetimeIndex(pd.to_datetime(pd.Series(table.index))))


def _finished(answer: Answer) -> pd.Series:
    rows = answer.frame[~answer.frame["unfinished"]]
    index = pd.DatetimeIndex(pd.to_datetime(rows["bucket"]))
    return pd.Series(rows["value"].to_numpy(float), index, name="value")


def _is_whole(parts: pd.DataFrame, total: pd.Series) -> pd.Series:
    """Whether the accounts known on each day bring what the total usually has. What an account usually brings is the
    mean size of its last days; one that is no longer read counts for nothing."""
    until = total.last_valid_index()
    recent = parts.loc[: pd.Timestamp(str(until))].tail(RECENT)
    size = recent.abs().mean().fillna(0.0)
    if not size.sum() > 0:
        return pd.Series(True, total.index)
    share = parts.notna().to_numpy(float) @ (size / size.sum()).to_numpy(float)
    return pd.Series(np.asarray(share) >= WHOLE, total.index)
