"""Every part of a report: with data, without, with a wrong setting; and the figures are those that are asked."""

import json
from datetime import date, timedelta

import pytest

import storage.database
from core.language import tr
from core.question import Period
from core.report import Block, Holds, Shape
from reports import plain
from services.reports import build
from storage.database import open_database
from tests.services.reports.planted import (
    EACH,
    NOVEMBER,
    PREVIOUS,
    SPIKE,
    TAGS,
    Planted,
    asked,
    day,
    made,
    rows,
    section,
)  # fmt: skip
from tests.services.seeded import Seeded

PARTS = build.parts()
STUDIED = {"best_times", "hashtags", "unusual_days", "platform_metrics"}
"""What waits for a study unless accounts are chosen, or is about one platform."""
CHOICES = [
    pytest.param(name, {option.name: choice}, id=f"{name}-{option.name}-{choice}")
    for name, part in PARTS.items()
    for option in part.options
    for choice in option.choices or {}
]
SPLITS = ("platform", "account")


@pytest.fixture(scope="module")
def kept(_sqlite_template, tmp_path_factory):
    """One planted workspace for all tests that only read; it takes a second to plant."""
    folder = tmp_path_factory.mktemp("planted")
    path = folder / "plumbline.db"
    path.write_bytes(_sqlite_template.read_bytes())
    opened = open_database(f"sqlite:///{path}", folder)
    yield Planted(opened)
    opened.close()


@pytest.fixture
def planted(kept):
    storage.database.use(kept.database)
    return kept


def narrowing(planted, name):
    """Where a study would be waited for, one account, whose numbers are worked out at once."""
    return {"accounts": (planted.accounts["instagram"],)} if name in STUDIED else {}


def check(document):
    """What holds of every section: plain values, in tables as wide as their heads, and a chart of its own numbers."""
    (one,) = document.sections
    assert not one.failed
    assert json.loads(json.dumps(plain.to_plain(document), allow_nan=False))
    if one.chart is not None:
        assert json.loads(json.dumps(one.chart, allow_nan=False)) == one.chart, "it can be drawn as it is"
        assert one.chart["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
        assert one.words
        assert one.table is not None
    if one.table is not None:
        assert len(one.table.rows) <= one.table.of
        assert {len(row) for row in one.table.rows} <= {len(one.table.columns)}
        assert all(column.title for column in one.table.columns)
        assert all(one.table.columns[at].holds.is_number for at in one.plot.ys)
        assert len(one.plot.ys) <= 7


@pytest.mark.parametrize("name", PARTS)
def test_it_shows_something_where_there_is_data(planted, name):
    document = made(planted, Block("b", name), compare=PREVIOUS, **narrowing(planted, name))
    (one,) = document.sections
    check(document)
    if PARTS[name].asks:
        assert one.title
        assert one.figures or one.table or one.findings
    shown = {column.metric for column in one.table.columns} - {""} if one.table else set()
    shown |= {figure.metric for figure in one.figures}
    assert shown <= {known.metric for known in document.definitions}, "the appendix tells every metric that is shown"


@pytest.mark.parametrize(("name", "options"), CHOICES)
def test_every_choice_can_be_made(planted, name, options):
    document = made(planted, Block("b", name, "", options), **narrowing(planted, name))
    (one,) = document.sections
    if one.failed:
        assert one.failed.startswith(("No platform tells this", "Instagram tells nothing", "No post has numbers"))
    else:
        check(document)


@pytest.mark.parametrize("name", PARTS)
def test_an_empty_workspace_has_no_numbers(sqlite_database, name):
    one = section(Seeded(sqlite_database), name)
    assert not one.table or all(
        not isinstance(value, int | float) or value == 0 for row in one.table.rows for value in row
    )
    assert all(figure.value is None and figure.why_none for figure in one.figures)
    if PARTS[name].asks and not one.table and not one.figures and not one.findings:
        assert one.failed or one.shape is Shape.FINDINGS
        assert "log says why" not in one.failed


@pytest.mark.parametrize(
    ("name", "option"),
    [pytest.param(name, one, id=f"{name}-{one.name}") for name, part in PARTS.items() for one in part.options],
)
def test_a_wrong_setting_costs_its_block_alone(planted, name, option):
    wrong = {"metric": "no such metric", "metrics": ["no such metric"], "choice": "nothing", "number": 0,
             "text": 5, "switch": "yes"}[option.takes]  # fmt: skip
    wrong, right = made(
        planted, Block("a", name, "", {option.name: wrong}), Block("b", "text", "", {"text": "Hello"})
    ).sections
    assert wrong.failed
    assert "log says why" not in wrong.failed
    assert (right.text, right.failed) == ("Hello", "")


@pytest.mark.parametrize("split", SPLITS)
def test_a_table_of_sides_is_what_is_asked_of_each(planted, split):
    found = rows(section(planted, f"{split}_table", compare=PREVIOUS))
    assert len(found) == 3
    for platform, account in planted.accounts.items():
        title = {"instagram": "Instagram", "youtube": "YouTube"}[platform]
        row = found[title if split == "platform" else f"Acme {platform} ({title})"]
        for metric, heading in (("views", "Views"), ("engagement_rate", "Engagement rate"), ("followers", "Followers")):
            number = asked(planted, metric, account=account, compare=PREVIOUS)
            assert row[heading] == pytest.approx(number.value)
            assert row[f"{heading}, change"] == pytest.approx(number.change)
    total = found["Total"]
    assert total["Engagement rate"] == pytest.approx(asked(planted, "engagement_rate").value)
    assert total["Views"] == sum(one["Views"] for title, one in found.items() if title != "Total")


def test_a_share_is_the_part_of_what_is_asked_in_all(planted):
    found = rows(section(planted, "share_of_total", {"metric": "views"}, compare=PREVIOUS))
    whole = asked(planted, "views").value
    for platform, title in (("instagram", "Instagram"), ("youtube", "YouTube")):
        number = asked(planted, "views", platform=platform, compare=PREVIOUS)
        assert found[title]["Views"] == number.value
        assert found[title]["Before"] == number.previous
        assert found[title]["Share of total"] == pytest.approx(number.value / whole)
    assert sum(one["Share of total"] for one in found.values()) == pytest.approx(1)


@pytest.mark.parametrize("metric", ["views", "engagement_rate"])
def test_courses_and_days_are_what_is_asked_of_each_day(planted, metric):
    apart, alone = (
        rows(section(planted, "courses", {"metric": metric})),
        rows(section(planted, "over_time", {"metric": metric}, compare=None)),
    )
    assert list(apart) == list(alone) == [NOVEMBER.first + timedelta(days=at) for at in range(30)]
    for of in (date(2026, 11, 1), SPIKE, date(2026, 11, 30)):
        assert apart[of]["Instagram"] == pytest.approx(day(planted, metric, of, "instagram"))
        assert apart[of]["YouTube"] == pytest.approx(day(planted, metric, of, "youtube"))
        (total,) = [value for title, value in alone[of].items() if title != "Day"]
        assert total == pytest.approx(day(planted, metric, of))


def test_indexed_courses_begin_at_100(planted):
    found = rows(section(planted, "courses", {"metric": "followers", "scale": "index"}))
    first, last = (found[of]["YouTube"] for of in (NOVEMBER.first, NOVEMBER.last))
    of = [day(planted, "followers", at, "youtube") for at in (NOVEMBER.first, NOVEMBER.last)]
    assert (first, last) == (100.0, pytest.approx(of[1] / of[0] * 100))


def test_reactions_are_parts_of_all(planted):
    found = rows(section(planted, "engagement_split"))
    likes, comments = (asked(planted, name, platform="youtube").value for name in ("likes", "comments"))
    assert found["YouTube"]["Reactions"] == likes + comments
    assert found["YouTube"]["Likes"] == pytest.approx(likes / (likes + comments))
    assert found["YouTube"]["Comments"] == pytest.approx(comments / (likes + comments))


def test_gains_and_losses_are_those_of_each_day(planted):
    found = rows(section(planted, "gains_and_losses"))
    assert len(found) == 30
    for of in (NOVEMBER.first, NOVEMBER.last):
        gained, lost = (day(planted, f"followers_{name}", of) for name in ("gained", "lost"))
        assert (found[of]["Gained"], found[of]["Lost"], found[of]["Net"]) == (gained, lost, gained - lost)


def test_posts_by_week_add_up_to_what_is_asked(planted):
    found = section(planted, "posts_per_week")
    weeks = rows(found)
    assert list(weeks)[:2] == [date(2026, 11, 1), date(2026, 11, 2)], "the first week is cut by the period"
    assert sum(row["Total"] for row in weeks.values()) == asked(planted, "posts_published").value == 60
    assert weeks[date(2026, 11, 2)] == {"Week from": date(2026, 11, 2), "Instagram": 7, "YouTube": 7, "Total": 14}


def test_posts_by_week_of_a_tag_are_counted_from_the_posts(planted):
    found = rows(section(planted, "posts_per_week", {"tags": ["brew"]}))
    assert sum(row["Total"] for row in found.values()) == len([one for one in planted.november if one[3] == "brew"])


def test_targets_are_held_against_the_period(planted):
    found = rows(section(planted, "goals"))
    assert found["Views"]["Target"] == "60,000"
    assert found["Views"]["Reached"] == pytest.approx(asked(planted, "views").value / 60_000)
    assert found["Followers"]["Reached"] == pytest.approx(asked(planted, "followers").value / 4_000)
    half = Period(NOVEMBER.first, date(2026, 11, 15))
    found = rows(section(planted, "goals", period=half))
    assert found["Views"]["Reached"] == pytest.approx(asked(planted, "views", half).value / 30_000)


def test_targets_are_not_told_of_a_part_of_the_workspace(planted):
    one = section(planted, "goals", platforms=("youtube",))
    assert one.failed == (
        "Targets are set for all platforms and accounts together. Take the filters away to see how far they are reached."
    )


def test_a_forecast_goes_on_from_the_days_that_are_known(planted):
    found = section(planted, "forecast", {"metric": "views", "days": 7})
    assert not found.failed
    known = [row for row in found.table.rows if row[1] is not None]
    ahead = [row for row in found.table.rows if row[1] is None]
    assert len(ahead) == 7
    assert known[-1][1] == day(planted, "views", known[-1][0])
    assert ahead[0][0] == known[-1][0] + timedelta(days=1)
    assert all(low < middle < high for _, _, middle, low, high in ahead)
    assert any("trials on the past" in note for note in found.notes)


def test_a_forecast_that_has_not_proved_itself_is_hidden_with_why(sqlite_database):
    seeded = Seeded(sqlite_database)
    seeded.facts(seeded.account("instagram"), "views", [10.0, 400.0] * 5, first=date(2026, 11, 25))
    one = section(seeded, "forecast")
    assert one.failed.startswith("There is too little history to check this forecast")
    assert (one.table, one.chart) == (None, None)


def test_it_names_the_unusual_day(planted):
    found = section(planted, "unusual_days", accounts=(planted.accounts["instagram"],))
    told = {(row[0], row[1]): row for row in found.table.rows}
    row = told[SPIKE, "Views"]
    assert row[3].startswith(f"{asked(planted, 'views', Period(SPIKE, SPIKE), platform='instagram').value / 1000:.1f}")
    days = rows(section(planted, "expected", {"metric": "views"}, accounts=(planted.accounts["instagram"],)))
    assert [of for of, one in days.items() if one["Unusual"]] == [SPIKE]
    assert days[SPIKE]["Views"] == day(planted, "views", SPIKE, "instagram")


def test_formats_have_the_rate_of_their_posts(planted):
    found = section(planted, "formats", {"window": "period"})
    for row in found.table.rows:
        mine = [one for one in planted.november if one[1] == row[1]]
        assert row[2] == len(mine)
        assert row[4] == pytest.approx(sum(one[4] for one in mine) / sum(one[5] for one in mine))
    year = {row[1]: row for row in section(planted, "formats").table.rows}
    assert (year["reel"][2], year["reel"][-1]) == (EACH, "higher")


def test_real_differences_hold_rates_against_each_other(planted):
    (row,) = section(planted, "real_differences").table.rows
    rates = [
        sum(one[4] for one in mine) / sum(one[5] for one in mine)
        for mine in ([one for one in planted.posts if one[0] == name] for name in planted.accounts)
    ]
    assert row[:2] == ("Instagram", "YouTube")
    assert row[3:5] == (pytest.approx(rates[0]), pytest.approx(rates[1]))
    assert row[5] == pytest.approx(rates[0] - rates[1])
    assert row[6] < row[5] < row[7]


def test_best_times_tell_every_hour_when_asked_for_all(planted):
    narrow = {"accounts": (planted.accounts["instagram"],)}
    found = section(planted, "best_times", {"most": 168}, **narrow)
    assert len(found.table.rows) == found.table.of == 168
    assert sum(row[2] for row in found.table.rows) == 2 * EACH
    few = section(planted, "best_times", {"most": 5}, **narrow)
    assert (len(few.table.rows), few.table.of) == (5, 168)


@pytest.mark.parametrize("part", ["best_times", "hashtags"])
def test_a_study_that_is_not_made_yet_says_so(planted, part):
    assert section(planted, part).failed == "This is being computed, usually within a few minutes."


def test_hashtags_are_counted_and_judged(planted):
    found = rows(section(planted, "hashtags", accounts=(planted.accounts["instagram"],)))
    assert {name: row["Posts"] for name, row in found.items()} == {f"#{tag}": EACH for tag in TAGS}


def test_the_largest_audience_is_shown_and_others_are_named(planted):
    found = section(planted, "audience", compare=None)
    followers = day(planted, "followers", date(2026, 11, 29), "instagram")
    assert rows(found)["Germany"] == {"Countries": "Germany", "Followers": 600, "Share": pytest.approx(600 / followers)}
    assert any("YouTube followers" in note for note in found.notes)


def test_audiences_stand_beside_each_other_and_are_never_added(planted):
    found = section(planted, "audience", {"shown": "all"})
    followers = day(planted, "followers", date(2026, 11, 29), "instagram")
    told = rows(found)
    assert told["Germany"] == {
        "Countries": "Germany", "Instagram followers": pytest.approx(600 / followers), "YouTube followers": 0.5
    }  # fmt: skip
    assert told["France"]["Instagram followers"] is None
    assert len(told) == 4


def test_all_posts_have_their_numbers(planted):
    found = section(planted, "post_table")
    titles = [column.title for column in found.table.columns]
    got = sorted(
        (row[titles.index("Kind")], row[titles.index("Likes")], row[titles.index("Views")]) for row in found.table.rows
    )
    assert got == sorted((kind, likes, seen) for _, kind, _, _, likes, seen in planted.november)
    best = section(planted, "top_posts", {"posts": 3})
    assert (len(best.table.rows), best.table.of) == (3, len(planted.november))


def test_posts_in_all_add_up_what_adds(planted):
    found = rows(section(planted, "post_totals", {"tags": ["latte"]}))
    mine = [one for one in planted.november if one[3] == "latte"]
    assert found["Views"]["In all"] == f"{sum(one[5] for one in mine):,}"
    assert found["Likes"]["Posts"] == len(mine)


def test_data_quality_tells_what_is_known(planted):
    found = section(planted, "data_quality")
    assert {row[1] for row in found.table.rows} == {"Acme instagram", "Acme youtube"}
    assert "of the days that should be known are known" in found.lead


def test_a_platform_tells_its_own_numbers(planted):
    found = section(planted, "platform_metrics", platforms=("youtube",))
    told = {figure.metric: figure.value for figure in found.figures}
    assert told["views"] == asked(planted, "views", platform="youtube").value
    assert section(planted, "platform_metrics").failed.startswith("This block is about one platform.")


def test_each_platform_is_told_apart(planted):
    found = section(planted, "platform_insights", {"most": 1}, compare=PREVIOUS)
    assert [next(name for name in ("Instagram", "YouTube") if name in one.text) for one in found.findings] == [
        "Instagram",
        "YouTube",
    ]


def test_key_numbers_are_what_is_asked(planted):
    found = section(planted, "key_numbers", {"metrics": ["views", "engagement_rate"]}, compare=PREVIOUS)
    for figure in found.figures:
        number = asked(planted, figure.metric, compare=PREVIOUS)
        assert (figure.value, figure.change, figure.previous) == (number.value, number.change, number.previous)
        assert len(figure.course) == 30


def test_a_metric_by_platform_is_what_is_asked(planted):
    found = rows(section(planted, "by_platform", {"metric": "views"}))
    assert found["YouTube"]["Views"] == asked(planted, "views", platform="youtube").value


def test_words_are_the_readers(planted):
    one = section(planted, "platform_table", language="de", compare=PREVIOUS)
    assert one.table.columns[0].title == "Plattform"
    assert tr("Platform") == "Platform"


def test_moments_and_days_are_typed(planted):
    for name in ("post_table", "over_time", "posts_per_week"):
        table = section(planted, name).table
        held = [at for at, column in enumerate(table.columns) if column.holds in {Holds.DAY, Holds.MOMENT}]
        assert held
        assert all(isinstance(row[at], date) for row in table.rows for at in held)
