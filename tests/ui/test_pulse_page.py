"""The Pulse page over a real store: live, paused, empty, failing; and its chart."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from analytics.metrics.registry import METRICS
from charts import pulse as chart
from core import clock, records
from core.clock import epoch_ms
from core.errors import PermissionMissing, SourceUnavailable
from services import pulse
from storage import comments, entities, readings
from tests.services.seeded import Seeded
from tests.ui.conftest import HOSTILE, texts
from ui import load

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch):
    """The clock stands; `now[0]` moves it."""
    hands = [NOW]
    monkeypatch.setattr(clock, "utc_now", lambda: hands[0])
    return hands


@pytest.fixture
def busy(sqlite_database, now):
    """Instagram with nine read posts, a new one that takes off and has a hostile caption, and numbers of today."""
    made = Seeded(sqlite_database, now=NOW)
    account = made.account("instagram", "Harbour")
    with sqlite_database.write() as connection:
        connection.execute(text("UPDATE account SET created_at = :at"), {"at": epoch_ms(NOW - timedelta(days=60))})
    for number in range(9):
        post(made, account, f"p{number}", NOW - timedelta(days=9 + number), [(4, 100), (6, 200)], "Hi")
    post(made, account, "new", NOW - timedelta(hours=5.5), [(1, 80), (5, 480)], HOSTILE)
    made.facts(account, "likes", {NOW.date(): 40.0})
    return made


def post(made, account, name, published_at, series, caption):
    with made.database.write() as connection:
        found = [records.Post(name, "reel", published_at, caption)]
        made_id = entities.upsert_posts(connection, made.id, account, found)[name]
        rows = [
            (made_id, METRICS[metric].id, epoch_ms(published_at + timedelta(hours=age)), value / share)
            for age, value in series
            for metric, share in (("views", 1.0), ("likes", 8.0))
        ]
        readings.write(connection, made.id, rows)


def open_page(screen, **params):
    app = screen(**params)
    app.switch_page("../pages/overview/pulse.py").run()
    assert not app.exception
    return app


def said(app):
    return texts(app).replace("\\", "").replace("\u200b", "")


def test_it_shows_cards_hours_posts_and_freshness(screen, busy):
    app = open_page(screen)
    assert [one.label for one in app.metric] == [
        "Engagement, last 24 h", "Engagement today", "Views today", "New followers today", "Posts today",
    ]  # fmt: skip
    (drawn,) = app.get("vega_lite_chart")
    assert "last 24 hours" in drawn.proto.alt
    table = app.dataframe[0].value
    assert table["Speed"].tolist() == [pytest.approx(3.2)]
    assert table["Usually"].tolist() == ["150 views at 5 h, of 9 posts of its kind"]
    assert "How fresh is it?" in said(app)
    assert "Instagram · Harbour" in said(app)


def test_it_says_that_it_is_live_and_as_of_when(screen, busy):
    assert "Live · read at 09:30:00" in said(open_page(screen))


def test_it_marks_a_viral_post(screen, busy):
    app = open_page(screen)
    assert "Taking off" in said(app)
    assert "3.2× usual at 5 h" in said(app)
    assert app.dataframe[0].value["Mark"].tolist() == ["Viral"]


def test_it_stays_quiet_when_nothing_takes_off(screen, sqlite_database, now):
    made = Seeded(sqlite_database, now=NOW)
    post(made, made.account("instagram"), "new", NOW - timedelta(hours=5.5), [(5, 480)], "Hi")
    app = open_page(screen)
    assert "Taking off" not in said(app)
    assert "not enough posts yet: 0 of 8 at this age" in app.dataframe[0].value["Usually"].tolist()


def test_it_never_reads_a_caption_as_markdown(screen, busy):
    app = open_page(screen)
    for kind in ("markdown", "caption", "title"):
        assert not any("**Bold** <script>" in str(element.value) for element in app.get(kind))
    assert any(HOSTILE[:20] in str(element.value) for element in app.get("text"))


def test_it_reads_again_when_time_has_passed(screen, busy, now):
    app = open_page(screen)
    now[0] = NOW + timedelta(seconds=30)
    assert "read at 09:30:30" in said(app.run())


def test_it_can_be_paused_and_goes_on(screen, busy):
    app = open_page(screen)
    app.toggle(key="pulse_live").set_value(False).run()
    assert "Paused · read at" in said(app)
    app.toggle(key="pulse_live").set_value(True).run()
    assert "Live · read at" in said(app)


def test_it_renews_itself_every_30_seconds_unless_paused(screen, busy, monkeypatch):
    import streamlit as st

    asked = []
    real = st.fragment

    def fragment(function=None, **options):
        asked.append(options.get("run_every"))
        return real(function, **options)

    monkeypatch.setattr(st, "fragment", fragment)
    app = open_page(screen)
    assert asked[-1] == 30
    app.toggle(key="pulse_live").set_value(False).run()
    assert asked[-1] is None


def test_it_says_that_there_are_no_recent_posts_and_no_numbers_yet(screen, sqlite_database, now):
    made = Seeded(sqlite_database, now=NOW)
    made.account("instagram")
    app = open_page(screen)
    assert "No posts in the last 7 days" in said(app)
    assert "No number: " in said(app)
    assert [one.value for one in app.metric] == ["n/a"] * 5


def test_it_tells_of_an_account_that_is_not_being_read(screen, busy):
    with busy.database.write() as connection:
        from storage import connections

        made = connections.add(connection, busy.id, "instagram", "Harbour", now=NOW, state="attention")
        connections.update(
            connection,
            busy.id,
            made,
            reason="The login has run out.",
            last_success_at=epoch_ms(NOW - timedelta(days=2)),
        )
        connection.execute(text("UPDATE account SET connection_id = :made"), {"made": made})
    (warning,) = open_page(screen).warning
    assert warning.value.replace("\\", "") == ("Instagram is not being read since 19 Nov 09:30. The login has run out.")


def test_it_keeps_the_last_numbers_while_the_store_is_busy(screen, busy, monkeypatch):
    app = open_page(screen)

    def fail(*_):
        raise SourceUnavailable("The database is busy.")

    monkeypatch.setattr(load, "pulse_screen", fail)
    app.run()
    assert not app.exception
    assert "The database is busy. Still showing 09:30:00" in said(app)
    assert app.metric


def test_it_shows_no_numbers_of_other_filters_while_the_store_is_busy(screen, busy, monkeypatch):
    app = open_page(screen)

    def fail(*_):
        raise SourceUnavailable("The database is busy.")

    monkeypatch.setattr(load, "pulse_screen", fail)
    app.multiselect(key="p").set_value(["instagram"]).run()
    assert "The database is busy." in said(app)
    assert not app.metric


def test_it_tells_what_to_do_about_a_missing_permission(screen, busy, monkeypatch):
    def fail(*_):
        raise PermissionMissing("Instagram refused.", hint="Connect it again.")

    monkeypatch.setattr(load, "pulse_screen", fail)
    assert "Instagram refused. Connect it again." in said(open_page(screen))


def test_it_narrows_to_the_platforms_that_are_chosen(screen, busy):
    other = busy.account("youtube", "Films")
    post(busy, other, "film", NOW - timedelta(hours=2), [(1, 10)], "A film")
    app = open_page(screen)
    assert len(app.dataframe[0].value) == 2
    app.multiselect(key="p").set_value(["youtube"]).run()
    assert app.dataframe[0].value["Post"].tolist() == ["A film"]


def test_it_says_demo_on_a_demo(screen, busy):
    with busy.database.write() as connection:
        connection.execute(text("UPDATE workspace SET kind = 'demo'"))
    assert any("Demo data" in str(element.value) for element in open_page(screen).get("markdown"))


# The chart


def rows(busy):
    return chart.rows(pulse.pulse(busy.viewer, now=NOW).hours, {"instagram": "Instagram"})


def test_it_draws_an_hour_as_far_as_it_is_known(busy):
    shown = rows(busy)
    assert len(shown) == 24
    assert shown["known"].tolist() == [True] * 23 + [False], "the last reading was at nine"
    assert shown["words"].iloc[-1] == "not read yet"
    assert shown["when"].iloc[-1] == "Sat 21 Nov, 09:00"
    assert shown["sure"].iloc[-1] == min(shown["sure"])


def test_it_stacks_platforms_and_names_hours_that_were_not_read(busy):
    spec = chart.bars(rows(busy), "Engagement").to_dict()
    (bars,) = [layer for layer in spec["layer"] if layer["mark"]["type"] == "bar"]
    found = spec["datasets"][bars["data"]["name"]]
    assert all(row["top"] - row["base"] == pytest.approx(row["value"]) for row in found)
    assert sum(row["value"] for row in found) == pytest.approx(60)
    (gap,) = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rect"]
    assert len(spec["datasets"][gap["data"]["name"]]) == 1


def test_it_draws_words_when_there_is_nothing_to_draw(sqlite_database):
    made = Seeded(sqlite_database, now=NOW)
    made.account("instagram")
    assert chart.bars(rows(made), "Engagement").to_dict()["mark"]["type"] == "text"


def test_it_shows_what_people_write_without_their_names(screen, busy):
    with busy.database.write() as connection:
        (account,) = entities.accounts(connection, busy.id)
        heard = records.Comment("c1", HOSTILE, NOW - timedelta(hours=2), post="new", author="Ada Lovelace", likes=1)
        known = entities.post_moments(connection, busy.id, [account.id])
        posts = {external: made_id for made_id, external, _, _ in known}
        comments.upsert(connection, busy.id, account.id, [heard], posts, NOW)
    app = open_page(screen)
    assert HOSTILE in [one.value for one in app.text], "as it was written, never as markup"
    assert "comment on “" in said(app) and "2 h ago" in said(app) and "1 like" in said(app)
    assert "Ada Lovelace" not in said(app)
    app.toggle(key="comment_names").set_value(True).run()
    assert "Ada Lovelace" in said(app)


def test_it_says_when_nobody_wrote_anything(screen, busy):
    assert "Nothing was written yet" in said(open_page(screen))
