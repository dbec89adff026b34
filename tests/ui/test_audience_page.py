"""How does the audience grow, and who is it?"""

from datetime import timedelta

import pytest

from core import clock
from storage import studies
from storage.studies import StudyRow
from tests.services.seeded import Seeded
from tests.ui.conftest import HOSTILE, open_screen, texts
from ui import load

PAGE = "audience"


@pytest.fixture
def screen(sqlite_database):
    return open_page


def open_page(**params):
    app = open_screen(**params)
    return app.switch_page("../pages/audience/audience.py").run()


@pytest.fixture
def described(filled):
    """The same with what Instagram tells of its followers."""
    account = instagram()
    yesterday = filled.now.date() - timedelta(days=1)
    for dimension, members in {
        "country": {"DE": 4500.0, "SG": 900.0},
        "city": {HOSTILE: 900.0},
        "age_gender": {"18-24 F": 4500.0, "25-34 M": 900.0},
    }.items():
        for member, value in members.items():
            filled.facts(account, "followers", {yesterday: value}, dimension=dimension, member=member)
    return filled


def instagram():
    return next(one.id for one in load.accounts(load.every_workspace()[0]) if one.platform == "instagram")


def keep(made, found, state="ok", reason="", platform="instagram"):
    now = clock.epoch_ms(made.now)
    day = clock.epoch_day(made.now.date())
    row = StudyRow(made.id, "unusual", f"followers_net/{platform}", now, day, 0, 1, 5, state, reason, found)
    with made.database.write() as connection:
        studies.put(connection, row)


def titles(app):
    return [str(element.value) for element in app.get("markdown") if str(element.value).startswith("**")]


def test_it_shows_cards_and_panels(screen, described):
    app = screen()
    assert not app.exception
    assert not app.error
    assert [one.label for one in app.metric] == [
        "Followers", "Net new followers", "Followers gained", "Followers lost", "Follower growth rate",
    ]  # fmt: skip
    said = texts(app)
    for title in ("Followers by day", "How fast does it grow?", "Gains and losses by day", "Growth side by side",
                  "Where they are", "Countries", "Cities", "Age and gender"):  # fmt: skip
        assert f"**{title}**" in said


def test_it_says_of_when_the_shares_are_and_what_they_cover(screen, described):
    said = texts(screen())
    assert "covers 60\u202f% of followers" in said
    assert "Women 50.0\u202f%, Men 10.0\u202f%" in said
    assert "Singapore is too small for the map; the list has it." in said


def test_it_gives_every_chart_words(screen, described):
    charts = screen().get("vega_lite_chart")
    assert len(charts) == 7
    assert all(chart.proto.alt for chart in charts)


def test_it_reads_no_name_of_a_place_as_markdown(screen, described):
    app = screen()
    assert not app.exception
    for kind in ("markdown", "caption", "title"):
        assert not any("[l](http://evil" in str(element.value) for element in app.get(kind))


def test_it_says_who_tells_nothing(screen, described):
    said = texts(screen())
    assert "North youtube (YouTube): nothing is known of the audience around this period." in said


def test_it_says_that_nobody_describes_the_audience(screen, filled):
    said = texts(screen())
    assert "No platform tells who the audience is around this period." in said
    assert "Where they are" not in said
    assert "No platform tells here at which hours followers are online." in said


def test_it_has_no_map_where_no_countries_are_told(screen, filled):
    filled.facts(instagram(), "followers", {filled.now.date(): 900.0}, dimension="city", member="Graz, Styria")
    said = texts(screen())
    assert "there is no map" in said
    assert "**Cities**" in said


def test_it_shows_when_followers_are_online(screen, filled):
    made = filled.account("tiktok", "Clips")
    start = (clock.epoch_day(filled.now.date()) - 28) * 24
    filled.facts(made, "followers_active", {start + hour: 100 + hour % 24 for hour in range(27 * 24)}, grain="hour")
    app = screen()
    assert not app.exception
    assert "**When they are online**" in texts(app)


def test_it_says_that_gains_are_still_being_computed(screen, filled):
    assert "Instagram: being computed, usually within a few minutes" in texts(screen()).replace("\\", "").replace(
        "\u200b", ""
    )


def test_it_says_why_gains_are_not_known(screen, filled):
    keep(filled, {}, "not_enough", "12 days are known; more are needed.")
    assert "12 days are known; more are needed" in texts(screen())


def test_it_names_posts_before_a_gain_as_a_coincidence(screen, filled):
    day = filled.now.date() - timedelta(days=3)
    row = {"day": day.isoformat(), "value": 90.0, "expected": 10.0, "lower": 2.0, "upper": 30.0}
    keep(filled, {"days": [row]})
    app = screen()
    said = texts(app)
    assert "Instagram: +90 (usually up to 30)" in said
    assert "a coincidence in time, not a cause" in said
    assert any(button.key.startswith("open-gain-0-") for button in app.button)
    for element in app.get("caption"):
        assert "<script>" not in str(element.value)


def test_it_says_that_no_day_stood_out(screen, filled):
    keep(filled, {"days": []})
    assert "No day of this period was above its usual range" in texts(screen())


def test_it_says_what_a_trend_needs(screen, sqlite_database):
    made = Seeded(sqlite_database, now=clock.utc_now())
    first = made.now.date() - timedelta(days=3)
    made.facts(made.account("x"), "followers", [1000.0, 1001.0, 1003.0], first=first)
    said = texts(screen())
    assert "Not enough data for a trend: there are 3 of at least 8 values." in said
    assert "Not enough days yet to see a weekly pattern" in said


@pytest.mark.parametrize("scale", ["index", "same", "net"])
def test_it_shows_growth_on_one_axis_indexed_or_as_net(screen, filled, scale):
    app = screen()
    app.session_state["audience_scale"] = scale
    app.session_state["audience_by"] = "account"
    app.run()
    assert not app.exception
    words = {"index": "each line in per cent of its first day", "same": "followers at the end", "net": "net new"}
    assert words[scale] in texts(app)
    assert any("North instagram" in str(table.value.to_numpy().ravel()) for table in app.dataframe)


def test_it_narrows_to_a_platform_that_is_clicked(screen, filled):
    app = screen()
    next(button for button in app.button if button.key == "open-growth-platform-youtube").click()
    app.run()
    assert app.session_state["p"] == ["youtube"]
    assert "All platforms" in [button.label for button in app.button]


def test_it_chooses_another_audience_when_the_chosen_one_is_gone(screen, described):
    app = screen()
    app.session_state["audience"] = "Facebook followers"
    app.run()
    assert not app.exception
    assert "covers 60\u202f% of followers" in texts(app)


def test_it_loses_only_the_part_that_fails(screen, described, monkeypatch):
    kept = load.screen

    def fail(workspace, make, *asked):
        if make.__name__ in {"read_hints", "read_described"}:
            raise ZeroDivisionError("a secret detail")
        return kept(workspace, make, *asked)

    monkeypatch.setattr(load, "screen", fail)
    app = screen()
    assert not app.exception
    assert len(app.error) == 2
    assert "**Followers by day**" in texts(app)
    assert "secret" not in texts(app)
