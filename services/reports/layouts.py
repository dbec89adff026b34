"""Reports as people lay them out: begun from a template or a blank page, kept with every change, copied, removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core import clock, language
from core.errors import BadSetting, NotFound
from core.ids import new_id
from core.language import mark, tr
from core.registry import discover
from core.report import Block, Layout, Template
from core.viewer import Right, Viewer
from reports import plain
from storage import database, reports
from storage.reports import ReportRow

LONGEST_TITLE, MOST_BLOCKS = 120, 100
_BLANK = Template(mark("Blank report"), mark("An empty page of your own."), ":material/note_add:", ())


@dataclass(frozen=True, slots=True)
class Kept:
    """A layout as it is kept. `template` names what it was begun from."""

    id: int
    layout: Layout
    template: str
    person: str
    changed_at: datetime


def templates() -> dict[str, Template]:
    """Name -> a report to start from, as the program brings them; the blank one comes last."""
    return {**discover("reports.templates", "TEMPLATE", Template), "blank": _BLANK}


def own_templates(viewer: Viewer) -> list[Kept]:
    """The templates that people of the workspace saved, last changed first."""
    return _all(viewer, "template")


def all_of(viewer: Viewer) -> list[Kept]:
    """The reports of the workspace, last changed first."""
    return _all(viewer, "report")


def _all(viewer: Viewer, kind: str) -> list[Kept]:
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return [_kept(row) for row in reports.all_of(connection, viewer.workspace_id, kind)]


def find(viewer: Viewer, report_id: int) -> Kept:
    """A report, or a template, by its id. Raises NotFound."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        row = reports.find(connection, viewer.workspace_id, report_id)
    if row is None:
        raise NotFound(tr("There is no such report."), hint=tr("Someone may have removed it."))
    return _kept(row)


def start(viewer: Viewer, template: str, *, now: datetime | None = None) -> int:
    """Begin a report from a template of the program, in the person's language; returns its id. Raises NotFound."""
    known = templates()
    if template not in known:
        raise NotFound(tr("There is no template called '{name}'.", name=template), hint=", ".join(known))
    return _keep(viewer, from_template(known[template]), template, now)


def from_template(of: Template) -> Layout:
    """The layout of a template in the reader's language, its blocks with ids of their own."""
    reader = language.reader()
    return Layout(
        tr(of.title), with_ids(_said(one) for one in of.blocks), of.period, of.compare, of.match_weekday,
        language=reader.words.code, forms=reader.forms.code,
    )  # fmt: skip


def _said(block: Block) -> Block:
    """A block of a template with its own title and text in the reader's language."""
    text = {"text": tr(str(block.options["text"]))} if block.options.get("text") else {}
    return replace(block, title=tr(block.title), options={**block.options, **text})


def with_ids(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks under new ids."""
    return tuple(replace(one, id=new_block_id()) for one in blocks)


def new_block_id() -> str:
    """An id for a block."""
    return f"b{new_id():x}"


def copy(viewer: Viewer, report_id: int, *, now: datetime | None = None) -> int:
    """Keep the same report, or a template as a report, once more; returns the id of the new one. Raises NotFound."""
    found = find(viewer, report_id)
    title = found.layout.title if _is_template(viewer, report_id) else tr("{title} (copy)", title=found.layout.title)
    same = replace(found.layout, title=title[:LONGEST_TITLE], blocks=with_ids(found.layout.blocks))
    return _keep(viewer, same, found.template, now)


def save_as_template(viewer: Viewer, report_id: int, title: str, *, now: datetime | None = None) -> int:
    """Keep a report as a template for everyone in the workspace; returns its id. Raises NotFound, and BadSetting for a
    name that cannot be used."""
    found = find(viewer, report_id)
    return _keep(viewer, replace(found.layout, title=title), found.template, now, kind="template")


def save(viewer: Viewer, report_id: int, layout: Layout, *, now: datetime | None = None) -> None:
    """Keep a layout in place of what was. Raises NotFound, and BadSetting for a title or blocks that cannot be."""
    viewer.require(Right.MANAGE)
    _check(layout)
    with database.current().write() as connection:
        found = reports.change(
            connection, viewer.workspace_id, report_id, plain.plain(layout), title=layout.title,
            now=now or clock.utc_now(),
        )  # fmt: skip
    if not found:
        raise NotFound(tr("There is no such report."), hint=tr("Someone may have removed it."))


def remove(viewer: Viewer, report_id: int) -> None:
    """Remove a report or a template; what was made of it stays in the archive. Nothing happens when there is none."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        reports.delete(connection, viewer.workspace_id, report_id)


def _keep(viewer: Viewer, layout: Layout, template: str, now: datetime | None, *, kind: str = "report") -> int:
    viewer.require(Right.MANAGE)
    _check(layout)
    with database.current().write() as connection:
        return reports.keep(
            connection, viewer.workspace_id, plain.plain(layout), title=layout.title, person=viewer.person,
            now=now or clock.utc_now(), kind=kind, template=template,
        )  # fmt: skip


def _check(layout: Layout) -> None:
    if not layout.title.strip() or len(layout.title) > LONGEST_TITLE:
        raise BadSetting(tr("A report has a title of 1 to {n} characters.", n=LONGEST_TITLE))
    if len(layout.blocks) > MOST_BLOCKS:
        raise BadSetting(
            tr("A report has at most {n} blocks.", n=MOST_BLOCKS), hint=tr("Make a second report of some of them.")
        )


def _is_template(viewer: Viewer, report_id: int) -> bool:
    with database.current().read() as connection:
        row = reports.find(connection, viewer.workspace_id, report_id)
    return row is not None and row.kind == "template"


def _kept(row: ReportRow) -> Kept:
    return Kept(row.id, plain.to_layout(row.layout), row.template, row.person, clock.from_epoch_ms(row.changed_at))
