"""The month's budget of metered reads: counted, estimated, kept to, and nothing lost by it. X, over real HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analytics.metrics.registry import METRICS
from connectors.base import Depth, Tariff
from core import clock
from core.clock import epoch_ms
from core.errors import BadSetting, NotAllowed, NotFound, NotOffered
from core.ports import Purchase
from core.viewer import Right, Viewer
from sandbox.x import NORTHWIND
from services import sync
from services.connecting import budget, choices, connections, consent
from services.installation import demo
from services.team import workspaces
from storage import comments, entities, facts, runs
from storage import connections as stored
from tests.fixtures_sandbox import NOW
from tests.services import harbour
from tests.services.harbour import Harbour

DAY = timedelta(days=1)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def viewer(database, at):
    made = workspaces.create("Quayside", now=NOW)
    connections.save_app_keys(made, "x", "id-1", "secret-1")
    return made


@pytest.fixture
def x(viewer, sandbox):
    """X, consented and active, not read yet."""
    made = connections.add(viewer, "x", gateway=sandbox.url, now=NOW)
    state, code, error = demo.allow(
        consent.begin(viewer, made, redirect_uri="http://127.0.0.1:8501/oauth/callback", browser_nonce="b", now=NOW)
    )
    consent.finish(state=state, code=code, error=error, browser_nonce="b", now=NOW)
    return made


def read(database, viewer, x, now=NOW, trigger="schedule"):
    run_id = sync.sync_connection(viewer.workspace_id, x, now=now, trigger=trigger)
    with database.read() as connection:
        return runs.get(connection, viewer.workspace_id, run_id)


def states(run):
    return {entry["stream"]: entry["state"] for entry in run.streams.values()}


def published(database, viewer, x):
    with database.read() as connection:
        ids = [one.id for one in entities.accounts(connection, viewer.workspace_id, connection_id=x)]
        return [external for _, external, _, _ in entities.post_moments(connection, viewer.workspace_id, ids)]


def own_posts(sandbox, since, now=NOW):
    found = sandbox.world.account(NORTHWIND).posts(now)
    return {post.id for post in found if post.kind != "retweet" and post.published_at.date() > (now - since).date()}


def row_of(database, viewer, x):
    with database.read() as connection:
        return stored.get(connection, viewer.workspace_id, x)


def asked(sandbox, end):
    return sum(seen.path.endswith(end) for seen in sandbox.app.seen)


# -- counting


def test_it_counts_every_thing_that_was_read_once(database, viewer, x, sandbox):
    run = read(database, viewer, x)
    assert run.outcome == "ok"
    found = budget.view(viewer, x, now=NOW)
    posts, young = own_posts(sandbox, 365 * DAY), own_posts(sandbox, 30 * DAY)
    assert {line.what: line.things for line in found.lines} | {"Details of posts": 0} == {
        "Posts": len(posts), "Profile": 1, "Details of posts": 0,
    }  # fmt: skip
    analyses = next(line.things for line in found.lines if line.what == "Details of posts")
    assert len(young) - 3 <= analyses <= len(young)
    assert found.spent == pytest.approx(0.005 * len(posts) + 0.01 + 0.005 * analyses)
    assert (found.budget, found.month.isoformat(), found.renews.isoformat()) == (10.0, "2026-11-01", "2026-12-01")
    view = connections.get(viewer, x, now=NOW)
    assert (view.spent, view.budget, view.resting) == (found.spent, 10.0, "")


def test_it_pays_once_a_day_and_again_the_next(database, viewer, x, at):
    read(database, viewer, x)
    first = budget.view(viewer, x, now=NOW).spent
    at(NOW + timedelta(hours=7))
    read(database, viewer, x, NOW + timedelta(hours=7), "request")
    assert budget.view(viewer, x, now=NOW).spent == pytest.approx(first)
    at(NOW + DAY)
    read(database, viewer, x, NOW + DAY)
    assert budget.view(viewer, x, now=NOW).spent > first + 0.1


def test_it_counts_in_the_demo_and_never_stops_there(database, viewer, x, monkeypatch):
    budget.set_budget(viewer, x, 0.0, now=NOW)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE workspace SET kind = 'demo'")
    assert read(database, viewer, x).outcome == "ok"
    found = budget.view(viewer, x, now=NOW)
    assert found.is_demo and found.spent > 1


# -- the hard stop


def test_it_stops_at_the_budget_and_goes_on_where_it_stopped_once_it_is_raised(database, viewer, x, sandbox):
    budget.set_budget(viewer, x, 1.0, now=NOW)
    run = read(database, viewer, x)
    found, row = budget.view(viewer, x, now=NOW), row_of(database, viewer, x)
    assert (run.outcome, run.reason) == ("partial", "The monthly budget of $1 for X is used up.")
    assert run.hint == "Reading resumes on 1 December, or raise the budget."
    assert 0.4 < found.spent <= 1.0
    assert states(run)["past_posts"] == "resting" and states(run)["posts"] == "ok"
    assert (row.state, row.reason) == ("active", "") and row.next_run_at is not None
    assert connections.get(viewer, x, now=NOW).resting == f"{run.reason} {run.hint}"
    before = published(database, viewer, x)
    assert own_posts(sandbox, 30 * DAY) <= set(before) < own_posts(sandbox, 365 * DAY)

    budget.set_budget(viewer, x, 10.0, now=NOW)
    assert row_of(database, viewer, x).next_run_at == epoch_ms(NOW)
    again = read(database, viewer, x)
    assert again.outcome == "ok"
    after = published(database, viewer, x)
    assert len(after) == len(set(after)) and set(after) == own_posts(sandbox, 365 * DAY)
    assert connections.get(viewer, x, now=NOW).resting == ""


def test_it_reads_nothing_with_a_budget_of_nothing(database, viewer, x, sandbox):
    budget.set_budget(viewer, x, 0.0, now=NOW)
    before, spent = len(sandbox.app.seen), budget.view(viewer, x, now=NOW).spent
    run = read(database, viewer, x)
    assert (run.outcome, run.requests) == ("resting", 0)
    assert run.reason == "X is not read: its reads cost money, and their monthly budget is $0."
    assert len(sandbox.app.seen) == before
    assert budget.view(viewer, x, now=NOW).spent == spent
    row = row_of(database, viewer, x)
    assert (row.state, row.next_run_at) == ("active", epoch_ms(NOW + DAY)), "it looks once a day, and makes no noise"


def test_it_begins_anew_with_the_month(database, viewer, x, at, sandbox):
    late = DECEMBER - timedelta(hours=5)
    at(late)
    budget.set_budget(viewer, x, 0.0, now=late)
    quiet = read(database, viewer, x, late)
    assert connections.get(viewer, x, now=late).last_success is None
    assert (quiet.outcome, row_of(database, viewer, x).next_run_at) == ("resting", epoch_ms(DECEMBER))
    with database.read() as connection:
        assert stored.due(connection, DECEMBER - timedelta(seconds=1)) == []
        assert [one.id for one in stored.due(connection, DECEMBER)] == [x]
    at(DECEMBER)
    budget.set_budget(viewer, x, 10, now=DECEMBER)
    assert read(database, viewer, x, DECEMBER).outcome == "ok"
    assert own_posts(sandbox, 300 * DAY, DECEMBER) <= set(published(database, viewer, x))
    assert 1 < budget.view(viewer, x, now=DECEMBER).spent < 10


def test_it_loses_no_post_of_a_month_that_rested(database, viewer, x, at, sandbox):
    """Forty days without a reading: longer than new posts are looked back for."""
    read(database, viewer, x)
    budget.set_budget(viewer, x, 0.0, now=NOW)
    for day in (1, 20, 39):
        at(NOW + day * DAY)
        assert read(database, viewer, x, NOW + day * DAY).outcome == "resting"
    later = NOW + 40 * DAY
    at(later)
    budget.set_budget(viewer, x, 10, now=later)
    read(database, viewer, x, later)
    found = published(database, viewer, x)
    assert len(found) == len(set(found))
    assert own_posts(sandbox, 200 * DAY, later) <= set(found)


def test_it_lets_go_on_what_costs_nothing(monkeypatch, database):
    """Only one stream of this platform is metered."""
    tariff = Tariff(
        {"post": 1.0},
        lambda path, params: Purchase({}, {"post": 1} if path == "/likes" else {}),
        lambda path, body: {"post": ["1"]} if path == "/likes" else {},
        monthly_budget=0.0,
        back_days=30,
        newest=10,
        depth=lambda client: Depth(0, NOW.date()),
    )
    harbour.install(monkeypatch, replace(harbour.CONNECTOR, tariff=tariff))
    quay = Harbour()
    server = harbour.serve(quay)
    where = harbour.connect(database, quay)
    run_id = sync.sync_connection(*where[:2], now=NOW)
    server.shutdown()
    server.server_close()
    with database.read() as connection:
        run = runs.get(connection, where[0], run_id)
        daily = facts.read(
            connection, where[0], metric_ids=[METRICS["views"].id], grain=1, dimension_id=0, first_day=0, last_day=99999
        )
        row = stored.get(connection, *where[:2])
    assert states(run) == {"posts": "ok", "daily": "ok", "likes": "resting"}
    assert len(daily) >= 80 and not [line for line in quay.asked if "likes" in line]
    assert row.next_run_at == epoch_ms(NOW + timedelta(hours=4)), "the others keep their rhythm"


# -- before and ahead


def test_it_estimates_the_first_reading_from_the_profile(viewer, x, sandbox):
    before = asked(sandbox, "/users/me")
    found = budget.estimate(viewer, x, now=NOW)
    in_all = len(sandbox.world.account(NORTHWIND).posts(NOW))
    assert (found.posts, found.opened, found.price, found.days) == (in_all, NORTHWIND.opened, 0.005, 365)
    age = (NOW.date() - NORTHWIND.opened).days
    assert found.choices[365].things == round(in_all * 365 / age)
    assert found.choices[3650].things == min(3200, in_all)
    assert found.at_most == pytest.approx(min(3200, in_all) * 0.005)
    assert found.choices[365].formula.startswith(
        f"First reading, posts: about {found.choices[365].things:,} × $0.005 = $"
    )
    assert budget.estimate(viewer, x, now=NOW) == found
    assert asked(sandbox, "/users/me") == before + 1, "it is looked up once"


def test_it_comes_close_with_its_estimate(database, viewer, x):
    expected = budget.estimate(viewer, x, now=NOW).choices[365].cost
    read(database, viewer, x)
    posts = next(line for line in budget.view(viewer, x, now=NOW).lines if line.what == "Posts")
    assert posts.cost == pytest.approx(expected, rel=0.35)


def test_it_caps_the_estimate_at_what_the_platform_gives(viewer, x, database):
    with database.write() as connection:
        stored.update(
            connection, viewer.workspace_id, x, options={"depth": [50_000, clock.epoch_day(NORTHWIND.opened)]}
        )
    found = budget.estimate(viewer, x, now=NOW)
    assert (found.choices[3650].things, found.at_most) == (3200, 16.0)


def test_it_forecasts_by_the_ladder_and_the_young_posts(database, viewer, x, sandbox):
    read(database, viewer, x)
    young = len(own_posts(sandbox, 30 * DAY))
    found = budget.view(viewer, x, now=NOW)
    by_name = {line.what: line for line in found.forecast}
    assert by_name["Posts"].things == pytest.approx(30 * young, rel=0.07)
    assert by_name["Details of posts"].things == pytest.approx(10 * young, rel=0.07)
    assert (by_name["Profile"].things, by_name["Profile"].cost) == (30, pytest.approx(0.3))
    assert found.month_end == pytest.approx(found.spent + found.next_30_days * (DECEMBER - NOW) / (30 * DAY))
    choices.set_ladder(viewer, x, {30 * DAY: 2 * DAY})
    slower = budget.view(viewer, x, now=NOW)
    assert {line.what: line for line in slower.forecast}["Posts"].things == pytest.approx(
        16 / 30 * by_name["Posts"].things
    )


def test_it_forecasts_what_a_day_then_costs(database, viewer, x, at):
    read(database, viewer, x)
    forecast, first = budget.view(viewer, x, now=NOW).next_30_days, budget.view(viewer, x, now=NOW).spent
    for day in range(1, 4):
        for hours in (0, 8):
            at(NOW + day * DAY + timedelta(hours=hours))
            read(database, viewer, x, NOW + day * DAY + timedelta(hours=hours))
    spent = budget.view(viewer, x, now=NOW).spent - first
    assert spent == pytest.approx(forecast / 10, rel=0.25)


# -- choices


@pytest.mark.parametrize("amount", [-1, float("nan"), 10**9])
def test_it_refuses_a_budget_that_is_none(viewer, x, amount):
    with pytest.raises(BadSetting):
        budget.set_budget(viewer, x, amount)


def test_it_pays_only_for_the_days_that_a_deeper_history_adds(database, viewer, x, sandbox):
    budget.set_depth(viewer, x, 90, now=NOW)
    read(database, viewer, x)
    assert set(published(database, viewer, x)) == own_posts(sandbox, 90 * DAY)
    known = asked(sandbox, "/tweets")
    budget.set_depth(viewer, x, 365, now=NOW)
    assert row_of(database, viewer, x).options["backfill"] == [
        clock.epoch_day(NOW.date()) - 364,
        clock.epoch_day(NOW.date()) - 90,
    ]
    read(database, viewer, x)
    assert set(published(database, viewer, x)) == own_posts(sandbox, 365 * DAY)
    assert asked(sandbox, "/tweets") - known <= 10 + 4
    with pytest.raises(BadSetting):
        budget.set_depth(viewer, x, 12345)


def test_it_reads_less_of_the_past_when_a_person_wants_less(database, viewer, x, sandbox):
    budget.set_budget(viewer, x, 1.0, now=NOW)
    read(database, viewer, x)
    budget.set_depth(viewer, x, 30, now=NOW)
    budget.set_budget(viewer, x, 10.0, now=NOW)
    before = set(published(database, viewer, x))
    assert read(database, viewer, x).outcome == "ok"
    assert set(published(database, viewer, x)) == before | own_posts(sandbox, 30 * DAY)


def test_it_reads_mentions_only_where_a_person_wants_them(database, viewer, x, sandbox, at):
    assert "mentions" not in states(read(database, viewer, x))
    assert asked(sandbox, "/mentions") == 0
    (option,) = connections.get(viewer, x, now=NOW).optional
    assert (option.name, option.on, option.price) == ("mentions", False, 0.005)
    spent = budget.view(viewer, x, now=NOW).spent
    choices.switch(viewer, x, "mentions", on=True)
    run = read(database, viewer, x)
    assert states(run)["mentions"] == "ok" and run.comments > 3
    assert budget.view(viewer, x, now=NOW).spent == pytest.approx(spent + run.comments * 0.005)
    assert "Mentions and replies" in {line.what for line in budget.view(viewer, x, now=NOW).forecast}
    at(NOW + timedelta(hours=7))
    assert read(database, viewer, x, NOW + timedelta(hours=7)).comments <= 3, "only what is new is asked for"
    with database.read() as connection:
        (account,) = entities.accounts(connection, viewer.workspace_id, connection_id=x)
        said = comments.newest(connection, viewer.workspace_id, [account.id])
    assert any(one.kind == "reply" and one.post_id for one in said)
    assert any(one.kind == "mention" and one.post_id is None for one in said)
    choices.switch(viewer, x, "mentions", on=False)
    assert not connections.get(viewer, x, now=NOW).optional[0].on
    with pytest.raises(NotFound):
        choices.switch(viewer, x, "profile", on=False)


def test_it_reads_posts_as_often_as_the_ladder_says(database, viewer, x, at):
    steps = connections.get(viewer, x, now=NOW).ladder
    assert [(one.age, one.every) for one in steps] == [(2 * DAY, timedelta(hours=2)), (30 * DAY, timedelta(hours=6))]
    choices.set_ladder(viewer, x, {2 * DAY: timedelta(hours=1), 30 * DAY: 2 * DAY})
    assert [one.every for one in connections.get(viewer, x, now=NOW).ladder] == [timedelta(hours=1), 2 * DAY]
    read(database, viewer, x)
    assert row_of(database, viewer, x).next_run_at == epoch_ms(NOW + timedelta(hours=1))
    seen = {}
    for hours in (1, 30, 48):
        at(NOW + timedelta(hours=hours))
        run = read(database, viewer, x, NOW + timedelta(hours=hours))
        seen[hours] = {entry["stream"]: entry["windows"] for entry in run.streams.values()}
    assert [seen[hours]["counters"] for hours in (1, 30, 48)] == [1, 1, 1]
    assert [seen[hours]["older_counters"] for hours in (1, 30, 48)] == [0, 0, 1]
    choices.set_ladder(viewer, x, {30 * DAY: timedelta(hours=6)})
    assert row_of(database, viewer, x).options["young_posts"] == {}, "as suggested is not kept"
    for wrong in ({2 * DAY: timedelta(minutes=1)}, {3 * DAY: DAY}):
        with pytest.raises(BadSetting):
            choices.set_ladder(viewer, x, wrong)


def test_it_shows_the_platforms_own_count_beside_ours(viewer, x, sandbox):
    budget.ask_platform(viewer, x, now=NOW)
    found = budget.view(viewer, x, now=NOW)
    assert found.usage == {"read": 445 * 21, "cap": 3_000_000, "days_left": 10, "at": epoch_ms(NOW)}
    connections.save_app_keys(viewer, "x", "id-1", "another-secret")
    with pytest.raises(NotOffered, match="own count"):
        budget.ask_platform(viewer, x, now=NOW)


def test_it_forgets_what_was_spent_with_the_data(database, viewer, x):
    read(database, viewer, x)
    connections.disconnect(viewer, x, delete_data=True)
    with database.read() as connection:
        for table in ("spend", "spend_today"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table


def test_it_asks_for_the_right_to_manage_and_keeps_workspaces_apart(viewer, x):
    reader = Viewer("reader", viewer.workspace_id, frozenset({Right.READ}))
    assert budget.view(reader, x, now=NOW)
    stranger = workspaces.create("Elsewhere", now=NOW)
    acts = (
        lambda who: budget.set_budget(who, x, 5),
        lambda who: budget.set_depth(who, x, 90),
        lambda who: budget.estimate(who, x),
        lambda who: budget.ask_platform(who, x),
        lambda who: choices.switch(who, x, "mentions", on=True),
        lambda who: choices.set_ladder(who, x, {}),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act(reader)
        with pytest.raises(NotFound):
            act(stranger)
