"""Consent, accounts and health, against the sandbox over real HTTP."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.base import ApiVersion
from core.errors import AuthorisationExpired, BadQuestion, BadSetting, NotAllowed, NotConnected, NotFound, StoreBusy
from core.viewer import Right, Viewer
from services import sync
from services.connecting import connections, consent, credentials, platforms, trial
from services.installation import demo, leasing
from services.team import workspaces
from storage import connections as stored
from storage import entities
from tests.fixtures_sandbox import NOW

REDIRECT = "http://127.0.0.1:8501/oauth/callback"
NONCE = "browser-1"


@pytest.fixture
def viewer(database):
    made = workspaces.create("Quayside", now=NOW)
    connections.save_app_keys(made, "x", "id-1", "secret-1")
    return made


@pytest.fixture
def waiting(viewer, sandbox):
    return connections.add(viewer, "x", gateway=sandbox.url, now=NOW)


def begin(viewer, connection_id, **more):
    return consent.begin(viewer, connection_id, **{"redirect_uri": REDIRECT, "browser_nonce": NONCE, "now": NOW} | more)


def finish(state, code, error="", nonce=NONCE, now=NOW):
    return consent.finish(state=state, code=code, error=error, browser_nonce=nonce, now=now)


def test_it_connects_lists_accounts_and_is_due(database, viewer, waiting):
    done = finish(*demo.allow(begin(viewer, waiting)))
    assert (done.workspace_id, done.connection_id) == (viewer.workspace_id, waiting)
    (view,) = connections.list_all(viewer, now=NOW)
    assert (view.state, view.title, view.name) == ("active", "X", "Northwind Coffee")
    assert [account.id for account in view.accounts] == list(done.accounts)
    assert view.next_run == NOW
    assert view.login_ends is None, "a login that renews itself is nothing to warn of"
    with database.read() as connection:
        assert [row.id for row in stored.due(connection, NOW)] == [waiting]


def test_it_binds_the_state_to_the_browser(viewer, waiting):
    state, code, _ = demo.allow(begin(viewer, waiting))
    with pytest.raises(AuthorisationExpired):
        finish(state, code, nonce="another browser")
    with pytest.raises(AuthorisationExpired, match="not valid"):
        finish(state, code)


def test_it_takes_a_state_once_and_for_ten_minutes(viewer, waiting):
    state, code, _ = demo.allow(begin(viewer, waiting))
    finish(state, code)
    with pytest.raises(AuthorisationExpired):
        finish(state, code)
    state, code, _ = demo.allow(begin(viewer, waiting))
    with pytest.raises(AuthorisationExpired):
        finish(state, code, now=NOW + timedelta(minutes=10, seconds=1))


@pytest.mark.parametrize("state", ["", "forged", "A" * 43])
def test_it_refuses_a_state_it_never_gave(viewer, waiting, state):
    with pytest.raises(AuthorisationExpired):
        finish(state, "code")


def test_it_uses_a_new_long_state_every_time(viewer, waiting):
    def state():
        query = parse_qs(urlsplit(begin(viewer, waiting)).query)
        assert query["code_challenge_method"] == ["S256"]
        return query["state"][0]

    seen = {state() for _ in range(5)}
    assert len(seen) == 5 and all(len(one) * 6 >= 128 for one in seen)


def test_it_changes_nothing_when_the_person_refuses(viewer, waiting):
    state, _, _ = demo.allow(begin(viewer, waiting))
    with pytest.raises(NotConnected, match="not given"):
        finish(state, "", error="access_denied")
    assert connections.get(viewer, waiting).state == "new"


def test_it_tells_what_is_missing_before_sending_anybody_away(viewer, sandbox):
    other = connections.add(viewer, "instagram", gateway=sandbox.url, now=NOW)
    with pytest.raises(BadSetting, match="client id"):
        begin(viewer, other)
    with pytest.raises(BadSetting):
        connections.save_app_keys(viewer, "x", "  ", "secret")


def test_it_keeps_no_secret_in_the_clear(database, viewer, waiting):
    state, code, _ = demo.allow(begin(viewer, waiting))
    finish(state, code)
    token = credentials.VaultTokens(database, viewer.workspace_id, waiting).load()
    with database.read() as connection:
        tables = ("connection", "oauth_state", "secret", "setting")
        dump = "".join(str(tuple(row)) for t in tables for row in connection.exec_driver_sql(f"SELECT * FROM {t}"))
    for secret in (token.access_token, token.refresh_token, "secret-1", state, code):
        assert secret and secret not in dump
        assert secret not in repr(token)


def test_it_keeps_the_account_when_the_connection_ends(database, viewer, waiting):
    (account,) = finish(*demo.allow(begin(viewer, waiting))).accounts
    connections.disconnect(viewer, waiting, delete_data=False)
    assert connections.list_all(viewer) == []
    with database.read() as connection:
        assert entities.account(connection, viewer.workspace_id, account).connection_id is None


def test_it_reads_on_under_the_same_account_after_a_reconnect(viewer, waiting, sandbox):
    first = finish(*demo.allow(begin(viewer, waiting))).accounts
    connections.disconnect(viewer, waiting, delete_data=False)
    again = connections.add(viewer, "x", gateway=sandbox.url, now=NOW)
    assert finish(*demo.allow(begin(viewer, again))).accounts == first


def test_it_deletes_data_when_asked(database, viewer, waiting):
    finish(*demo.allow(begin(viewer, waiting)))
    sync.sync_connection(viewer.workspace_id, waiting, now=NOW)
    connections.disconnect(viewer, waiting, delete_data=True)
    with database.read() as connection:
        for table in ("account", "post", "fact", "reading", "coverage", "stream_cursor", "connection", "spend"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table
        assert connection.exec_driver_sql("SELECT count(*) FROM secret WHERE owner_id <> 0").scalar() == 0


def test_it_does_not_disconnect_what_is_being_read(database, viewer, waiting):
    lease = leasing.Lease(database, f"sync/{waiting}", 30)
    assert lease.take()
    with pytest.raises(StoreBusy):
        connections.disconnect(viewer, waiting, delete_data=True)
    assert connections.get(viewer, waiting).state == "new"


def test_it_shows_the_health_of_a_connection(viewer, waiting):
    finish(*demo.allow(begin(viewer, waiting)))
    sync.sync_connection(viewer.workspace_id, waiting, now=NOW)
    view = connections.get(viewer, waiting, now=NOW)
    assert (view.last_success, view.running, view.progress, len(view.runs)) == (NOW, False, 1.0, 1)
    assert view.next_run == NOW + view.every or view.next_run < NOW + view.every
    assert view.facts > 0 and view.requests > 0
    assert [card.state for card in connections.available(viewer) if card.platform == "x"] == ["connected"]


def test_it_asks_for_syncs_and_back_fills(database, viewer, waiting):
    finish(*demo.allow(begin(viewer, waiting)))
    connections.sync_now(viewer, waiting, now=NOW)
    assert connections.get(viewer, waiting).requested
    connections.backfill(viewer, waiting, date(2026, 1, 1), date(2026, 2, 1), now=NOW)
    sync.sync_connection(viewer.workspace_id, waiting, now=NOW, trigger="request")
    assert not connections.get(viewer, waiting).requested
    with database.read() as connection:
        assert "backfill" not in stored.get(connection, viewer.workspace_id, waiting).options
    with pytest.raises(BadQuestion):
        connections.backfill(viewer, waiting, date(2027, 1, 1), date(2027, 2, 1), now=NOW)


def test_it_chooses_accounts_and_rhythm(viewer, waiting):
    (account,) = finish(*demo.allow(begin(viewer, waiting))).accounts
    connections.select_accounts(viewer, waiting, [account])
    with pytest.raises(BadSetting):
        connections.select_accounts(viewer, waiting, [])
    with pytest.raises(BadSetting):
        connections.select_accounts(viewer, waiting, [account + 1])
    connections.set_cadence(viewer, waiting, 12)
    assert connections.get(viewer, waiting).every == timedelta(hours=12)
    connections.set_cadence(viewer, waiting, None)
    assert connections.get(viewer, waiting).every == timedelta(hours=2)
    with pytest.raises(BadSetting):
        connections.set_cadence(viewer, waiting, 0.01)


def test_it_pauses_and_resumes(database, viewer, waiting):
    finish(*demo.allow(begin(viewer, waiting)))
    connections.pause(viewer, waiting)
    with database.read() as connection:
        assert stored.due(connection, NOW + timedelta(days=9)) == []
    connections.resume(viewer, waiting, now=NOW)
    assert connections.get(viewer, waiting).state == "active"


@pytest.mark.parametrize(
    ("days", "said"), [(20, ""), (13.5, "in 13 days"), (1.5, "in 1 day."), (0.5, "today"), (-1, "has run out")]
)
def test_it_warns_before_a_login_runs_out(days, said):
    warning = connections.login_warning("Instagram", NOW + timedelta(days=days), NOW)
    assert said in warning and bool(said) == bool(warning)
    assert connections.login_warning("X", None, NOW) == ""


BEFORE = "LinkedIn ends version 202607 of its interface on 15 Jul 2027. Update Plumbline before then, or reading stops."
AFTER = "LinkedIn ended version 202607 of its interface on 15 Jul 2027. Update Plumbline to go on reading."


@pytest.mark.parametrize(
    ("days", "said"),
    [(61, ""), (60, BEFORE), (1, BEFORE), (0, AFTER), (-1, AFTER), (-400, AFTER)],
    ids=["too early", "60 days before", "the day before", "on the day", "the day after", "long after"],
)
def test_it_warns_before_and_after_a_version_of_an_interface_ends(days, said):
    ends = date(2027, 7, 15)
    assert connections.version_warning("LinkedIn", ApiVersion("202607", ends), ends - timedelta(days=days)) == said


def test_it_says_nothing_of_a_version_without_an_end():
    assert connections.version_warning("X", ApiVersion("2"), date(2099, 1, 1)) == ""


@pytest.mark.parametrize(("days", "is_said"), [(61, False), (60, True), (-1, True)])
def test_it_shows_the_end_of_a_version_with_the_connection(viewer, waiting, monkeypatch, days, is_said):
    declared = platforms.connectors()
    ageing = replace(declared["x"], api_version=ApiVersion("2", NOW.date() + timedelta(days=days)))
    monkeypatch.setattr(platforms, "connectors", lambda: {**declared, "x": ageing})
    (view,) = connections.list_all(viewer, now=NOW)
    assert ("version 2 of its interface" in view.version_warning) is is_said
    assert connections.get(viewer, waiting, now=NOW).version_warning == view.version_warning


def test_it_asks_for_the_right_to_manage(viewer, waiting):
    reader = Viewer("reader", viewer.workspace_id, frozenset({Right.READ}))
    assert connections.list_all(reader)
    for act in (
        lambda: connections.sync_now(reader, waiting),
        lambda: connections.disconnect(reader, waiting, delete_data=True),
        lambda: begin(reader, waiting),
        lambda: connections.save_app_keys(reader, "x", "a", "b"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_it_keeps_workspaces_apart(viewer, waiting):
    stranger = workspaces.create("Elsewhere", now=NOW)
    for act in (connections.get, connections.sync_now, connections.pause):
        with pytest.raises(NotFound):
            act(stranger, waiting)
    assert connections.list_all(stranger) == []


def test_it_renews_a_token_once_for_many_processes(database, viewer, waiting):
    finish(*demo.allow(begin(viewer, waiting)))
    tokens = credentials.VaultTokens(database, viewer.workspace_id, waiting)
    other = credentials.VaultTokens(database, viewer.workspace_id, waiting)
    with tokens.exclusive():
        assert not other._take(f"token/{waiting}", "other")
    with other.exclusive():
        pass


def test_it_tries_every_metric_and_stores_nothing(database, viewer, waiting, sandbox):
    finish(*demo.allow(begin(viewer, waiting)))
    tried = {(one.stream, one.metric): one for one in trial.read(viewer, waiting, now=NOW)}
    assert tried["Profile and followers", "followers"].values == 1
    assert tried["New posts", "likes"].values > 20
    sandbox.faults.set("x", "missing_scope", only="/users/")
    refused = [one for one in trial.read(viewer, waiting, now=NOW) if one.stream == "New posts"]
    assert all(not one.values and one.reason and one.hint for one in refused)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM fact").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM post").scalar() == 0
