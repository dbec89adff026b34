"""Every panel says how new its numbers are, in one way."""

from datetime import UTC, datetime, timedelta

import pytest

from core.question import Explanation, Input, Period
from services.quality import fresh as ages
from services.quality.fresh import ConnectionAge
from ui import fresh

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = Period(NOW.date(), NOW.date())


@pytest.fixture
def connections(monkeypatch):
    """The connections there are, by platform; a list to fill."""
    found = []
    monkeypatch.setattr(fresh.clock, "utc_now", lambda: NOW)
    monkeypatch.setattr(fresh, "_connections", lambda shown: [one for one in found if one.platform in shown])
    return found


def plain(line):
    """As it looks: without what keeps words from being read as Markdown."""
    return line.replace("\\", "").replace("\u200b", "")


def connection(platform, state=ages.ON_TIME, next_min=20):
    return ConnectionAge(1, platform, platform.title(), "", state, "Because.", None, NOW - timedelta(hours=3),
                         NOW + timedelta(minutes=next_min), ())  # fmt: skip


def made(*inputs, **more):
    told = tuple(Input("views", "Views", platform, "views", 1.0, 1, NOW - age) for platform, age in inputs)
    return Explanation("views", "Views", "", "", told, "", (), DAY, None, **more)


def test_it_tells_the_oldest_ingredient_and_the_next_read(connections):
    connections += [connection("x"), connection("tiktok", next_min=200), connection("youtube", next_min=1)]
    said = fresh.of(made(("x", timedelta(minutes=5)), ("tiktok", timedelta(hours=4))))
    assert plain(said) == ":green[●] read 4 h ago, next in 20 min"


def test_it_turns_amber_when_a_number_is_old(connections):
    assert plain(fresh.of(made(("x", timedelta(days=3))))) == ":orange[●] old: read 3 days ago"


def test_it_turns_amber_and_says_what_is_held_up(connections):
    connections += [connection("x", ages.ATTENTION), connection("tiktok", ages.RETRYING)]
    one = made(("x", timedelta(hours=1)), ("tiktok", timedelta(hours=1)))
    assert plain(fresh.of(one)) == ":orange[●] read 1 h ago, X: needs a person"
    assert fresh.hindered(one) == ["X: Because."]
    connections[1] = connection("tiktok", ages.LATE)
    assert plain(fresh.of(one)) == ":orange[●] read 1 h ago, 2 platforms held up"


def test_it_says_when_a_study_was_computed(connections):
    assert plain(fresh.of(made(computed_at=NOW - timedelta(hours=2)))) == ":green[●] computed 2 h ago"
    assert plain(fresh.computed(NOW - timedelta(days=3))) == ":orange[●] old: computed 3 days ago"
    assert fresh.computed(None) == ""


def test_it_takes_the_moment_that_an_explanation_gives(connections):
    assert plain(fresh.of(made(read_at=NOW - timedelta(minutes=9)))) == ":green[●] read 9 min ago"


def test_it_says_it_on_every_panel_with_numbers(screen, filled):
    app = screen()
    captions = [one.value for one in app.caption if "[●] " in one.value and ":small" not in one.value]
    assert len([one for one in captions if "interactions" in one or "followers at the end" in one]) == 3
