"""Files people bring: what is read, what is recognised, and every problem named by row."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from analytics.metrics.registry import METRICS
from core.errors import BadFile
from services.imports import headings, mapping, rows, table

TODAY = date(2026, 11, 21)


def read(text: str | bytes, name: str = "posts.csv") -> table.Table:
    content = text.encode() if isinstance(text, str) else text
    return table.read(name, content, is_heading=lambda heading: headings.meaning(heading) is not None)


def parsed(text: str | bytes, **changes) -> rows.Parsed:
    found = read(text)
    return rows.parse(found, replace(mapping.recognise(found, METRICS), **changes), today=TODAY)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_it_reads_any_usual_csv(delimiter, encoding):
    text = f"Date{delimiter}Caption{delimiter}Likes\n2026-01-02{delimiter}Süß{delimiter}12\n"
    found = read(text.encode(encoding))
    assert found.headings == ("Date", "Caption", "Likes")
    assert found.rows == (("2026-01-02", "Süß", "12"),)
    assert found.numbers == (2,)


def test_it_finds_the_headings_below_title_lines():
    found = read("Insights export,,\nPage: Northwind,,\n\nDate,Likes,Comments\n2026-01-02,1,2\n")
    assert found.headings == ("Date", "Likes", "Comments")
    assert found.numbers == (5,)


def test_it_reads_xlsx_with_real_dates_and_numbers():
    book = Workbook()
    book.active.append(["Date", "Likes"])
    book.active.append([datetime(2026, 1, 2), 1234.0])
    stream = io.BytesIO()
    book.save(stream)
    assert read(stream.getvalue(), "a.xlsx").rows == (("2026-01-02", "1234"),)


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (table.MAX_UNPACKED_BYTES + 1))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"   \n ", "is empty"),
        (b"Date,Likes\n", "no rows"),
        (b"just one column\n1\n", "at least two columns"),
        (b'Date,Likes\n"2026-01-01,3\n', "broken as CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"PK\x03\x04 not really", "cannot be opened as an XLSX"),
        (b"Foo,Bar\n1,2\n", "No column was recognised"),
        (b"Date,Likes\n" + b"x" * (table.MAX_BYTES + 1), "larger than 25 MB"),
    ],
    ids=[
        "empty",
        "blank",
        "headings only",
        "one column",
        "open quote",
        "binary",
        "broken xlsx",
        "unknown",
        "too large",
    ],
)
def test_it_refuses_what_is_no_table_in_one_line(content, says):
    with pytest.raises(BadFile) as refused:
        mapping.recognise(read(content), METRICS)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.hint


@pytest.mark.slow
def test_it_refuses_a_zip_bomb():
    with pytest.raises(BadFile, match="unpacks to more than 200 MB"):
        read(zip_bomb(), "bomb.xlsx")


def test_it_names_each_problem_by_row_and_takes_the_rest():
    found = parsed(
        "Published,Caption,Likes,Comments,Extra\n"
        "2026-01-02 10:00,one,5,1,\n"
        "2026-13-02,two,5,1,\n"
        ",three,5,1,\n"
        "2027-01-01,four,5,1,\n"
        "2026-01-05 10:00,five,many,-1,\n"
        "2026-01-02 10:00,one,5,1,\n"
    )
    assert [(problem.row, problem.skips_row) for problem in found.problems] == [
        (3, True), (4, True), (5, True), (6, False), (6, False), (7, True),
    ]  # fmt: skip
    assert "not a date" in found.problems[0].text
    assert "no date" in found.problems[1].text
    assert "future" in found.problems[2].text
    assert "not a number" in found.problems[3].text
    assert "below zero" in found.problems[4].text
    assert "repeats row 2" in found.problems[5].text
    assert found.rows_taken == 2
    assert {reading.value for reading in found.readings} == {5.0, 1.0}


def test_it_never_takes_an_empty_cell_as_zero():
    found = parsed("Published,Caption,Likes,Comments\n2026-01-02,one,,0\n")
    assert [(reading.metric, reading.value) for reading in found.readings] == [("comments", 0.0)]


def test_it_never_imports_a_rate():
    plan = mapping.recognise(read("Date,Likes,Engagement rate (%)\n2026-01-02,3,4.5\n"), METRICS)
    assert "never imported" in plan.columns[2].why_not


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("13/02/2026",), date(2026, 2, 13)),
        (("02/13/2026",), date(2026, 2, 13)),
        (("13.02.2026",), date(2026, 2, 13)),
        (("2026-02-13",), date(2026, 2, 13)),
        (("Feb 13, 2026",), date(2026, 2, 13)),
    ],
    ids=["day first", "month first", "german", "iso", "words"],
)
def test_it_reads_dates_as_they_are_written(dates, expected):
    assert [fact.day for fact in parsed("Date,Likes\n" + "".join(f'"{d}",1\n' for d in dates)).facts] == [expected]


def test_it_asks_when_dates_fit_two_orders():
    found = parsed("Date,Likes\n03/04/2026,1\n")
    assert found.facts == ()
    assert "choose the order" in found.problems[0].text
    told = parsed("Date,Likes\n03/04/2026,1\n", date_order=mapping.DateOrder.DAY_FIRST)
    assert told.facts[0].day == date(2026, 4, 3)


def test_it_places_a_published_time_in_the_chosen_zone():
    found = parsed("Published,Caption,Likes\n2026-07-01 08:30,one,1\n", time_zone="Europe/Berlin")
    assert found.posts[0].published_at == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234", "5"], [1234.0, 5.0]),
        (["1.234,50", "2,5"], [1234.5, 2.5]),
        (["1 234", "$5"], [1234.0, 5.0]),
        (["1,234.50"], [1234.5]),
    ],
    ids=["ambiguous, comma groups", "german", "spaces and currency", "english"],
)
def test_it_reads_numbers_as_they_are_written(cells, values):
    text = "Date\tRevenue\n" + "".join(f"2026-01-0{day}\t{cell}\n" for day, cell in enumerate(cells, 1))
    assert [fact.value for fact in parsed(text).facts] == values


def test_it_refuses_a_day_named_twice_with_other_numbers():
    found = parsed("Date,Likes\n2026-01-01,1\n2026-01-01,2\n")
    assert [fact.value for fact in found.facts] == [1.0]
    assert "second time" in found.problems[0].text


def test_it_does_not_take_two_columns_for_one_meaning():
    plan = mapping.recognise(read("Date,Likes,Reactions\n2026-01-02,3,4\n"), METRICS)
    assert plan.columns[2].why_not == "means the same as 'Likes'"
    with pytest.raises(BadFile, match="already has that meaning"):
        plan.with_meaning(2, "metric:likes")
    assert plan.with_meaning(1, None).with_meaning(2, "metric:likes").metrics == {"likes": 2}


def test_it_gives_the_same_post_the_same_id_every_time():
    text = "Published,Caption,Likes\n2026-01-02,one,1\n"
    later = "Published,Caption,Likes\n2026-01-02,one,9\n"
    assert parsed(text).posts[0].external_id == parsed(later).posts[0].external_id


@given(st.binary(max_size=300))
def test_it_survives_any_bytes(content):
    """Whatever a person brings, it is a table or a clear refusal, never a traceback."""
    try:
        found = read(content)
        rows.parse(found, mapping.recognise(found, METRICS), today=TODAY)
    except BadFile as refused:
        assert refused.hint


@given(
    st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=8),
)
def test_it_takes_or_names_every_row(cells):
    """No row disappears in silence: it is taken, or a problem names it."""
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([["Date", "Caption", "Likes"], *cells])
    try:
        found = read(stream.getvalue())
    except BadFile:
        return
    result = rows.parse(found, mapping.recognise(found, METRICS), today=TODAY)
    skipped = {problem.row for problem in result.problems if problem.skips_row}
    assert result.rows_taken + len(skipped) == len(found.rows)
