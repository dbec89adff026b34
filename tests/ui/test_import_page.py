"""The Import page from an empty workspace to stored numbers and back, over a real store; files of every kind."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from core.question import Period, Question
from services.ask import ask
from services.imports import commit
from services.team import workspaces
from storage.tables import Account, Post, PostTotal, fact
from tests.services.imports import native
from tests.services.seeded import Seeded
from tests.ui.conftest import HOSTILE, texts

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PAGE = "../pages/data/import_file.py"
WORKBOOKS = Path(__file__).parents[1] / "services" / "imports" / "workbooks"
JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
DAILY = b"Date,Impressions,Likes,Comments,Mood\n2026-01-01,1200,45,6,good\n2026-01-02,980,31,,bad\nnever,1,1,1,-\n"
POSTS = (
    "Post ID,Published,Caption,Permalink,Views,Likes,Engagement rate (%)\n"
    f'1,2026-01-02 10:00,"{HOSTILE}",https://example.com/1,900,12,1.3\n'
    "2,2026-01-03 18:30,Hello,https://example.com/2,400,7,1.8\n"
    "3,2026-01-04 18:30,Again,https://example.com/3,400,many,1.8\n"
).encode()


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database, now=NOW, time_zone="Europe/Berlin", currency="EUR")


@pytest.fixture
def opened(screen, seeded):
    """The page, without a file."""
    app = screen()
    app.switch_page(PAGE)
    return checked(app.run())


def bring(app, name, content):
    app.file_uploader[0].set_value((name, content, "text/csv"))
    return checked(app.run())


def checked(app):
    assert not app.exception
    return app


def said(app):
    """What a person reads, without the signs that keep data from being read as Markdown."""
    return texts(app).replace("\\", "").replace("\u200b", "")


def field(app, label, kind="selectbox"):
    return next(one for one in app.get(kind) if one.label.replace("\\", "") == label)


def choose(app, label, value, kind="selectbox"):
    field(app, label, kind).set_value(value)
    return checked(app.run())


def button(app, start):
    return next(one for one in app.button if one.label.startswith(start))


def press(app, start):
    assert not button(app, start).disabled
    button(app, start).click()
    return checked(app.run())


def cards(app):
    return {one.label: one.value for one in app.metric}


def table(app, column):
    return next(one.value for one in app.dataframe if column in one.value.columns)


def everything(database):
    with database.read() as connection:
        return [
            sorted(map(str, connection.execute(sa.select(one)))) for one in (fact, Post.__table__, PostTotal.__table__)
        ]


def test_it_says_what_a_file_needs_before_there_is_one(opened):
    assert "Nothing is stored before you have seen it" in said(opened)
    assert "A date in every row" in said(opened)
    assert not opened.metric
    assert "Imports so far" not in [one.value for one in opened.subheader]
    assert opened.file_uploader[0].proto.max_upload_size_mb == 25


def test_it_tells_how_a_file_is_read(opened):
    app = bring(opened, "days.csv", DAILY)
    assert "3 rows, 5 columns · CSV, UTF-8, separated by commas" in said(app)
    assert field(app, "A row is").value == "daily"
    assert "Not taken: Mood (unknown heading)" in said(app)
    assert cards(app) == {
        "Days to store": "2",
        "Numbers to store": "5",
        "Rows left out": "1",
        "Values left out": "0",
    }


def test_it_lists_every_problem_by_row_with_what_to_do(opened):
    problems = table(bring(opened, "days.csv", DAILY), "Problem")
    assert problems.to_dict("records") == [
        {
            "Row": 4,
            "Column": "Date",
            "Value": "never",
            "Problem": "is not a date",
            "What to do": "Write it as 2026-12-31, or leave the row out.",
            "Left out": "the row",
        }
    ]


def test_it_offers_the_problems_with_their_rows_to_download(opened):
    app = bring(opened, "days.csv", DAILY)
    assert any(one.proto.label == "Download as CSV" for one in app.get("download_button"))


def stored_days(app):
    app = choose(bring(app, "days.csv", DAILY), "Platform", "facebook")
    assert button(app, "Store").disabled
    assert "Still open: the name of the account" in said(app)
    app = choose(app, "Name of the account", "Northwind", "text_input")
    return press(app, "Store 2 days")


def test_it_stores_daily_numbers_for_every_question(opened, seeded):
    app = stored_days(opened)
    assert "2 days stored" in said(app)
    answer = ask(seeded.viewer, Question(("impressions", "likes", "comments"), JANUARY))
    assert {name: number.value for name, number in answer.totals.items()} == {
        "impressions": 2180.0,
        "likes": 76.0,
        "comments": 6.0,
    }
    assert "Northwind (Facebook) · 2 rows" in said(app)


def test_it_shows_totals_before_and_after(opened):
    app = choose(bring(stored_days(opened), "other.csv", DAILY.replace(b"45", b"50")), "Platform", "facebook")
    totals = table(app, "In the file").set_index("Metric")
    columns = ["In the file", "Stored now", "Afterwards", "New", "Changed", "Same"]
    assert totals.loc["Likes", columns].tolist() == [81, 76, 81, 0, 1, 1]
    assert totals.loc["Impressions", "Same"] == 2


@pytest.mark.parametrize(
    ("choice", "likes"), [("Keep what is stored", 76.0), ("Take what the file says", 81.0)], ids=["keep", "replace"]
)
def test_it_asks_what_to_do_with_other_values(opened, seeded, choice, likes):
    app = choose(
        bring(stored_days(opened), "other.csv", DAILY.replace(b"45", b"50") + b"2026-01-05,1,0,0,-\n"),
        "Platform",
        "facebook",
    )
    assert button(app, "Store").disabled
    app = press(choose(app, "1 value is stored otherwise than the file says", choice, "radio"), "Store 3 days")
    assert ask(seeded.viewer, Question(("likes",), JANUARY)).totals["likes"].value == likes


def test_it_recognises_a_file_it_has_seen(opened):
    app = choose(bring(stored_days(opened), "renamed.csv", DAILY), "Platform", "facebook")
    assert "This very file was imported today" in said(app)
    assert "Everything in this file is stored already" in said(app)
    assert button(app, "Store").disabled


def test_it_takes_an_import_back(opened, seeded):
    before = everything(seeded.database)
    app = press(stored_days(opened), "Take back 2 rows")
    assert everything(seeded.database) == before
    assert ask(seeded.viewer, Question(("likes",), JANUARY)).totals["likes"].value is None
    assert "taken back today" in said(app)
    assert "2 days stored" not in said(app)
    with seeded.database.read() as connection:
        assert connection.execute(sa.select(Account.id)).first() is None


def test_it_stores_posts_at_their_time_in_the_zone(opened, seeded):
    app = bring(opened, "posts.csv", POSTS)
    assert field(app, "A row is").value == "posts"
    assert field(app, "Times are in").value == "Europe/Berlin"
    assert cards(app) == {
        "Posts to store": "3",
        "Numbers to store": "5",
        "Rows left out": "0",
        "Values left out": "1",
    }
    assert "Engagement rate (%) (a rate or mean is computed from its parts, never imported)" in said(app)
    app = choose(choose(app, "Platform", "instagram"), "Name of the account", "Northwind", "text_input")
    app = press(app, "Store 3 posts")
    with seeded.database.read() as connection:
        assert connection.execute(sa.select(sa.func.sum(PostTotal.value))).scalar_one() == 900 + 12 + 400 + 7 + 400
        first = connection.execute(sa.select(sa.func.min(Post.published_at))).scalar_one()
    assert datetime.fromtimestamp(first / 1000, UTC) == datetime(2026, 1, 2, 9, tzinfo=UTC)


def test_it_never_reads_the_text_of_a_file_as_markdown(opened):
    hostile = f'Date,Likes,"{HOSTILE}"\n2026-01-01,1,x\n'.encode()
    app = bring(opened, "**x** :red[y].csv", hostile)
    for kind in ("markdown", "caption"):
        for element in app.get(kind):
            assert "**Bold** <script>" not in str(element.value)
            assert ":red[" not in str(element.value)
    assert all(":red[x]" not in one.label for one in app.selectbox)


def test_it_obeys_a_changed_column(opened, seeded):
    app = choose(bring(opened, "days.csv", DAILY), "Likes", ("", 1.0))
    assert "Likes (not chosen)" in said(app)
    assert cards(app)["Numbers to store"] == "3"
    app = choose(app, "Likes", ("metric:saves", 1.0))
    app = choose(choose(app, "Platform", "instagram"), "Name of the account", "Northwind", "text_input")
    press(app, "Store 2 days")
    totals = ask(seeded.viewer, Question(("likes", "saves"), JANUARY)).totals
    assert (totals["likes"].value, totals["saves"].value) == (None, 76.0)


def test_it_lets_two_columns_change_places(opened):
    app = bring(opened, "days.csv", DAILY)
    field(app, "Likes").set_value(("metric:comments", 1.0))
    field(app, "Comments").set_value(("metric:likes", 1.0))
    shown = table(checked(app.run()), "Day")
    assert shown["Comments"].tolist() == [45, 31]


def test_it_refuses_one_meaning_for_two_columns(opened):
    app = choose(bring(opened, "days.csv", DAILY), "Likes", ("metric:comments", 1.0))
    assert "already has that meaning" in said(app)
    assert not [one for one in app.button if one.label.startswith("Store")]


def test_it_lets_a_person_map_a_file_it_does_not_know(opened):
    app = bring(opened, "a.csv", b"Dia,Gefallen\n03/04/2026,12\n05/04/2026,9\n")
    assert "No column was recognised" in said(app)
    app = choose(choose(app, "Dia", ("day", 1.0)), "Gefallen", ("metric:likes", 1.0))
    assert field(app, "Dates are written").value is None
    assert "may be day first or month first" in said(app)
    app = choose(app, "Dates are written", "day_first")
    assert table(app, "Day")["Day"].tolist() == [date(2026, 4, 3), date(2026, 4, 5)]


def test_it_waits_for_the_order_of_dates_before_it_stores(opened):
    app = bring(opened, "a.csv", b"Date,Likes\n03/04/2026,12\n2026-04-05,9\n")
    app = choose(choose(app, "Platform", "facebook"), "Name of the account", "N", "text_input")
    assert button(app, "Store").disabled
    assert "Still open: how dates are written" in said(app)
    assert not button(choose(app, "Dates are written", "month_first"), "Store").disabled


def test_it_asks_how_money_is_written_and_in_which_currency(opened, seeded):
    app = bring(opened, "a.csv", b"Date\tRevenue\n2026-01-02\t1,234\n")
    assert "There is nothing to store yet" in said(app)
    app = choose(choose(app, "Numbers are written", True), "Platform", "youtube")
    assert field(app, "Money is in").value == "EUR"
    press(choose(app, "Name of the account", "Channel", "text_input"), "Store 1 day")
    revenue = ask(seeded.viewer, Question(("revenue",), JANUARY)).totals["revenue"]
    assert (revenue.value, revenue.currency) == (1.234, "EUR")


def test_it_lets_a_person_choose_the_sheet(opened):
    book = Workbook()
    book.active.title = "Days"
    book.create_sheet("More")
    for at, sheet in enumerate(book.worksheets):
        sheet.append(["Date", "Likes"])
        sheet.append([datetime(2026, 1, 1 + at), 5 + at])
    stream = io.BytesIO()
    book.save(stream)
    app = bring(opened, "a.xlsx", stream.getvalue())
    assert table(app, "Day")["Likes"].tolist() == [5]
    assert "XLSX, sheet “Days”" in said(app)
    assert table(choose(app, "Sheet", "More"), "Day")["Likes"].tolist() == [6]


def test_it_takes_an_xls_of_linkedin_at_one_look(opened, seeded):
    assert "The XLS file can be brought as it is" in said(opened)
    assert ".xls" in opened.file_uploader[0].proto.type
    app = bring(opened, "northwind_updates.xls", (WORKBOOKS / "linkedin_updates.xls").read_bytes())
    assert "This looks like LinkedIn page analytics: posts, in English." in said(app)
    assert "XLS, sheet “Update engagement”" in said(app)
    assert field(app, "Sheet").options == ["Update metrics (aggregated)", "Update engagement"]
    app = press(choose(app, "Name of the account", "Northwind", "text_input"), "Store 2 posts")
    assert "2 posts stored" in said(app)
    with seeded.database.read() as connection:
        assert (
            1934.0
            in connection.execute(sa.select(sa.func.sum(PostTotal.value)).group_by(PostTotal.metric_id)).scalars()
        )


def test_it_says_that_a_workbook_has_a_password(opened):
    app = bring(opened, "northwind.xls", (WORKBOOKS / "locked.xls").read_bytes())
    (error,) = app.error
    assert "has a password. Open it in a spreadsheet program and save it without a password." in error.value.replace(
        "\\", ""
    )


def test_it_lets_a_person_choose_how_letters_are_written(opened):
    app = bring(opened, "a.csv", "Published,Caption,Likes\n2026-01-02 10:00,Привет,5\n".encode("cp1251"))
    assert table(app, "Text")["Text"].tolist() != ["Привет"]
    assert table(choose(app, "Letters are written in", "cp1251"), "Text")["Text"].tolist() == ["Привет"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "days.csv is empty. Export it again"),
        (b"Date,Likes\n", "headings but no rows"),
        (b'Date,Likes\n"2026-01-01,3\n', "broken as CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not a text file"),
        (b"PK\x03\x04 not really", "cannot be opened as an XLSX file"),
    ],
    ids=["empty", "no rows", "open quote", "picture", "broken workbook"],
)
def test_it_refuses_a_broken_file_in_one_line(opened, seeded, content, message):
    app = bring(opened, "days.csv", content)
    (error,) = app.error
    assert message in error.value.replace("\\", "")
    assert not app.metric
    assert not [one for one in app.button if one.label.startswith("Store")]
    assert commit.batches(seeded.viewer) == []


def test_it_takes_a_good_file_after_a_broken_one(opened):
    app = bring(bring(opened, "days.csv", b""), "days.csv", DAILY)
    assert not app.error
    assert cards(app)["Days to store"] == "2"


def native_file(key):
    one = native.EVERY[key]
    return one.name, one.content


def test_it_says_which_export_of_a_platform_it_sees(opened, seeded):
    app = bring(opened, *native_file("facebook-posts-de"))
    assert "This looks like Meta Business Suite: Facebook posts, in German." in said(app)
    assert "Export with Lifetime" in said(app)
    assert (field(app, "Platform").value, field(app, "Name of the account", "text_input").value) == (
        "facebook", "Northwind Coffee",
    )  # fmt: skip
    assert field(app, "Dates are written").value == "day_first"
    assert field(app, "Reaktionen").value == ("metric:likes", 1.0)
    assert "Reaktionen, Kommentare und geteilte Inhalte (a sum of other columns, computed by itself)" in said(app)
    press(app, "Store 2 posts")
    with seeded.database.read() as connection:
        assert connection.execute(sa.select(Account.external_id)).scalar_one() == native.PAGE


def test_it_takes_an_export_of_x_at_one_look_and_back(opened, seeded):
    before = everything(seeded.database)
    app = press(bring(opened, *native_file("x-posts-en")), "Store 2 posts")
    assert "2 posts stored" in said(app)
    assert everything(seeded.database) != before
    press(app, "Take back 2 rows")
    assert everything(seeded.database) == before


def test_it_says_that_a_number_also_counts_as_another(opened):
    app = bring(opened, *native_file("x-days-en"))
    assert "also counts as Views" in said(app)
    assert "also counts as Views" not in said(choose(app, "Impressions", ("metric:reach", 1.0)))


def test_it_offers_the_other_tables_of_a_zip(opened):
    app = bring(opened, *native_file("youtube-zip-fr"))
    assert "Each is imported by itself" in said(app)
    files = field(app, "File in the ZIP")
    app = choose(app, "File in the ZIP", files.options[2])
    assert "YouTube Studio: totals by day, in French" in said(app)
    app = choose(app, "File in the ZIP", files.options[1])
    assert "Bring Table data for videos" in app.error[0].value
    assert field(app, "File in the ZIP").value == files.options[1], "the way back stays on the screen"


def test_it_chooses_no_account_that_the_file_does_not_name(opened, seeded):
    seeded.account("x", "somebody-else")
    app = bring(opened, *native_file("x-posts-en"))
    assert field(app, "Account").value is None
    assert "Still open: the account" in said(app)


def test_it_warns_when_counters_would_fall(opened):
    name, content = native_file("x-posts-en")
    app = press(bring(opened, name, content), "Store 2 posts")
    app = bring(app, name, content.replace(b"122978", b"900"))
    assert "2 counters of posts are lower in the file than stored" in said(app)


def test_it_keeps_files_out_of_the_demo_and_shows_the_way(screen, sqlite_database):
    Seeded(sqlite_database, now=NOW)
    with sqlite_database.write() as connection:
        connection.execute(sa.text("UPDATE workspace SET kind = 'demo'"))
    app = screen()
    app.switch_page(PAGE)
    app = checked(app.run())
    assert "never mixed with real ones" in said(app)
    assert not app.get("file_uploader")
    app = press(app, "Make a workspace")
    assert [row.kind for row in workspaces.list_all()] == ["demo", "real"]
    assert app.get("file_uploader")
