"""A report as JSON: every number of the document, in the published shape."""

import hashlib
import io
import json
import os
import subprocess
import sys
import types
import typing
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

import pandas as pd
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from core import language, report
from core.metric import Unit
from core.question import Period
from core.report import Column, Document, Holds, Section, Shape, Table
from reports import plain
from reports.formats.json import FORMAT
from tests.reports import sample

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "reports" / "document.schema.json").read_text())
SHAPES = [one for one in vars(report).values() if is_dataclass(one) and one.__name__ in SCHEMA["$defs"]] + [Period]
_JSON = {str: {"string"}, int: {"integer"}, float: {"number"}, bool: {"boolean"}, type(None): {"null"}, bytes: {"string"},
         dict: {"object"}, tuple: {"array"}, date: {"string"}, datetime: {"string"}}  # fmt: skip


def written(document):
    into = io.BytesIO()
    FORMAT.write(document, None, into)
    return into.getvalue()


def streamed(columns, rows):
    into = io.BytesIO()
    return FORMAT.stream(columns, rows, into), into.getvalue()


def checked(found):
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(found)
    return found


def resolved(one):
    return resolved(SCHEMA["$defs"][one["$ref"].rpartition("/")[2]]) if "$ref" in one else one


def kinds(one):
    """The types that a part of the schema allows."""
    one = resolved(one)
    if "anyOf" in one:
        return set().union(*map(kinds, one["anyOf"]))
    if "enum" in one or "const" in one:
        return {"string"}
    return {one["type"]} if isinstance(one["type"], str) else set(one["type"])


def meant(annotation):
    """The types that an annotation becomes in JSON."""
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        return set().union(*map(meant, typing.get_args(annotation)))
    if origin is typing.Literal or (isinstance(annotation, type) and issubclass(annotation, StrEnum)):
        return {"string"}
    return {"object"} if is_dataclass(annotation) else _JSON[origin or annotation]


@pytest.mark.parametrize("posts", [0, 1, 120])
def test_it_has_the_published_shape(posts):
    Draft202012Validator.check_schema(SCHEMA)
    checked(json.loads(written(sample.document(posts=posts))))
    checked(plain.to_plain(sample.document(posts=posts, logo=b"\x89PNG")))


def test_it_publishes_every_shape_of_a_document():
    reached = {Document}
    waiting = [Document]
    while waiting:
        hints = typing.get_type_hints(waiting.pop())
        for name in (inner for hint in hints.values() for inner in _inner(hint)):
            if is_dataclass(name) and name not in reached:
                reached.add(name)
                waiting.append(name)
    assert {one.__name__ for one in reached} == {one.__name__ for one in SHAPES}


def _inner(hint):
    return [hint] + [deep for one in typing.get_args(hint) for deep in _inner(one)]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.__name__)
def test_it_publishes_every_field_with_its_type(shape):
    published = SCHEMA["$defs"][shape.__name__]
    added = ["schema"] if shape is Document else []
    names = added + [one.name for one in fields(shape)]
    assert list(published["properties"]) == published["required"] == names
    assert published["additionalProperties"] is False
    hints = typing.get_type_hints(shape)
    assert {name: kinds(published["properties"][name]) for name in hints} == {
        name: meant(hint) for name, hint in hints.items()
    }


@pytest.mark.parametrize(
    ("where", "meant_by"),
    [(("Unit",), Unit), (("Holds",), Holds), (("Section", "properties", "shape"), Shape)],
    ids=["units", "what columns hold", "shapes of sections"],
)
def test_it_publishes_every_value_of_a_list(where, meant_by):
    found = SCHEMA["$defs"]
    for one in where:
        found = found[one]
    assert sorted(found["enum"]) == sorted(one.value for one in meant_by)


def test_it_publishes_the_kinds_of_plots_and_the_version():
    kind = typing.get_type_hints(report.Plot)["kind"]
    assert SCHEMA["$defs"]["Plot"]["properties"]["kind"]["enum"] == list(typing.get_args(kind))
    assert SCHEMA["$defs"]["Document"]["properties"]["schema"]["const"] == plain.SCHEMA
    assert SCHEMA["$id"].endswith(f":{plain.SCHEMA}")


def test_it_notices_what_is_not_in_the_published_shape():
    found = json.loads(written(sample.document()))
    for wrong in (found | {"more": 1}, found | {"period": {"first": "1 May"}}, found | {"sections": [{}]}):
        assert list(Draft202012Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(wrong))


def test_it_holds_what_is_stored_but_the_logo():
    document = sample.document(logo=b"\x89PNG")
    kept = json.loads(json.dumps(plain.to_plain(document)))
    found = json.loads(written(document))
    assert kept["branding"].pop("logo") == "iVBORw==" and found["branding"].pop("logo") == ""
    assert found == kept
    assert list(found) == list(kept) and list(found["sections"][0]) == list(kept["sections"][0])


def test_it_reads_back_as_the_document():
    document = sample.document(posts=2000)
    back = plain.from_plain(json.loads(written(document)))
    assert [one.table for one in back.sections] == [one.table for one in document.sections]
    assert [one.figures for one in back.sections] == [one.figures for one in document.sections]


def test_it_writes_a_row_on_a_line_and_words_as_they_are():
    text = written(sample.document()).decode()
    assert '\n          ["Instagram", 800000, 0.041, 0.22, 1200.5],\n' in text
    assert "Grüße aus Köln" in text and "日本語の投稿" in text and "👩‍🔬" in text
    assert text.endswith("\n}\n")


@pytest.mark.parametrize("text", ['"},{"', "</script>", "\x00\x1f", "\u2028", "half \ud83d emoji", "\\u0041"])
def test_it_brings_every_text_back(text):
    one = Section("t", Shape.TEXT, text, text=text)
    assert json.loads(written(sample.document(sections=(one,))))["sections"][0]["text"] == text
    assert json.loads(streamed((Column("Text"),), [(text,)])[1]) == [{"Text": text}]


def test_it_writes_an_empty_document():
    document = replace(
        sample.document(sections=()), definitions=(), notes=(), questions=(), compared=None, data_until=None
    )
    assert checked(json.loads(written(document)))["sections"] == []


_AGAIN = """
import hashlib
from tests.reports.test_json import written
from tests.reports import sample
print(hashlib.sha256(written(sample.document())).hexdigest())
"""


@pytest.mark.slow
def test_it_writes_the_same_bytes_in_another_process_zone_and_language():
    settings = os.environ | {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"}
    other = subprocess.run(
        [sys.executable, "-c", _AGAIN], env=settings, cwd=ROOT, capture_output=True, text=True, check=True
    )
    document = sample.document()
    with language.using("de", "de"):
        assert other.stdout.strip() == hashlib.sha256(written(document)).hexdigest()


def test_it_streams_an_object_a_line():
    columns = (
        Column("Day", Holds.DAY),
        Column("Views", Holds.COUNT),
        Column("Views", Holds.COUNT),
        Column("Views (2)"),
    )
    count, text = streamed(
        columns, iter([(date(2026, 10, 1), 3, None, "a"), (date(2026, 10, 2), float("nan"), 0.5, "b")])
    )
    assert count == 2
    assert text.decode().splitlines() == [
        "[",
        '{"Day": "2026-10-01", "Views": 3, "Views (2)": null, "Views (2) (2)": "a"},',
        '{"Day": "2026-10-02", "Views": null, "Views (2)": 0.5, "Views (2) (2)": "b"}',
        "]",
    ]


def test_it_streams_nothing_as_an_empty_array():
    assert streamed((Column("Day"),), []) == (0, b"[\n]\n")


def test_it_streams_what_an_analyst_reads():
    table = next(one.table for one in sample.document(posts=2000).sections if one.id == "posts")
    count, text = streamed(table.columns, iter(table.rows))
    frame = pd.read_json(io.BytesIO(text), dtype=False)
    assert count == len(frame) == 2000
    assert frame["Views"].sum() == sum(row[3] for row in table.rows)
    assert list(frame.columns) == [one.title for one in table.columns]


def test_it_refuses_a_row_of_another_length():
    with pytest.raises(ValueError):
        streamed((Column("Day"), Column("Views")), [("only one",)])


def test_it_keeps_numbers_as_numbers_in_every_table():
    table = Table((Column("Share", Holds.RATIO), Column("Is", Holds.TEXT)), ((0.1, True), (None, False)), 2)
    section = Section("t", Shape.TABLE, "T", table=table)
    found = json.loads(written(sample.document(sections=(section,))))["sections"][0]["table"]
    assert found["rows"] == [[0.1, True], [None, False]]
