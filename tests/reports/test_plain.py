"""A document as JSON and back."""

import json
from dataclasses import fields, is_dataclass

from core.question import Compare
from core.report import Block, Branding, Layout
from reports import plain
from tests.reports import sample


def _same(left: object, right: object) -> bool:
    if is_dataclass(left) and not isinstance(left, type):
        return type(left) is type(right) and all(
            _same(getattr(left, one.name), getattr(right, one.name)) for one in fields(left)
        )
    if isinstance(left, tuple):
        return isinstance(right, tuple) and len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict):
        return plain.plain(left) == right  # a gap in a chart's data is NaN there and null here
    return left == right and type(left) is type(right)


def test_it_reads_back_what_it_wrote() -> None:
    written = json.dumps(plain.to_plain(sample.document(logo=b"\x89PNG")))
    assert _same(sample.document(logo=b"\x89PNG"), plain.from_plain(json.loads(written)))


def test_it_writes_a_gap_as_null() -> None:
    assert plain.plain({"views": [1.0, float("nan")]}) == {"views": [1.0, None]}


def test_it_writes_the_same_text_for_the_same_document() -> None:
    assert json.dumps(plain.to_plain(sample.document())) == json.dumps(plain.to_plain(sample.document()))


def test_it_reads_back_a_layout() -> None:
    blocks = (Block("a", "over_time", "Views", {"metric": "views"}), Block("b", "page_break"))
    for layout in (
        Layout("Weekly", blocks, "last_7", Compare.LAST_YEAR, True, ("x",), (7,), ("reel",), ("brew",), "de", "en",
               Branding(b"\x89PNG", footer="ours")),
        Layout("Fixed", (), sample.PERIOD, sample.PERIOD.previous()),
        Layout("Alone", (), compare=None),
    ):  # fmt: skip
        assert plain.to_layout(json.loads(json.dumps(plain.plain(layout)))) == layout
