"""The first sheet of a workbook: what the report is, where its numbers come from, and what stands where."""

from __future__ import annotations

from core.language import tr, trn
from core.report import Document, Section, Shape
from reports import words
from reports.sheets import tables
from reports.sheets.book import LINE, MUTED, WARM, WARNING, Look, Sheet, paragraphs, picture

_WIDTHS = (26, 74, 30)
_LOGO = 48
Listed = list[tuple[Sheet, Section]]


def write(sheet: Sheet, document: Document, listed: Listed, last: Sheet | None) -> None:
    """The first sheet: what this is, where its numbers come from, and what stands where."""
    sheet.widths(_WIDTHS)
    if document.branding.logo:
        _logo(sheet, document.branding.logo)
    sheet.line(document.title, bold=True, font_size=24, font_color=sheet.book.accent)
    sheet.line(document.subtitle, font_size=13, font_color=MUTED)
    sheet.row += 1
    sheet.line(document.banner, bg_color=WARM, font_color=WARNING, bold=True)
    for note in document.notes:
        sheet.line(note, bg_color=WARM, font_color=WARNING)
    sheet.row += 1
    for what, how in words.facts(document):
        sheet.put(sheet.row, 0, what, font_color=MUTED)
        sheet.put(sheet.row, 1, how, text_wrap=True)
        sheet.row += 1
    for cover in (one for one in document.sections if one.shape is Shape.COVER):
        sheet.row += 1
        for text in (cover.lead, *paragraphs(cover.text), *cover.notes):
            sheet.line(text)
    sheet.row += 1
    _contents(sheet, listed, last)
    sheet.row += 1
    sheet.line(document.branding.footer, font_color=MUTED, font_size=10)
    sheet.made.activate()


def _contents(sheet: Sheet, listed: Listed, last: Sheet | None) -> None:
    sheet.line(tr("Contents"), bold=True, font_size=13)
    link = sheet.book.look({"font_color": sheet.book.accent, "underline": 1, "bottom": 1, "bottom_color": LINE})
    ends = [(last, tr("Definitions"), "")] if last else []
    thin: Look = {"bottom": 1, "bottom_color": LINE, "font_color": MUTED}
    for of, title, told in [*((one, part.title or one.name, _told(part)) for one, part in listed), *ends]:
        sheet.made.write_url(sheet.row, 0, f"internal:'{of.name}'!A1", link, sheet.book.codes.text(title)[0])
        sheet.put(sheet.row, 1, None, **thin)
        sheet.put(sheet.row, 2, told, **thin)
        sheet.made.set_row(sheet.row, 19)
        sheet.row += 1


def _told(section: Section) -> str:
    if section.failed:
        return tr("could not be made")
    if section.shape is Shape.FIGURES:
        return trn("{n} number", "{n} numbers", len(section.figures))
    table = tables.of_section(section)
    return words.complete(table) if table else ""


def _logo(sheet: Sheet, logo: bytes) -> None:
    """The sender's logo, in a row of its own; left out where it is no picture after all."""
    if not logo.startswith((b"\x89PNG", b"\xff\xd8")):
        return
    from struct import error

    from xlsxwriter.exceptions import XlsxWriterException

    try:
        picture(sheet, logo, sheet.book.document.workspace, 0, 0, high=_LOGO)
    except (XlsxWriterException, error):
        return
    sheet.made.set_row(0, _LOGO * 0.75 + 12)
    sheet.row = 1
