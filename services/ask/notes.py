"""The caveats of a number, in words: who is missing and why, which days, what changed its meaning, what is compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from analytics.metrics import definitions, registry
from analytics.metrics.arithmetic import Folded, Why
from analytics.metrics.levels import Bools, Floats
from core import language
from core.kept import retold
from core.language import figure, inside, mark, tr
from core.metric import Adds, Source, Unit
from core.question import Note, Period
from core.records import State
from services.ask.cells import RANK
from services.ask.scope import ingredients
from services.ask.sums import NOT_OFFERED, Sums, used_cells
from services.connecting.platforms import title as platform_title
from services.words import calendar
from storage.entities import AccountRow

STATE_WORDS = {
    0: mark("no data"),
    RANK[State.NOT_OFFERED]: mark("not offered by the platform"),
    RANK[State.MEASURED]: mark("the platform gave no value"),
    RANK[State.ESTIMATED]: mark("the platform gave no value"),
    RANK[State.NOT_YET]: mark("the platform has not shown it yet"),
    RANK[State.FAILED]: mark("reading it failed"),
    RANK[State.NOT_PERMITTED]: mark("permission is missing"),
}


def account_title(account: AccountRow) -> str:
    """What a person calls an account."""
    return account.name or account.handle or account.external_id


def of_metric(sums: Sums, total: Folded) -> tuple[Note, ...]:
    """Every caveat of the total of a metric, most serious first."""
    found = [
        currencies(sums, total),
        *definition_changes(sums),
        coverage(sums, total),
        left_out(sums),
        gaps(sums, total),
        stale(sums, total),
        bound(sums, total),
        estimated(sums, total),
        definition(sums),
    ]
    return tuple(note for note in found if note is not None)


def counted_accounts(sums: Sums, total: Folded) -> Bools:
    """The accounts that take part in a total."""
    counted = np.zeros(len(sums.shared.scope.accounts), bool)
    counted[sums.shared.cells.account[total.counted.any(axis=1)]] = True
    return counted


def coverage(sums: Sums, total: Folded) -> Note | None:
    """ "2 of 3 accounts", and why the others are not in it."""
    accounts, counted = sums.shared.scope.accounts, counted_accounts(sums, total)
    if counted.all() or not counted.any():
        return None
    by_reason: dict[str, list[AccountRow]] = {}
    for at in np.flatnonzero(~counted):
        by_reason.setdefault(why_missing(sums, [int(at)]), []).append(accounts[at])
    seen = {account.platform for at, account in enumerate(accounts) if counted[at]}
    every = {account.platform for account in accounts}
    outside = [account for some in by_reason.values() for account in some]
    whole_platforms = len(every) > 1 and not seen & {account.platform for account in outside}
    names = "; ".join(f"{_names(some, whole_platforms)} ({reason})" for reason, some in by_reason.items())
    if whole_platforms:
        some = {"n": len(seen), "all": len(every), "names": names}
        text = tr("{n} of {all} platforms: without {names}.", **some)
    else:
        text = tr("{n} of {all} accounts: without {names}.", n=counted.sum(), all=len(accounts), names=names)
    offered = all(sums.states[at].max(initial=0) != NOT_OFFERED for at in np.flatnonzero(~counted))
    return Note("coverage", text, sums.metric.name, serious=bool(offered))


def _names(accounts: Sequence[AccountRow], whole_platforms: bool) -> str:
    if whole_platforms:
        return listed(dict.fromkeys(platform_title(account.platform) for account in accounts))
    return listed(account_title(account) for account in accounts)


def listed(words: Iterable[object]) -> str:
    """Words as a list in a sentence, at most five of them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    every = [str(word) for word in words]
    if len(every) > 5:
        return tr("{names} and {n} more", names=", ".join(every[:4]), n=len(every) - 4)
    return language.listed(every)


def why_missing(sums: Sums, places: Sequence[int]) -> str:
    """Why some accounts have no value at all, in words; what tells most is said."""
    shared = sums.shared
    worst = int(sums.states[list(places)].max(initial=0)) if len(places) else 0
    for name in ingredients(sums.metric, shared.scope) if worst > RANK[State.ESTIMATED] else ():
        for at in places:
            if worst == shared.cells.now.states[name][at].max(initial=0) and (at, name) in shared.cells.reasons:
                return retold(shared.cells.reasons[at, name]).rstrip(".")
    if worst == 0:
        return _retired(sums, places) or tr("no data {period}", period=calendar.words(shared.scope.period))
    return tr(STATE_WORDS[worst])


def _retired(sums: Sums, places: Sequence[int]) -> str:
    """When all their sources of a stored metric ended before the period: that they did."""
    scope = sums.shared.scope
    platforms = {scope.accounts[at].platform for at in places}
    for name in registry.expand(sums.metric.name) if sums.metric.name != "engagement" else ():
        mine = [source for source in registry.METRICS[name].sources if source.platform in platforms]
        ends = [source.valid_to for source in mine if source.valid_to and source.valid_to < scope.period.first]
        if mine and len(ends) == len(mine):
            day = calendar.day_words(max(ends), year=True)
            return tr("{metric} ended on {day}", metric=metric_title(name), day=day)
    return ""


def left_out(sums: Sums) -> Note | None:
    """Days on which only one part of a ratio is known."""
    made, lead = sums.now, sums.shared.cells.now.lead
    if made.bottom is None or made.bottom_adds is not Adds.FLOW or made.metric.pairs != "day":
        return None
    one = np.isnan(made.top[:, lead:]) != np.isnan(made.bottom[:, lead:])
    used = used_cells(made)[:, lead:]
    partly = one & used.any(axis=1, keepdims=True)
    if not partly.any():
        return None
    metric = sums.metric
    text = tr(
        "Taken from the days on which {metric} and {other} are both known: {n} of {all} were left out.",
        metric=metric_title(metric.numerator),
        other=metric_title(metric.denominator),
        n=int(partly.sum()),
        all=int((partly | used).sum()),
    )
    return Note("left_out", text, metric.name)


def metric_title(name: str) -> str:
    """The title of a metric inside a sentence."""
    return inside(tr(registry.METRICS[name].title))


def engagement_words(version: str, platforms: tuple[str, ...]) -> str:
    """What engagement is made of, by platform."""
    said = definitions.words(version, platforms)
    if language.reader().words.is_english:
        return said
    return re.sub(r"[a-z_]+", lambda found: _term(found[0], platforms), said)


def _term(name: str, platforms: tuple[str, ...]) -> str:
    return platform_title(name) if name in platforms else metric_title(name) if name in registry.METRICS else name


def gaps(sums: Sums, total: Folded) -> Note | None:
    """Days that are over and yet without a value, of accounts that take part."""
    if (sums.now.adds is not Adds.FLOW and sums.now.adds is not Adds.RATIO) or sums.metric.pairs == "bucket":
        return None
    counted = counted_accounts(sums, total)
    due = ~sums.unfinished[counted]
    lacking = due & ~sums.known[counted]
    if not lacking.any():
        return None
    days, accounts = {"n": int(lacking.sum()), "all": int(due.sum())}, int(counted.sum())
    if accounts == 1:
        text = tr("No value on {n} of {all} days.", **days)
    else:
        text = tr("No value on {n} of {all} days ({accounts} accounts, each day of each).", accounts=accounts, **days)
    return Note("gaps", text, sums.metric.name)


def stale(sums: Sums, total: Folded) -> Note | None:
    """Levels that were last seen before the period."""
    if not sums.is_level:
        return None
    counted = counted_accounts(sums, total)
    old = np.flatnonzero(counted & ~sums.known.any(axis=1))
    if not len(old):
        return None
    names = listed(account_title(sums.shared.scope.accounts[at]) for at in old)
    text = tr("Last seen before {period}: {names}.", period=calendar.words(sums.shared.scope.period), names=names)
    return Note("stale", text, sums.metric.name, serious=True)


def bound(sums: Sums, total: Folded) -> Note | None:
    """An upper bound of people."""
    if not total.at_most.any():
        return None
    text = tr("At most: the same person is counted once per day and account, so the sum is an upper bound.")
    return Note("at_most", text, sums.metric.name, serious=True)


def estimated(sums: Sums, total: Folded) -> Note | None:
    """Values the platform, or we, estimated."""
    counted = counted_accounts(sums, total)
    guessed = (sums.states == RANK[State.ESTIMATED]) & sums.known & counted[:, None]
    if not guessed.any():
        return None
    shares = {"n": int(guessed.sum()), "all": int(sums.known.sum())}
    return Note("estimated", tr("{n} of {all} daily values are estimates.", **shares), sums.metric.name)


def definition(sums: Sums) -> Note | None:
    """Which definition of engagement was taken."""
    if "engagement" not in (sums.metric.name, sums.metric.numerator):
        return None
    scope = sums.shared.scope
    words = engagement_words(scope.definition, scope.platforms)
    text = tr("Engagement is {terms} (definition '{definition}').", terms=words, definition=scope.definition)
    return Note("definition", text, sums.metric.name)


def definition_changes(sums: Sums) -> list[Note]:
    """Sources that began, ended or were redefined inside what is shown, or between the two periods."""
    scope = sums.shared.scope
    first = min(scope.period.first, scope.past.first) if scope.past else scope.period.first
    shown = Period(first, scope.period.last)
    notes = []
    for name in ingredients(sums.metric, scope):
        for source in registry.METRICS[name].sources:
            if source.platform in scope.platforms:
                notes += [
                    Note("definition_change", text, sums.metric.name, serious=True, day=day)
                    for day, text in _breaks(name, source, shown)
                ]
    return notes


def _breaks(name: str, source: Source, shown: Period) -> list[tuple[date, str]]:
    """The days on which a new definition begins, with what changed."""
    what = {"platform": platform_title(source.platform), "metric": f"{metric_title(name)} ({source.field})"}
    found = []
    if source.valid_to and shown.first <= source.valid_to <= shown.last:
        ended = calendar.day_words(source.valid_to, year=True)
        text = tr("{platform} ended {metric} on {day}.", day=ended, **what)
        if source.replaced_by:
            other = metric_title(source.replaced_by)
            text = tr("{platform} ended {metric} on {day}, {other} took its place.", day=ended, other=other, **what)
        found.append((source.valid_to + timedelta(days=1), text))
    if source.valid_from and shown.first < source.valid_from <= shown.last:
        began = calendar.day_words(source.valid_from, year=True)
        found.append((source.valid_from, tr("{platform} began {metric} on {day}.", day=began, **what)))
    for day, change in source.redefined:
        if shown.first < day <= shown.last:
            since = calendar.day_words(day, year=True)
            what |= {"day": since, "change": tr(change)}
            found.append((day, tr("{platform} counts {metric} otherwise since {day}: {change}.", **what)))
    return found


def currencies(sums: Sums, total: Folded) -> Note | None:
    """The sum of each currency, where there are several: they are never added."""
    if not (total.why == Why.CURRENCIES).any():
        return None
    amounts = listed(_per_currency(sums, total.top[:, 0], total.bottom))
    text = tr("Several currencies, never added: {amounts}.", amounts=amounts)
    return Note("mixed_currency", text, sums.metric.name, serious=True)


def _per_currency(sums: Sums, top: Floats, bottom: Floats | None) -> list[str]:
    shared = sums.shared
    words = []
    for code in np.unique(shared.currency):
        mine = shared.currency == code
        if np.isnan(top[mine]).all():
            continue
        value = float(np.nansum(top[mine]))
        if bottom is not None:
            under = float(np.nansum(bottom[mine, 0]))
            if not under:
                continue
            value = value * sums.metric.scale / under
        words.append(f"{figure(f'{value:,.2f}')} {currency_of(sums, mine)}")
    return words


def currency_of(sums: Sums, series: Bools) -> str:
    """The currency of some series, empty when they have several or the metric is not money."""
    scope = sums.shared.scope
    if sums.metric.unit is not Unit.MONEY:
        return ""
    places = dict.fromkeys(sums.shared.cells.account[series].tolist())
    found = {scope.accounts[at].currency or scope.workspace.currency for at in places}
    return found.pop() if len(found) == 1 else ""


def elapsed(sums: Sums) -> Note | None:
    """What is compared, where that is less than the whole of both periods."""
    scope, past = sums.shared.scope, sums.shared.cells.past
    if past is None or sums.now.adds is Adds.UNIQUE:
        return None
    now_cells, past_cells = sums.comparable
    involved = sums.known.any(axis=1) | sums.covered_past.any(axis=1)
    if sums.is_level:
        return _levels_left_out(sums, now_cells)
    if now_cells[involved].all() and past_cells[involved].all():
        return None
    spans: dict[tuple[int, int, int, int], list[int]] = {}
    for at in np.flatnonzero(involved & now_cells.any(axis=1)):
        spans.setdefault((*_ends(now_cells[at]), *_ends(past_cells[at])), []).append(int(at))
    if not spans:
        return None
    missing = np.flatnonzero(involved & ~now_cells.any(axis=1))
    running = bool(sums.unfinished.any())
    texts = [_span_words(scope.period, past.period, span) for span in spans]
    if len(spans) > 1:
        named = (_platforms(sums, places) for places in spans.values())
        texts = [f"{name} {text}" for name, text in zip(named, texts, strict=True)]
    names = listed(account_title(scope.accounts[at]) for at in missing) if len(missing) else ""
    code, text = ("so_far" if running else "like_for_like"), _compared("; ".join(texts), names, running=running)
    return Note(code, text, sums.metric.name)


def _compared(periods: str, names: str, *, running: bool) -> str:
    """Which days are compared, without which accounts."""
    if names and running:
        return tr("So far: {periods}; without {names}.", periods=periods, names=names)
    if names:
        return tr("Compared where both periods have data: {periods}; without {names}.", periods=periods, names=names)
    if running:
        return tr("So far: {periods}.", periods=periods)
    return tr("Compared where both periods have data: {periods}.", periods=periods)


def _levels_left_out(sums: Sums, cells: Bools) -> Note | None:
    seen = sums.known.any(axis=1)
    new = np.flatnonzero(seen & ~cells.any(axis=1))
    if not len(new) or not cells.any():
        return None
    names = listed(account_title(sums.shared.scope.accounts[at]) for at in new)
    text = tr("Compared without {names}: not seen in the period before.", names=names)
    return Note("like_for_like", text, sums.metric.name)


def _ends(cells: Bools) -> tuple[int, int]:
    at = np.flatnonzero(cells)
    return int(at[0]), int(at[-1])


def _span_words(period: Period, past: Period, span: tuple[int, int, int, int]) -> str:
    def days(whole: Period, first: int, last: int) -> Period:
        return Period(whole.first + timedelta(days=first), whole.first + timedelta(days=last))

    mine, theirs = calendar.against(days(period, *span[:2]), days(past, *span[2:]))
    return tr("{period} against {past}", period=mine, past=theirs)


def _platforms(sums: Sums, places: Sequence[int]) -> str:
    scope = sums.shared.scope
    by_platform = dict.fromkeys(platform_title(scope.accounts[at].platform) for at in places)
    every = {at for at, account in enumerate(scope.accounts) if platform_title(account.platform) in by_platform}
    return listed(by_platform) if every == set(places) else listed(account_title(scope.accounts[at]) for at in places)
