"""XLS, the old kind of workbook that LinkedIn exports: all that is read of it is what the same XLSX would give."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadFile
from core.viewer import owner
from services.imports import commit
from storage import workspaces

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FOLDER = Path(__file__).parent / "workbooks"
PAIRS = ("linkedin_updates", "linkedin_followers", "kinds", "since_1904")
SHORT = (FOLDER / "since_1904.xls").read_bytes()


@pytest.fixture
def viewer(sqlite_database):
    with sqlite_database.write() as connection:
        return owner(workspaces.create(connection, "Northwind", time_zone="Europe/Berlin", now=NOW))


def read(name, sheet=None, content=None):
    return commit.read_table(name, content or (FOLDER / name).read_bytes(), sheet=sheet)


def recognised(viewer, name, **changes):
    return commit.recognise(viewer, name, (FOLDER / name).read_bytes(), now=NOW)


@pytest.mark.parametrize("name", PAIRS)
def test_it_reads_every_sheet_as_the_same_xlsx(name):
    old, new = read(f"{name}.xls"), read(f"{name}.xlsx")
    assert old.how.startswith(f"XLS, sheet “{old.sheet}”")
    for sheet in old.sheets:
        old, new = read(f"{name}.xls", sheet), read(f"{name}.xlsx", sheet)
        assert replace(old, how="", digest="") == replace(new, how="", digest="")
        assert old.rows


@pytest.mark.parametrize("name", PAIRS)
def test_it_imports_an_xls_as_the_same_xlsx(viewer, name):
    old, new = recognised(viewer, f"{name}.xls"), recognised(viewer, f"{name}.xlsx")
    assert (old.plan, old.parsed) == (new.plan, new.parsed)
    assert old.parsed.rows_taken


def test_it_reads_every_kind_of_cell():
    table = read("kinds.xls")
    assert table.headings == ("Date", "Post ID", "Likes", "Revenue", "Text", "Result", "Mood")
    assert table.numbers == (2, 5, 6)
    assert table.rows == (
        ("2024-02-29 08:30:15", "71234567890123", "12", "1.2340", "  007 ", "13", "True"),
        ("2026-01-02", "7123456789012345678", "0", "-2.5", "1,234", "#DIV/0!", "False"),
        ("2026-01-03", "", "1e-07", "12345678.1250", "False", "ab", "17:30:00"),
    )


def test_it_counts_days_as_the_workbook_does():
    assert [row[0] for row in read("since_1904.xls").rows] == ["2026-01-02", "2026-01-03 06:00:00"]


def test_it_takes_the_posts_of_linkedin_below_two_rows_of_headings(viewer):
    shown = recognised(viewer, "linkedin_updates.xls")
    assert shown.plan.found.words == "LinkedIn page analytics: posts, in English"
    assert shown.table.sheets == ("Update metrics (aggregated)", "Update engagement")
    assert [post.published_at.date() for post in shown.parsed.posts] == [date(2026, 7, 2), date(2026, 7, 13)]
    assert {column.heading for column in shown.plan.left_out} > {"Click through rate (CTR)", "Engagement rate"}
    values = [(one.metric, one.value) for one in shown.parsed.readings if one.metric in ("impressions", "shares")]
    assert values == [("impressions", 700.0), ("shares", 2.0), ("impressions", 1234.0)]


def test_it_leaves_out_a_cell_with_an_error_and_says_so(viewer):
    (problem,) = recognised(viewer, "linkedin_updates.xls").parsed.problems
    assert (problem.row, problem.column, problem.value) == (5, "Shares", "#N/A")
    assert (problem.text, problem.skips_row) == ("is not a number", False)


def test_it_takes_the_days_of_linkedin_from_real_dates_and_results(viewer):
    shown = recognised(viewer, "linkedin_followers.xls")
    assert shown.plan.found.words == "LinkedIn page analytics: new followers by day, in English"
    assert [(fact.metric, fact.day, fact.value) for fact in shown.parsed.facts] == [
        ("followers_gained", date(2026, 7, 3), 12.0),
        ("followers_gained", date(2026, 7, 4), 7.0),
    ]
    assert shown.table.sheets == ("New followers", "Location", "Notes"), "an empty sheet is not offered"


def looped(content: bytes) -> bytes:
    """A container whose chain of small sectors runs in a circle."""
    (sector,) = struct.unpack("<i", content[60:64])
    at = 512 + sector * 512
    return content[:at] + struct.pack("<i", 0) * 128 + content[at + 512 :]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ((FOLDER / "locked.xls").read_bytes(), "has a password"),
        ((FOLDER / "locked.xlsx").read_bytes(), "has a password"),
        (SHORT.replace("Workbook".encode("utf-16-le"), "WordText".encode("utf-16-le")), "is no workbook"),
        (SHORT[:2048], "cannot be opened as an XLS file"),
        (SHORT[:8], "cannot be opened as an XLS file"),
        (looped(SHORT), "cannot be opened as an XLS file"),
    ],
    ids=["locked xls", "locked xlsx", "text document", "cut off", "mark only", "runs in a circle"],
)
def test_it_says_what_is_wrong_with_a_file_it_cannot_open(content, says):
    with pytest.raises(BadFile, match=says) as refused:
        read("a.xls", content=content)
    assert refused.value.hint


def test_it_goes_by_the_content_and_not_by_the_ending():
    assert read("a.xls", content=(FOLDER / "kinds.xlsx").read_bytes()).how.startswith("XLSX")
    assert read("a.csv", content=SHORT).how.startswith("XLS, ")
    assert read("a.xls", content=b"Date\tLikes\n2026-01-02\t3\n").rows == (("2026-01-02", "3"),)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(8, len(SHORT) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_it_survives_any_damage(changes):
    """The reader of XLS checks little, and once ran in circles; a person sees a table or a refusal."""
    content = bytearray(SHORT)
    for at, byte in changes:
        content[at] = byte
    try:
        assert read("a.xls", content=bytes(content)).headings
    except BadFile as refused:
        assert refused.hint
