"""A layout becomes a document: every block asks its own question, and one that fails costs itself alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from analytics.metrics.registry import METRICS
from core import clock, language
from core.errors import AppError, BadQuestion
from core.language import tr
from core.question import Asked, Compare, Explanation, Period, Posts, Where
from core.registry import discover
from core.report import Block, Definition, Document, Layout, Section, Shape, Told
from core.viewer import Viewer
from services import catalogue
from services.connecting import platforms
from services.reports.making import Known, Making
from services.reports.part import Part
from services.words import calendar, glossary, periods, wording
from storage import database, workspaces
from storage.workspaces import WorkspaceRow

log = logging.getLogger(__name__)


def parts() -> dict[str, Part]:
    """Name -> what a block can show."""
    return discover("services.reports.parts", "PART", Part)


def build(
    viewer: Viewer, layout: Layout, *, now: datetime, banner: str = "", told: Told = lambda done: None,
    answers: dict[Any, Any] | None = None,
) -> Document:  # fmt: skip
    """The document of a layout as it is known now, in the layout's language. `answers` keeps what was asked, for the
    next document while the numbers are the same. Raises BadQuestion for a period that is none, and NotAllowed."""
    with language.using(layout.language, layout.forms), database.current().read() as connection:
        workspace = workspaces.get(connection, viewer.workspace_id)
    with language.using(layout.language, layout.forms):
        known = Known({} if answers is None else answers)
        return _build(viewer, layout, workspace, now, banner, told, known)


def _build(
    viewer: Viewer, layout: Layout, workspace: WorkspaceRow, now: datetime, banner: str, told: Told, known: Known
) -> Document:
    asked = asked_of(layout, clock.local_day(now, workspace.time_zone), workspace.week_start)
    making = Making(viewer, asked, {}, now, workspace.time_zone, known, workspace.week_start)
    sections = []
    for done, block in enumerate(layout.blocks):
        told(done / len(layout.blocks))
        sections.append(_section(making, block))
    told(1.0)
    return Document(
        title=layout.title,
        subtitle="",
        workspace=workspace.name,
        period=asked.period,
        compared=calendar.past_of(asked.period, asked.compare, match_weekday=asked.match_weekday),
        time_zone=workspace.time_zone,
        filters=tuple(narrowed(viewer, asked)),
        data_until=known.data_until,
        made_at=now,
        program=program(),
        language=layout.language,
        forms=layout.forms or layout.language,
        sections=tuple(sections),
        definitions=tuple(_definitions(sections, known)),
        notes=tuple(known.notes),
        branding=layout.branding,
        banner=banner,
        questions=tuple(known.questions),
    )


def asked_of(layout: Layout, today: date, week_start: int = 0) -> Asked:
    """The question that the blocks of a layout share. Raises BadQuestion."""
    given = layout.period
    period = given if isinstance(given, Period) else periods.resolve(given, today, week_start)
    where = Where(layout.platforms, layout.accounts)
    return Asked(period, layout.compare, layout.match_weekday, where, Posts(layout.kinds, layout.tags))


def _section(making: Making, block: Block) -> Section:
    """The block's section under the block's own title; where it cannot be made, why."""
    part = parts().get(block.part)
    if part is None:
        return Section(
            block.id, Shape.TEXT, block.title, failed=tr("There is no part called '{name}'.", name=block.part)
        )
    own = making.asked
    try:
        own = _own(making, block)
        made = part.make(replace(making, asked=own, settings=part.settings(block)), block)
    except AppError as error:
        made = Section(block.id, part.shape, tr(part.title), failed=f"{error.message} {error.hint}".strip())
    except Exception:
        log.exception("Block %s of a report could not be made", block.part)
        made = Section(
            block.id, part.shape, tr(part.title), failed=tr("This block could not be made; the log says why.")
        )
    title = block.title or made.title or (tr(part.title) if part.asks else "")
    lead = " · ".join(filter(None, (_apart(making.viewer, making.asked, own, made), made.lead)))
    return replace(made, title=title, lead=lead)


def _own(making: Making, block: Block) -> Asked:
    """The report's question, changed where the block says otherwise. Raises BadQuestion."""
    asked, given = making.asked, block.options
    where = replace(
        asked.where,
        platforms=tuple(given.get("platforms") or asked.where.platforms),
        accounts=tuple(given.get("accounts") or asked.where.accounts),
    )
    only = Posts(tuple(given.get("kinds") or asked.posts.kinds), tuple(given.get("tags") or asked.posts.tags))
    named = given.get("period")
    period = periods.resolve(named, making.today, making.week_start) if named else asked.period
    return replace(asked, period=period, where=where, posts=only, compare=_compare(given, asked))


def _compare(given: Any, asked: Asked) -> Compare | Period | None:
    if "compare" not in given:
        return asked.compare
    try:
        return Compare(given["compare"]) if given["compare"] else None
    except ValueError:
        raise BadQuestion(tr("There is no comparison called '{name}'.", name=given["compare"])) from None


def narrowed(viewer: Viewer, asked: Asked) -> Iterable[str]:
    """What a question is narrowed to, in words."""
    yield from (platforms.title(one) for one in asked.where.platforms)
    if asked.where.accounts:
        names = {one.id: one.name for one in catalogue.accounts(viewer)}
        yield from (names.get(one, tr("a removed account")) for one in asked.where.accounts)
    yield from (wording.kind(one) for one in asked.posts.kinds)
    yield from (f"#{one}" for one in asked.posts.tags)


def _apart(viewer: Viewer, asked: Asked, own: Asked, made: Section) -> str:
    """Says in which way a block's question is another than the report's."""
    if own == asked or made.shape in {Shape.COVER, Shape.TEXT, Shape.BREAK}:
        return ""
    said = [] if own.period == asked.period else [calendar.words(own.period, year=True)]
    if own.where != asked.where or own.posts != asked.posts:
        said += narrowed(viewer, own)
    return ", ".join(said)


def _definitions(sections: Iterable[Section], known: Known) -> Iterable[Definition]:
    """What was asked for, then what tables show besides, such as counters of posts."""
    yield from (_definition(one) for one in known.explanations.values())
    columns = [column for one in sections if one.table for column in one.table.columns]
    shown = dict.fromkeys(column.metric for column in columns if column.metric not in known.explanations)
    for entry in (glossary.entry(METRICS[name]) for name in shown if name in METRICS):
        sources = tuple(f"{platform}: {field}" for platform, field, _, _ in entry.fields)
        yield Definition(entry.name, entry.title, entry.definition, entry.formula, sources)


def _definition(of: Explanation) -> Definition:
    metric = METRICS.get(of.metric)
    sources = tuple(dict.fromkeys(f"{platforms.title(one.platform)}: {one.field}" for one in of.inputs if one.field))
    definition = of.definition or (tr(metric.definition) if metric else "")
    return Definition(of.metric, of.title, definition, of.formula, sources, of.definition_version)


def program() -> str:
    """The version of the program."""
    try:
        return version("plumbline")
    except PackageNotFoundError:
        return "0.1.0"
