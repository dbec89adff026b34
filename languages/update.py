"""Bring `languages/*.po` in step with the code: `make messages`, or `python -m languages.update [code ...]`.

New sentences come in empty, old ones that are not said any more go; nothing that was translated is lost otherwise. What
is still missing is counted, and the command fails while anything is. It also makes a new language's file.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from analytics.metrics import registry
from connectors.base import Connector
from core import errors
from core.errors import AppError
from core.language import ENGLISH, FOLDER, LANGUAGES
from services.connecting import platforms
from services.imports import export

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = ("alerts", "analytics", "api", "charts", "connectors", "core", "pages", "reports", "services", "storage", "ui")
_TABLES = ("charts", "reports", "services", "ui")
_HEADER = """# {name}: the sentences of Plumbline. `make messages` keeps this file in step with the code.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
_PAGE = ("title", "section", "help")
_RAISING = ("alerts", "connectors", "core", "services", "storage")
_ERRORS = frozenset(name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, AppError))
Message = str | tuple[str, str]
Place = tuple[str, int]


def collect() -> Catalog:
    """Every message of the code, each with the places it is said at."""
    found: dict[Message, list[Place]] = {}
    for message, place in [*_said(), *_declared()]:
        if message and message not in (("", ""),):
            found.setdefault(message, []).append(place)
    single = {one[0] for one in found if isinstance(one, tuple)}
    catalogue = Catalog(project="Plumbline", charset="utf-8")
    for message, places in sorted(found.items(), key=lambda one: one[1][0]):
        if isinstance(message, tuple) or message not in single:
            catalogue.add(message, locations=sorted({(path, 0) for path, _ in places}))
    return catalogue


def _said() -> Iterator[tuple[Message, Place]]:
    """What stands in `tr`, `trn`, `mark` and `kept`, what errors say, and what a page declares."""
    for room in ROOMS:
        for path in sorted((PROJECT / room).rglob("*.py")):
            name = path.relative_to(PROJECT).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Dict) and room in _TABLES:
                    yield from ((heading, (name, node.lineno)) for heading in _headings(node))
                if isinstance(node, ast.Call):
                    yield from ((message, (name, node.lineno)) for message in _of_call(node))
                    if room in _RAISING:
                        yield from ((message, (name, node.lineno)) for message in _of_error(node))
                elif room == "pages" and isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                    declared = ast.literal_eval(node.value)
                    yield from ((declared[key], (name, node.lineno)) for key in _PAGE if declared.get(key))


def _of_call(node: ast.Call) -> Iterator[Message]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if called in ("tr", "mark", "kept") and node.args and isinstance(node.args[0], ast.Constant):
        yield str(node.args[0].value)
    elif called == "trn" and len(texts) == 2:
        yield texts[0], texts[1]
    elif called == "page":
        yield from (
            str(one.value.value)
            for one in node.keywords
            if one.arg in ("title", "lead") and isinstance(one.value, ast.Constant)
        )


def _of_error(node: ast.Call) -> Iterator[str]:
    """The text and the hint of an error, where they are constant: told anew where they are shown."""
    if getattr(node.func, "id", "") in _ERRORS:
        given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "hint")]
        yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _headings(node: ast.Dict) -> Iterator[str]:
    """The columns of a table: keys that begin with a capital."""
    for key in node.keys:
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value[:1].isupper():
            yield key.value


def _declared() -> Iterator[tuple[str, Place]]:
    """What metrics, dimensions and connectors say of themselves."""
    for metric in registry.METRICS.values():
        notes = [text for one in metric.sources for text in (one.note, *(what for _, what in one.redefined))]
        for text in (metric.title, metric.definition, metric.replaced, *notes):
            yield text, ("analytics/metrics", 0)
    for dimension in registry.DIMENSIONS.values():
        yield dimension.title, ("analytics/metrics/dimensions.py", 0)
        yield dimension.definition, ("analytics/metrics/dimensions.py", 0)
    yield from ((text, ("services/imports/exports", 0)) for text in export.said())
    for connector in platforms.connectors().values():
        yield from ((text, (f"connectors/{connector.platform}.py", 0)) for text in _of_connector(connector))


def _of_connector(connector: Connector) -> Iterator[str]:
    yield connector.brings
    yield from connector.auth.setup_steps
    yield from connector.webhook.steps if connector.webhook else ()
    yield from (one.why for one in connector.auth.scopes)
    for stream in connector.streams:
        yield stream.title
        yield stream.optional
    if connector.tariff is not None:
        yield connector.tariff.note


def missing(catalogue: Catalog) -> list[str]:
    """The messages of a language that say nothing yet, or not in every form."""
    return [
        one.id if isinstance(one.id, str) else str(one.id[0])
        for one in catalogue
        if one.id and not (all(one.string) if isinstance(one.string, tuple | list) else one.string)
    ]


def update(code: str, said: Catalog) -> list[str]:
    """Bring one language's file in step, and say what it lacks."""
    path = FOLDER / f"{code}.po"
    if path.exists():
        with path.open("rb") as file:
            kept = read_po(file, locale=code)
    else:
        kept = Catalog(locale=code, charset="utf-8")
    kept.update(said, no_fuzzy_matching=True)
    kept.obsolete.clear()
    write(path, kept)
    return missing(kept)


def write(path: Path, kept: Catalog) -> None:
    """Write a language's file; the head holds no date, which would change whenever the command runs."""
    code = str(kept.locale)
    with path.open("wb") as file:
        file.write(_HEADER.format(name=LANGUAGES[code].name, code=code, plurals=kept.plural_forms).encode())
        write_po(file, kept, width=110, omit_header=True, include_lineno=False)


def main(codes: list[str]) -> int:
    """Update the named languages, or all there are; 1 while a message is missing."""
    said, lacking = collect(), 0
    for code in codes or [code for code in LANGUAGES if code != ENGLISH.code]:
        lacks = update(code, said)
        lacking += len(lacks)
        print(f"{code}: {len(said)} messages, {len(lacks)} to translate")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
