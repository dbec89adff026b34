"""The pages put together: charts laid on as vectors, the outline, the tree, and what the file says of itself."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from core.report import Document
from reports.pdf import look
from reports.pdf.sheet import Sheet
from reports.pdf.text import clean

if TYPE_CHECKING:
    from pypdf import PdfWriter

_ADDRESS = "%:/?#[]@!$&'()*+,;=~"


def bind(sheet: Sheet, document: Document, out: BinaryIO) -> None:
    """Write the file."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(bytes(sheet.pdf.output()))))
    _lay(writer, sheet)
    _link(writer, sheet)
    _outline(writer, sheet)
    sheet.tree.write(writer)
    _told(writer, document)
    writer.pdf_header = "%PDF-1.7"
    writer.write(out)


def _lay(writer: PdfWriter, sheet: Sheet) -> None:
    """Lay each chart where the page calls for it."""
    from pypdf.generic import DictionaryObject, NameObject

    for number, names in sheet.on.items():
        page = writer.pages[number - 1]
        own = DictionaryObject(_inner(page, "/Resources"))
        forms = DictionaryObject(_inner(own, "/XObject"))
        for name in names:
            forms[NameObject(f"/{name}")] = _form(writer, sheet.charts[name])
        own[NameObject("/XObject")] = forms
        page[NameObject("/Resources")] = own


def _form(writer: PdfWriter, data: bytes) -> Any:
    """A page of another file as a picture that pages can show."""
    from pypdf import PdfReader
    from pypdf.generic import ArrayObject, FloatObject, NameObject, StreamObject

    page = PdfReader(io.BytesIO(data)).pages[0]
    content = page.get_contents()
    form = StreamObject()
    form.set_data(content.get_data() if content is not None else b"")
    form = form.flate_encode()
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(FloatObject(one) for one in page.mediabox)
    form[NameObject("/Resources")] = _inner(page, "/Resources").clone(writer)
    return writer._add_object(form)


def _inner(of: Any, name: str) -> Any:
    """A dictionary in another, wherever it stands; an empty one where there is none."""
    from pypdf.generic import DictionaryObject

    return of[name].get_object() if name in of else DictionaryObject()


def _link(writer: PdfWriter, sheet: Sheet) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

    pages = list(writer.pages)
    for number, links in sheet.links.items():
        annotations = ArrayObject()
        for box, to in links:
            action = {
                NameObject("/S"): NameObject("/URI"),
                NameObject("/URI"): TextStringObject(quote(to, safe=_ADDRESS)),
            }
            link = {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Link"),
                NameObject("/Rect"): ArrayObject(FloatObject(f"{one:.2f}") for one in box),
                NameObject("/Border"): ArrayObject(NumberObject(0) for _ in range(3)),
                NameObject("/F"): NumberObject(4),
                NameObject("/A"): DictionaryObject(action),
            }
            annotations.append(DictionaryObject(link))
        pages[number - 1][NameObject("/Annots")] = annotations


def _outline(writer: PdfWriter, sheet: Sheet) -> None:
    from pypdf.generic import Fit

    top: Any = None
    for title, page, y, level in sheet.outline:
        fit = Fit.xyz(0, look.HIGH - y + 10, 0)
        made = writer.add_outline_item(title=title, page_number=page - 1, parent=top if level > 1 else None, fit=fit)
        top = made if level == 1 else top


def _told(writer: PdfWriter, document: Document) -> None:
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

    program = f"Plumbline {document.program}"
    writer.metadata = {
        "/Title": clean(document.title).replace("\n", " "),
        "/Author": "Plumbline",
        "/Subject": clean(document.subtitle).replace("\n", " "),
        "/Creator": program,
        "/Producer": program,
        "/CreationDate": _date(document.made_at),
        "/ModDate": _date(document.made_at),
    }
    catalogue = writer.root_object
    for taken in ("/OpenAction", "/PageLayout"):
        catalogue.pop(taken, None)  # how it is opened is the reader's choice
    catalogue[NameObject("/Lang")] = TextStringObject(document.language)
    catalogue[NameObject("/PageMode")] = NameObject("/UseOutlines")
    catalogue[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )


def _date(of: datetime) -> str:
    zone = f"{of:%z}"
    return f"D:{of:%Y%m%d%H%M%S}" + (f"{zone[:3]}'{zone[3:5]}'" if zone else "Z")
