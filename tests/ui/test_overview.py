import logging

import pytest

from core.errors import PermissionMissing, SourceUnavailable
from tests.services.seeded import Seeded
from tests.ui.conftest import HOSTILE, texts
from ui import load


def metrics(app):
    return {one.label: one for one in app.metric}


def test_it_shows_six_cards_with_value_and_change(screen, filled):
    app = screen()
    assert not app.exception
    found = metrics(app)
    assert list(found) == [
        "Views", "Engagement", "Engagement rate", "Followers", "Follower growth rate", "Content performance",
    ]  # fmt: skip
    assert found["Views"].value.endswith("K")
    assert found["Views"].delta.endswith("%")


def test_it_names_period_and_comparison_in_words(screen, filled):
    assert " against " in texts(screen())


def test_it_draws_three_charts_each_with_words_for_those_who_cannot_see(screen, filled):
    charts = screen().get("vega_lite_chart")
    assert len(charts) == 3
    assert all(chart.proto.alt for chart in charts)


def test_it_offers_an_explanation_on_every_number(screen, filled):
    labels = {popover.proto.popover.label for popover in screen().get("popover")}
    for title in ("Views", "Engagement", "Engagement rate", "Followers", "Follower growth rate", "Content performance"):
        assert f"How is {title} made?" in labels
    assert "How is Top posts made?" in labels


def test_it_explains_a_number_when_asked(screen, filled):
    app = screen()
    app.session_state["made-engagement_rate"] = True
    said = texts(app.run())
    assert "sum of engagement" in said
    assert "2 of 2 accounts" in said


def test_it_never_reads_a_caption_as_markdown(screen, filled):
    app = screen()
    assert not app.exception
    for kind in ("markdown", "caption", "title"):
        for element in app.get(kind):
            assert "**Bold** <script>" not in str(element.value)
            assert "[l](http://evil" not in str(element.value)
    assert any(HOSTILE[:20] in str(row) for table in app.dataframe for row in table.value.to_numpy().ravel())


def test_it_says_that_a_permission_is_missing(screen, sqlite_database):
    from datetime import timedelta

    from core import clock

    made = Seeded(sqlite_database, now=clock.utc_now())
    account = made.account("instagram")
    today = clock.utc_now().date()
    for metric in ("views", "likes", "comments", "shares", "followers"):
        made.mark(account, metric, today - timedelta(days=90), today, "not_permitted", "Permission is missing.")
    app = screen()
    assert "permission is missing" in texts(app).lower()


@pytest.mark.parametrize(
    "error",
    [
        SourceUnavailable("Instagram does not answer.", hint="It is asked again in five minutes."),
        PermissionMissing("Instagram refused.", hint="Connect it again."),
    ],
    ids=["try later", "a person must act"],
)
def test_it_tells_what_to_do_about_a_failing_source(screen, filled, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(load, "screen", fail)
    app = screen()
    assert not app.exception
    said = texts(app).replace("\\", "")
    assert error.message in said
    assert error.hint in said
    assert [button.label for button in app.button if button.label == "Try again"] == ["Try again"]


def test_it_keeps_a_bug_to_the_log_and_gives_its_number(screen, filled, monkeypatch, caplog):
    def fail(*_):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(load, "screen", fail)
    with caplog.at_level(logging.ERROR):
        app = screen()
    assert not app.exception
    (shown,) = app.error
    number = shown.value.rstrip(".").split()[-1]
    assert number in caplog.text
    assert "secret detail" in caplog.text
    assert "secret detail" not in texts(app)


def test_it_keeps_a_target_and_shows_how_far_it_is(screen, filled):
    app = screen()
    app.session_state["targets"] = True
    app.run()
    next(field for field in app.number_input if field.label == "Views").set_value(200_000)
    next(button for button in app.button if button.label == "Save").click()
    app.run()
    assert load.targets_of(load.every_workspace()[0]) == {"views": 200_000.0}
    app = screen()
    bars = app.get("progress")
    assert any("of target 200K" in bar.proto.text for bar in bars)


def test_it_shows_new_numbers_at_once(screen, filled):
    app = screen()
    before = metrics(app)["Followers"].value
    account = load.accounts(load.every_workspace()[0])[0].id
    yesterday = filled.now.date().toordinal() - 1
    filled.facts(account, "followers", {type(filled.now.date()).fromordinal(yesterday): 5_000_000})
    assert metrics(app.run())["Followers"].value != before


def test_it_says_demo_on_a_demo(screen, filled):
    from sqlalchemy import text

    with filled.database.write() as connection:
        connection.execute(text("UPDATE workspace SET kind = 'demo'"))
    assert any("Demo data" in str(element.value) for element in screen().get("markdown"))


def test_it_draws_a_panel_without_data_when_one_metric_is_missing(screen, sqlite_database):
    from datetime import timedelta

    from core import clock

    made = Seeded(sqlite_database, now=clock.utc_now())
    first = clock.utc_now().date() - timedelta(days=40)
    made.facts(made.account("youtube"), "followers", [100.0 + day for day in range(40)], first=first)
    app = screen()
    assert not app.exception
    assert not app.error
    assert metrics(app)["Views"].value == "n/a"
