"""How a layout becomes a document: each question asked once, each block its own, and none costs another."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analytics.metrics.registry import METRICS
from core.errors import BadQuestion
from core.question import Compare, Period, Question, Where
from core.report import Block, Layout
from services import ask
from services.reports import build
from services.reports.build import asked_of
from services.reports.part import Option
from tests.services.reports.planted import NOVEMBER, PREVIOUS, made
from tests.services.seeded import NOW, Seeded

BEGAN = date(2026, 10, 1)


@pytest.fixture
def seeded(sqlite_database):
    found = Seeded(sqlite_database)
    for platform, level in (("instagram", 100.0), ("youtube", 10.0)):
        account = found.account(platform, f"Acme {platform}")
        found.facts(account, "views", [level] * 65, first=BEGAN)
        found.facts(account, "likes", [level / 10] * 65, first=BEGAN)
        found.facts(account, "followers", [level * 5] * 65, first=BEGAN)
    return found


def asked_answer(seeded):
    return ask.ask(seeded.viewer, Question(("views",), NOVEMBER, where=Where(("youtube",))), now=NOW)


@pytest.fixture
def counted(monkeypatch):
    """Every question that reaches the store."""
    every, real = [], ask.ask

    def asking(viewer, question, **given):
        every.append(question)
        return real(viewer, question, **given)

    monkeypatch.setattr(ask, "ask", asking)
    return every


def test_it_asks_a_question_once_however_many_blocks_need_the_answer(seeded, counted):
    made(
        seeded,
        *(Block(f"b{at}", part) for at, part in enumerate(["over_time", "over_time", "by_platform", "by_platform"])),
    )
    assert len(counted) == len(set(counted)) == 2


def test_a_block_may_have_a_question_of_its_own(seeded):
    own = {"platforms": ["youtube"], "period": "last_7", "compare": ""}
    usual, apart = made(seeded, Block("a", "key_numbers"), Block("b", "key_numbers", "", own)).sections
    (all_views, some_views) = (next(one for one in found.figures if one.metric == "views") for found in (usual, apart))
    assert (all_views.value, some_views.value) == (110.0 * 30, 10.0 * 7)
    assert (all_views.previous, some_views.previous) == (110.0 * 30, None)
    assert usual.lead == ""
    assert apart.lead == "28 Nov – 4 Dec 2026, YouTube"


def test_what_a_block_says_of_its_question_does_not_hide_what_its_part_says(seeded):
    given = {"metric": "followers", "scale": "index", "platforms": ["youtube"]}
    (one,) = made(seeded, Block("a", "courses", "", given)).sections
    assert one.lead == "YouTube · each line in per cent of its first day, which is 100"


def test_a_failing_block_costs_itself_alone(seeded, monkeypatch, caplog):
    def break_down(making, block):
        raise ZeroDivisionError("secret detail")

    parts = build.parts()
    broken = replace(parts["by_platform"], make=break_down)
    monkeypatch.setattr(build, "parts", lambda: {**parts, "by_platform": broken})
    first, second = made(seeded, Block("a", "by_platform", "Mine"), Block("b", "key_numbers")).sections
    assert (first.title, first.failed) == ("Mine", "This block could not be made; the log says why.")
    assert "secret detail" in caplog.text
    assert second.figures[0].value == 110.0 * 30


def test_a_part_that_is_gone_is_named(seeded):
    (one,) = made(seeded, Block("a", "crystal_ball")).sections
    assert one.failed == "There is no part called 'crystal_ball'."


@pytest.mark.parametrize("given", [{"period": "some_day"}, {"compare": "some_day"}])
def test_a_question_that_is_none_costs_the_block(seeded, given):
    wrong, right = made(seeded, Block("a", "key_numbers", "", given), Block("b", "key_numbers")).sections
    assert "some_day" in wrong.failed
    assert not right.failed


def test_a_layout_whose_period_is_none_is_refused(seeded):
    with pytest.raises(BadQuestion, match="no period called"):
        made(seeded, Block("a", "key_numbers"), period="some_day")


def test_it_speaks_the_language_of_the_layout_whoever_makes_it(seeded):
    document = made(seeded, Block("a", "by_platform"), language="de", forms="fr")
    assert (document.language, document.forms) == ("de", "fr")
    assert document.sections[0].table.columns[0].title == "Plattform"
    assert {one.title for one in document.definitions} == {"Aufrufe"}


def test_definitions_tell_every_metric_that_is_shown(seeded):
    document = made(seeded, Block("a", "key_numbers"), Block("b", "platform_table"), Block("c", "post_table"))
    shown = {column.metric for one in document.sections if one.table for column in one.table.columns} - {""}
    shown |= {figure.metric for one in document.sections for figure in one.figures}
    told = {one.metric: one for one in document.definitions}
    assert shown <= set(told)
    assert len(told) == len(document.definitions)
    assert told["views"].definition == METRICS["views"].definition
    assert all(one.formula and one.title for one in told.values())


def test_it_says_what_it_was_narrowed_to_and_how_new_it_is(seeded):
    document = made(seeded, Block("a", "key_numbers"), platforms=("youtube",), tags=("brew",), compare=PREVIOUS)
    assert document.filters == ("YouTube", "#brew")
    assert document.data_until == asked_answer(seeded).data_until is not None
    assert document.compared == Period(date(2026, 10, 2), date(2026, 10, 31))
    assert any("Views" in one for one in document.questions)


def test_it_tells_how_far_it_is(seeded):
    done = []
    build.build(seeded.viewer, Layout("t", (Block("a", "cover"), Block("b", "cover"))), now=NOW, told=done.append)
    assert done == [0.0, 0.5, 1.0]


def test_weeks_are_those_of_the_workspace(sqlite_database):
    sunday = Seeded(sqlite_database, week_start=6)
    document = build.build(
        sunday.viewer, Layout("t", (), period="last_week"), now=datetime(2026, 12, 6, 12, tzinfo=UTC)
    )
    assert document.period == Period(date(2026, 11, 29), date(2026, 12, 5))


def test_the_day_is_that_of_the_workspace(sqlite_database):
    far = Seeded(sqlite_database, time_zone="Pacific/Kiritimati")
    document = build.build(far.viewer, Layout("t", (), period="yesterday"), now=datetime(2026, 12, 5, 12, tzinfo=UTC))
    assert document.period == Period(date(2026, 12, 5), date(2026, 12, 5))


def test_filters_and_comparison_are_those_of_the_layout():
    layout = Layout("t", (), NOVEMBER, Compare.LAST_YEAR, True, ("x",), (3,), ("reel",), ("brew",))
    asked = asked_of(layout, date(2026, 12, 5))
    assert (asked.period, asked.compare, asked.match_weekday) == (NOVEMBER, Compare.LAST_YEAR, True)
    assert (asked.where.platforms, asked.where.accounts) == (("x",), (3,))
    assert (asked.posts.kinds, asked.posts.tags) == (("reel",), ("brew",))


@pytest.mark.parametrize(
    ("option", "good", "bad"),
    [
        (Option("n", "N", "number", 1, least=2, most=4), [2, 4], [1, 5, True, 2.5, "3"]),
        (Option("n", "N", "switch", True), [True, False], [1, "yes"]),
        (Option("n", "N", "choice", "a", {"a": "A"}), ["a"], ["b", "", 1, ["a"]]),
        (Option("n", "N", "metric", "views", of=("views",)), ["views"], ["likes", 5]),
        (
            Option("n", "N", "metrics", ("views",), of=("views", "likes")),
            [["likes"], ("views", "likes")],
            [[], ["x"], "views"],
        ),
        (Option("n", "N", "text", ""), ["", "=1+1"], [5]),
    ],
)
def test_a_setting_is_read_or_refused(option, good, bad):
    for one in good:
        assert option.read(one) == (tuple(one) if option.takes == "metrics" else one)
    assert option.read(None) == option.default
    for one in bad:
        with pytest.raises(Exception, match="is not a setting of"):
            option.read(one)
