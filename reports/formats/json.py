"""A report as JSON, with all it was made of: `reports/document.schema.json` says what stands where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from json import dumps
from typing import Any, BinaryIO

from core.language import mark
from core.report import Column, Document, Format, Pictures, Row
from reports.plain import plain, to_plain

_CHART = '"chart": '


def _write(document: Document, pictures: Pictures, into: BinaryIO) -> None:
    """The stored form, but for the logo, which is a picture and no data."""
    kept = to_plain(document)
    for part in _laid_out(kept | {"branding": kept["branding"] | {"logo": ""}}):
        into.write(_encoded(part))
    into.write(b"\n")


def _stream(columns: Sequence[Column], rows: Iterable[Row], into: BinaryIO) -> int:
    """An array of objects, each on a line of its own: every reader of JSON takes it whole, and one of lines can too."""
    names, written = _names(columns), 0
    into.write(b"[")
    for row in rows:
        into.write(b",\n" if written else b"\n")
        into.write(_encoded(_flat(dict(zip(names, map(plain, row), strict=True)))))
        written += 1
    into.write(b"\n]\n")
    return written


def _names(columns: Sequence[Column]) -> list[str]:
    """The titles, each once: an object cannot have two values of one name."""
    found: list[str] = []
    for one in columns:
        others = (f"{one.title} ({number})" for number in count(2))
        found.append(one.title if one.title not in found else next(name for name in others if name not in found))
    return found


def _laid_out(thing: Any, margin: str = "\n") -> Iterator[str]:
    """Indented, for a person to read; a row of a table, a course of numbers and a chart are a line each."""
    if isinstance(thing, dict) and thing:
        yield from _between("{}", ((f"{_flat(name)}: ", one) for name, one in thing.items()), margin)
    elif isinstance(thing, list) and any(isinstance(one, dict | list) for one in thing):
        yield from _between("[]", (("", one) for one in thing), margin)
    else:
        yield _flat(thing)


def _between(ends: str, parts: Iterable[tuple[str, Any]], margin: str) -> Iterator[str]:
    inner = f"{margin}  "
    for at, (name, one) in enumerate(parts):
        yield f"{',' if at else ends[0]}{inner}{name}"
        yield from (_flat(one),) if name == _CHART else _laid_out(one, inner)
    yield f"{margin}{ends[1]}"


def _flat(thing: Any) -> str:
    return dumps(thing, ensure_ascii=False, allow_nan=False)


def _encoded(text: str) -> bytes:
    """UTF-8; half of an emoji, which has no place there, is written as JSON writes it: \\ud83d."""
    return text.encode(errors="backslashreplace")


FORMAT = Format(title=mark("JSON"), ending="json", media_type="application/json", write=_write, stream=_stream)
