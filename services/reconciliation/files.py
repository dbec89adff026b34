"""A platform's own export against ours, metric by metric, day by day or post by post, as its rows are. The file is read
as an import reads it; none of its days and posts is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analytics.metrics import registry
from core import clock
from core.errors import NotFound
from core.language import ENGLISH, mark, tr, using
from core.metric import Adds, Metric
from core.question import By, Period, Question, Where
from core.viewer import Right, Viewer
from services import ask, catalogue
from services.ask.notes import account_title
from services.connecting import platforms
from services.imports import change, commit
from services.imports.commit import Preview
from services.imports.export import Found
from services.imports.mapping import Kind
from services.quality import scope
from services.reconciliation import by_day, kept
from services.reconciliation.by_day import Day
from services.reconciliation.compare import compare
from services.reconciliation.compared import AGREES, DIFFERS, NONE, Compared
from services.reconciliation.kept import Stated
from services.reconciliation.reasons import NOT
from services.words import calendar
from storage.entities import AccountRow

_LONGEST_NAME = 60
_EDGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfFile:
    """One metric of a file: its total against ours (None where no total can be held against another), `said` in a
    sentence, and the days of the file, or its posts."""

    metric: Metric
    currency: str
    theirs: float | None
    ours: float | None
    compared: Compared | None
    said: str
    days: tuple[Day, ...]

    @property
    def difference(self) -> float | None:
        """Ours less theirs."""
        return None if self.ours is None or self.theirs is None else self.ours - self.theirs

    @property
    def verdict(self) -> str:
        """Whether the two agree: by the totals of days, else by every single day or post."""
        if self.compared is not None:
            return self.compared.verdict
        return NONE if not self.days else DIFFERS if self.apart else AGREES

    @property
    def apart(self) -> int:
        """On how many of them the two do not agree."""
        return len(by_day.most_apart(self.days))


@dataclass(frozen=True, slots=True)
class FileCompared:
    """A file against an account: every metric that both have, what was left out and why, and where it is from."""

    account: AccountRow
    kind: Kind
    file: str
    export: Found | None
    found: tuple[OfFile, ...]
    left_out: tuple[str, ...]

    @property
    def source(self) -> str:
        """The file, and the export it was recognised as."""
        return f"{self.file} ({self.export.words})" if self.export else self.file


def accounts(viewer: Viewer, shown: Preview) -> tuple[AccountRow, ...]:
    """The accounts that the file may be of: those that are read, of its platform where it tells one."""
    wanted = shown.plan.platform
    every = [one for one in catalogue.accounts(viewer) if one.selected]
    return tuple(one for one in every if wanted in (None, one.platform))


def named(viewer: Viewer, shown: Preview) -> int | None:
    """The account that the file names, as far as it does."""
    return commit.whose(viewer, shown, shown.plan.platform)[1] if shown.plan.platform else None


def against(viewer: Viewer, shown: Preview, account_id: int, *, now: datetime) -> FileCompared:
    """A file against what we hold of an account. Raises NotFound when there is no such account."""
    viewer.require(Right.READ)
    account = next((one for one in catalogue.accounts(viewer) if one.id == account_id), None)
    if account is None:
        raise NotFound(tr("There is no such account in this workspace."))
    read = _posts if shown.plan.kind is Kind.POSTS else _daily
    found, left_out = read(viewer, shown, account, now)
    name = shown.file_name if len(shown.file_name) <= _LONGEST_NAME else f"{shown.file_name[:_LONGEST_NAME]}…"
    return FileCompared(account, shown.plan.kind, name, shown.plan.found, found, left_out)


def keep(viewer: Viewer, found: FileCompared, *, now: datetime) -> int:
    """Keep every total in the list of numbers, with its file and its days as the note; returns how many."""
    with using(ENGLISH.code):  # whoever keeps it
        made = [(one.compared.stated, _note(one, one.compared, found.source)) for one in found.found if one.compared]
    for stated, note in reversed(made):
        kept.add(viewer, found.account.id, stated.metric, stated.period, stated.stated, note, now=now)
    return len(made)


def _note(one: OfFile, compared: Compared, source: str) -> str:
    """Where a total is from, and what its days said of it; the days are not kept."""
    why = by_day.reasons(compared.stated, one.metric, one.days, one.ours)
    fitting = [reason.text for reason in why if reason.fits != NOT]
    note = " ".join([tr("File {file}.", file=source), *fitting, by_day.words(one.days)])
    return note if len(note) <= kept.LONGEST_NOTE else f"{note[: kept.LONGEST_NOTE - 1]}…"


# Days


def _daily(
    viewer: Viewer, shown: Preview, account: AccountRow, now: datetime
) -> tuple[tuple[OfFile, ...], tuple[str, ...]]:
    """Every metric of a file of days."""
    values: dict[str, dict[date, float]] = {}
    for fact in shown.parsed.facts:
        values.setdefault(fact.metric, {})[fact.day] = fact.value
    offered = {one.name for one in kept.metrics(account)}
    given = {name: days for name, days in values.items() if name in offered}
    title = platforms.title(account.platform)
    left = tuple(
        tr("{metric}: not read from {platform} by day", metric=tr(registry.metric(name).title), platform=title)
        for name in values.keys() - offered
    )
    return tuple(_metric(viewer, account, name, days, now) for name, days in given.items()), left


def _metric(viewer: Viewer, account: AccountRow, name: str, theirs: Mapping[date, float], now: datetime) -> OfFile:
    metric, period = registry.metric(name), Period(min(theirs), max(theirs))
    days = _days(viewer, account.id, name, theirs, period, now)
    inside = tuple(one for one in days if period.first <= one.day <= period.last)
    if metric.adds is Adds.UNIQUE and period.days > 1:
        none = tr("People of several days are not added up, so there are no totals.")
        said = f"{by_day.words(inside)} {none}"
        return OfFile(metric, account.currency, None, None, None, said, inside)
    total = theirs[period.last] if metric.adds is Adds.STOCK else sum(theirs.values())
    stated = Stated(0, account.id, account_title(account), account.platform, name, tr(metric.title), period, total, "",
                    viewer.person, now)  # fmt: skip
    one = compare(viewer, stated, now=now, days=days)
    said = f"{one.said} {by_day.words(inside)}"
    return OfFile(metric, one.currency, total, one.ours, one, said, inside)


def _days(
    viewer: Viewer, account_id: int, name: str, theirs: Mapping[date, float], period: Period, now: datetime
) -> tuple[Day, ...]:
    """Both sides day by day, with one day more at each end."""
    wide = Period(period.first - _EDGE, period.last + _EDGE)
    asked = Question((name,), wide, by=By.DAY, where=Where(accounts=(account_id,)))
    frame = ask.ask(viewer, asked, now=now).frame
    known = frame[frame["value"].notna() & ~frame["at_most"]]
    ours = dict(zip(known["bucket"], known["value"], strict=True))
    every = (wide.first + timedelta(days=at) for at in range(wide.days))
    return tuple(Day(day, ours.get(day), theirs.get(day)) for day in every)


# Posts


def _posts(
    viewer: Viewer, shown: Preview, account: AccountRow, now: datetime
) -> tuple[tuple[OfFile, ...], tuple[str, ...]]:
    """Every counter of a file of posts, of the posts that both have."""
    ours = change.counters(viewer, account.id, shown.parsed.posts)
    posts = {one.external_id: one for one in shown.parsed.posts}
    zone = scope.day_zone(account)
    theirs: dict[str, list[Day]] = {}
    for one in shown.parsed.readings:
        post = posts[one.post]
        day = clock.local_day(post.published_at, zone)
        mine = ours.get((one.metric, one.post))
        theirs.setdefault(one.metric, []).append(Day(day, mine, one.value, post.text or post.external_id))
    unknown = {key for key in posts if not any(name == key for _, name in ours)}
    counts = {"n": len(unknown), "all": len(posts)}
    left = (tr("{n} of {all} posts: not known here, or not read yet", **counts),) if unknown else ()
    return tuple(_counter(registry.metric(name), tuple(days), account.currency) for name, days in theirs.items()), left


def _counter(metric: Metric, every: tuple[Day, ...], currency: str) -> OfFile:
    """One counter over the posts that both sides know."""
    days = tuple(one for one in every if one.ours is not None)
    if not days:
        return OfFile(metric, currency, None, None, None, tr("Of none of these posts a number is known here."), ())
    theirs, ours = (sum(getattr(one, side) or 0.0 for one in days) for side in ("theirs", "ours"))
    apart = by_day.most_apart(days)
    more = sum(one.apart > 0 for one in apart)
    said = tr("{n} of {all} posts agree.", n=len(days) - len(apart), all=len(days))
    if len(apart) and more in (0, len(apart)):
        later = mark("Counters go on growing: ours may have been read after the file was made.")
        sooner = mark("Counters go on growing: ours may have been read before the file was made.")
        said += " " + tr(later if more else sooner)
    return OfFile(metric, currency, theirs, ours, None, said, days)


def period_words(found: FileCompared) -> str:
    """The days the file is about."""
    days = [day.day for one in found.found for day in one.days]
    return calendar.words(Period(min(days), max(days)), year=True) if days else ""
