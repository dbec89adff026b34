"""The sync against a real HTTP server and both databases."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.metrics.registry import METRICS
from connectors.base import Stream
from core.clock import epoch_day, epoch_ms
from core.errors import StoreBusy
from core.records import Fact
from services import sync
from services.installation import leasing
from storage import comments, connections, coverage, facts, leases, runs
from tests.services import harbour
from tests.services.harbour import NOW, Harbour

TODAY = epoch_day(date(2026, 11, 21))


@pytest.fixture
def quay():
    made = Harbour(posts=[{"id": "p1", "at": "2026-11-20T10:00:00+00:00", "comments": 5.0}])
    server = harbour.serve(made)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def joined(monkeypatch, database, quay):
    harbour.install(monkeypatch)
    return harbour.connect(database, quay)


def read(database, joined, metric, *, dimension=0, as_of=None):
    with database.read() as connection:
        found = facts.read(
            connection,
            joined[0],
            metric_ids=[METRICS[metric].id],
            grain=1,
            dimension_id=dimension,
            first_day=0,
            last_day=TODAY + 9,
            as_of_ms=as_of,
        )
    return dict(zip(found["day"], found["value"], strict=True))


def states(database, joined, metric):
    """day -> (state, reason)."""
    with database.read() as connection:
        found = coverage.read(connection, joined[0], [joined[2]], [METRICS[metric].id], TODAY - 5000, TODAY + 9)
    return {day: (row.state, row.reason) for row in found.itertuples() for day in range(row.from_day, row.to_day + 1)}


def run_of(database, joined, run_id):
    with database.read() as connection:
        return runs.get(connection, joined[0], run_id)


def entry(run, stream):
    return next(one for one in run.streams.values() if one["stream"] == stream)


def row_of(database, joined):
    with database.read() as connection:
        return connections.get(connection, joined[0], joined[1])


def everything(database):
    """Every row of what a sync stores."""
    with database.read() as connection:
        return {
            table: sorted(map(tuple, connection.exec_driver_sql(f"SELECT {columns} FROM {table}")))
            for table, columns in {
                "fact": "metric_id, grain, dimension_id, day, member_id, value",
                "fact_revision": "metric_id, day, value",
                "reading": "metric_id, value",
                "post": "external_id",
                "coverage": "metric_id, from_day, to_day, state, reason",
                "stream_cursor": "stream, forward_to, back_to",
            }.items()
        }


def test_it_reads_recent_days_first_and_all_history_after(database, joined, quay):
    quay.opened = date(2020, 1, 1)
    told = []
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW, progress=lambda *one: told.append(one)))
    assert (run.outcome, run.reason, run.progress) == ("ok", "", 1.0)
    views = read(database, joined, "views")
    assert sorted(views) == list(range(TODAY - 79, TODAY + 1))
    days = [line.split()[1] for line in quay.asked if line.startswith("/daily")]
    assert days == sorted(days, reverse=True)
    first_past = next(at for at, line in enumerate(quay.asked) if line == "/daily 2026-09-13")
    assert all(quay.asked.index(line) < first_past for line in quay.asked if line.startswith("/likes"))
    assert (
        told[0][0] == 0.0
        and told[-1] == (1.0, "Done.")
        and [share for share, _ in told] == sorted(share for share, _ in told)
    )
    assert run.requests == len(quay.asked)
    assert len(read(database, joined, "views", dimension=6)) == 80


def test_it_changes_nothing_when_it_runs_twice(database, joined):
    sync.sync_connection(*joined[:2], now=NOW, trigger="request")
    before = everything(database)
    again = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW, trigger="request"))
    assert everything(database) == before
    assert (again.facts, again.readings) == (0, 0)


def test_it_keeps_the_old_value_of_a_restated_day(database, joined, quay):
    sync.sync_connection(*joined[:2], now=NOW)
    old = read(database, joined, "views")[TODAY - 1]
    quay.changed["2026-11-20"] = 4321.0
    later = NOW + timedelta(hours=5)
    sync.sync_connection(*joined[:2], now=later)
    assert read(database, joined, "views")[TODAY - 1] == 4321.0
    assert read(database, joined, "views", as_of=epoch_ms(NOW + timedelta(hours=1)))[TODAY - 1] == old


def test_it_reads_only_the_look_back_the_next_day(database, joined, quay):
    sync.sync_connection(*joined[:2], now=NOW)
    quay.asked.clear()
    sync.sync_connection(*joined[:2], now=NOW + timedelta(days=1))
    assert [line for line in quay.asked if "daily" in line] == ["/daily 2026-11-20"]


def test_it_leaves_a_stream_alone_until_its_time_has_come(database, joined, quay):
    sync.sync_connection(*joined[:2], now=NOW)
    quay.asked.clear()
    sync.sync_connection(*joined[:2], now=NOW + timedelta(hours=1))
    assert quay.asked == ["/posts "]


def test_it_says_not_yet_for_days_that_may_still_change(database, joined):
    sync.sync_connection(*joined[:2], now=NOW)
    said = states(database, joined, "views")
    assert said[TODAY][0] == "not_yet"
    assert said[TODAY - 1][0] == "not_yet"
    assert said[TODAY - 2] == ("measured", "")


def test_it_never_takes_a_missing_day_for_zero(database, joined, quay):
    quay.missing.add("2026-11-10")
    sync.sync_connection(*joined[:2], now=NOW)
    missing = epoch_day(date(2026, 11, 10))
    assert missing not in read(database, joined, "views")
    assert states(database, joined, "views")[missing][0] == "not_offered"


@pytest.mark.parametrize(
    ("fault", "state", "outcome", "coverage_state"),
    [
        ("absent", "skipped", "ok", "not_offered"),
        ("refused", "failed", "partial", "failed"),
        ("drift", "failed", "partial", "failed"),
        ("later", "later", "partial", "not_yet"),
    ],
)
def test_it_lets_a_stream_fail_alone(monkeypatch, database, joined, quay, fault, state, outcome, coverage_state):
    monkeypatch.setattr("connectors.http.FIRST_BACKOFF_S", 0.001)
    quay.faults["likes"] = fault
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    assert (run.outcome, entry(run, "likes")["state"]) == (outcome, state)
    assert entry(run, "likes")["reason"]
    assert entry(run, "daily")["state"] == "ok"
    assert len(read(database, joined, "views")) > 60
    assert read(database, joined, "likes") == {}
    assert states(database, joined, "likes")[TODAY - 5][0] == coverage_state
    assert row_of(database, joined).state == "active"


def test_it_fills_what_failed_once_the_platform_answers_again(database, joined, quay):
    quay.faults["likes"] = "refused"
    sync.sync_connection(*joined[:2], now=NOW)
    quay.faults.clear()
    sync.sync_connection(*joined[:2], now=NOW + timedelta(hours=5))
    assert len(read(database, joined, "likes")) == 40
    assert states(database, joined, "likes")[TODAY - 5] == ("measured", "")


def test_it_lets_a_missing_permission_cost_only_its_stream(database, joined, quay):
    quay.faults["likes"] = "forbidden"
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    row = row_of(database, joined)
    assert (run.outcome, run.reason, run.hint) == ("partial", "The harbour does not let us read this.", "Grant it.")
    assert (row.state, row.reason) == ("active", "") and row.next_run_at is not None
    assert len(read(database, joined, "views")) == 80 and read(database, joined, "likes") == {}
    assert states(database, joined, "likes")[TODAY - 5][0] == "not_permitted"
    quay.faults.clear()
    sync.sync_connection(*joined[:2], now=NOW + timedelta(hours=5))
    assert len(read(database, joined, "likes")) == 40


@pytest.mark.parametrize("fault", ["expired", "forbidden"])
def test_it_stops_a_connection_that_a_person_must_mend(database, joined, quay, fault):
    quay.faults |= {"daily": fault} if fault == "expired" else dict.fromkeys(("daily", "likes", "posts"), fault)
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    row = row_of(database, joined)
    assert run.outcome == "failed"
    assert (row.state, row.reason) == ("attention", harbour.ERRORS[fault].message)
    assert row.hint and row.next_run_at is None
    assert fault == "forbidden" or not [line for line in quay.asked if "likes" in line]
    quay.faults.clear()
    sync.sync_connection(*joined[:2], now=NOW + timedelta(hours=1), trigger="request")
    assert (row_of(database, joined).state, row_of(database, joined).reason) == ("active", "")


def test_it_waits_as_long_as_the_platform_asks(database, joined, quay):
    quay.faults["likes"] = "limited"
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    assert (run.outcome, run.reason) == ("partial", "The harbour asks us to slow down.")
    assert row_of(database, joined).next_run_at == epoch_ms(NOW + timedelta(seconds=600))
    quay.faults.clear()
    with database.write() as connection:  # the limits run by the real clock, the sync by the one we give it
        connection.exec_driver_sql("DELETE FROM rate_block")
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW + timedelta(seconds=600)))
    assert run.outcome == "ok"
    assert len(read(database, joined, "likes")) == 40
    assert len(read(database, joined, "views")) == 80


def test_it_backs_off_from_a_platform_that_is_down(monkeypatch, database, joined, quay):
    monkeypatch.setattr("connectors.http.FIRST_BACKOFF_S", 0.001)
    quay.faults.update(dict.fromkeys(("daily", "likes", "posts"), "later"))
    waits = []
    for _ in range(3):
        run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
        waits.append(row_of(database, joined).next_run_at - epoch_ms(NOW))
    assert run.outcome == "failed"
    assert waits == [300_000, 600_000, 1_200_000]
    assert len([line for line in quay.asked if "daily" in line or "posts" in line]) <= 3 * 8


def test_it_sets_back_a_cursor_that_lies_in_the_future(database, joined):
    with database.write() as connection:
        runs.save_cursor(
            connection, joined[0], joined[2], "daily",
            forward_to=TODAY + 400, back_to=TODAY + 300, state={"pending": [[TODAY + 5, TODAY + 9]]},
            ran_at=epoch_ms(NOW + timedelta(days=400)),
        )  # fmt: skip
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    assert "future" in entry(run, "daily")["notes"][0]
    assert TODAY in read(database, joined, "views")
    with database.read() as connection:
        assert runs.cursor(connection, joined[0], joined[2], "daily").forward_to <= TODAY


def test_it_reads_days_that_were_asked_for_again(database, joined, quay):
    sync.sync_connection(*joined[:2], now=NOW)
    quay.changed["2026-10-05"] = 77.0
    quay.asked.clear()
    sync.sync_connection(*joined[:2], now=NOW, trigger="backfill", first=date(2026, 10, 1), last=date(2026, 10, 7))
    assert "/daily 2026-10-01" in quay.asked
    assert read(database, joined, "views")[epoch_day(date(2026, 10, 5))] == 77.0


def test_it_refuses_records_that_make_no_sense(monkeypatch, database, joined, quay):
    bad = [
        Fact("no_such_metric", date(2026, 11, 21), 1.0),
        Fact("views", date(2026, 11, 21), float("nan")),
        Fact("views", date(2026, 12, 30), 1.0),
        Fact("engagement_rate", date(2026, 11, 21), 1.0),
        Fact("quotes", date(2026, 11, 21), 1.0),
    ]
    for record in bad:
        stream = Stream("odd", "Odd", lambda source, window, record=record: iter([record]), ("views",), window_days=9)
        harbour.install(monkeypatch, replace(harbour.CONNECTOR, streams=(stream,)))
        run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW, trigger="request"))
        assert (run.outcome, entry(run, "odd")["state"]) == ("failed", "failed"), record
    assert read(database, joined, "views") == {}


def test_it_survives_a_bug_in_a_connector_and_names_it_in_the_log(monkeypatch, database, joined, caplog):
    def broken(source, window):
        raise KeyError("surprise")
        yield

    streams = (Stream("odd", "Odd", broken, ("shares",)), *harbour.CONNECTOR.streams)
    harbour.install(monkeypatch, replace(harbour.CONNECTOR, streams=streams))
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    assert run.outcome == "partial"
    number = run.reason.split("Error ")[1].rstrip(".")
    assert number in caplog.text and "surprise" in caplog.text
    assert "token-very-secret" not in caplog.text


def test_it_leaves_out_a_stream_without_its_permission(monkeypatch, database, quay):
    harbour.install(monkeypatch)
    joined = harbour.connect(database, quay, scopes=("other",))
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    assert entry(run, "likes")["state"] == "not_permitted"
    assert "read|admin" in states(database, joined, "likes")[TODAY - 3][1]
    assert run.outcome == "ok"
    assert TODAY in read(database, joined, "views")


def test_it_syncs_a_connection_once_at_a_time(database, joined):
    other = leasing.Lease(database, f"sync/{joined[1]}", 30)
    assert other.take()
    with pytest.raises(StoreBusy):
        sync.sync_connection(*joined[:2], now=NOW)
    other.release()
    sync.sync_connection(*joined[:2], now=NOW)


def test_it_writes_nothing_once_another_process_has_taken_over(monkeypatch, database, joined, quay):
    """A process that slept through its lease must not store what it read before."""
    taken = []

    def steal(source, window):
        if not taken:
            taken.append(True)
            with database.write() as connection:
                leases.release(connection, f"sync/{joined[1]}", leases.last(connection, f"sync/{joined[1]}").holder)
                leases.acquire(connection, f"sync/{joined[1]}", "thief", 60, datetime.now(UTC))
        yield from harbour.read_daily(source, window)

    stream = replace(harbour.CONNECTOR.streams[1], read=steal)
    harbour.install(monkeypatch, replace(harbour.CONNECTOR, streams=(stream,)))
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    assert run.outcome == "interrupted"
    assert read(database, joined, "views") == {}


def test_it_comes_back_sooner_while_a_post_is_young(database, joined, quay):
    sync.sync_connection(*joined[:2], now=NOW)
    assert row_of(database, joined).next_run_at == epoch_ms(NOW + timedelta(hours=1))
    sync.sync_connection(*joined[:2], now=NOW + timedelta(days=2))
    assert row_of(database, joined).next_run_at == epoch_ms(NOW + timedelta(days=2, hours=4))


def test_it_counts_posts_by_the_day_they_went_out(database, joined, quay):
    quay.posts.append({"id": "p2", "at": "2026-11-18T23:59:00+00:00", "comments": 1.0})
    sync.sync_connection(*joined[:2], now=NOW)
    assert read(database, joined, "posts_published") == {TODAY - 3: 1.0, TODAY - 2: 0.0, TODAY - 1: 1.0, TODAY: 0.0}
    sync.sync_connection(*joined[:2], now=NOW + timedelta(days=2))
    assert read(database, joined, "posts_published")[TODAY + 2] == 0.0


def test_it_makes_daily_numbers_from_readings(database, joined, quay):
    def at(day, hour, **counts):
        known = {post["id"]: post for post in quay.posts}
        for name, value in counts.items():
            known[name]["comments"] = float(value)
        sync.sync_connection(*joined[:2], now=datetime(2026, 11, day, hour, 30, tzinfo=UTC))

    at(21, 22, p1=10)
    assert read(database, joined, "comments") == {}
    at(22, 22, p1=16)
    quay.posts.append({"id": "new", "at": "2026-11-23T08:00:00+00:00", "comments": 0.0})
    quay.posts.append({"id": "old", "at": "2026-01-23T08:00:00+00:00", "comments": 0.0})
    at(23, 22, p1=15, new=7, old=900)
    at(24, 12, p1=17, old=903)
    found = read(database, joined, "comments")
    assert found == {TODAY + 1: 6.0, TODAY + 2: 7.0, TODAY + 3: 4.0}
    said = states(database, joined, "comments")
    assert said[TODAY][0] == "not_offered" and said[TODAY - 40][0] == "not_offered"
    assert said[TODAY + 1] == ("measured", "")
    assert said[TODAY + 3][0] == "not_yet"
    at(25, 22, p1=20)
    assert states(database, joined, "comments")[TODAY + 3][0] == "estimated"
    assert read(database, joined, "comments")[TODAY + 4] == 3.0
    at(28, 22, p1=40)
    assert TODAY + 5 not in read(database, joined, "comments") and TODAY + 7 not in read(database, joined, "comments")
    assert states(database, joined, "comments")[TODAY + 6][0] == "failed"


def test_it_marks_a_run_whose_process_died(database, joined):
    with database.write() as connection:
        dead = runs.start(connection, joined[0], joined[1], "schedule", NOW)
    assert sync.close_dead_runs(database, datetime.now(UTC)) == 1
    assert run_of(database, joined, dead).outcome == "interrupted"


def test_it_goes_on_where_it_stopped(monkeypatch, database, joined, quay):
    harbour.install(monkeypatch, harbour.slower(0))
    whole = harbour.connect(database, quay)
    sync.sync_connection(*whole[:2], now=NOW)
    wanted = read(database, whole, "views")
    stop = threading.Event()
    told = []

    def after_a_few(share, text):
        told.append(share)
        if len(told) == 20:
            stop.set()

    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW, stop=stop, progress=after_a_few))
    assert run.outcome == "interrupted"
    assert 0 < len(read(database, joined, "views")) < len(wanted)
    quay.asked.clear()
    sync.sync_connection(*joined[:2], now=NOW)
    assert read(database, joined, "views") == wanted
    assert len(quay.asked) < 125


def test_it_keeps_what_people_said_once(database, joined, quay):
    quay.posts[0]["said"] = [
        {"id": "c1", "text": "Fair winds!", "at": "2026-11-20T11:00:00+00:00"},
        {"id": "c2", "text": "Saw you at the pier.", "at": "2026-11-20T12:00:00+00:00", "post": "not-ours"},
    ]
    first = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    again = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW + timedelta(hours=5)))
    assert (first.comments, again.comments, entry(first, "posts")["comments"]) == (2, 0, 2)
    with database.read() as connection:
        found = comments.newest(connection, joined[0], [joined[2]])
    assert [(one.text, one.post_id is None) for one in found] == [
        ("Saw you at the pier.", True),
        ("Fair winds!", False),
    ]


def test_it_refuses_a_comment_from_the_future(database, joined, quay):
    quay.posts[0]["said"] = [{"id": "c1", "text": "Soon.", "at": "2027-01-01T00:00:00+00:00"}]
    run = run_of(database, joined, sync.sync_connection(*joined[:2], now=NOW))
    assert entry(run, "posts")["state"] == "failed"
    with database.read() as connection:
        assert comments.newest(connection, joined[0], [joined[2]]) == []
