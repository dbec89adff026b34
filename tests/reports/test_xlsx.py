"""XLSX: a report as a workbook, and one table of any length, opened again by other programs."""

import dataclasses
import io
import struct
import zipfile
import zlib
from datetime import date, datetime
from itertools import repeat

import openpyxl
import pytest

from charts import picture
from core import language
from core.errors import TooLarge
from core.report import Branding, Column, Holds, Plot, Section, Shape, Table
from reports import safe, words
from reports.formats.xlsx import FORMAT
from reports.sheets import streamed, tables
from reports.sheets.codes import LONGEST
from tests.reports import hostile, office, sample


def drawn(spec, kind, *, width):
    return picture.draw(spec, kind, width=width)


def written(document, code="en"):
    file = io.BytesIO()
    with language.using(code):
        FORMAT.write(document, drawn, file)
    return file.getvalue()


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def stream(columns, rows, code="en"):
    file = io.BytesIO()
    with language.using(code):
        assert FORMAT.stream(columns, iter(rows), file) == len(rows)
    return opened(file.getvalue()).active


def below(sheet, heading):
    """The rows of a table: those below the row that begins with its first heading."""
    every = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return every[next(at for at, row in enumerate(every) if row[0] == heading) + 1 :]


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.fixture(scope="module")
def book():
    return opened(written(sample.document()))


def test_it_has_a_sheet_for_each_block_in_order(book):
    assert book.sheetnames == ["About", "Key numbers", "Views by day", "Views by platform", "What we tried",
                               "Worth knowing", "Top posts", "Top 10 posts", "Forecast", "Definitions"]  # fmt: skip
    assert all(sheet.sheet_view.showGridLines is False for sheet in book)
    assert all(sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 0 for sheet in book)


def test_it_says_first_where_the_numbers_come_from(book):
    found = texts(book["About"])
    with language.using("en"):
        for what, how in words.facts(sample.document()):
            assert found[found.index(what) + 1] == how
    for said in ("YouTube is late: its numbers end on 29 October.", sample.document().notes[0], "Complete: 120 of 120 rows",
                 "The first 10 of 120 rows", "Prepared by the marketing team.", "could not be made"):  # fmt: skip
        assert said in found
    targets = {
        cell.value: cell.hyperlink.location for row in book["About"].iter_rows() for cell in row if cell.hyperlink
    }
    assert targets["Top posts"] == "'Top posts'!A1"
    assert len(targets) == 9


def test_it_writes_the_figures_of_the_document(book):
    document = sample.document()
    for section in document.sections:
        if section.table is not None:
            sheet = book[section.title]
            found = below(sheet, section.table.columns[0].title)
            for row, expected in zip(found, section.table.rows, strict=True):
                for value, meant in zip(row, expected, strict=False):
                    if isinstance(meant, str):
                        assert value == meant.replace("\r", "\n")
                    else:
                        value = value.date() if type(meant) is date else value
                        assert value == (pytest.approx(meant, rel=1e-15) if isinstance(meant, float) else meant)


def test_it_writes_each_key_number_in_its_unit(book):
    rows = {row[0].value: row for row in book["Key numbers"].iter_rows(min_row=5) if row[0].value}
    for one in sample.document().sections[1].figures:
        assert rows[one.title][1].value == one.value
        assert rows[one.title][2].value == one.previous
        assert rows[one.title][3].value == one.change
        assert [cell.value for cell in rows[one.title][8 : 8 + len(one.course)]] == list(one.course)
    assert rows["Engagement rate"][1].number_format == "0.0%"
    assert rows["Ad spend"][1].number_format == "[$EUR] #,##0.00"
    assert rows["Watch time"][5].value == "not measured on these platforms"
    assert rows["Reach"][5].value == "at most; no data in September"


def test_it_draws_charts_from_the_cells_of_their_table(book):
    (line,) = book["Views by day"]._charts
    (bar,) = book["Views by platform"]._charts
    assert type(line).__name__ == "LineChart"
    assert type(bar).__name__ == "BarChart" and bar.barDir == "bar"
    top = next(cell.row for cell in book["Views by day"]["A"] if cell.value == "Day")
    assert [one.val.numRef.f for one in line.series] == [
        f"'Views by day'!$B${top + 1}:$B${top + 30}", f"'Views by day'!$C${top + 1}:$C${top + 30}"
    ]  # fmt: skip
    assert line.series[0].graphicalProperties.line.solidFill.srgbClr == "0F766E", "in the sender's colour"


def test_it_shows_a_picture_of_what_it_cannot_draw():
    section = dataclasses.replace(sample.document().sections[3], plot=Plot("none"))
    sheet = opened(written(sample.document(sections=(section,))))["Views by platform"]
    assert not sheet._charts
    assert len(sheet._images) == 1


def test_it_keeps_headings_in_sight_and_filters(book):
    sheet = book["Top posts"]
    top = next(cell.row for cell in sheet["A"] if cell.value == "Post")
    assert sheet.freeze_panes == f"A{top + 1}"
    assert sheet.auto_filter.ref == f"A{top}:F{top + 120}"
    assert sheet.print_title_rows == f"${top}:${top}"
    assert sheet.column_dimensions["A"].width > 40
    assert sheet.row_dimensions[top + 13].height > 60, "a long text stands on as many lines as it needs"


def test_it_explains_every_measure_and_what_was_asked(book):
    found = texts(book["Definitions"])
    for one in sample.document().definitions:
        assert {one.title, one.metric, one.definition, one.formula, "\n".join(one.sources)} <= set(found)
    assert sample.document().questions[0] in found


def test_it_writes_the_same_bytes_again(tmp_path):
    first = written(sample.document())
    assert first == written(sample.document())
    assert first == hostile.elsewhere("xlsx", tmp_path)
    assert opened(first).properties.created == datetime(2026, 10, 31, 7)


def test_it_streams_the_same_bytes_again():
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        streamed.write(hostile.COLUMNS, hostile.rows(), file)
    assert files[0].getvalue() == files[1].getvalue()


def both():
    """Hostile rows as both ways of writing have them: heading and rows."""
    table = Table(hostile.COLUMNS, tuple(hostile.rows()), len(hostile.rows()))
    section = Section("h", Shape.TABLE, "=1+1", table=table)
    sheet = opened(written(sample.document(sections=(section,))))["1+1"]
    top = next(cell.row for cell in sheet["B"] if cell.value == "Views")
    yield "report", list(sheet.iter_rows(min_row=top))
    yield "table", list(stream(hostile.COLUMNS, hostile.rows()).iter_rows())


def test_it_runs_no_text_and_breaks_of_none():
    for name, rows in both():
        assert rows[0][0].value == "=1+1" and rows[0][0].data_type == "s", name
        assert len(rows) == 1 + len(hostile.rows())
        for cells, (text, number, link) in zip(rows[1:], hostile.rows(), strict=True):
            assert all(cell.data_type != "f" for cell in cells), name
            assert cells[1].value == number
            assert cells[0].quotePrefix == safe.runs(text), "the workbook itself says that this is text"
            assert (cells[2].hyperlink is not None) == link.startswith("https://")
            if len(text) > LONGEST:
                assert "more characters" in cells[0].value and len(cells[0].value) <= LONGEST
            elif text:
                kept = safe.writable(text).replace("\r\n", "\n").replace("\r", "\n")
                read = (cells[0].value or "").replace("_x005F_", "_")  # Excel undoes it, openpyxl does not
                assert read.strip() == kept.strip()


def test_it_types_cells_and_says_so_in_the_readers_form():
    columns = (
        Column("Day", Holds.DAY),
        Column("At", Holds.MOMENT),
        Column("Cost", Holds.MONEY, "EUR"),
        Column("Views", Holds.COUNT),
        Column("Id"),
        Column("Paid"),
        Column("Cost?", Holds.MONEY, 'X"]'),
    )
    rows = [(date(2026, 10, 1), datetime(2026, 10, 1, 12, 30), -2.5, 2.5, 12345678901234567, True, 1.0),
            (date(1850, 1, 1), None, float("inf"), 3, None, False, None)]  # fmt: skip
    sheet = stream(columns, rows, "de")
    first, second = map(list, sheet.iter_rows(min_row=2))
    assert [cell.value for cell in first] == [datetime(2026, 10, 1), datetime(2026, 10, 1, 12, 30), -2.5, 2.5,
                                              "12345678901234567", True, 1.0]  # fmt: skip
    assert [cell.value for cell in second] == ["1850-01-01", None, None, 3, None, False, None]
    assert first[0].number_format == "[$-407]d. mmm yyyy"
    assert first[2].number_format == "#,##0.00 [$EUR]"
    assert first[6].number_format == "#,##0.00", "a currency is three letters, or none"
    assert (first[3].number_format, second[3].number_format) == ("#,##0.0#####", "#,##0")


def test_it_refuses_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr(streamed, "ROWS", 3)
    assert stream((Column("N", Holds.COUNT),), [(1,)] * 3).max_row == 4
    with pytest.raises(TooLarge) as refused:
        streamed.write((Column("N", Holds.COUNT),), repeat((1,), 4), io.BytesIO())
    assert "CSV" in refused.value.hint
    with pytest.raises(TooLarge):
        written(sample.document())


def test_it_has_the_most_rows_that_a_sheet_can_have():
    assert FORMAT.rows == 2**20 - 1


def test_it_names_sheets_safely_and_never_twice():
    titles = ("Views", "views", "History", "a/b:c*d?[e]\\f'", "x" * 60, "x" * 60, "=cmd", "'", "🚀" * 20)
    sections = tuple(Section(f"id{at}", Shape.TEXT, title, text="x") for at, title in enumerate(titles))
    names = opened(written(sample.document(sections=sections))).sheetnames[1:-1]
    assert names[:4] == ["Views", "views 2", "History 2", "a b c d e f"]
    assert names[6:8] == ["cmd", "Data"]
    assert len({name.lower() for name in names}) == len(titles)
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)


def test_it_writes_an_empty_document_and_a_long_table():
    empty = dataclasses.replace(
        sample.document(sections=()), definitions=(), questions=(), banner="", notes=(), subtitle=""
    )
    assert opened(written(empty)).sheetnames == ["About"]
    none = Section("none", Shape.CHART, "None", table=Table((Column("A"), Column("B", Holds.COUNT)), (), 0),
                   plot=Plot("bar", 0, (1,)))  # fmt: skip
    sheets = opened(written(sample.document(sections=(none, Section("f", Shape.FIGURES, "F")))))
    assert "Complete: 0 of 0 rows." in texts(sheets["None"])
    assert len(below(opened(written(sample.document(posts=2_000)))["Top posts"], "Post")) == 2_000


def png(wide, high):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = zlib.compress((b"\0" + b"\x0f\x76\x6e" * wide) * high)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "logo, shown", [(png(200, 50), 1), (b"\x89PNG", 0), (b"\xff\xd8" + b"x" * 60, 0), (b"BM" * 40, 0)]
)
def test_it_shows_the_logo_and_leaves_out_what_is_none(logo, shown):
    document = sample.document(sections=(), logo=logo)
    assert len(opened(written(document))["About"]._images) == shown


def test_it_draws_no_words_in_a_colour_that_cannot_be_read():
    document = dataclasses.replace(sample.document(), branding=Branding(accent="#FFEE00", ink="no colour"))
    with zipfile.ZipFile(io.BytesIO(written(document))) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert "FFEE00" not in styles
    assert "1B1F27" in styles


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_it_speaks_every_language(code):
    book = opened(written(sample.document(), code))
    with language.using(code):
        facts, figures = words.facts(sample.document()), tables.figures(sample.document().sections[1].figures)
    assert {how for _, how in facts} <= set(texts(book.worksheets[0]))
    assert figures.columns[0].title in texts(book.worksheets[1])
    assert code == "en" or figures.columns[0].title != "Measure"
    assert book.worksheets[2].cell(9, 1).number_format.startswith("[$-")


@office.needed
@pytest.mark.slow
def test_it_runs_nothing_after_another_program_saved_it(tmp_path):
    table = Table(hostile.COLUMNS, tuple(hostile.rows()), len(hostile.rows()))
    (tmp_path / "report.xlsx").write_bytes(
        written(sample.document(sections=(Section("h", Shape.TABLE, "Hostile", table=table),)))
    )
    with (tmp_path / "table.xlsx").open("wb") as file:
        streamed.write(hostile.COLUMNS, hostile.rows(), file, title="Hostile")
    for name in ("report", "table"):
        once = office.saved_as(tmp_path / f"{name}.xlsx", "ods", tmp_path)
        again = office.saved_as(once, "xlsx", tmp_path)
        cells = [cell for row in openpyxl.load_workbook(again)["Hostile"].iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        assert {n for _, n, _ in hostile.rows()} <= {cell.value for cell in cells if cell.column == 2}


@office.needed
@pytest.mark.slow
def test_another_program_reads_the_same_figures(tmp_path):
    (tmp_path / "report.xlsx").write_bytes(written(sample.document()))
    again = openpyxl.load_workbook(
        office.saved_as(office.saved_as(tmp_path / "report.xlsx", "ods", tmp_path), "xlsx", tmp_path)
    )
    for section in sample.document().sections:
        if section.table is not None:
            found = below(again[section.title], section.table.columns[0].title)
            for row, expected in zip(found, section.table.rows, strict=False):
                for value, meant in zip(row, expected, strict=False):
                    if isinstance(meant, float | int):
                        assert value == pytest.approx(meant)
