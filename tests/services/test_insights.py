"""Sentences: only from what is there, every figure with its evidence, silence rather than a guess."""

from datetime import date, datetime

import pandas as pd
import pytest

from analytics.insights.checking import verify
from core import clock
from core.question import Asked, Compare, Period, Question
from services import ask, insights, overview
from services.studies.packing import pack
from storage import connections, studies
from storage.studies import StudyRow
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import noon, publish

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
OCTOBER = date(2026, 10, 2)


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def shown(seeded):
    return overview.overview(seeded.viewer, Asked(NOVEMBER), now=NOW)


def found(seeded):
    return {finding.kind: finding for finding in shown(seeded).insights}


def figures(finding):
    return {figure.name: figure.value for figure in finding.evidence}


def uneven(level, days, swing=0.1):
    """Days around a level, as days are."""
    return [round(level * (1 + swing * ((day * 7 % 5) - 2) / 2)) for day in range(days)]


def test_it_says_nothing_without_data(seeded):
    assert found(seeded) == {}
    seeded.account("instagram")
    assert found(seeded) == {}
    assert shown(seeded).headline == ""
    assert shown(seeded).empty


def test_it_says_what_changed_most_and_from_where(seeded):
    one, two = seeded.account("instagram"), seeded.account("x")
    seeded.facts(one, "views", [*uneven(100, 30), *uneven(150, 30)], first=OCTOBER)
    seeded.facts(two, "views", [*uneven(50, 30), *uneven(40, 30)], first=OCTOBER)
    said = found(seeded)["change"]
    assert said.text == (
        "Views +27 % (+1,200, 1–30 November against 2–31 October 2026), from Instagram +1,500 and X −300."
    )
    assert said.certainty == "Well supported by the data."
    told = figures(said)
    assert told["part_1"] + told["part_2"] == told["difference"] == 1200
    assert shown(seeded).headline == f"{said.text} {said.certainty}"


def test_it_does_not_tell_a_change_within_the_usual_swing(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100, 300] * 15 + [110, 330] * 15, first=OCTOBER)
    assert found(seeded).get("change") is None or found(seeded)["change"].confidence < 0.8
    seeded.facts(account, "views", [100, 300] * 15 + [106, 312] * 15, first=OCTOBER)
    assert "change" not in found(seeded)
    assert shown(seeded).headline == insights.found.QUIET


def test_it_keeps_quiet_about_a_small_change(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100] * 30 + [101] * 30, first=OCTOBER)
    assert "change" not in found(seeded)


def test_it_holds_the_best_post_against_the_accounts_usual(seeded):
    account = seeded.account("instagram", "Acme")
    for number in range(7):
        publish(seeded, account, f"p{number}", noon(9, 1 + number), {"likes": 10 + number, "views": 100})
    publish(seeded, account, "hit", noon(11, 2), {"likes": 90, "views": 100})
    said = found(seeded)["post"]
    assert said.text == (
        "Engagement (Instagram, Acme): “about hit” has 90, 6.9 times the median 13 of 7 comparable posts."
    )
    assert {name: figures(said)[name] for name in ("value", "usual", "others")} == {
        "value": 90, "usual": 13, "others": 7,
    }  # fmt: skip


def test_it_does_not_praise_a_post_without_peers(seeded):
    publish(seeded, seeded.account("instagram"), "only", noon(11, 2), {"likes": 90})
    assert "post" not in found(seeded)


def test_it_names_a_source_that_fails(seeded):
    with seeded.database.write() as connection:
        made = connections.add(connection, seeded.id, "youtube", "YouTube", now=NOW, state="attention")
        said = {"reason": "The consent was revoked.", "hint": "Connect it again."}
        connections.update(connection, seeded.id, made, **said)
    assert found(seeded)["failing"].text == ("YouTube was never read. The consent was revoked. Connect it again.")
    with seeded.database.write() as connection:
        connections.update(connection, seeded.id, made, last_success_at=clock.epoch_ms(noon(11, 20)))
    assert found(seeded)["failing"].text == (
        "YouTube was last read on 20 November 2026. The consent was revoked. Connect it again."
    )
    assert shown(seeded).insights[0].kind == "failing", "the most pressing comes first"


def test_it_tells_follower_growth(seeded):
    account = seeded.account("x")
    seeded.facts(account, "followers", [1000 + 2 * day + day % 3 for day in range(60)], first=OCTOBER)
    said = found(seeded)["growth"]
    assert said.text.startswith("Followers +1.3 % a week, likely +0.76 % to +1.8 %")
    assert said.text.endswith("(4 weeks observed).")


def test_it_states_no_figure_without_evidence(seeded):
    """B21: every figure of a sentence is one of its evidence."""
    one, two = seeded.account("instagram", "Acme"), seeded.account("x")
    seeded.facts(one, "views", [*uneven(100, 30), *uneven(150, 30)], first=OCTOBER)
    seeded.facts(two, "views", [*uneven(50, 30), *uneven(40, 30)], first=OCTOBER)
    seeded.facts(two, "followers", [1000 + 2 * day + day % 3 for day in range(60)], first=OCTOBER)
    for number in range(7):
        publish(seeded, one, f"p{number}", noon(9, 1 + number), {"likes": 10 + number, "views": 100})
    publish(seeded, one, "hit", noon(11, 2), {"likes": 90, "views": 100})
    said = shown(seeded).insights
    assert {finding.kind for finding in said} >= {"change", "post", "growth"}
    for finding in said:
        assert verify(finding.pattern, finding.evidence, language="en").text == finding.pattern


def keep(seeded, kind, found_, *, platform="", metric="", until=date(2026, 11, 30)):
    """A study as the scheduler keeps it."""
    row = StudyRow(
        seeded.id, kind, f"{metric}/{platform}", clock.epoch_ms(NOW), clock.epoch_day(until), 0, 1, 5, "ok", "", found_
    )
    with seeded.database.write() as connection:
        studies.put(connection, row)


def test_it_tells_what_the_studies_found(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [*uneven(100, 60)], first=OCTOBER)
    day = {"day": "2026-11-12", "value": 900.0, "expected": 100.0, "lower": 60.0, "upper": 140.0}
    keep(seeded, "unusual", {"days": [day, {**day, "day": "2026-10-12"}]}, metric="views")
    ahead = pd.DataFrame({"mean": [1300.0], "lower": [1200.0], "upper": [1400.0]},
                         pd.DatetimeIndex(["2026-12-28"], name="day"))  # fmt: skip
    keep(seeded, "forecast", {"frame": pack(ahead), "trusted": True, "last": 1100.0}, metric="followers")
    slots = pd.DataFrame({"weekday": [1], "hour": [18], "posts": [20], "lift": [0.4], "lower": [0.2], "upper": [0.6],
                          "verdict": ["better"]})  # fmt: skip
    keep(seeded, "best_times", {"slots": pack(slots), "reliable": True})
    tags = pd.DataFrame({"tag": ["brew"], "uses": [24], "lift": [0.3], "lower": [0.1], "upper": [0.5],
                         "verdict": ["better"], "trend": ["rising"]})  # fmt: skip
    keep(seeded, "hashtags", {"frame": pack(tags)})
    driver = {"feature": "a question", "ratio": 1.3, "lower": 1.1, "upper": 1.5, "posts": 40, "words": ""}
    keep(seeded, "post_outcome", {"drivers": [driver]})
    said = {kind: finding.text for kind, finding in found(seeded).items()}
    assert said["anomaly"] == "Views: 900 on 12 November 2026, where 60 to 140 was expected."
    assert said["forecast"] == "Followers: 1,300 expected by 28 December 2026, likely 1,200 to 1,400; now 1,100."
    assert said["slot"] == "Engagement: 40 % above the usual on Tuesday around 18:00 (20 posts)."
    assert said["hashtag"] == "Engagement: 30 % above the usual in posts with #brew (24 uses, used more and more)."
    assert said["pattern"] == "Engagement: 30 % above the usual for posts with “a question” (40 posts)."
    assert len([one for one in shown(seeded).insights if one.kind == "anomaly"]) == 1, "October is not in the period"


def test_it_does_not_tell_what_has_not_proved_itself(seeded):
    seeded.account("instagram")
    ahead = pd.DataFrame({"mean": [1300.0], "lower": [1200.0], "upper": [1400.0]},
                         pd.DatetimeIndex(["2026-12-28"], name="day"))  # fmt: skip
    keep(seeded, "forecast", {"frame": pack(ahead), "trusted": False, "last": 1100.0}, metric="followers")
    slots = pd.DataFrame({"weekday": [1], "hour": [18], "posts": [20], "lift": [0.4], "lower": [0.2], "upper": [0.6],
                          "verdict": ["better"]})  # fmt: skip
    keep(seeded, "best_times", {"slots": pack(slots), "reliable": False})
    assert found(seeded) == {}


def test_it_shows_one_screen_from_one_source(seeded):
    account = seeded.account("instagram", "Acme")
    seeded.facts(account, "views", [100] * 30 + [150] * 30, first=OCTOBER)
    seeded.facts(account, "likes", [10] * 60, first=OCTOBER)
    seeded.facts(account, "followers", range(1000, 1060), first=OCTOBER)
    for number in range(8):
        publish(seeded, account, f"p{number}", noon(11, 1 + number), {"likes": number, "views": 100})
    shown = overview.overview(seeded.viewer, Asked(NOVEMBER), now=NOW)
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
