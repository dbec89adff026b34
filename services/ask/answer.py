"""The one way to a number: a question in, an answer out, with its caveats and its lineage.

The stages stand in `ask`, in order: check the question, read the cells, fold them by the registry's rules, compare like
for like, note what a reader must know, lay it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from analytics.metrics.arithmetic import Folded
from core import clock
from core.language import tr
from core.metric import Metric
from core.question import Answer, By, Explanation, Note, Number, Question
from core.viewer import Viewer
from services.ask import cells as ask_cells
from services.ask import custom, explain
from services.ask import frame as ask_frame
from services.ask import notes as ask_notes
from services.ask import numbers as ask_numbers
from services.ask import scope as ask_scope
from services.ask.cells import Cells
from services.ask.scope import Scope
from services.ask.sums import Groups, Sums, setting
from services.connecting.platforms import title as platform_title
from services.team import custom_metrics
from services.team.custom_metrics import CustomMetric
from services.words import calendar
from storage import database


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What a metric adds to an answer."""

    total: Number
    rows: dict[tuple[str, str], Number]
    columns: ask_frame.Columns
    notes: tuple[Note, ...]
    explanation: Explanation


def ask(viewer: Viewer, question: Question, *, now: datetime | None = None) -> Answer:
    """Answer a question. Raises BadQuestion, NotAllowed or NotFound; a number that cannot be had is None with why."""
    moment = now or clock.utc_now()
    if any(custom_metrics.is_custom(name) for name in question.metrics):
        return custom.answer(viewer, question, moment, _ask)
    return _ask(viewer, question, moment)


def try_out(viewer: Viewer, one: CustomMetric, question: Question, *, now: datetime | None = None) -> Answer:
    """Answer a question about a custom metric that is not kept yet. Raises as `ask` does."""
    return custom.of_one(viewer, question, now or clock.utc_now(), one, _ask)


def _ask(viewer: Viewer, question: Question, now: datetime) -> Answer:
    """The same for registered metrics."""
    with database.current().read() as connection:
        scope = ask_scope.check(connection, viewer, question, now)
        hourly = question.by in calendar.HOURLY
        daily = ask_cells.read(connection, scope, by=None if hourly else question.by)
        drawn = ask_cells.read(connection, scope, by=question.by) if hourly else daily
    shared = setting(scope, daily)
    fine = setting(scope, drawn) if hourly else shared
    told = [_tell(Sums(metric, shared), Sums(metric, fine), question.by) for metric in scope.metrics]
    return _answer(scope, daily, told)


def _tell(sums: Sums, drawn: Sums, by: By | None) -> _Told:
    """One metric: its total, its rows, its series, its notes."""
    scope = sums.shared.scope
    one, split = groups(scope, sums.shared.cells, None), scope.question.split
    total = sums.whole(one)
    compared = sums.compared(one, total) if sums.past else None
    notes = _notes(sums, drawn, total)
    number = ask_numbers.numbers(sums, one, total, compared, notes)[0]
    rows: dict[tuple[str, str], Number] = {}
    every, whole, apart = one, total, compared
    if split is not None:
        every = groups(scope, sums.shared.cells, split)
        whole = sums.whole(every)
        apart = sums.compared(every, whole) if sums.past else None
        made = ask_numbers.numbers(sums, every, whole, apart, ())
        rows = {(key, sums.metric.name): row for key, row in zip(every.keys, made, strict=True)}
    if by is None:
        columns = ask_frame.of_period(sums, every, whole, apart[1] if apart else None)
    else:
        buckets = calendar.buckets(scope.period, by, scope.workspace.week_start)
        columns = ask_frame.of_buckets(drawn, groups(scope, drawn.shared.cells, split), buckets)
    return _Told(number, rows, columns, notes, explain.explain(sums, total, notes, scope.past))


def _notes(sums: Sums, drawn: Sums, total: Folded) -> tuple[Note, ...]:
    notes = ask_notes.of_metric(sums, total)
    beside = ask_notes.elapsed(sums) if sums.past else None
    if drawn.shared is not sums.shared and not drawn.known.any():
        text = tr("None of these platforms gives hourly numbers of it.")
        notes = (*notes, Note("no_hours", text, sums.metric.name, serious=True))
    return notes if beside is None else (*notes, beside)


def groups(scope: Scope, cells: Cells, split: str | None) -> Groups:
    """The rows of an answer, in the order of the accounts or members."""
    accounts = scope.accounts
    if split is None:
        return Groups(np.zeros(len(cells.account), np.int64), ("",), ("",))
    if split == "account":
        titles = tuple(ask_notes.account_title(account) for account in accounts)
        return Groups(cells.account, tuple(str(account.id) for account in accounts), titles)
    if split == "platform":
        place = {platform: at for at, platform in enumerate(scope.platforms)}
        of_account = np.array([place[account.platform] for account in accounts], np.int64)
        titles = tuple(platform_title(platform) for platform in scope.platforms)
        return Groups(of_account[cells.account], scope.platforms, titles)
    members, codes = np.unique(cells.member, return_inverse=True)
    named = [scope.members.get(int(one), (str(one), str(one))) for one in members]
    return Groups(codes.astype(np.int64), tuple(key for key, _ in named), tuple(title or key for key, title in named))


def _answer(scope: Scope, cells: Cells, told: list[_Told]) -> Answer:
    metrics: tuple[Metric, ...] = scope.metrics
    every = groups(scope, cells, scope.question.split)
    whole = groups(scope, cells, None) if scope.question.split is None else every
    return Answer(
        question=scope.question,
        frame=ask_frame.frame(scope, [one.columns for one in told], whole),
        totals={metric.name: one.total for metric, one in zip(metrics, told, strict=True)},
        by_split={key: number for one in told for key, number in one.rows.items()},
        split_titles={} if scope.question.split is None else dict(zip(every.keys, every.titles, strict=True)),
        notes=(*scope.notes, *dict.fromkeys(note for one in told for note in one.notes)),
        period=scope.period,
        compared=scope.past,
        time_zone=scope.workspace.time_zone,
        data_until=_data_until(scope, cells),
        explanations={metric.name: one.explanation for metric, one in zip(metrics, told, strict=True)},
    )


def _data_until(scope: Scope, cells: Cells) -> datetime | None:
    """The end of the newest day that has a value, as far as it has gone."""
    seen = np.zeros(cells.now.n, bool)
    for values in cells.now.values.values():
        seen |= ~np.isnan(values[:, cells.now.lead :]).all(axis=0)
    if not seen.any():
        return None
    newest = scope.period.first + timedelta(days=int(np.flatnonzero(seen)[-1]))
    return min(scope.moment, clock.day_end(newest, scope.workspace.time_zone))
