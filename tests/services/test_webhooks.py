"""A notice that is genuine, new and of this moment leads to a read; nothing else does anything."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors import webhooks as schemes
from core import config
from core.errors import NotAllowed, NotFound
from core.records import Account
from core.viewer import Viewer
from sandbox import webhooks as senders
from scheduler.job import Context
from scheduler.jobs import webhooks as job
from services import sync
from services.connecting import connections, credentials, platforms, webhooks
from services.installation import site
from services.team import workspaces
from storage import connections as stored
from storage import entities, hooks, runs, vault
from tests.fixtures_sandbox import NOW

SECRET = "canary-app-secret"
PUBLIC = "https://numbers.example.org"
FEED = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="


def minutes(count):
    return timedelta(minutes=count)


@pytest.fixture
def viewer(database):
    made = workspaces.create("Quayside", now=NOW)
    connections.save_app_keys(made, "instagram", "app-1", SECRET)
    return made


def link(database, viewer, *accounts, platform="instagram", state="active", gateway=""):
    """A connection with these accounts, by external id."""
    with database.write() as connection:
        made = stored.add(connection, viewer.workspace_id, platform, "", now=NOW, state=state, gateway=gateway)
        found = [Account(one, f"Account {one}") for one in accounts]
        entities.upsert_accounts(connection, viewer.workspace_id, platform, found, now=NOW, connection_id=made)
    return made


@pytest.fixture
def linked(database, viewer):
    return link(database, viewer, "1784", "1785")


def send(parcel, platform="instagram", now=NOW, **more):
    headers = {name.lower(): value for name, value in parcel.headers.items()}
    return webhooks.receive(platform, headers, parcel.body, now=now, **more)


def comment(account="1784", secret=SECRET, now=NOW):
    return senders.meta("instagram", account, secret, now)


def waits(database, connection_id, now=NOW + timedelta(minutes=1)):
    """Whether a read because of a notice is due."""
    return connection_id in [row.id for row in webhooks.waiting(database, now)]


def read(database, viewer, connection_id, now):
    """As the scheduler does when it begins."""
    with database.write() as connection:
        run = runs.start(connection, viewer.workspace_id, connection_id, runs.NOTICE, now)
        runs.finish(connection, viewer.workspace_id, run, "ok", now)


def test_it_has_the_connection_read(database, viewer, linked):
    assert send(comment()) == 1
    assert not waits(database, linked, NOW + minutes(0.9)), "others may come meanwhile"
    assert waits(database, linked)
    assert webhooks.notices(viewer, linked).last == NOW


def test_it_keeps_nothing_of_what_a_notice_says(database, viewer, linked):
    before = site.version(viewer)
    send(comment())
    assert site.version(viewer) == before, "nothing that a page shows has changed"
    with database.read() as connection:
        dump = "".join(
            str(tuple(row))
            for table in ("webhook_delivery", "webhook_notice", "connection", "comment")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )
    assert "Lovely" not in dump and SECRET not in dump


@pytest.mark.parametrize(
    "parcel",
    [
        comment(secret="another"),
        replace(comment(), body=comment().body),
        replace(comment(), headers={}),
        replace(comment(), headers={"X-Hub-Signature-256": "sha256="}),
        replace(comment(), headers={"X-Hub-Signature": comment().headers["X-Hub-Signature-256"]}),
    ],
    ids=["another secret", "another body", "no signature", "empty signature", "another header"],
)
def test_it_refuses_what_is_not_signed_well(database, viewer, linked, parcel):
    with pytest.raises(NotAllowed) as caught:
        send(parcel)
    assert str(caught.value) == "This was not accepted."
    assert not waits(database, linked)
    assert webhooks.notices(viewer, linked).last is None


def test_it_refuses_always_in_the_same_words(viewer, linked, database):
    """Whoever tries learns nothing of what was wrong, nor of which workspaces there are."""
    said = set()
    for parcel, options in (
        (comment(secret="another"), {}),
        (comment(now=NOW - timedelta(hours=1)), {}),
        (comment(), {"workspace_id": 12345}),
        (senders.tiktok("1784", "app-1", SECRET, NOW), {"platform": "tiktok"}),
    ):
        with pytest.raises(NotAllowed) as caught:
            send(parcel, **options)
        said.add((str(caught.value), str(caught.value.context)))
    assert len(said) == 1


@pytest.mark.parametrize("platform", ["x", "nowhere", "base", "", "../instagram"])
def test_it_knows_no_such_place(viewer, platform):
    with pytest.raises(NotFound):
        webhooks.receive(platform, {"x-hub-signature-256": "sha256=00"}, b"{}", now=NOW)
    with pytest.raises(NotFound):
        webhooks.greet(platform, {"hub.challenge": "1"}, now=NOW)


def test_it_takes_the_same_notice_once(database, viewer, linked):
    parcel = comment()
    assert send(parcel) == 1
    read(database, viewer, linked, NOW)
    for later in (0, 2, 4.9):
        assert send(parcel, now=NOW + minutes(later)) == 0
    assert not waits(database, linked)


def test_it_takes_a_linkedin_notice_once_in_a_day(database, viewer):
    """LinkedIn does not say when it sends: only the fingerprint stands against a replay."""
    pytest.importorskip("connectors.linkedin")
    connections.save_app_keys(viewer, "linkedin", "app-2", SECRET)
    made = link(database, viewer, "99", platform="linkedin")
    parcel = senders.linkedin("99", SECRET, NOW)
    assert send(parcel, "linkedin") == 1
    read(database, viewer, made, NOW)
    webhooks.forget(database, NOW + timedelta(hours=23, minutes=59))
    assert send(parcel, "linkedin", now=NOW + timedelta(hours=23, minutes=59)) == 0


@pytest.mark.parametrize(
    ("off", "good"),
    [(minutes(-6), False), (minutes(-4.9), True), (minutes(4.9), True), (minutes(6), False), (-timedelta(365), False)],
    ids=["too old", "old", "early", "too early", "last year"],
)
@pytest.mark.parametrize("platform", ["instagram", "tiktok"])
def test_it_takes_only_what_was_sent_just_now(database, viewer, platform, off, good):
    connections.save_app_keys(viewer, platform, "app-1", SECRET)
    made = link(database, viewer, "1784", platform=platform)
    make = {
        "instagram": lambda: comment(now=NOW + off),
        "tiktok": lambda: senders.tiktok("1784", "app-1", SECRET, NOW + off),
    }[platform]
    if good:
        assert send(make(), platform) == 1
        return
    with pytest.raises(NotAllowed):
        send(make(), platform)
    assert not waits(database, made)


def test_it_reads_once_a_minute_whatever_comes(database, viewer, linked):
    """A storm of two hundred different notices in a minute is one read; one that comes after it is another."""
    asked = sum(send(comment(now=NOW), now=NOW + timedelta(seconds=number * 0.29)) for number in range(200))
    assert asked == 1
    assert waits(database, linked)
    read(database, viewer, linked, NOW + minutes(1))
    assert not waits(database, linked, NOW + minutes(2))
    assert send(comment(now=NOW), now=NOW + minutes(1.1)) == 1
    assert webhooks.notices(viewer, linked).last == NOW + minutes(1.1)
    assert not waits(database, linked, NOW + minutes(2)) and waits(database, linked, NOW + minutes(2.1))


def test_it_is_read_again_when_the_read_was_cut_off(database, viewer, linked):
    send(comment())
    with database.write() as connection:
        runs.start(connection, viewer.workspace_id, linked, runs.NOTICE, NOW + minutes(1))
    assert not waits(database, linked, NOW + minutes(2)), "it is under way"
    sync.close_dead_runs(database, NOW + minutes(3))
    assert waits(database, linked, NOW + minutes(4))


def test_it_forgets_a_wish_that_nobody_met_in_a_day(database, viewer, linked):
    send(comment())
    assert waits(database, linked, NOW + timedelta(hours=23))
    assert not waits(database, linked, NOW + timedelta(hours=25))
    assert send(comment(now=NOW + timedelta(hours=25)), now=NOW + timedelta(hours=25)) == 1


def test_it_reads_once_though_many_processes_are_told_at_once(database, viewer, linked):
    parcels, same = [comment() for _ in range(8)], comment()
    barrier = threading.Barrier(8)

    def tell(parcel):
        barrier.wait(10)
        return send(parcel) + send(same)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tell, parcels)) == 1
    assert waits(database, linked)


def test_it_waits_for_a_read_that_is_asked_for_already(database, viewer, linked):
    connections.sync_now(viewer, linked, now=NOW - minutes(3))
    assert send(comment()) == 0
    assert not waits(database, linked), "the read that was asked for sees the news, too"


def test_it_reads_again_what_came_while_it_was_reading(database, viewer, linked):
    """A read that was asked for forgets, at its end, only the wish that it began with."""
    connections.sync_now(viewer, linked, now=NOW - minutes(3))
    with sync.locked(linked):
        assert send(comment()) == 1
    assert waits(database, linked)


def test_it_reads_only_the_connection_of_the_account(database, viewer, linked):
    other = link(database, viewer, "1799")
    assert send(comment("1799")) == 1
    assert not waits(database, linked)
    assert waits(database, other)


@pytest.mark.parametrize("account", ["4711", "", "1784 "])
def test_it_does_nothing_for_an_account_it_does_not_know(database, viewer, linked, account):
    assert send(comment(account)) == 0
    assert not waits(database, linked)
    assert webhooks.notices(viewer, linked).last is None


def test_it_does_nothing_for_an_account_nobody_chose(database, viewer, linked):
    with database.read() as connection:
        ids = {one.external_id: one.id for one in entities.accounts(connection, viewer.workspace_id)}
    connections.select_accounts(viewer, linked, [ids["1785"]])
    assert send(comment("1784")) == 0
    assert send(comment("1785")) == 1


@pytest.mark.parametrize("state", ["paused", "attention"])
def test_it_accepts_but_reads_nothing_that_rests(database, viewer, state):
    """A platform that is refused for long stops sending altogether."""
    made = link(database, viewer, "1784", state=state)
    assert send(comment()) == 0
    assert not waits(database, made)


@pytest.mark.parametrize("state", ["new", "disconnected"])
def test_it_refuses_where_nothing_is_connected(database, viewer, state):
    link(database, viewer, "1784", state=state)
    with pytest.raises(NotAllowed):
        send(comment())


def test_it_leaves_other_workspaces_alone(database, viewer, linked):
    """The same account in two workspaces with an app each: a notice is for the one whose app signed it."""
    other = workspaces.create("Elsewhere", now=NOW)
    connections.save_app_keys(other, "instagram", "app-9", "canary-other-secret")
    theirs = link(database, other, "1784")
    assert send(comment()) == 1
    assert waits(database, linked)
    assert not waits(database, theirs)
    with pytest.raises(NotAllowed):
        send(comment(), workspace_id=other.workspace_id)
    assert send(comment(secret="canary-other-secret"), workspace_id=other.workspace_id) == 1


def test_it_reaches_every_workspace_that_shares_an_app(database, monkeypatch):
    shared = replace(config.load(), app_keys={"instagram": ("app-s", SECRET)})
    monkeypatch.setattr(config, "load", lambda environ=None: shared)
    both = [workspaces.create(name, now=NOW) for name in ("Quayside", "Elsewhere")]
    made = [link(database, one, "1784") for one in both]
    parcel = comment()
    assert send(parcel) == 2
    assert send(parcel) == 0
    assert [waits(database, each) for each in made] == [True, True]


def test_it_lets_no_workspace_suffer_from_anothers_broken_keys(database, viewer, linked, monkeypatch):
    other = workspaces.create("Elsewhere", now=NOW)
    connections.save_app_keys(other, "instagram", "app-9", "canary-other-secret")
    link(database, other, "1784")
    safe = credentials.open_vault(database)
    lost = vault.Vault(database, vault.Keyring(b"k" * 32))
    with database.write() as connection:
        lost.put(connection, other.workspace_id, 0, "app_keys/instagram", {"client_id": "a", "client_secret": "b"})
        assert safe.has(connection, other.workspace_id, 0, "app_keys/instagram")
    assert send(comment()) == 1


# The platform asks whether the address is ours


def test_it_answers_meta_with_the_token_on_the_page(database, viewer, linked):
    token = webhooks.notices(viewer, linked).token
    assert len(token) >= 43
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "42"}
    assert webhooks.greet("instagram", asked, now=NOW).text == "42"
    other = workspaces.create("Elsewhere", now=NOW)
    theirs = link(database, other, "1784")
    assert webhooks.notices(other, theirs).token != token, "every workspace has its own"
    with pytest.raises(NotAllowed):
        webhooks.greet("instagram", asked, workspace_id=other.workspace_id, now=NOW)
    with pytest.raises(NotAllowed):
        webhooks.greet("instagram", asked | {"hub.verify_token": "guess"}, now=NOW)


def test_it_keeps_the_token_and_shows_it_to_who_may_manage(database, viewer, linked):
    first = webhooks.notices(viewer, linked).token
    assert webhooks.notices(viewer, linked).token == first
    with database.read() as connection:
        dump = "".join(str(tuple(row)) for row in connection.exec_driver_sql("SELECT * FROM secret"))
    assert first not in dump
    with pytest.raises(NotAllowed):
        webhooks.notices(Viewer("guest", viewer.workspace_id, frozenset()), linked)


def test_it_answers_linkedin_while_it_is_being_set_up(database, viewer):
    pytest.importorskip("connectors.linkedin")
    connections.save_app_keys(viewer, "linkedin", "app-2", SECRET)
    link(database, viewer, platform="linkedin", state="new")
    code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    answer = webhooks.greet("linkedin", {"challengeCode": code}, workspace_id=viewer.workspace_id, now=NOW)
    assert schemes.signature(SECRET, code.encode()) in answer.text


def test_it_asks_nobody_where_a_platform_does_not_ask(database, viewer):
    link(database, viewer, "1784", platform="tiktok")
    with pytest.raises(NotFound):
        webhooks.greet("tiktok", {"hub.challenge": "1"}, now=NOW)


# What a person sees


def test_it_says_what_is_to_be_entered(database, viewer, linked, monkeypatch):
    monkeypatch.setattr(site._Address, "public", PUBLIC)
    view = webhooks.notices(viewer, linked)
    assert view.address == f"{PUBLIC}/webhooks/instagram?workspace={viewer.workspace_id}"
    assert view.problem == "" and view.last is None and not view.by_itself
    assert any("verify token" in step for step in view.steps)


def test_it_names_no_workspace_where_an_app_is_shared(database, monkeypatch):
    shared = replace(config.load(), app_keys={"instagram": ("app-s", SECRET)})
    monkeypatch.setattr(config, "load", lambda environ=None: shared)
    monkeypatch.setattr(site._Address, "public", PUBLIC)
    viewer = workspaces.create("Quayside", now=NOW)
    assert webhooks.notices(viewer, link(database, viewer, "1784")).address == f"{PUBLIC}/webhooks/instagram"


@pytest.mark.parametrize("public", ["", "http://localhost:8501", "https://localhost", "http://numbers.example.org"])
def test_it_says_when_no_platform_can_reach_it(viewer, linked, monkeypatch, public):
    monkeypatch.setattr(site._Address, "public", public)
    assert "PLUMBLINE_BASE_URL" in webhooks.notices(viewer, linked).problem


def test_it_has_nothing_to_say_of_x(database, viewer):
    assert webhooks.notices(viewer, link(database, viewer, "1", platform="x")) is None


# Where no person is needed


@pytest.fixture
def channel(database, viewer, sandbox, monkeypatch):
    """A YouTube connection of a site with a public address, and the hub of the sandbox's world."""
    monkeypatch.setattr(site._Address, "public", PUBLIC)
    hub = senders.hub_of(sandbox.world)
    hub.asked.clear()
    hub.verified.clear()
    made = link(database, viewer, "UCone", "UCtwo", platform="youtube", gateway=sandbox.url)
    return made, hub


def answered(subscription, now, lease="432000", **change):
    """The hub asks back."""
    query = {name: values[-1] for name, values in parse_qs(urlsplit(subscription.callback).query).items()}
    asked = {"hub.mode": "subscribe", "hub.topic": subscription.topic, "hub.challenge": "c", "hub.lease_seconds": lease}
    workspace = int(query["workspace"])
    return webhooks.greet("youtube", {**query, **asked, **change}, workspace_id=workspace, now=now).text


def test_it_asks_the_hub_for_every_channel_and_hears_of_them(database, viewer, channel):
    made, hub = channel
    assert webhooks.renew(database, NOW) == 2
    assert {one.topic for one in hub.asked.values()} == {f"{FEED}UCone", f"{FEED}UCtwo"}
    view = webhooks.notices(viewer, made)
    assert view.by_itself and view.until is None and view.token == "" and view.steps == ()
    first, second = hub.asked.values()
    assert answered(first, NOW) == "c"
    assert webhooks.notices(viewer, made).until is None, "one is still to be confirmed"
    answered(second, NOW + minutes(1))
    assert webhooks.notices(viewer, made).until == NOW + timedelta(days=5)
    assert send(senders.youtube("UCtwo", second.secret, NOW), "youtube") == 1
    assert waits(database, made)
    with pytest.raises(NotAllowed):
        send(senders.youtube("UCtwo", "another", NOW), "youtube")


def test_it_asks_again_a_day_before_the_end(database, viewer, channel):
    _, hub = channel
    webhooks.renew(database, NOW)
    for one in list(hub.asked.values()):
        answered(one, NOW)
    hub.asked.clear()
    for later in (timedelta(hours=1), timedelta(days=3, hours=23)):
        assert webhooks.renew(database, NOW + later) == 0
    assert webhooks.renew(database, NOW + timedelta(days=4, minutes=1)) == 2
    for one in list(hub.asked.values()):
        answered(one, NOW + timedelta(days=4, minutes=1))
    assert webhooks.renew(database, NOW + timedelta(days=5)) == 0


def test_it_asks_again_every_hour_while_a_hub_is_silent(database, channel):
    assert [webhooks.renew(database, NOW + minutes(after)) for after in (0, 59, 60, 61, 121)] == [2, 0, 2, 0, 2]


def test_it_confirms_only_what_it_asked_for(database, viewer, channel):
    made, hub = channel
    webhooks.renew(database, NOW)
    one = next(iter(hub.asked.values()))
    for change in ({"key": "0" * 32}, {"hub.topic": f"{FEED}UCthree"}, {"hub.mode": "unsubscribe"}):
        with pytest.raises(NotAllowed):
            answered(one, NOW, **change)
    with database.read() as connection:
        assert {row.until for row in hooks.subscriptions(connection, viewer.workspace_id, made)} == {None}


def test_it_asks_nobody_without_a_public_address(database, viewer, channel, monkeypatch):
    _, hub = channel
    monkeypatch.setattr(site._Address, "public", "http://localhost:8501")
    assert webhooks.renew(database, NOW) == 0
    assert not hub.asked


def test_it_takes_the_address_from_the_settings_in_a_scheduler_alone(database, channel, monkeypatch):
    _, hub = channel
    alone = replace(config.load(), base_url="https://alone.example.org")
    monkeypatch.setattr(config, "load", lambda environ=None: alone)
    monkeypatch.setattr(site._Address, "public", "")
    assert webhooks.renew(database, NOW) == 2
    assert all(one.callback.startswith("https://alone.example.org/webhooks/youtube?") for one in hub.asked.values())


def test_it_says_why_a_hub_was_not_reached_and_goes_on(database, viewer, channel, monkeypatch):
    made, _ = channel
    monkeypatch.setattr(platforms, "gateway_of", lambda row: "http://127.0.0.1:9")
    assert webhooks.renew(database, NOW) == 0
    assert "did not answer" in webhooks.notices(viewer, made).problem
    monkeypatch.undo()
    monkeypatch.setattr(site._Address, "public", PUBLIC)
    assert webhooks.renew(database, NOW + minutes(60)) == 2
    assert webhooks.notices(viewer, made).problem == ""


def test_it_leaves_a_connection_alone_that_rests(database, viewer, channel):
    made, hub = channel
    connections.pause(viewer, made)
    assert webhooks.renew(database, NOW) == 0 and not hub.asked


def test_it_forgets_what_is_over(database, viewer, linked, hands, channel):
    made, _ = channel
    webhooks.renew(database, NOW)
    send(comment())
    connections.disconnect(viewer, made, delete_data=False)
    connections.disconnect(viewer, linked, delete_data=False)
    hands.wait(hours=24, seconds=1)
    with ThreadPoolExecutor(1) as pool:
        job.run(Context(database, threading.Event(), pool))
    with database.read() as connection:
        for table in ("webhook_delivery", "webhook_notice", "webhook_subscription"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table
