"""A drawing as PDF that is the same each time it is drawn, and no larger than it must be."""

from __future__ import annotations

import io
import re
from typing import Any

_FONT = re.compile(rb"/fo\d+\b")
_PLAIN = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}


def pdf(drawn: bytes) -> bytes:
    """The same drawing: what it is drawn with stands in one order, where it was left to chance, and colours are plain
    colours, without the profile that each part carries along."""
    from pypdf import PdfReader, PdfWriter

    page, writer, out = PdfReader(io.BytesIO(drawn)).pages[0], PdfWriter(), io.BytesIO()
    _name_fonts(page["/Resources"].get_object(), page["/Contents"].get_object())
    _settle(page, set())
    writer.add_page(page)
    writer.write(out)
    return out.getvalue()


def _name_fonts(resources: Any, content: Any) -> None:
    """Name the fonts of a drawing, and of the drawings in it, by the order they are used in."""
    from pypdf.generic import DictionaryObject, NameObject

    for one in resources.get("/XObject", {}).values():
        form = one.get_object()
        if "/Resources" in form:
            _name_fonts(form["/Resources"].get_object(), form)
    fonts, data = resources.get("/Font", {}), content.get_data()
    used = [name for name in dict.fromkeys(_FONT.findall(data)) if name.decode() in fonts]
    if used:
        names = {old: b"/f%d" % n for n, old in enumerate(used)}
        content.set_data(_FONT.sub(lambda found: names.get(found[0], found[0]), data))
        kept = {NameObject(new.decode()): fonts.raw_get(old.decode()) for old, new in names.items()}
        resources[NameObject("/Font")] = DictionaryObject(kept)


def _settle(part: Any, seen: set[int]) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    of = part.get_object()
    if id(of) in seen:
        return
    seen.add(id(of))
    if isinstance(of, DictionaryObject):
        inner = [(name, of.raw_get(name)) for name in sorted(of) if name != "/Parent"]
        for name, one in inner:
            value = one.get_object()
            if isinstance(value, ArrayObject) and value and value[0] == "/ICCBased":
                of[NameObject(name)] = NameObject(_PLAIN[value[1]["/N"]])
            else:
                _settle(one, seen)
        held = {name: of.raw_get(name) for name, _ in inner}
        for name in held:
            del of[name]
        of.update(held)
    elif isinstance(of, ArrayObject):
        for one in of:
            _settle(one, seen)
