"""The demo: all platforms, real OAuth and real connectors, over real HTTP."""

from datetime import timedelta

import pytest

from analytics.metrics.registry import METRICS
from core.clock import epoch_day, epoch_ms
from core.errors import AppError, NotConnected
from services.connecting import connections, platforms
from services.installation import demo
from services.team import workspaces
from storage import coverage, entities, facts, readings
from tests.fixtures_sandbox import NOW


@pytest.mark.slow
def test_it_fills_all_platforms_and_leaves_nothing_behind(sqlite_database, sandbox, monkeypatch):
    monkeypatch.setattr(demo, "REHEARSED_DAYS", 8)
    told = []
    viewer = demo.start(sandbox.url, progress=lambda share, text: told.append((share, text)), now=NOW)
    assert workspaces.get(viewer.workspace_id).kind == "demo"
    views = connections.list_all(viewer, now=NOW)
    assert {view.platform for view in views} == {card.platform for card in connections.available(viewer)}
    for view in views:
        assert (view.state, view.runs[0].outcome, view.is_demo) == ("active", "ok", True), view.runs[0].reason
        assert view.accounts
    shares = [share for share, _ in told]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1.0)
    assert sandbox.app.unexpected == []
    assert demo.start(sandbox.url) == viewer, "there is only one"
    assert demo.remove() and not demo.remove()
    assert demo.existing() is None
    with sqlite_database.read() as connection:
        for table in ("account", "post", "fact", "reading", "coverage", "secret", "sync_run"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table


@pytest.mark.slow
def test_it_gives_x_daily_numbers_from_rehearsed_evenings(sqlite_database, sandbox, monkeypatch):
    monkeypatch.setattr(demo, "REHEARSED_DAYS", 8)
    x = platforms.connector("x")
    monkeypatch.setattr(platforms, "connectors", lambda: {"x": x})
    viewer = demo.start(sandbox.url, now=NOW)
    today, metric = epoch_day(NOW.date()), METRICS["impressions"].id
    with sqlite_database.read() as connection:
        (account,) = entities.accounts(connection, viewer.workspace_id)
        found = facts.read(
            connection, viewer.workspace_id, metric_ids=[metric], grain=1, dimension_id=0,
            first_day=today - 99, last_day=today,
        )  # fmt: skip
        known = coverage.read(connection, viewer.workspace_id, [account.id], [metric], today - 99, today)
    assert found["day"].tolist() == list(range(today - 7, today + 1))
    assert (found["value"] >= 0).all() and found["value"].sum() > 0
    said = {day: row.state for row in known.itertuples() for day in range(row.from_day, row.to_day + 1)}
    assert {said[day] for day in range(today - 99, today - 7)} == {"not_offered"}
    assert {said[day] for day in range(today - 7, today)} == {"measured"}
    runs = connections.list_all(viewer)[0].runs
    assert [run.trigger for run in runs] == ["connect", "connect", *["rehearsal"] * 8]


@pytest.mark.slow
def test_it_reads_posts_on_rehearsed_evenings_so_that_their_curves_show(sqlite_database, sandbox, monkeypatch):
    monkeypatch.setattr(demo, "REHEARSED_DAYS", 8)
    youtube = platforms.connector("youtube")
    monkeypatch.setattr(platforms, "connectors", lambda: {"youtube": youtube})
    viewer = demo.start(sandbox.url, now=NOW)
    with sqlite_database.read() as connection:
        posts = entities.posts(connection, viewer.workspace_id)
        before = posts[posts["published_at"] < epoch_ms(NOW - timedelta(days=9))]
        young = before[before["published_at"] > epoch_ms(NOW - timedelta(days=18))]["id"].tolist()
        found = readings.history(connection, viewer.workspace_id, young, [METRICS["views"].id])
    assert young
    assert found.groupby("post_id")["captured_at"].nunique().min() >= 5, "a counter that stood still is not kept twice"
    assert (found.groupby("post_id")["value"].diff().dropna() > 0).all()


@pytest.mark.parametrize(
    ("platform", "long_ago", "lately", "in_turn"),
    [
        ("facebook", "profile young_posts posts", *["profile young_posts posts"] * 2),
        ("instagram", "profile", "profile young_media", "profile media"),
        ("linkedin", "profile", "profile young_posts", "profile young_posts"),
        ("tiktok", "profile", "profile young_videos", "profile young_videos"),
        ("x", "profile posts counters older_counters", *["profile posts counters older_counters"] * 2),
        ("youtube", "channel", "channel young_videos", "channel young_videos"),
    ],
)
def test_it_rehearses_what_tells_no_past(platform, long_ago, lately, in_turn):
    declared = platforms.connector(platform)
    assert [set(demo.rehearsed_streams(declared, back)) for back in (62, 29, 30)] == [
        set(words.split()) for words in (long_ago, lately, in_turn)
    ]


def test_it_leaves_no_empty_demo_when_the_sandbox_does_not_answer(sqlite_database):
    with pytest.raises(NotConnected, match="sandbox"):
        demo.start("http://127.0.0.1:9")
    assert demo.existing() is None


def test_it_brings_nothing_back_to_life_when_it_is_removed_while_it_fills(database, sandbox, monkeypatch):
    monkeypatch.setattr(demo, "REHEARSED_DAYS", 6)
    x = platforms.connector("x")
    monkeypatch.setattr(platforms, "connectors", lambda: {"x": x})

    def remove_in_the_middle(share, text):
        if "evening" in text:
            demo.remove()

    with pytest.raises(AppError):
        demo.start(sandbox.url, now=NOW, progress=remove_in_the_middle)
    with database.read() as connection:
        for table in ("workspace", "connection", "account", "post", "fact", "reading", "coverage", "sync_run"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table
