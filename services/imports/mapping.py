"""Recognising a table: what each column means, what a row is, how dates and numbers are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from core.errors import BadFile
from core.language import mark, tr
from core.metric import Adds, Metric, Unit
from services.imports import export, headings, moments, numerals
from services.imports.export import Found, Kind, Said
from services.imports.headings import METRIC
from services.imports.moments import DateOrder
from services.imports.table import Table

__all__ = ["Column", "DateOrder", "Kind", "Plan", "accounts_in", "detect", "meanings", "recognise"]

_TIMES = {
    0.001: mark("{metric}, in milliseconds"),
    1.0: mark("{metric}, in seconds"),
    60.0: mark("{metric}, in minutes"),
    3600.0: mark("{metric}, in hours"),
}
_ABOUT = {
    headings.DAY: mark("Day"),
    headings.PUBLISHED: mark("Published"),
    headings.TIME: mark("Time of day"),
    headings.MONTH: mark("Month"),
    headings.WEEKDAY: mark("Weekday"),
    headings.HOUR: mark("Hour"),
    headings.POST_ID: mark("Post id"),
    headings.TEXT: mark("Text"),
    headings.TITLE: mark("Title"),
    headings.TAGS: mark("Hashtags"),
    headings.LINK: mark("Link"),
    headings.KIND: mark("Kind of post"),
    headings.THUMBNAIL: mark("Thumbnail address"),
    headings.DURATION: mark("Duration in seconds"),
    headings.LANGUAGE: mark("Language"),
    headings.ACCOUNT: mark("Account"),
    headings.ACCOUNT_ID: mark("Id of the account"),
    headings.HANDLE: mark("Handle of the account"),
    headings.PERIOD: mark("Period of the numbers"),
}
_OF_POSTS = frozenset({
    headings.POST_ID, headings.TEXT, headings.TITLE, headings.LINK, headings.KIND, headings.PUBLISHED, headings.TAGS,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it means (None: not taken), and why it is not taken.

    `scale` is how many canonical units (seconds) one unit of the column is. `also` names metrics that a connection
    reads from the same number; they are stored with it.
    """

    index: int
    heading: str
    meaning: str | None
    why_not: str = ""
    scale: float = 1.0
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table will be read. A person may change any of it before the preview.

    `date_order` None means the dates of the file fit both orders: a person must say. `decimal_comma` None means numbers
    fit both ways. `year` completes dates that name none. `account` chooses the rows of one account where the file holds
    several; None takes all. `take_repeats` takes posts that repeat another but for the date. `found` is the export of a
    platform that the table was recognised as.
    """

    kind: Kind
    platform: str | None
    columns: tuple[Column, ...]
    date_order: DateOrder | None
    decimal_comma: bool | None
    year: int | None = None
    sunday_is_first: bool = True
    time_zone: str = "UTC"
    take_repeats: bool = False
    account: str | None = None
    found: Found | None = None

    def index_of(self, meaning: str) -> int | None:
        """The column with a meaning, or None."""
        return next((column.index for column in self.columns if column.meaning == meaning), None)

    @property
    def metrics(self) -> dict[str, int]:
        """Metric name -> its column."""
        own = {c.meaning: c.index for c in self.columns if c.meaning and _is_metric(c.meaning)}
        names = ((name, c.index) for c in self.columns for name in (c.meaning, *c.also) if name and _is_metric(name))
        return {name.removeprefix(METRIC): own.get(name, index) for name, index in names}

    @property
    def has_date(self) -> bool:
        """Whether rows name a calendar day."""
        return self.index_of(headings.PUBLISHED) is not None or self.index_of(headings.DAY) is not None

    @property
    def left_out(self) -> tuple[Column, ...]:
        """The columns that are not taken."""
        return tuple(column for column in self.columns if column.meaning is None)

    def with_meaning(self, index: int, meaning: str | None, scale: float = 1.0) -> Plan:
        """The plan with another meaning for one column. Raises BadFile when another column has it already."""
        taken = next((c for c in self.columns if c.meaning == meaning and c.index != index), None)
        if meaning and taken:
            raise BadFile(
                tr("'{heading}' already has that meaning.", heading=taken.heading),
                hint=tr("Set that column to 'Not taken' first."),
            )
        columns = (
            replace(c, meaning=meaning, why_not="" if meaning else tr("not chosen"), scale=scale, also=())
            if c.index == index
            else c
            for c in self.columns
        )
        return replace(self, columns=tuple(columns))


def recognise(table: Table, metrics: Mapping[str, Metric], kind: Kind | None = None) -> Plan:
    """The plan that fits the table; `kind` says what a row is, where a person has said it.

    A column that means the same as an earlier one is not taken, and says so. A plan without any metric is one that a
    person has to complete. Raises BadFile for an export of a platform that cannot be taken.
    """
    found = export.recognise(table.headings, table.titles, table.stem)
    if found is not None and kind in (None, found.export.kind):
        return _of_export(table, found, metrics)
    platform = (found.export.platform if found else "") or headings.platform(table.headings)
    row_is = kind or _kind(table.headings)
    columns = tuple(_columns(table, row_is, platform, metrics))
    plan = Plan(row_is, platform, columns, date_order=None, decimal_comma=None)
    return detect(plan, table, metrics)


def _of_export(table: Table, found: Found, metrics: Mapping[str, Metric]) -> Plan:
    """The plan of a recognised export."""
    declared = found.export
    if declared.refused:
        raise BadFile(tr("This looks like {words}.", words=found.words), hint=tr(declared.refused))
    columns = tuple(_columns(table, declared.kind, declared.platform or None, metrics, found))
    plan = Plan(declared.kind, declared.platform or None, columns, date_order=None, decimal_comma=None, found=found)
    return detect(plan, table, metrics)


def detect(plan: Plan, table: Table, metrics: Mapping[str, Metric]) -> Plan:
    """The plan with the order of dates and the decimal sign that its columns show, or else its language."""
    dates = _cells(table, plan, headings.PUBLISHED) or _cells(table, plan, headings.DAY)
    votes: Counter[str] = Counter()
    for column in plan.columns:
        metric = metrics.get((column.meaning or "").removeprefix(METRIC))
        if metric is not None:
            votes += numerals.decimal_comma(_column(table, column.index), whole=_is_whole(metric, column))
    order, comma = moments.order_of(dates), _decimal_comma(votes)
    if plan.found is not None:
        order = order or _order(plan.found)
        comma = plan.found.has_decimal_comma if comma is None and not (votes["comma"] and votes["point"]) else comma
    return replace(plan, date_order=order, decimal_comma=comma)


def _order(found: Found) -> DateOrder:
    """How an export writes dates in its language, where the dates themselves fit both orders."""
    return DateOrder.DAY_FIRST if found.language in found.export.day_first else DateOrder.MONTH_FIRST


def names_no_year(plan: Plan, table: Table) -> bool:
    """Whether dates of the file name a month and a day, but no year."""
    dates = _cells(table, plan, headings.PUBLISHED) or _cells(table, plan, headings.DAY)
    return any(moments.names_no_year(cell) for cell in dates)


def accounts_in(plan: Plan, table: Table) -> tuple[str, ...]:
    """The names of the accounts that rows belong to, in order; empty when no column names one."""
    return tuple(dict.fromkeys(_cells(table, plan, headings.ACCOUNT)))


def meanings(kind: Kind, metrics: Mapping[str, Metric]) -> dict[tuple[str, float], str]:
    """What a column may mean: (meaning, scale) -> its name. A post has no numbers of the account."""
    found = {(meaning, 1.0): tr(title) for meaning, title in _ABOUT.items()}
    for name, metric in metrics.items():
        if _why_no_metric(metric, kind):
            continue
        if metric.unit is Unit.SECONDS:
            found |= {(METRIC + name, scale): tr(words, metric=tr(metric.title)) for scale, words in _TIMES.items()}
        else:
            found[METRIC + name, 1.0] = tr(metric.title)
    return found


def _decimal_comma(votes: Counter[str]) -> bool | None:
    """Whether a comma is the decimal sign; None when numbers fit both ways, or speak for both."""
    if votes["comma"] and votes["point"]:
        return None
    if votes["comma"] or votes["point"]:
        return votes["comma"] > 0
    return None if votes["either"] else False


def _is_metric(meaning: str | None) -> bool:
    return bool(meaning and meaning.startswith(METRIC))


def _is_whole(metric: Metric, column: Column) -> bool:
    return metric.unit is Unit.COUNT and column.scale == 1.0


def _kind(names: Iterable[str]) -> Kind:
    return Kind.POSTS if _OF_POSTS & {headings.meaning(name) for name in names} else Kind.DAILY


def _columns(
    table: Table, kind: Kind, platform: str | None, metrics: Mapping[str, Metric], found: Found | None = None
) -> Iterable[Column]:
    taken: dict[str, str] = {}
    known = [headings.meaning(name, daily=kind is Kind.DAILY, platform=platform) for name in table.headings]
    known = _times_are_dates(known)
    for index, (heading, generic) in enumerate(zip(table.headings, known, strict=True)):
        said = found.column(heading) if found else None
        meaning = (said.meaning or None) if said else generic
        why_not = tr(said.why_not) if said and said.why_not else _why_not(meaning, heading, kind, metrics, said)
        if not why_not and meaning in taken:
            why_not = tr("means the same as '{taken}'", taken=taken[meaning])
        if why_not:
            yield Column(index, heading, None, why_not)
            continue
        scale = said.scale if said else _scale(meaning, heading, metrics)
        also = said.also if said else ()
        taken |= dict.fromkeys((meaning or "", *also), heading)
        yield Column(index, heading, meaning, scale=scale or 1.0, also=also)


def _times_are_dates(known: list[str | None]) -> list[str | None]:
    """A file whose only date stands under "time" means the moment of publishing by it."""
    if {headings.DAY, headings.PUBLISHED, headings.MONTH} & set(known):
        return known
    return [headings.PUBLISHED if meaning == headings.TIME else meaning for meaning in known]


def _scale(meaning: str | None, heading: str, metrics: Mapping[str, Metric]) -> float | None:
    """How many canonical units one unit of a column is; None when its heading does not tell."""
    metric = metrics.get((meaning or "").removeprefix(METRIC))
    return headings.seconds(heading) if metric is not None and metric.unit is Unit.SECONDS else 1.0


def _why_not(meaning: str | None, heading: str, kind: Kind, metrics: Mapping[str, Metric], said: Said | None) -> str:
    if meaning is None:
        return tr("unknown heading")
    if meaning in headings.WHY_NOT:
        return tr(headings.WHY_NOT[meaning])
    if not _is_metric(meaning):
        return ""
    if said is None and (part := headings.part(heading)):
        return tr("only the {part} part of the number", part=part)
    if said is None and _scale(meaning, heading, metrics) is None:
        return tr("does not say whether in seconds, minutes or hours")
    return _why_no_metric(metrics.get(meaning.removeprefix(METRIC)), kind)


def _why_no_metric(metric: Metric | None, kind: Kind) -> str:
    if metric is None or metric.derived or metric.unit is Unit.RATIO:
        return tr("computed from other numbers")
    if kind is Kind.POSTS and (not metric.per_post or metric.adds is Adds.STOCK):
        return tr("belongs to the account, not to a post")
    return ""


def _cells(table: Table, plan: Plan, meaning: str) -> list[str]:
    index = plan.index_of(meaning)
    return [] if index is None else _column(table, index)


def _column(table: Table, index: int) -> list[str]:
    return [cell for row in table.rows if (cell := row[index].strip())]
