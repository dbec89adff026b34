"""Native exports are recognised by their headings, previewed, committed as the file says, and undone without a trace."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from analytics.metrics.registry import METRICS, metric
from core.errors import BadFile
from core.viewer import owner
from services.imports import commit, export, headings
from services.imports.commit import Destination
from storage import entities, workspaces
from storage.tables import Account, Post, PostTotal, Reading, fact, fact_revision
from tests.services.imports import native

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TABLES = (fact, fact_revision, Post.__table__, Reading.__table__, PostTotal.__table__, Account.__table__)
EVERY = native.EVERY


@pytest.fixture
def viewer(database):
    with database.write() as connection:
        return owner(workspaces.create(connection, "Northwind", time_zone="Europe/Berlin", now=NOW))


@pytest.fixture
def reader(sqlite_database):
    with sqlite_database.write() as connection:
        return owner(workspaces.create(connection, "Northwind", time_zone="Europe/Berlin", now=NOW))


def previewed(viewer, one):
    """What the page shows: as proposed, with the year that only a person can give."""
    shown = commit.recognise(viewer, one.name, one.content, now=NOW)
    return commit.preview(one.name, shown.table, replace(shown.plan, year=2026), now=NOW)


def everything(database):
    with database.read() as connection:
        return {table.name: sorted(map(repr, connection.execute(sa.select(table)).mappings())) for table in TABLES}


def totals(database):
    names = {one.id: one.name for one in METRICS.values()}
    found = defaultdict(float)
    with database.read() as connection:
        for table in (PostTotal.__table__, fact):
            for row in connection.execute(sa.select(table.c.metric_id, table.c.value)):
                found[names[row.metric_id]] += row.value
    return dict(found)


@pytest.mark.parametrize("key", EVERY)
def test_it_recognises_an_export_by_its_headings(reader, key):
    one = EVERY[key]
    plan = commit.recognise(reader, one.name, one.content, now=NOW).plan
    assert plan.found.words == one.words
    assert (plan.platform, plan.kind) == (one.platform, one.kind)
    assert set(plan.metrics) == set(one.totals) | ({"revenue"} & set(plan.metrics)) | _empty_here(one)
    assert plan.date_order is not None and plan.decimal_comma is not None


def _empty_here(one):
    """Metrics of columns that hold nothing in the file."""
    return {"video_views"} if one.words.startswith("LinkedIn page analytics: posts") else set()


@pytest.mark.parametrize("key", EVERY)
def test_it_gives_every_column_a_meaning_or_a_reason(reader, key):
    one = EVERY[key]
    plan = commit.recognise(reader, one.name, one.content, now=NOW).plan
    reasons = {column.heading: column.why_not for column in plan.left_out}
    assert all(reasons.values())
    unknown = {heading for heading, why in reasons.items() if why == "unknown heading"}
    assert unknown == {heading for heading, why in one.not_taken.items() if why == "unknown heading"}
    for heading, why in one.not_taken.items():
        assert why in reasons[heading]


@pytest.mark.parametrize("key", EVERY)
def test_it_stores_what_the_file_says_and_takes_it_back(database, viewer, key):
    one = EVERY[key]
    before = everything(database)
    shown = previewed(viewer, one)
    platform = one.platform or "facebook"
    batch = commit.commit(viewer, shown, Destination(platform, None, "Northwind"), now=NOW)
    assert totals(database) == one.totals
    if one.ids:
        with database.read() as connection:
            posts = entities.posts(connection, viewer.workspace_id)
        assert sorted(posts["external_id"]) == sorted(one.ids)
    commit.undo(viewer, batch, now=NOW)
    assert everything(database) == before


@pytest.mark.parametrize("key", [key for key in EVERY if EVERY[key].owner])
def test_it_says_whose_numbers_they_are(reader, key):
    one = EVERY[key]
    named, stored = commit.whose(reader, previewed(reader, one), one.platform)
    assert (named.title, stored) == (one.owner, None)


def test_it_finds_the_account_that_a_file_names(database, viewer):
    one = EVERY["facebook-posts-de"]
    shown = previewed(viewer, one)
    named, _ = commit.whose(viewer, shown, "facebook")
    commit.commit(viewer, shown, Destination("facebook", None, named.name, external_id=named.external_id), now=NOW)
    with database.read() as connection:
        (account,) = entities.accounts(connection, viewer.workspace_id)
    assert account.external_id == native.PAGE
    assert commit.whose(viewer, previewed(viewer, EVERY["facebook-posts-fr"]), "facebook")[1] == account.id


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_it_refuses_a_table_of_videos_by_day_and_says_which_to_bring(reader, language):
    with pytest.raises(BadFile, match="Bring Table data for videos"):
        commit.recognise(reader, "Chart data.csv", native.youtube_chart(language).encode(), now=NOW)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_it_takes_the_table_of_a_zip_that_can_be_taken(reader, language):
    read = commit.read_table("Content.zip", native.youtube_zip(language))
    assert len(read.sheets) == 3
    assert commit.propose(reader, read).found.export.title == "videos"
    chosen = commit.read_table("Content.zip", native.youtube_zip(language), sheet=read.sheets[2])
    assert commit.propose(reader, chosen).found.export.title == "totals by day"
    assert chosen.digest != read.digest, "each table of a file is an import of its own"


def test_it_leaves_out_rows_that_hold_one_day_of_a_post(reader):
    one = EVERY["facebook-posts-en"]
    shown = previewed(reader, replace(one, content=one.content.replace(b"Lifetime", b"03/04/2026")))
    assert shown.parsed.rows_taken == 0
    assert {problem.text for problem in shown.parsed.problems} == {"holds one day of a post, not all of it"}
    assert "whole life" in shown.parsed.problems[0].todo


@pytest.mark.parametrize(
    ("key", "first"),
    [("facebook-posts-en", (3, 4)), ("facebook-posts-de", (3, 4)), ("facebook-posts-fr", (3, 4))],
)
def test_it_reads_dates_that_fit_both_orders_as_the_language_writes_them(reader, key, first):
    published = previewed(reader, EVERY[key]).parsed.posts[0].published_at
    assert (published.month, published.day) == first


def test_it_asks_for_the_year_where_the_days_name_none(reader):
    one = EVERY["tiktok-overview-fr"]
    shown = commit.recognise(reader, one.name, one.content, now=NOW)
    assert {problem.text for problem in shown.parsed.problems} == {"names no year"}


@pytest.mark.parametrize(
    ("days", "year", "expected"),
    [
        (("30 December", "31 December", "1 January"), 2026, ["2025-12-30", "2025-12-31", "2026-01-01"]),
        (("1 January", "31 December"), 2026, ["2026-01-01", "2025-12-31"]),
        (("1 March", "2 March"), 2025, ["2025-03-01", "2025-03-02"]),
        (("5 May", "1 March", "7 July", "2 June"), 2026, ["2026-03-01", "2026-05-05", "2026-06-02", "2026-07-07"]),
    ],
    ids=["oldest first", "newest first", "no New Year", "no order"],
)
def test_it_lets_days_without_a_year_run_over_new_year(reader, days, year, expected):
    """With one year for all rows, the days of last December would have lain in the future, or in the wrong year."""
    rows = "".join(f'"{day}","{at}","1"\n' for at, day in enumerate(days))
    content = f'"Date","Video Views","Profile Views"\n{rows}'.encode()
    found = commit.recognise(reader, "Overview.csv", content, now=NOW)
    told = commit.preview("Overview.csv", found.table, replace(found.plan, year=year), now=NOW)
    assert sorted({one.day.isoformat() for one in told.parsed.facts}) == sorted(expected)


def test_it_leaves_out_counts_below_zero_and_says_so(reader):
    shown = previewed(reader, EVERY["tiktok-overview-en"])
    assert [(one.row, one.column, one.text) for one in shown.parsed.problems] == [(3, "Comments", "is below zero")]


def test_it_does_not_take_the_line_of_totals_for_a_video(reader):
    problems = previewed(reader, EVERY["youtube-videos-de"]).parsed.problems
    assert [(one.row, one.text) for one in problems] == [(2, "is a line of totals")]


def test_it_forgets_the_export_when_a_person_says_what_a_row_is(reader):
    one = EVERY["x-days-en"]
    read = commit.read_table(one.name, one.content)
    assert commit.propose(reader, read).found is not None
    assert commit.propose(reader, read, commit.mapping.Kind.POSTS).found is None


def test_it_lets_a_person_give_a_column_another_meaning(reader):
    one = EVERY["x-days-en"]
    plan = commit.recognise(reader, one.name, one.content, now=NOW).plan
    at = plan.index_of("metric:impressions")
    changed = plan.with_meaning(at, "metric:reach")
    assert changed.metrics["reach"] == at
    assert not {"impressions", "views"} & set(changed.metrics)


def test_it_keeps_a_common_table_common(reader):
    plan = commit.recognise(reader, "a.csv", b"Date,Impressions,Likes\n2026-01-02,3,4\n", now=NOW).plan
    assert plan.found is None


def test_it_declares_only_meanings_that_there_are():
    meant = {name for _, one in export._every() for said in one.columns for name in (said.meaning, *said.also) if name}
    of_rows = {
        getattr(headings, name) for name in dir(headings) if name.isupper() and isinstance(getattr(headings, name), str)
    } - {headings.METRIC}
    assert {name for name in meant if not name.startswith("metric:")} <= of_rows
    for name in meant:
        if name.startswith("metric:"):
            assert not metric(name.removeprefix("metric:")).derived


def test_it_tells_every_export_in_three_languages_but_where_the_platform_has_one():
    for product, one in export._every():
        for key in one.keys if product != "X Analytics" else ():
            assert {language for language, _ in key.by_language} == {"en", "de", "fr"}, (product, one.title)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (native.packed(**{f"a{number}": "Date,Likes\n2026-01-01,1\n" for number in range(51)}), "more than 50 tables"),
        (native.packed(a="Date,Likes\n2026-01-01,1\n")[:-30], "cannot be opened"),
        (native.packed(a="just one column\n1\n"), "at least two columns"),
    ],
    ids=["too many", "broken", "no table"],
)
def test_it_refuses_a_zip_that_holds_no_table(content, says):
    with pytest.raises(BadFile, match=says) as refused:
        commit.read_table("export.zip", content)
    assert refused.value.hint


def test_it_finds_the_table_of_a_zip_whose_texts_run_over_lines(reader):
    posts = native.EVERY["instagram-posts-en"].content.decode()
    read = commit.read_table("all.zip", native.packed(notes="a,b\n1,2\n", posts=posts))
    assert commit.propose(reader, read).found.words == "Meta Business Suite: Instagram posts, in English"
