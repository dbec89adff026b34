"""CSV: one table of any length, and a report as a zip of tables."""

import csv
import dataclasses
import io
import zipfile
from datetime import date, datetime, timedelta, timezone

import openpyxl
import pytest

from core import language
from core.report import Column, Holds, Section, Shape, Table
from reports import safe
from reports.formats.csv import FORMAT
from tests.reports import hostile, office, sample


def streamed(columns, rows):
    file = io.BytesIO()
    assert FORMAT.stream(columns, iter(rows), file) == len(rows)
    return file.getvalue()


def read(content):
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet knows by it that this is UTF-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def zipped(document, code="en"):
    file = io.BytesIO()
    with language.using(code):
        FORMAT.write(document, None, file)
    return file.getvalue()


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_writes_values_that_machines_read():
    columns = (
        Column("Text"),
        Column("Cost", Holds.MONEY, "EUR"),
        Column("Rate", Holds.RATIO),
        Column("Day", Holds.DAY),
        Column("At", Holds.MOMENT),
        Column("Paid"),
    )
    berlin = timezone(timedelta(hours=2))
    rows = [
        ("a, b", 1200.5, 0.0375, date(2026, 10, 1), datetime(2026, 10, 1, 8, 15), True),
        (None, None, float("nan"), None, datetime(2026, 10, 1, 8, 15, tzinfo=berlin), False),
    ]
    with language.using("de"):
        found = read(streamed(columns, rows))
    assert found[0] == ["Text", "Cost (EUR)", "Rate", "Day", "At", "Paid"]
    assert found[1] == ["a, b", "1200.5", "0.0375", "2026-10-01", "2026-10-01 08:15:00", "true"]
    assert found[2] == ["", "", "", "", "2026-10-01 08:15:00+02:00", "false"]


def test_it_defuses_texts_and_headings_and_leaves_numbers():
    found = read(streamed(hostile.COLUMNS, hostile.rows()))
    assert found[0][0] == "'=1+1"
    assert found[0][2] == "'@Link"
    assert len(found) == 1 + len(hostile.rows())
    for written, (text, number, _) in zip(found[1:], hostile.rows(), strict=True):
        assert written[0] == safe.harmless(text)
        assert written[1] == str(number)
        assert written[0].lstrip()[:1] not in {*"=+-@＝＋－＠"} and written[0][:1] not in {*"\t\r\n\0"}


def test_it_keeps_a_text_in_one_cell_whatever_a_program_divides_cells_by():
    content = streamed((Column("Text"), Column("Views", Holds.COUNT)), [("a;=1+1", 1), ("a\t=1+1", 2)]).decode(
        "utf-8-sig"
    )
    assert content.splitlines()[1:] == ['"a;=1+1",1', '"a\t=1+1",2']


def test_it_streams_many_rows_one_by_one():
    asked = []
    rows = ((asked.append(at) or at, f"text {at}") for at in range(5_000))

    class Watching(io.BytesIO):
        def write(self, content):
            sizes.append((len(asked), len(content)))
            return super().write(content)

    sizes = []
    file = Watching()
    assert FORMAT.stream((Column("N", Holds.COUNT), Column("Text")), rows, file) == 5_000
    assert sizes[0][0] == 0, "headings go out before a row is asked for"
    assert max(size for _, size in sizes) < 20_000, "never much is held back"
    assert read(file.getvalue())[-1] == ["4999", "text 4999"]


def test_it_writes_each_table_once_and_says_how_much_of_it_is_here():
    found = opened(zipped(sample.document()))
    assert list(found) == [
        "README.txt", "01-key-numbers.csv", "02-views-by-day.csv", "03-views-by-platform.csv", "04-worth-knowing.csv",
        "05-top-posts.csv", "06-top-10-posts.csv", "07-definitions.csv",
    ]  # fmt: skip
    readme = found["README.txt"].decode("utf-8-sig")
    for words in (
        "1–30 Oct 2026", "31 Oct 2026, 05:30 (Europe/Berlin)", "tag #autumn", "YouTube is late", "Instagram was not read",
        "02-views-by-day.csv: Views by day. Complete: 30 of 30 rows.", "The first 10 of 120 rows", "Not enough data yet",
        "Prepared by the marketing team.", "views, engagement by day",
    ):  # fmt: skip
        assert words in readme
    by_day = read(found["02-views-by-day.csv"])
    assert by_day[1] == ["2026-10-01", "30000", "28000"]
    assert by_day[12] == ["2026-10-12", "", "31300"], "a gap is a gap"
    keys = {row[0]: row for row in read(found["01-key-numbers.csv"])}
    assert keys["Engagement rate"][2:8] == ["0.0375", "share", "", "0.041", "-0.085", "-0.0035"]
    assert keys["Watch time"][2] == ""
    assert keys["Watch time"][8] == "not measured on these platforms"
    assert keys["Reach"][8] == "at most; no data in September"


def test_it_writes_the_same_bytes_again(tmp_path):
    first = zipped(sample.document())
    assert first == zipped(sample.document())
    assert first == hostile.elsewhere("csv", tmp_path)


def test_it_names_files_safely():
    table = Table((Column("A"),), (("x",),), 1)
    titles = ("../../etc/passwd", "日本語", "CON", "same", "same", "x" * 300, "=1+1")
    sections = tuple(Section(f"id{at}", Shape.TABLE, title, table=table) for at, title in enumerate(titles))
    names = list(opened(zipped(sample.document(sections=sections))))
    assert names[1:8] == ["01-etc-passwd.csv", "02-id1.csv", "03-con.csv", "04-same.csv", "05-same.csv",
                          f"06-{'x' * 60}.csv", "07-1-1.csv"]  # fmt: skip


def test_it_writes_an_empty_document_and_a_long_table():
    empty = dataclasses.replace(sample.document(sections=()), definitions=(), questions=(), banner="", notes=())
    assert list(opened(zipped(empty))) == ["README.txt"]
    assert len(read(opened(zipped(sample.document(posts=2_000)))["05-top-posts.csv"])) == 2_001


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_it_speaks_every_language(code):
    found = opened(zipped(sample.document(), code))
    readme = found["README.txt"].decode("utf-8-sig")
    assert ("Questions" in readme) == (code == "en")
    assert any("-0.085" in content.decode() for content in found.values()), "values are the same in every language"


@office.needed
@pytest.mark.slow
def test_it_runs_nothing_in_another_program(tmp_path):
    """Opened, saved as a workbook, and saved and opened as CSV once more."""
    (tmp_path / "first.csv").write_bytes(streamed(hostile.COLUMNS, hostile.rows()))
    once = office.saved_as(tmp_path / "first.csv", "xlsx", tmp_path)
    again = office.saved_as(office.saved_as(once, "csv", tmp_path), "xlsx", tmp_path)
    for workbook in (once, again):
        cells = [cell for row in openpyxl.load_workbook(workbook).active.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        assert {cell.value for cell in cells if cell.column == 2 and cell.row > 1} == {n for _, n, _ in hostile.rows()}
