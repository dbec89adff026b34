"""Every trouble of a platform, from the wire to the words on the Connections page: what a person then reads, that the
sync goes on by itself or once it is mended, and that no number was lost or doubled on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from analytics.metrics.registry import METRICS
from core import clock
from core.viewer import owner
from services import sync
from services.connecting import connections as connecting
from services.connecting import consent, platforms
from services.installation import demo
from storage import connections, workspaces
from storage.database import open_database, use
from tests.ui.conftest import open_screen, texts

REDIRECT = "http://127.0.0.1:8501/oauth/callback"
PLATFORMS = ("facebook", "instagram", "linkedin", "tiktok", "x", "youtube")
DAYS = 12


@dataclass(frozen=True)
class Trouble:
    """`fault` of the sandbox and its options. `state` of the connection and `words` on the page while it lasts; on the
    platforms in `ends` a person must consent again; `only` where it can happen, else everywhere."""

    fault: str
    words: tuple[str, ...]
    state: str = "active"
    ends: tuple[str, ...] = ()
    only: tuple[str, ...] = PLATFORMS
    options: dict[str, Any] = field(default_factory=dict)


KEPT = "Nothing that was read is lost."
NO_RENEWAL = ("facebook", "instagram")
RETIRED = {
    "facebook": "page_video_views",
    "instagram": "profile_views",
    "linkedin": "shareCount",
    "tiktok": "profile_views",
    "x": "bookmark_count",
    "youtube": "dislikes",
}
TROUBLES = {
    "an outage": Trouble("server_error", ("Last read failed", "The last read failed.", "Next try", KEPT)),
    "a rate-limit wall": Trouble("rate_limited", ("Next try", KEPT), options={"retry_after_s": 5400}),
    "a monthly cap": Trouble(
        "rate_limited",
        ("Limit used up", "own monthly limit of posts read is used up", "once X counts anew", "once a day", KEPT[:-1]),
        only=("x",),
        options={"cap": True},
    ),
    "an expired token": Trouble("expired_token", ("Connect",), ends=NO_RENEWAL),
    "a revoked token": Trouble("revoked_token", ("Needs attention", "Connect again"), "attention", ends=PLATFORMS),
    "a missing permission": Trouble("missing_scope", ("permission",), state="any"),
    "a retired metric": Trouble("retired_metric", ("Connected",)),
}
EVERY = [
    pytest.param(platform, trouble, id=f"{name}-{platform}")
    for name, trouble in TROUBLES.items()
    for platform in trouble.only
]


def shorter(stream):
    return replace(stream, history_days=min(stream.history_days, DAYS), lookback_days=min(stream.lookback_days, DAYS))


@pytest.fixture(autouse=True)
def short_history(monkeypatch):
    """Twelve days of every stream: what matters here is what happens around a trouble."""
    every = {
        name: replace(one, streams=tuple(map(shorter, one.streams))) for name, one in platforms.connectors().items()
    }
    monkeypatch.setattr(platforms, "connectors", lambda: every)


def joined(database, sandbox, platform, now):
    with database.write() as connection:
        viewer = owner(workspaces.create(connection, "Shop", now=now, time_zone="Europe/Berlin"))
    connecting.save_app_keys(viewer, platform, "app-of-the-shop", "secret-of-the-shop")
    made = demo.connect(viewer, platform, sandbox.url, now)
    with database.write() as connection:
        connections.update(connection, viewer.workspace_id, made, next_run_at=clock.epoch_ms(now))
    return viewer, made


def everything(database):
    """What a person would see as numbers, by names instead of ids, without the moments of reading."""
    posts = "post.external_id FROM reading JOIN post ON post.id = reading.post_id"
    with database.read() as connection:
        ask = connection.exec_driver_sql
        return {
            "fact": sorted(map(tuple, ask(
                "SELECT metric_id, grain, fact.dimension_id, day, account.external_id, member.key, value FROM fact"
                " JOIN account ON account.id = fact.account_id LEFT JOIN member ON member.id = fact.member_id"
                " AND member.dimension_id = fact.dimension_id AND member.workspace_id = fact.workspace_id"
            )), key=str),
            "reading": sorted(map(tuple, ask(f"SELECT metric_id, captured_at, value, {posts}"))),
            "post": sorted(map(tuple, ask("SELECT external_id, kind, published_at, text FROM post"))),
            "comment": sorted(map(tuple, ask("SELECT external_id, kind, text FROM comment"))),
            "coverage": sorted(
                (account, metric, day, state)
                for account, metric, first, last, state in ask(
                    "SELECT account.external_id, metric_id, from_day, to_day, state FROM coverage"
                    " JOIN account ON account.id = coverage.account_id WHERE state <> 'not_yet'"
                )
                for day in range(first, last + 1)
            ),
        }  # fmt: skip


def due(database, hands):
    with database.read() as connection:
        return connections.due(connection, hands.moment)


def run_what_is_due(database, hands):
    asked = due(database, hands)
    for row in asked:
        sync.sync_connection(row.workspace_id, row.id)
    return asked


def reconnect(viewer, connection_id):
    """What the one button does: consent again, for the same connection."""
    address = consent.begin(viewer, connection_id, redirect_uri=REDIRECT, browser_nonce="again")
    state, code, error = demo.allow(address)
    consent.finish(state=state, code=code, error=error, browser_nonce="again")


def undisturbed(tmp_path, sandbox, platform, hands, moments):
    """What a twin knows that was read at the same moments and had no trouble; and once it has read all days again."""
    kept = hands.moment
    store = open_database(f"sqlite:///{tmp_path / 'twin.db'}", tmp_path / "twin")
    use(store)
    hands.moment = moments[0]
    viewer, made = joined(store, sandbox, platform, moments[0])
    for moment in moments:
        hands.moment = moment
        sync.sync_connection(viewer.workspace_id, made)
    found = everything(store)
    hands.moment = kept
    again = read_again(store, viewer, made, hands)
    store.close()
    return found, again


def read_again(database, viewer, made, hands):
    today = hands.moment.date()
    sync.sync_connection(viewer.workspace_id, made, trigger="backfill", first=today - timedelta(days=DAYS), last=today)
    return everything(database)


def without_values(known):
    """The numbers that are there, whatever they are: a look-back that was due in between may have corrected some."""
    return known | {"fact": [row[:-1] for row in known["fact"]], "coverage": []}


def out_of_reach(view, platform, about):
    """The metrics that could not be read for a while: the retired one, and those of streams without permission."""
    declared = platforms.connector(platform)
    closed = {
        entry["stream"] for run in view.runs for entry in run.streams.values() if entry["state"] == "not_permitted"
    }
    names = {metric for stream in declared.streams if stream.name in closed for metric in stream.metrics}
    for metric in METRICS.values():
        if any(source.platform == platform and source.field in about.values() for source in metric.sources):
            names.add(metric.name)
    return {METRICS[name].id for name in names}


def beside(known, metrics):
    """All the rest, of which nothing may be lost."""
    return known | {
        "fact": [row for row in known["fact"] if row[0] not in metrics],
        "reading": [row for row in known["reading"] if row[0] not in metrics],
        "coverage": [row for row in known["coverage"] if row[1] not in metrics],
        "comment": known["comment"] if not metrics else [],
    }


def assert_same(mine, twin):
    for table, rows in mine.items():
        lost, extra = sorted(set(twin[table]) - set(rows), key=str), sorted(set(rows) - set(twin[table]), key=str)
        assert (lost[:5], extra[:5]) == ([], []), table
        assert len(rows) == len(twin[table]), f"{table}: doubled"


@pytest.mark.slow
@pytest.mark.parametrize(("platform", "trouble"), EVERY)
def test_it_says_what_is_wrong_and_loses_nothing(database, sandbox, hands, tmp_path, platform, trouble):
    viewer, made = joined(database, sandbox, platform, hands.moment)
    moments = [hands.moment]
    run_what_is_due(database, hands)
    before = everything(database)

    hands.wait(hours=26)
    about = {"metric": RETIRED[platform]} if trouble.fault == "retired_metric" else {}
    sandbox.faults.set(platform, trouble.fault, **trouble.options, **about)
    ends = hands.moment + timedelta(hours=2)
    while hands.moment < ends:
        began = hands.moment
        if run_what_is_due(database, hands) and connecting.get(viewer, made).runs[0].outcome in {
            "ok",
            "partial",
        }:
            moments.append(began)
        hands.wait(minutes=5)
    view = connecting.get(viewer, made)
    waits = view.state == "attention"
    assert trouble.state == "any" or view.state == ("attention" if platform in trouble.ends else trouble.state)
    said = page_of(made)
    for words in trouble.words:
        assert words in said, said
    assert {row[:2] for row in before["post"]} <= {row[:2] for row in everything(database)["post"]}

    sandbox.faults.clear()
    if waits:
        assert due(database, hands) == [], "it waits for a person"
        reconnect(viewer, made)
    while not (asked := due(database, hands)):
        hands.wait(minutes=5)
        assert hands.moment < ends + timedelta(hours=24), "it never came back"
    moments.append(hands.moment)
    assert [row.id for row in asked] == [made]
    run_what_is_due(database, hands)
    view = connecting.get(viewer, made, n_runs=100)
    assert (view.state, view.reason, view.runs[0].outcome) == ("active", "", "ok"), view.runs[0].reason
    mine = everything(database)
    mine_again = read_again(database, viewer, made, hands)
    twin, twin_again = undisturbed(tmp_path, sandbox, platform, hands, moments)
    hit = out_of_reach(view, platform, about)
    assert_same(without_values(beside(mine, hit)), without_values(beside(twin, hit)))
    assert_same(beside(mine_again, hit), beside(twin_again, hit))


def page_of(connection_id):
    app = open_screen()
    app.switch_page("../pages/data/connections.py")
    app.query_params["connection"] = str(connection_id)
    app.run()
    assert not app.exception
    return texts(app) + "\n".join(str(table.value) for table in app.dataframe)
