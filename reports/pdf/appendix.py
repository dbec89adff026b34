"""The last pages, where every figure can be looked up: definitions, the numbers of the charts, the questions."""

from __future__ import annotations

from core.language import tr
from core.report import Definition, Document
from reports.pdf import look, prose, sections
from reports.pdf.flow import Piece
from reports.pdf.sheet import Sheet


def appendix(sheet: Sheet, document: Document) -> list[Piece]:
    """The appendix, which begins a page; nothing where there is nothing to look up."""
    found: list[Piece] = []
    if document.definitions:
        found += prose.heading(sheet, tr("Definitions"), fresh=True)
        for one in document.definitions:
            found += _definition(sheet, one)
    if behind := sections.numbers(sheet, document):
        found += prose.heading(sheet, tr("The charts in numbers"), fresh=not found) + behind
    if document.questions:
        found += prose.heading(sheet, tr("Questions"), fresh=not found)
        found += prose.notes(sheet, document.questions)
    return found


def _definition(sheet: Sheet, of: Definition) -> list[Piece]:
    found = prose.heading(sheet, of.title, level=3, gap=13)
    found += prose.paragraph(sheet, of.definition, gap=0)
    told = (
        (tr("Formula"), of.formula),
        (tr("Sources"), " · ".join(of.sources)),
        (tr("Version"), of.version),
    )
    for what, said in told:
        found += prose.paragraph(sheet, f"{what}: {said}", size=look.SMALL, colour=look.SOFT, gap=1) if said else []
    return found
