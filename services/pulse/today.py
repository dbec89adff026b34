"""Today so far beside the usual day, which is what was known of earlier days at the same time (`as_of`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from analytics import pulse as analysis
from core import clock
from core.language import mark, tr
from core.question import Answer, Note, Period, Question, Where
from core.viewer import Viewer
from services import ask
from services.pulse.shapes import PulseCard, UsualDay
from storage import database, workspaces

TODAY = ("engagement", "views", "followers_net", "posts_published")
"""What today brings so far; each is held against the usual day."""
TITLES = {
    "engagement": mark("Engagement today"),
    "views": mark("Views today"),
    "followers_net": mark("New followers today"),
    "posts_published": mark("Posts today"),
}
USUAL_DAYS = 7
"""One of each weekday."""


def usual_day(viewer: Viewer, where: Where | None = None, *, now: datetime | None = None) -> UsualDay:
    """What was known of each of the last seven days when it was as late as it is now. Raises as `ask` does."""
    moment = now or clock.utc_now()
    with database.current().read() as connection:
        zone = clock.zone(workspaces.get(connection, viewer.workspace_id).time_zone)
    local = moment.astimezone(zone)
    days = [local.date() - timedelta(days=back) for back in range(1, USUAL_DAYS + 1)]
    answers = [
        ask.ask(
            viewer,
            Question(TODAY, Period(day, day), None, "account", where or Where(),
                     as_of=datetime.combine(day, local.time(), tzinfo=zone)),
            now=moment,
        )
        for day in days
    ]  # fmt: skip
    earlier = {name: pd.DataFrame([_by_account(answer, name) for answer in answers]) for name in TODAY}
    return UsualDay(local.date(), earlier)


def _by_account(answer: Answer, metric: str) -> dict[int, float]:
    found = {int(key): number.value for (key, name), number in answer.by_split.items() if name == metric}
    return {account: np.nan if value is None else value for account, value in found.items()}


def card(today: Answer, usual: UsualDay, name: str) -> PulseCard:
    """Today so far beside the usual day at this time; like for like, account by account."""
    number, made = today.totals[name], today.explain(name)
    accounts = _by_account(today, name)
    earlier = usual.earlier[name].reindex(columns=list(accounts))
    beside = analysis.so_far(pd.Series(accounts, dtype=float), earlier)
    if number.value is None or beside is None:
        why = "" if number.value is None else _too_few_days(earlier)
        return PulseCard(tr(TITLES[name]), replace(number, why_no_change=why), (), made)
    difference = beside.compared - beside.usual
    number = replace(
        number,
        previous=beside.usual,
        compared=beside.compared,
        difference=difference,
        change=difference / abs(beside.usual) if beside.usual else None,
        why_no_change="" if beside.usual else tr("usually none by now"),
    )
    if len(beside.accounts) == len(accounts):
        said = mark("Usual: the median of {known} of the last {days} days, as known at this time of day.")
    else:
        said = mark(
            "Usual: the median of {known} of the last {days} days, as known at this time of day; {accounts} accounts "
            "are compared."
        )
    words = tr(said, known=beside.days, days=USUAL_DAYS, accounts=len(beside.accounts))
    made = replace(made, notes=(*made.notes, Note("usual", words, name)))
    sums = earlier[list(beside.accounts)].dropna().sum(axis=1).iloc[::-1]
    return PulseCard(tr(TITLES[name]), number, (*sums.tolist(), beside.compared), made)


def _too_few_days(earlier: pd.DataFrame) -> str:
    seen = int(earlier.notna().any(axis=1).sum())
    return tr("no usual day yet: {known} of {days} days", known=seen, days=analysis.FEWEST_DAYS)
