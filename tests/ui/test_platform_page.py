from datetime import timedelta

import pandas as pd
import pytest

from core import clock
from services.studies.packing import pack
from storage import studies
from storage.studies import StudyRow
from tests.ui.conftest import open_page, texts
from ui import load


def opened(**params):
    return open_page("performance/platform.py", **params)


def narrowed(platform="instagram"):
    app = opened()
    app.button(key=f"choose-{platform}").click()
    return app.run()


def keep(filled, kind, found, state="ok", reason=""):
    today = filled.now.date()
    row = StudyRow(filled.id, kind, "/instagram", clock.epoch_ms(filled.now), clock.epoch_day(today), 0, 1, 5, state,
                   reason, found)  # fmt: skip
    with filled.database.write() as connection:
        studies.put(connection, row)


def test_it_asks_which_platform(filled):
    app = opened()
    assert not app.exception
    assert [button.key for button in app.button if str(button.key).startswith("choose-")] == [
        "choose-youtube", "choose-instagram",
    ]  # fmt: skip
    assert not app.metric


def test_it_shows_one_platform_in_its_own_terms(filled):
    app = narrowed()
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == ["Instagram"]
    assert app.session_state["p"] == ["instagram"]
    assert [one.label for one in app.metric] == [
        "Views", "Engagement", "Engagement rate", "Followers", "Follower growth rate",
    ]  # fmt: skip
    labels = {popover.proto.popover.label for popover in app.get("popover")}
    assert "How is Views made?" in labels


def test_it_has_every_group_that_has_data(filled):
    app = narrowed()
    groups = app.segmented_control(key="platform_group")
    assert groups.options == ["At a glance", "Reach", "Engagement", "Audience"]
    groups.set_value("Engagement").run()
    assert {"Likes", "Comments", "Shares"} <= {one.label for one in app.metric}


def test_it_draws_the_metric_that_is_picked(filled):
    app = narrowed()
    app.selectbox(key="platform_metric").set_value("likes").run()
    assert not app.exception
    assert "Likes by day" in texts(app)


def test_it_forgets_a_metric_the_next_platform_does_not_have(filled):
    first = filled.now.date() - timedelta(days=40)
    account = load.accounts(load.every_workspace()[0])
    youtube = next(one.id for one in account if one.platform == "youtube")
    filled.facts(youtube, "watch_time", [60.0] * 41, first=first)
    app = narrowed("youtube")
    app.selectbox(key="platform_metric").set_value("watch_time").run()
    app.segmented_control(key="platform_group").set_value("Video").run()
    app.session_state["p"] = ["instagram"]
    app.run()
    assert not app.exception
    assert not app.error
    assert app.selectbox(key="platform_metric").value == "views"
    assert app.segmented_control(key="platform_group").value == "At a glance"


def test_it_ranks_the_posts_of_the_platform(filled):
    posts = next(table.value for table in narrowed().dataframe if "Post" in table.value)
    assert set(posts["Platform"]) == {"Instagram"}
    assert len(posts) == 2


def test_it_sets_several_accounts_side_by_side_and_narrows_to_one(filled):
    account = filled.account("instagram", "Second")
    first = filled.now.date() - timedelta(days=40)
    filled.facts(account, "views", [10.0] * 41, first=first)
    app = narrowed()
    assert any("Account" in table.value and len(table.value) == 3 for table in app.dataframe)
    app.button(key=f"side-{account}").click().run()
    assert app.session_state["a"] == ["Second (Instagram)"]
    assert not any("Share of engagement" in table.value for table in app.dataframe)
    assert "From all accounts on Instagram." in texts(app)


def test_it_means_the_platform_of_the_chosen_account(filled):
    app = opened()
    app.session_state["a"] = ["North youtube (YouTube)"]
    app.run()
    assert [title.value for title in app.title] == ["YouTube"]


def test_it_says_that_studies_are_being_computed(filled):
    assert texts(narrowed()).count("being computed, usually within a few minutes") == 2


@pytest.mark.parametrize("state", ["not_enough", "failed"])
def test_it_says_why_a_study_found_nothing(filled, state):
    keep(filled, "best_times", {}, state, "Not enough posts yet (12 of 40) to look for best times.")
    assert "Not enough posts yet (12 of 40)" in texts(narrowed())


def test_it_tells_the_best_times_and_tags(filled):
    slots = pd.DataFrame({"weekday": [1], "hour": [18], "posts": [20], "lift": [0.4], "lower": [0.2], "upper": [0.6],
                          "verdict": ["better"]})  # fmt: skip
    lift = {"value": 0.2, "lower": 0.1, "upper": 0.3, "posts": 40}
    keep(filled, "best_times", {**dict.fromkeys(("slots", "hours", "weekdays"), pack(slots)), "reliable": True,
                                "held_out_lift": lift, "summary": "It holds."})  # fmt: skip
    tags = pd.DataFrame({"tag": ["brew"], "uses": [24], "lift": [0.3], "lower": [0.1], "upper": [0.5],
                         "verdict": ["better"], "trend": ["rising"]})  # fmt: skip
    keep(filled, "hashtags", {"frame": pack(tags)})
    said = texts(narrowed())
    assert "Tuesday 18:00 to 19:00" in said
    assert "#brew" in said


def test_it_says_that_there_are_no_numbers_in_the_period(filled):
    app = opened(**{"from": "2020-01-01", "to": "2020-01-31"})
    app.session_state["p"] = ["instagram"]
    app.run()
    assert not app.exception
    assert "There are no numbers in this period" in texts(app)


def test_it_keeps_the_numbers_when_the_findings_fail(filled, monkeypatch):
    from ui.screens import platform

    def fail(*_, **__):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(platform.platform_posts, "findings", fail)
    app = narrowed()
    assert len(app.error) == 1
    assert app.metric
    assert "secret detail" not in texts(app)


@pytest.mark.parametrize("function", ["by_day", "published"])
def test_it_reads_what_its_parts_share_once(filled, monkeypatch, function):
    from ui.screens import platform

    room = platform.platform_view if function == "by_day" else platform.platform_posts
    made, asked = getattr(room, function), []

    def counted(*given, now):
        asked.append(given)
        return made(*given, now=now)

    counted.__module__, counted.__qualname__ = "tests", f"counted-{function}"
    monkeypatch.setattr(room, function, counted)
    assert not narrowed().exception
    assert len(asked) == 1
