"""The way in for notices, over real HTTP: signed as the platforms sign, changed, too large, too slow, replayed."""

import socket
import threading
import time
from datetime import timedelta

import pytest
import requests
import uvicorn
from starlette.applications import Starlette

from api.app import create, routes
from api.routes import webhooks as route
from core import clock
from core.errors import StoreBusy
from core.records import Account
from sandbox import webhooks as senders
from services.connecting import connections, webhooks
from services.installation import site
from services.team import workspaces
from storage import connections as stored
from storage import database as stores
from storage import entities, hooks
from tests.fixtures_sandbox import NOW

SECRET = "canary-app-secret"


@pytest.fixture(scope="module")
def address():
    """The site's own server, on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes(create())), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = server.force_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture
def viewer(database, hands):
    """A workspace with an app of its own at every platform that sends notices; the clock stands at NOW."""
    stores.use(database)
    return workspaces.create("Quayside", now=NOW)


@pytest.fixture
def link(database, viewer):
    def made(platform, account):
        connections.save_app_keys(viewer, platform, "app-1", SECRET)
        with database.write() as connection:
            found = stored.add(connection, viewer.workspace_id, platform, "", now=NOW, state="active")
            accounts = [Account(account, "Northwind")]
            entities.upsert_accounts(connection, viewer.workspace_id, platform, accounts, now=NOW, connection_id=found)
        return found

    return made


@pytest.fixture
def linked(link):
    return link("instagram", "1784")


def requested(database, viewer, connection_id):
    with database.read() as connection:
        ripe = hooks.waiting(connection, clock.utc_now() + timedelta(hours=1), timedelta(0))
    return (viewer.workspace_id, connection_id) in ripe


@pytest.mark.parametrize(
    ("platform", "parcel"),
    [
        ("instagram", lambda: senders.meta("instagram", "1784", SECRET, NOW)),
        ("facebook", lambda: senders.meta("page", "1784", SECRET, NOW, field="feed")),
        ("linkedin", lambda: senders.linkedin("1784", SECRET, NOW)),
        ("tiktok", lambda: senders.tiktok("1784", "app-1", SECRET, NOW)),
    ],
)
def test_it_takes_a_notice_as_the_platform_signs_it(address, database, viewer, link, platform, parcel):
    made, sent = link(platform, "1784"), parcel()
    assert senders.deliver(f"{address}/webhooks/{platform}", sent) == 200
    assert requested(database, viewer, made)
    assert senders.deliver(f"{address}/webhooks/{platform}?workspace={viewer.workspace_id}", sent) == 200, "a replay"
    spoilt = senders.Parcel(sent.headers, sent.body + b"\n")
    assert senders.deliver(f"{address}/webhooks/{platform}", spoilt) == 403


def test_it_hears_from_a_hub_that_it_asked(address, database, viewer, link, sandbox, monkeypatch):
    """YouTube in full: we ask the hub, it asks back, and then it sends."""
    monkeypatch.setattr(site._Address, "public", "https://numbers.example.org")
    hub = senders.hub_of(sandbox.world)
    hub.asked.clear()
    made = link("youtube", "UCone")
    with database.write() as connection:
        stored.update(connection, viewer.workspace_id, made, gateway=sandbox.url)
    assert webhooks.renew(database, NOW) == 1
    (asked,) = hub.asked.values()
    here = asked.callback.replace("https://numbers.example.org", address)
    assert hub.verify(asked, here)
    assert not hub.verify(asked, here.replace("key=", "key=0"))
    assert webhooks.notices(viewer, made).until == NOW + timedelta(days=10)
    assert senders.deliver(here, senders.youtube("UCone", asked.secret, NOW)) == 200
    assert requested(database, viewer, made)
    assert senders.deliver(here, senders.youtube("UCone", SECRET, NOW)) == 403


def test_it_refuses_without_saying_why(address, database, viewer, linked):
    good = senders.meta("instagram", "1784", SECRET, NOW)
    tries = (
        ("", {}, good.body),
        ("", {"X-Hub-Signature-256": "sha256=" + "0" * 64}, good.body),
        ("", {"X-Hub-Signature-256": "\u00e9"}, good.body),
        ("", senders.meta("instagram", "1784", SECRET, NOW - timedelta(minutes=6)).headers, good.body),
        ("?workspace=1", good.headers, good.body),
    )
    answers = [
        requests.post(f"{address}/webhooks/instagram{query}", data=body, headers=headers, timeout=10)
        for query, headers, body in tries
    ]
    assert {one.status_code for one in answers} == {403}
    assert len({one.text for one in answers}) == 1
    assert SECRET not in answers[0].text
    assert not requested(database, viewer, linked)


def test_it_refuses_an_old_notice_that_is_signed_well(address, database, viewer, linked, hands):
    parcel = senders.meta("instagram", "1784", SECRET, NOW)
    hands.wait(minutes=5, seconds=1)
    assert senders.deliver(f"{address}/webhooks/instagram", parcel) == 403
    assert not requested(database, viewer, linked)


@pytest.mark.parametrize(
    "path", ["/webhooks/x", "/webhooks/nowhere", "/webhooks", "/webhooks/", "/webhooks/instagram/more"]
)
def test_it_knows_no_such_place(address, viewer, path):
    answers = [requests.get(address + path, timeout=10), requests.post(address + path, data=b"{}", timeout=10)]
    assert {one.status_code for one in answers} == {404}
    assert answers[0].json()["error"]["message"] == "There is nothing here."


@pytest.mark.parametrize("workspace", ["five", "-1", str(2**63), ""])
def test_it_refuses_a_workspace_that_can_be_none(address, viewer, linked, workspace):
    parcel = senders.meta("instagram", "1784", SECRET, NOW)
    assert senders.deliver(f"{address}/webhooks/instagram?workspace={workspace}", parcel) == 400


def test_it_takes_no_more_than_64_kilobytes(address, database, viewer, linked):
    def padded(size):
        """A notice of exactly this size, signed well."""
        body = senders.meta("instagram", "1784", SECRET, NOW).body
        body += b" " * (size - len(body))
        return senders.Parcel({"X-Hub-Signature-256": f"sha256={senders._signed(SECRET, body)}"}, body)

    where = f"{address}/webhooks/instagram"
    large = padded(route.LARGEST + 1)
    assert senders.deliver(where, large) == 413
    pieces = (large.body[at : at + 8192] for at in range(0, len(large.body), 8192))
    answer = requests.post(where, data=pieces, headers=dict(large.headers), timeout=10)
    assert answer.status_code == 413, "nor when it does not say how large it is"
    assert not requested(database, viewer, linked)
    assert senders.deliver(where, padded(route.LARGEST)) == 200


def test_it_waits_for_nobody(address, viewer, linked, monkeypatch):
    """A sender that never finishes is let go, and holds up no other."""
    monkeypatch.setattr(route, "SLOWEST_S", 0.3)
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as slow:
        slow.sendall(b"POST /webhooks/instagram HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert senders.deliver(f"{address}/webhooks/instagram", senders.meta("instagram", "1784", SECRET, NOW)) == 200
        assert slow.recv(1000).startswith(b"HTTP/1.1 408")


def test_it_answers_a_platform_that_asks_whose_address_it_is(address, viewer, linked):
    token = webhooks.notices(viewer, linked).token
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "<script>7</script>"}
    answer = requests.get(f"{address}/webhooks/instagram", params=asked, timeout=10)
    assert (answer.status_code, answer.text) == (200, "<script>7</script>")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    wrong = requests.get(f"{address}/webhooks/instagram", params=asked | {"hub.verify_token": "x"}, timeout=10)
    assert wrong.status_code == 403 and "7" not in wrong.text


def test_it_answers_linkedin_in_its_own_form(address, viewer, link):
    link("linkedin", "1784")
    code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    answer = requests.get(f"{address}/webhooks/linkedin", params={"challengeCode": code}, timeout=10)
    assert answer.json() == {"challengeCode": code, "challengeResponse": senders._signed(SECRET, code.encode())}
    forged = '{"notifications":[{"organizationalEntity":"urn:li:organization:1784"}]}'
    for wanted in (f"hmacsha256={forged}", forged):
        answer = requests.get(f"{address}/webhooks/linkedin", params={"challengeCode": wanted}, timeout=10)
        assert answer.status_code == 403, "it signs no notice for a stranger"


def test_it_needs_no_cookie_and_sets_none(address, viewer, linked):
    answer = requests.post(
        f"{address}/webhooks/instagram",
        data=(parcel := senders.meta("instagram", "1784", SECRET, NOW)).body,
        headers={**parcel.headers, "Origin": "https://elsewhere.example", "Cookie": "session=1"},
        timeout=10,
    )
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.json() == {"received": True}


def test_it_asks_to_be_told_again_when_the_store_is_busy(address, viewer, linked, monkeypatch):
    def busy(*_args, **_options):
        raise StoreBusy("The database is busy.")

    monkeypatch.setattr(webhooks, "receive", busy)
    parcel = senders.meta("instagram", "1784", SECRET, NOW)
    answer = requests.post(f"{address}/webhooks/instagram", data=parcel.body, headers=dict(parcel.headers), timeout=10)
    assert answer.status_code == 503 and answer.headers["retry-after"]


def test_it_stays_quick_in_a_storm(address, database, viewer, linked):
    """A hundred notices: one read, and the answers stay quick."""
    started = time.perf_counter()
    where = f"{address}/webhooks/instagram"
    statuses = [senders.deliver(where, senders.meta("instagram", "1784", SECRET, NOW)) for _ in range(100)]
    assert set(statuses) == {200}
    assert (time.perf_counter() - started) / 100 < 0.2
    assert requested(database, viewer, linked)
