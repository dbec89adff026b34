"""What a question is about: which workspace and accounts, which days, and what they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from analytics.metrics import definitions, registry
from core import clock
from core.errors import BadQuestion
from core.language import tr, trn
from core.metric import Dimension, Metric
from core.question import Note, Period, Question
from core.viewer import Right, Viewer
from services.words import calendar
from storage import connections, entities, settings, workspaces
from storage.database import Connection
from storage.entities import AccountRow
from storage.workspaces import WorkspaceRow

LONGEST_DAYS = 3700
"""About ten years: a longer period is a slip of the pen."""


@dataclass(frozen=True, eq=False)
class Scope:
    """A checked question. `period` is the asked one without the future; `past` belongs to the whole asked period.

    `moment` is the instant from which the question is seen: now, or its `as_of`. `read_at` says when the platforms of
    the accounts were last read through: a value that stayed the same is as fresh as its last reading.
    """

    question: Question
    metrics: tuple[Metric, ...]
    dimension: Dimension
    workspace: WorkspaceRow
    accounts: tuple[AccountRow, ...]
    members: dict[int, tuple[str, str]]
    definition: str
    moment: datetime
    period: Period
    past: Period | None
    notes: tuple[Note, ...]
    read_at: Mapping[str, datetime]

    @cached_property
    def platforms(self) -> tuple[str, ...]:
        """The platforms of the accounts, without repeats."""
        return tuple(dict.fromkeys(account.platform for account in self.accounts))


def check(connection: Connection, viewer: Viewer, question: Question, now: datetime) -> Scope:
    """Check a question and find what it is about. Raises BadQuestion, NotAllowed, NotFound with one clear line."""
    viewer.require(Right.READ)
    metrics = _metrics(question)
    dimension = _dimension(question)
    moment = _moment(question, now)
    workspace = workspaces.get(connection, viewer.workspace_id)
    period, notes = _without_future(question.period, clock.local_day(moment, workspace.time_zone))
    past = calendar.past_of(question.period, question.compare, match_weekday=question.match_weekday)
    notes += _past_notes(question, past)
    accounts = _accounts(connection, workspace.id, question)
    return Scope(
        question,
        metrics,
        dimension,
        workspace,
        accounts,
        _members(connection, workspace.id, dimension, question),
        definitions.check(settings.get(connection, workspace.id, "engagement_definition", definitions.DEFAULT)),
        moment,
        period,
        past,
        notes,
        _read_at(connection, accounts, question.as_of),
    )


def _read_at(connection: Connection, accounts: tuple[AccountRow, ...], as_of: datetime | None) -> dict[str, datetime]:
    """Platform -> when the last of its accounts to be read was read, not later than `as_of`."""
    if not accounts:
        return {}
    found: dict[str, datetime] = {}
    done = {row.id: row.last_success_at for row in connections.list_all(connection, accounts[0].workspace_id)}
    for account in accounts:
        at = done.get(account.connection_id) if account.connection_id else None
        if at is not None and (as_of is None or clock.from_epoch_ms(at) <= as_of):
            read = clock.from_epoch_ms(at)
            found[account.platform] = min(read, found.get(account.platform, read))
    return found


def _metrics(question: Question) -> tuple[Metric, ...]:
    if not question.metrics:
        raise BadQuestion(tr("The question names no metric."), hint=tr("Ask for at least one, such as views."))
    if question.period.days > LONGEST_DAYS:
        raise BadQuestion(tr("The period is longer than ten years."), hint=tr("Choose a shorter one."))
    return tuple(registry.metric(name) for name in dict.fromkeys(question.metrics))


def _dimension(question: Question) -> Dimension:
    if question.split in (None, "platform", "account"):
        if question.where.members:
            raise BadQuestion(tr("Members can only be chosen when the question is split by their dimension."))
        return registry.DIMENSIONS["total"]
    dimension = registry.dimension(question.split or "")
    if dimension.id == 0:
        raise BadQuestion(tr("The total is no way to split."), hint=tr("Leave the split out."))
    return dimension


def _moment(question: Question, now: datetime) -> datetime:
    if now.tzinfo is None or (question.as_of and question.as_of.tzinfo is None):
        raise BadQuestion(tr("A moment needs a time zone."), hint=tr("Give it as 2026-11-20T12:00:00+00:00."))
    return min(now, question.as_of) if question.as_of else now


def _without_future(period: Period, today: date) -> tuple[Period, tuple[Note, ...]]:
    if period.first > today:
        raise BadQuestion(
            tr("The period {period} lies in the future.", period=calendar.words(period, year=True)),
            hint=tr("Today is {today}.", today=calendar.day_words(today, year=True)),
        )
    if period.last <= today:
        return period, ()
    cut = Period(period.first, today)
    text = tr("The end lies in the future: shown up to today, {cut}.", cut=calendar.words(cut, year=True))
    return cut, (Note("cut_to_today", text),)


def _past_notes(question: Question, past: Period | None) -> tuple[Note, ...]:
    if past is None or past.days == question.period.days:
        return ()
    text = tr("Comparing {days} to {other}.", days=_days(question.period.days), other=_days(past.days))
    return (Note("unequal_periods", text, serious=True),)


def _days(number: int) -> str:
    return trn("{n} day", "{n} days", number)


def _accounts(connection: Connection, workspace_id: int, question: Question) -> tuple[AccountRow, ...]:
    known = entities.accounts(connection, workspace_id)
    wanted = set(question.where.accounts)
    strange = wanted - {account.id for account in known}
    if strange:
        raise BadQuestion(
            tr("There is no account {account} in this workspace.", account=min(strange)),
            hint=tr("Choose one from the list of accounts."),
        )
    platforms = set(question.where.platforms)
    return tuple(
        account
        for account in known
        if (account.id in wanted if wanted else account.selected) and (not platforms or account.platform in platforms)
    )


def _members(
    connection: Connection, workspace_id: int, dimension: Dimension, question: Question
) -> dict[int, tuple[str, str]]:
    """Member id -> (key, title) of the dimension; with a filter, those of it."""
    if dimension.id == 0:
        return {}
    keys = question.where.members or None
    return {row.id: (row.key, row.title) for row in entities.members(connection, workspace_id, dimension.id, keys=keys)}


def ingredients(metric: Metric, scope: Scope) -> list[str]:
    """The stored metrics that can take part in a metric, in the definition of engagement in force."""
    found = registry.expand(metric.name)
    if "engagement" not in (metric.name, metric.numerator) or not scope.accounts:
        return list(found)
    counting = {name for platform in scope.platforms for name in definitions.terms(scope.definition, platform)}
    terms = registry.METRICS["engagement"].terms
    return [name for name in found if name not in terms or name in counting]
