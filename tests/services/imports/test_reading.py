"""Files people bring: what is read, what is recognised, and every problem named by row."""

import io
import re
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


UNITS = {metric.name: metric.unit for metric in METRICS.values()}


def parsed(text: str | bytes, name: str = "posts.csv", **changes) -> rows.Parsed:
    found = read(text, name)
    return rows.parse(found, replace(mapping.recognise(found, METRICS), **changes), UNITS, today=TODAY)


def said(found: rows.Parsed) -> list[tuple[int, str, str, str]]:
    """Every problem: row, column, value, text; each says what to do."""
    assert all(problem.todo for problem in found.problems)
    return [(problem.row, problem.column, problem.value, problem.text) for problem in found.problems]


def xlsx(**sheets) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


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
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "cannot be opened as an XLS"),
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
        "broken xls",
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
        (3, True), (4, True), (5, True), (6, False), (6, False), (6, True), (7, True),
    ]  # fmt: skip
    assert "not a date" in found.problems[0].text
    assert "no date" in found.problems[1].text
    assert "future" in found.problems[2].text
    assert "not a number" in found.problems[3].text
    assert "below zero" in found.problems[4].text
    assert "no number" in found.problems[5].text
    assert "repeats row 2" in found.problems[6].text
    assert found.rows_taken == 1
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
    assert said(found) == [(2, "Date", "03/04/2026", "may be day first or month first")]
    assert "Choose above" in found.problems[0].todo
    told = parsed("Date,Likes\n03/04/2026,1\n", date_order=mapping.DateOrder.DAY_FIRST)
    assert told.facts[0].day == date(2026, 4, 3)


def test_it_places_a_published_time_in_the_chosen_zone():
    found = parsed("Published,Caption,Likes\n2026-07-01 08:30,one,1\n", time_zone="Europe/Berlin")
    assert found.posts[0].published_at == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234", "2.5"], [1234.0, 2.5]),
        (["1.234,50", "2,5"], [1234.5, 2.5]),
        (["1 234", "$5"], [1234.0, 5.0]),
        (["1,234.50"], [1234.5]),
    ],
    ids=["groups that another row explains", "german", "spaces and currency", "english"],
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
        rows.parse(found, mapping.recognise(found, METRICS), UNITS, today=TODAY)
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
    result = rows.parse(found, mapping.recognise(found, METRICS), UNITS, today=TODAY)
    skipped = {problem.row for problem in result.problems if problem.skips_row}
    assert result.rows_taken + len(skipped) == len(found.rows)


def patched(content: bytes, pattern: bytes, replacement: bytes) -> bytes:
    """A workbook with something else in the XML of its sheets, as other programs write it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            inside = old.read(part)
            if part.startswith("xl/worksheets/"):
                inside, count = re.subn(pattern, replacement, inside)
                assert count
            new.writestr(part, inside)
    return stream.getvalue()


LINES = [["Date", "Likes"], ["2026-01-02", 3]]


def test_it_takes_the_sheet_with_the_numbers_and_names_the_others():
    content = xlsx(About=[["Made by", "someone", "on", "Monday"]] * 9, Metrics=LINES, Empty=[], Posts=LINES + LINES)
    found = read(content, "a.xlsx")
    assert (found.sheet, found.sheets) == ("Metrics", ("About", "Metrics", "Posts"))
    chosen = table.read("a.xlsx", content, is_heading=lambda _: True, sheet="Posts")
    assert (chosen.sheet, len(chosen.rows)) == ("Posts", 3)


def test_it_reads_all_of_a_sheet_that_says_it_is_one_cell():
    content = patched(xlsx(A=LINES), rb'<dimension ref="[^"]*" ?/>', b'<dimension ref="A1"/>')
    assert read(content, "a.xlsx").rows == (("2026-01-02", "3"),)


def test_it_takes_the_result_of_a_formula():
    content = patched(xlsx(A=[["Date", "Likes"], ["2026-01-02", "=3+4"]]), rb"<v ?/>|<v></v>", b"<v>7</v>")
    assert [fact.value for fact in parsed(content, "a.xlsx").facts] == [7.0]


def test_it_names_a_formula_without_a_result():
    """Programs that write XLSX without computing leave such cells; they looked empty, so the number was lost."""
    found = parsed(xlsx(A=[["Date", "Likes", "Comments"], ["2026-01-02", "=3+4", 5]]), "a.xlsx")
    assert [fact.metric for fact in found.facts] == ["comments"]
    assert said(found) == [(2, "Likes", "=3+4", "is a formula without a result")]


@pytest.mark.parametrize("comma", [False, True], ids=["point", "comma"])
def test_it_never_takes_the_point_of_a_spreadsheet_number_for_a_separator(comma):
    found = parsed(xlsx(A=[["Date", "Revenue"], ["2026-01-02", 1.234]]), "a.xlsx", decimal_comma=comma)
    assert [fact.value for fact in found.facts] == ([] if comma else [1.234])
    assert bool(found.problems) == comma


def test_it_reads_letters_as_a_person_says():
    text = "Date,Caption,Likes\n2026-01-02,Привет,3\n".encode("cp1251")
    assert not read(text).encoding_is_sure
    chosen = table.read("a.csv", text, is_heading=lambda _: True, encoding="cp1251")
    assert chosen.rows[0][1] == "Привет"
    with pytest.raises(BadFile, match="not written in UTF-8"):
        table.read("a.csv", text, is_heading=lambda _: True, encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_it_reads_utf_16_without_its_mark(encoding):
    assert read("Date,Caption,Likes\n2026-01-02,Süß,3\n".encode(encoding)).rows[0][1] == "Süß"


def test_it_does_not_refuse_text_of_another_script():
    found = read("Date,Caption,Likes\n2026-01-02,こんにちは,3\n".encode("cp932"))
    assert not found.encoding_is_sure


def test_it_obeys_the_line_that_names_the_separator():
    found = read("sep=;\nDate;Likes\n2026-01-02;3\n")
    assert (found.headings, found.numbers) == (("Date", "Likes"), (2,))


def test_it_is_not_misled_by_separators_inside_texts():
    found = read('Date;Caption;Likes\n2026-01-02;"a, b, c, d";3\n2026-01-03;"e, f, g, h";4\n')
    assert found.headings == ("Date", "Caption", "Likes")


def test_it_names_a_row_that_ends_early():
    found = parsed("Date,Likes,Comments\n2026-01-02,3,4\n2026-01-03,1\n")
    assert said(found) == [(3, "", "", "ends early; what is missing is taken as empty")]


def test_it_leaves_out_the_line_of_totals():
    found = parsed('Content,Video title,Video publish time,Views\nTotal,,,900\nabc,One,"Mar 1, 2026",900\n')
    assert [post.external_id for post in found.posts] == ["abc"]
    assert said(found) == [(2, "Content", "Total", "is a line of totals")]


def test_it_takes_the_rows_of_one_account_only():
    text = "Date,Account name,Likes\n2026-01-02,North,3\n2026-01-02,South,4\n"
    plan = mapping.recognise(read(text), METRICS)
    assert mapping.accounts_in(plan, read(text)) == ("North", "South")
    found = parsed(text, account="South")
    assert [fact.value for fact in found.facts] == [4.0]
    assert said(found) == [(2, "Account name", "North", "belongs to another account")]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,234", 1234.0), ("1.234", 1234.0), ("1,234,567", 1234567.0), ("12,34,567", 1234567.0), ("7", 7.0)],
)
def test_it_knows_that_a_count_has_no_fraction(cell, value):
    assert [fact.value for fact in parsed(f"Date\tLikes\n2026-01-02\t{cell}\n").facts] == [value]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2.5", "is not a whole number"),
        ("1.2K", "is not a number"),
        ("12 %", "is not a number"),
        ("#REF!", "is not a number"),
        ("=1+1", "is a formula without a result"),
        ("-4", "is below zero"),
    ],
)
def test_it_refuses_what_is_no_count(cell, text):
    found = parsed(f"Date\tLikes\tComments\n2026-01-02\t{cell}\t1\n")
    assert [fact.metric for fact in found.facts] == ["comments"]
    assert said(found) == [(2, "Likes", cell, text)]


def test_it_refuses_a_number_of_the_other_style():
    found = parsed("Date\tRevenue\n2026-01-01\t1.234,50\n2026-01-02\t2.75\n", decimal_comma=True)
    assert [fact.value for fact in found.facts] == [1234.5]
    assert said(found)[0] == (3, "Revenue", "2.75", "is not a number")


def test_it_asks_when_money_fits_two_styles():
    text = "Date\tRevenue\n2026-01-02\t1,234\n"
    assert mapping.recognise(read(text), METRICS).decimal_comma is None
    found = parsed(text)
    assert found.facts == ()
    assert said(found)[0] == (2, "Revenue", "1,234", "is another number with a decimal comma")
    assert [parsed(text, decimal_comma=comma).facts[0].value for comma in (False, True)] == [1234.0, 1.234]


@pytest.mark.parametrize(
    ("heading", "value"),
    [("Watch time (hours)", 9000.0), ("Watch time (minutes)", 150.0), ("Watch time seconds", 2.5)],
)
def test_it_turns_times_into_seconds(heading, value):
    assert [fact.value for fact in parsed(f"Date,{heading}\n2026-01-02,2.5\n").facts] == [value]


def test_it_does_not_guess_the_unit_of_a_time():
    plan = mapping.recognise(read("Date,Watch time,Likes\n2026-01-02,2.5,1\n"), METRICS)
    assert "seconds, minutes or hours" in plan.columns[1].why_not
    assert plan.with_meaning(1, "metric:watch_time", 60.0).columns[1].scale == 60.0


EXPORTS = {
    "instagram": (
        "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,"
        "Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves",
        "posts",
        {"views", "reach", "likes", "shares", "follows", "comments", "saves"},
    ),
    "facebook": (
        'Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Permalink,Post type,Date,Impressions,'
        'Reach,"Reactions, Comments and Shares",Reactions,Comments,Shares,Total clicks,Link clicks',
        "posts",
        {"impressions", "reach", "likes", "comments", "shares", "post_clicks", "link_clicks"},
    ),
    "youtube": (
        "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions,"
        "Impressions click-through rate (%)",
        "posts",
        {"views", "watch_time", "impressions"},
    ),
    "x": (
        "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,Profile visits,"
        "Create Post,Video views,Media views",
        "daily",
        {
            "impressions", "likes", "interactions", "bookmarks", "shares", "followers_gained", "followers_lost",
            "replies", "reposts", "profile_visits", "posts_published", "video_views", "media_views", "views",
        },
    ),
    "linkedin": (
        "Date,Impressions (organic),Impressions (sponsored),Impressions (total),Unique impressions (organic),"
        "Clicks (organic),Clicks (total),Reactions (organic),Comments (organic),Reposts (organic),"
        "Engagement rate (total)",
        "daily",
        {"impressions", "post_clicks", "link_clicks", "likes", "comments", "shares"},
    ),
    "tiktok": ("Date,Video Views,Profile Views,Likes,Comments,Shares,Unique Viewers", "daily", {
        "views", "profile_visits", "likes", "comments", "shares", "reach",
    }),
}  # fmt: skip


@pytest.mark.parametrize("platform", EXPORTS)
def test_it_recognises_the_headings_of_a_platform(platform):
    names, kind, metrics = EXPORTS[platform]
    cells = ",".join("1" for _ in read(f"{names}\n1\n").headings)
    plan = mapping.recognise(read(f"{names}\n{cells}\n"), METRICS)
    assert (plan.platform, plan.kind, set(plan.metrics)) == (platform, kind, metrics)
    assert all(column.why_not for column in plan.left_out)


def test_it_takes_the_total_and_not_a_part_of_it():
    found = parsed("Date,Impressions (organic),Impressions (total)\n2026-01-02,3,8\n")
    assert [fact.value for fact in found.facts] == [8.0]


def test_it_leaves_numbers_of_the_account_out_of_posts():
    text = "Published,Caption,Followers,Likes\n2026-01-02,one,900,3\n"
    assert set(mapping.recognise(read(text), METRICS).metrics) == {"likes"}
    assert ("metric:followers", 1.0) not in mapping.meanings(mapping.Kind.POSTS, METRICS)
    assert ("metric:followers", 1.0) in mapping.meanings(mapping.Kind.DAILY, METRICS)


def test_it_lets_a_person_say_what_unknown_columns_mean():
    found = read("Dia,Gefallen\n03/04/2026,12\n")
    plan = mapping.recognise(found, METRICS, mapping.Kind.DAILY)
    assert plan.metrics == {}
    told = mapping.detect(plan.with_meaning(0, headings.DAY).with_meaning(1, "metric:likes"), found, METRICS)
    assert told.date_order is None
    told = replace(told, date_order=mapping.DateOrder.MONTH_FIRST)
    assert [(f.day, f.value) for f in rows.parse(found, told, UNITS, today=TODAY).facts] == [(date(2026, 3, 4), 12.0)]


def test_it_does_not_trust_an_id_that_a_spreadsheet_rounded():
    """Two posts whose ids a spreadsheet had rounded to the same digits fell together into one."""
    found = parsed(
        "Post ID,Published,Permalink,Likes\n"
        "1.79E+16,2026-01-02,https://example.com/a,1\n1.79E+16,2026-01-03,https://example.com/b,2\n"
    )
    assert len({post.external_id for post in found.posts}) == 2
    assert all("rounded" in problem.text for problem in found.problems)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo", "Asia/Kathmandu"])
@pytest.mark.parametrize("cell", ["2026-03-08", "2026-03-08T00:00:00+0000", "2026-03-08 23:59 -0800"])
def test_it_keeps_a_day_of_the_account_on_its_day(zone, cell):
    assert [fact.day for fact in parsed(f"Date,Likes\n{cell},1\n", time_zone=zone).facts] == [date(2026, 3, 8)]


def test_it_names_times_that_two_moments_fit():
    text = "Published,Caption,Likes\n2026-10-25 02:30,one,1\n2026-10-25 04:30,two,1\n"
    found = parsed(text, time_zone="Europe/Berlin")
    assert [problem.row for problem in found.problems] == [2]
    assert found.rows_taken == 2
    assert found.posts[0].published_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_asks_for_the_year_that_dates_do_not_name():
    text = "Date,Video Views\nJune 1,5\nJune 2,6\n"
    assert mapping.names_no_year(mapping.recognise(read(text), METRICS), read(text))
    assert [problem.text for problem in parsed(text).problems] == ["names no year"] * 2
    assert [fact.day for fact in parsed(text, year=2026).facts] == [date(2026, 6, 1), date(2026, 6, 2)]


def test_it_reads_a_moment_under_the_heading_time():
    found = parsed("Tweet id,Tweet text,time,impressions\n1,one,2026-05-01 14:33 +0000,5\n")
    assert found.posts[0].published_at == datetime(2026, 5, 1, 14, 33, tzinfo=UTC)


def test_it_refuses_more_rows_than_it_takes_and_cuts_none():
    lines = "Date,Likes\n" + "2026-01-01,1\n" * (table.MAX_ROWS + 1)
    with pytest.raises(BadFile, match="more than 200,000 rows"):
        read(lines)


def test_it_keeps_every_cell_of_a_sheet_with_blank_lines():
    found = read(xlsx(A=[["Date", "Likes"], [None, None], ["2026-01-02", 3], [None], ["2026-01-03", 4]]), "a.xlsx")
    assert found.numbers == (3, 5)
