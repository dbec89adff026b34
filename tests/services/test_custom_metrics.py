"""Metrics of one's own: worked out from sums at every level, over accounts that have every ingredient."""

from datetime import date

import numpy as np
import pytest

from core.errors import BadQuestion, BadSetting, NotFound
from core.metric import Direction, Unit
from core.question import By, Compare, Period, Question, Where
from services import ask
from services.team import custom_metrics
from tests.services.seeded import NOW, Seeded

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
OCTOBER = date(2026, 10, 2)


@pytest.fixture
def seeded(database):
    return Seeded(database)


@pytest.fixture
def shop(seeded):
    """Two accounts with likes and views, one of which has no shares; a rate that changes from day to day."""
    one, two = seeded.account("instagram", "One"), seeded.account("tiktok", "Two")
    for account, size in ((one, 1), (two, 3)):
        seeded.facts(account, "views", [100 * size + day for day in range(60)], first=OCTOBER)
        seeded.facts(account, "likes", [10 * size] * 60, first=OCTOBER)
    seeded.facts(one, "shares", [2] * 60, first=OCTOBER)
    seeded.one, seeded.two = one, two
    return seeded


def asked(shop, *names, **more):
    return ask.ask(shop.viewer, Question(names, NOVEMBER, **more), now=NOW)


def test_it_is_a_ratio_of_sums_at_every_level(shop):
    own = custom_metrics.save(shop.viewer, "Like rate", "likes / views")
    assert own.name == "own.like_rate"
    found = asked(shop, own.name, "likes", "views", by=By.DAY, split="platform", compare=Compare.PREVIOUS)
    totals = found.totals
    assert list(totals) == [own.name, "likes", "views"]
    assert totals[own.name].value == pytest.approx(totals["likes"].value / totals["views"].value)
    assert totals[own.name].previous == pytest.approx(totals["likes"].previous / totals["views"].previous)
    assert totals[own.name].change == pytest.approx(totals[own.name].value / totals[own.name].previous - 1)
    for platform in ("instagram", "tiktok"):
        parts = [found.by_split[platform, name].value for name in (own.name, "likes", "views")]
        assert parts[0] == pytest.approx(parts[1] / parts[2])
    wide = found.frame.pivot_table(index=["bucket", "split"], columns="metric", values="value")
    assert np.allclose(wide[own.name], wide["likes"] / wide["views"])
    assert set(found.frame.loc[found.frame["metric"] == own.name, "state"]) == {"measured"}


def test_it_takes_only_accounts_with_every_ingredient(shop):
    own = custom_metrics.save(shop.viewer, "Share rate", "shares / views")
    number = asked(shop, own.name).totals[own.name]
    alone = asked(shop, "shares", "views", where=Where(accounts=(shop.one,))).totals
    assert number.value == pytest.approx(alone["shares"].value / alone["views"].value)
    assert any("Without Two" in note.text and note.serious for note in number.notes)


def test_it_says_why_there_is_no_value(shop):
    zero = custom_metrics.save(shop.viewer, "Broken", "likes / (views - views)")
    assert asked(shop, zero.name).totals[zero.name].why_none == "something is divided by 0"
    unknown = custom_metrics.save(shop.viewer, "Save rate", "saves / views")
    number = asked(shop, unknown.name).totals[unknown.name]
    assert number.value is None
    assert number.why_none
    people = custom_metrics.save(shop.viewer, "Views each", "views / reach", unit=Unit.COUNT)
    shop.facts(shop.one, "reach", [50] * 60, first=OCTOBER)
    shop.facts(shop.two, "reach", [50] * 60, first=OCTOBER)
    assert asked(shop, people.name).totals[people.name].value is None, "a bound is no value to divide by"


def test_it_explains_itself(shop):
    own = custom_metrics.save(shop.viewer, "Weighted", "(likes + 2*shares) / views", description="What counts here.")
    made = asked(shop, own.name).explain(own.name)
    assert (made.title, made.definition) == ("Weighted", "What counts here.")
    assert made.formula == "(likes + 2 × shares) ÷ views"
    assert {one.metric for one in made.inputs} == {"likes", "shares", "views"}


def test_it_keeps_and_changes_and_removes(shop):
    own = custom_metrics.save(shop.viewer, "Like rate", "likes / views")
    custom_metrics.save(
        shop.viewer, "Cost of a like", "views / likes", unit=Unit.COUNT, direction=Direction.DOWN, name=own.name
    )
    (kept,) = custom_metrics.read(shop.viewer).values()
    assert (kept.name, kept.title, kept.text, kept.direction) == (
        "own.like_rate", "Cost of a like", "views / likes", Direction.DOWN,
    )  # fmt: skip
    other = Seeded(shop.database)
    assert custom_metrics.read(other.viewer) == {}
    with pytest.raises(BadQuestion, match="no metric called"):
        ask.ask(other.viewer, Question((own.name,), NOVEMBER), now=NOW)
    custom_metrics.remove(shop.viewer, own.name)
    custom_metrics.remove(shop.viewer, own.name)
    with pytest.raises(BadQuestion, match="no metric called"):
        asked(shop, own.name)


@pytest.mark.parametrize(
    ("title", "text", "error"),
    [
        ("", "likes / views", BadSetting),
        ("x" * 61, "likes / views", BadSetting),
        ("Views", "likes / views", BadSetting),
        ("Fine", "likes / vews", BadQuestion),
    ],
)
def test_it_refuses_what_cannot_be_kept(shop, title, text, error):
    with pytest.raises(error) as caught:
        custom_metrics.save(shop.viewer, title, text)
    assert caught.value.hint
    assert custom_metrics.read(shop.viewer) == {}


def test_it_refuses_a_second_one_of_a_name_and_a_change_of_none(shop):
    custom_metrics.save(shop.viewer, "Like rate", "likes / views")
    with pytest.raises(BadSetting, match="already"):
        custom_metrics.save(shop.viewer, "like  rate", "likes / views")
    with pytest.raises(NotFound):
        custom_metrics.save(shop.viewer, "Other", "likes / views", name="own.gone")
    assert custom_metrics.save(shop.viewer, "Like rate!", "likes / views").name == "own.like_rate_2"
