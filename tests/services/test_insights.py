"""Sentences: only from what is there, every figure with its evidence, silence rather than a guess."""

import re
from datetime import date, datetime

import pytest

from core import clock
from core.question import Compare, Period, Question
from services import ask, insights, overview
from storage import connections
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import noon, publish

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
OCTOBER = date(2026, 10, 2)


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def quick(seeded):
    return {insight.kind: insight for insight in insights.quick(seeded.viewer, NOVEMBER, now=NOW)}


def test_it_says_nothing_without_data(seeded):
    assert insights.quick(seeded.viewer, NOVEMBER, now=NOW) == []
    seeded.account("instagram")
    assert insights.quick(seeded.viewer, NOVEMBER, now=NOW) == []
    shown = overview.overview(seeded.viewer, NOVEMBER, now=NOW)
    assert shown.headline == ""
    assert shown.empty


def test_it_says_what_changed_most_and_from_where(seeded):
    one, two = seeded.account("instagram"), seeded.account("x")
    seeded.facts(one, "views", [100] * 30 + [150] * 30, first=OCTOBER)
    seeded.facts(two, "views", [50] * 30 + [40] * 30, first=OCTOBER)
    said = quick(seeded)["changed_most"]
    assert said.text == "Views +27 % (+1,200, 1–30 Nov against 2–31 Oct), from Instagram +1,500 and X −300."
    assert said.confidence == "More than days usually swing."
    evidence = dict(said.evidence)
    assert evidence["instagram"] + evidence["x"] == evidence["difference"] == 1200
    answer = ask.ask(seeded.viewer, Question(("views",), NOVEMBER, None, "platform", compare=Compare.PREVIOUS), now=NOW)
    assert insights.headline(answer).startswith("Views +27 %")


def test_it_says_when_a_change_is_within_the_usual_swing(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100, 300] * 15 + [110, 330] * 15, first=OCTOBER)
    assert quick(seeded)["changed_most"].confidence == "Within the usual swing of days."


def test_it_keeps_quiet_about_a_small_change(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100] * 30 + [101] * 30, first=OCTOBER)
    assert "changed_most" not in quick(seeded)


def test_it_holds_the_best_post_against_the_accounts_usual(seeded):
    account = seeded.account("instagram", "Acme")
    for number in range(7):
        publish(seeded, account, f"p{number}", noon(9, 1 + number), {"likes": 10 + number, "views": 100})
    publish(seeded, account, "hit", noon(11, 2), {"likes": 90, "views": 100})
    said = quick(seeded)["best_post"]
    assert said.text == (
        "Best post: “about hit” (Instagram) has 90 engagements; the median of Acme's other 7 of its kind is 13."
    )
    assert dict(said.evidence) == {"engagement": 90, "usual": 13, "others": 7}


def test_it_does_not_praise_a_post_without_peers(seeded):
    publish(seeded, seeded.account("instagram"), "only", noon(11, 2), {"likes": 90})
    assert "best_post" not in quick(seeded)


def test_it_names_a_source_that_fails(seeded):
    with seeded.database.write() as connection:
        made = connections.add(connection, seeded.id, "youtube", "YouTube", now=NOW, state="attention")
        connections.update(
            connection, seeded.id, made, reason="The consent was revoked.", hint="Connect it again.",
            last_success_at=clock.epoch_ms(noon(11, 20)),
        )  # fmt: skip
    said = quick(seeded)["source"]
    assert said.text == ("YouTube was last read on 20 Nov 2026 (UTC): The consent was revoked. Connect it again.")


def test_it_tells_follower_growth(seeded):
    account = seeded.account("x")
    seeded.facts(account, "followers", [1000 + 2 * day for day in range(60)], first=OCTOBER)
    assert quick(seeded)["growth"].text == "60 more followers than at the end of 31 Oct: now 1,118."


def test_it_states_no_figure_without_evidence(seeded):
    """B21: every number in a sentence is one of its evidence, or a date."""
    one, two = seeded.account("instagram", "Acme"), seeded.account("x")
    seeded.facts(one, "views", [100] * 30 + [150] * 30, first=OCTOBER)
    seeded.facts(two, "views", [50] * 30 + [40] * 30, first=OCTOBER)
    seeded.facts(two, "followers", [1000 + 2 * day for day in range(60)], first=OCTOBER)
    for number in range(7):
        publish(seeded, one, f"p{number}", noon(9, 1 + number), {"likes": 10 + number, "views": 100})
    publish(seeded, one, "hit", noon(11, 2), {"likes": 90, "views": 100})
    said = insights.quick(seeded.viewer, NOVEMBER, now=NOW)
    assert len(said) == 3
    for insight in said:
        text = re.sub(r"(\d+–)?\d+ [A-Z][a-z]{2}\b", "", insight.text)
        stated = {float(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*\.?\d*", text)}
        known = {abs(value) for _, value in insight.evidence} | {
            round(abs(value) * 100) for _, value in insight.evidence
        }
        assert stated <= known, insight.text


def test_it_shows_one_screen_from_one_source(seeded):
    account = seeded.account("instagram", "Acme")
    seeded.facts(account, "views", [100] * 30 + [150] * 30, first=OCTOBER)
    seeded.facts(account, "likes", [10] * 60, first=OCTOBER)
    seeded.facts(account, "followers", range(1000, 1060), first=OCTOBER)
    for number in range(8):
        publish(seeded, account, f"p{number}", noon(11, 1 + number), {"likes": number, "views": 100})
    shown = overview.overview(seeded.viewer, NOVEMBER, now=NOW)
    asked = ask.ask(seeded.viewer, Question(overview.METRICS, NOVEMBER, compare=Compare.PREVIOUS), now=NOW)
    cards = {card.number.metric: card for card in shown.cards}
    for name in overview.CARDS:
        assert cards[name].number.value == asked.totals[name].value
        assert cards[name].explanation.metric == name
        assert len(cards[name].days) == len(cards[name].values) == 30
    assert sum(cards["views"].values) == cards["views"].number.value
    assert cards["performance_score"].number.value == pytest.approx(50)
    assert cards["performance_score"].number.why_no_change == "no data 2–31 Oct"
    assert shown.by_platform.by_split["instagram", "views"].value == 4500
    assert shown.top_posts.total == 8
    assert shown.headline.startswith("Views +50 %")
    assert not shown.empty


def test_it_takes_the_last_full_days_where_the_workspace_is(sqlite_database):
    seeded = Seeded(sqlite_database, time_zone="Pacific/Tongatapu")
    period = overview.default_period(seeded.viewer, now=datetime(2026, 11, 20, 12, tzinfo=clock.UTC))
    assert period == Period(date(2026, 10, 22), date(2026, 11, 20))
    assert period.days == 30
