"""A layout becomes a document: every block asks its own question, and one that fails costs itself alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
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
from services.words import calendar, periods, wording
from storage import database, workspaces
from storage.workspaces import WorkspaceRow

log = logging.getLogger(__name__)


def parts() -> dict[str, Part]:
    """Name -> what a block can show."""
    return discover("services.reports.parts", "PART", Part)


def build(
    viewer: Viewer, layout: Layout, *, now: datetime, banner: str = "", told: Told = lambda done: None
) -> Document:
    """The document of a layout as it is known now, in the layout's language. Raises BadQuestion for a period that is
    none, and NotAllowed."""
    with language.using(layout.language, layout.forms), database.current().read() as connection:
        workspace = workspaces.get(connection, viewer.workspace_id)
    with language.using(layout.language, layout.forms):
        return _build(viewer, layout, workspace, now, banner, told)


def _build(viewer: Viewer, layout: Layout, workspace: WorkspaceRow, now: datetime, banner: str, told: Told) -> Document:
    asked, known = asked_of(layout, clock.local_day(now, workspace.time_zone)), Known()
    sections = []
    for done, block in enumerate(layout.blocks):
        told(done / len(layout.blocks))
        sections.append(_section(viewer, block, asked, now, workspace.time_zone, known))
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
        definitions=tuple(_definition(one) for one in known.explanations.values()),
        notes=tuple(known.notes),
        branding=layout.branding,
        banner=banner,
        questions=tuple(known.questions),
    )


def asked_of(layout: Layout, today: Any) -> Asked:
    """The question that the blocks of a layout share. Raises BadQuestion."""
    period = layout.period if isinstance(layout.period, Period) else periods.resolve(layout.period, today)
    where = Where(layout.platforms, layout.accounts)
    return Asked(period, layout.compare, layout.match_weekday, where, Posts(layout.kinds, layout.tags))


def _section(viewer: Viewer, block: Block, asked: Asked, now: datetime, zone: str, known: Known) -> Section:
    """The block's section under the block's own title; where it cannot be made, why."""
    part = parts().get(block.part)
    if part is None:
        return Section(
            block.id, Shape.TEXT, block.title, failed=tr("There is no part called '{name}'.", name=block.part)
        )
    try:
        own = _own(asked, block, clock.local_day(now, zone))
        made = part.make(Making(viewer, own, part.settings(block), now, zone, known), block)
    except AppError as error:
        made = Section(block.id, part.shape, tr(part.title), failed=f"{error.message} {error.hint}".strip())
    except Exception:
        log.exception("Block %s of a report could not be made", block.part)
        made = Section(
            block.id, part.shape, tr(part.title), failed=tr("This block could not be made; the log says why.")
        )
    title = block.title or made.title or (tr(part.title) if part.asks else "")
    return replace(made, title=title, lead=made.lead or _apart(viewer, asked, own, made))


def _own(asked: Asked, block: Block, today: Any) -> Asked:
    """The report's question, changed where the block says otherwise. Raises BadQuestion."""
    given = block.options
    where = replace(
        asked.where,
        platforms=tuple(given.get("platforms") or asked.where.platforms),
        accounts=tuple(given.get("accounts") or asked.where.accounts),
    )
    only = Posts(tuple(given.get("kinds") or asked.posts.kinds), tuple(given.get("tags") or asked.posts.tags))
    period = periods.resolve(given["period"], today) if given.get("period") else asked.period
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
