"""The client, against a real HTTP server: what it sends, waits for, gives up on, and never tells."""

import logging
import threading
import traceback
from datetime import timedelta

import pytest

from connectors import headers, http
from connectors.base import Limit
from connectors.http import Client
from core.errors import (
    AppError,
    AuthorisationExpired,
    BadSetting,
    NotOffered,
    PermissionMissing,
    RateLimited,
    Recovery,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.ports import Token
from services.connecting.credentials import VaultTokens
from storage import connections, workspaces
from storage.limits import SqlLimitStore
from tests.connectors.desk import HOST, KEYS, NOW, Clock, NoLimits, Reply, Tokens, connector

GOOD = {"data": [1]}
LIVING = Token("canary-access-1", "canary-refresh-1", NOW + timedelta(hours=1))


def client(desk, *, declared=None, tokens=None, limits=None, clock=None, **more) -> Client:
    clock = clock or Clock()
    return Client(
        declared or connector(),
        tokens or Tokens(LIVING),
        KEYS,
        limits or NoLimits(),
        gateway=desk.url,
        now=clock.now,
        sleep=clock.sleep,
        seed=7,
        **more,
    )


# -- what it sends


def test_it_sends_a_path_to_the_platform_by_way_of_the_gateway(desk):
    desk.lay_out(GOOD)
    assert client(desk).get("/users", {"fields": "a,b", "left_out": None}) == GOOD
    asked = desk.asked[0]
    assert (asked.method, asked.path) == ("GET", f"/{HOST}/v1/users")
    assert asked.query == {"fields": "a,b"}
    assert asked.headers["authorization"] == "Bearer canary-access-1"


def test_it_sends_a_whole_address_by_way_of_the_gateway_too(desk):
    desk.lay_out(GOOD)
    client(desk).get("https://other.desk.example/page?cursor=9", {"size": 3})
    assert desk.asked[0].path == "/other.desk.example/page"
    assert desk.asked[0].query == {"cursor": "9", "size": "3"}


def test_it_posts_forms_and_calls_without_a_token(desk):
    desk.lay_out(GOOD, GOOD)
    reading = client(desk)
    reading.post("/jobs", data={"name": "x"})
    reading.call("GET", f"https://{HOST}/open")
    assert desk.asked[0].form == {"name": "x"}
    assert "authorization" not in desk.asked[1].headers
    assert reading.requests_made == 2


def test_it_sends_its_own_token_whatever_lies_in_a_netrc_file(desk, tmp_path, monkeypatch):
    """`requests` would put a machine's entry of ~/.netrc in the place of our Authorization header."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    desk.lay_out(GOOD)
    straight = Client(connector(base_url=desk.url), Tokens(LIVING), KEYS, NoLimits(), now=lambda: NOW)
    straight.get("/users")
    assert desk.asked[0].headers["authorization"] == "Bearer canary-access-1"


def test_it_says_what_is_missing_when_nobody_has_consented(desk):
    with pytest.raises(AuthorisationExpired, match="Connect"):
        Client(connector(), None, KEYS, NoLimits(), gateway=desk.url).get("/users")
    assert desk.asked == []


# -- what it tries again


def test_it_tries_again_with_growing_random_waits(desk):
    desk.lay_out(*[Reply({}, 500)] * 3, GOOD)
    clock = Clock()
    reading = client(desk, clock=clock)
    assert reading.get("/users") == GOOD
    assert reading.requests_made == 4
    most = [http.FIRST_BACKOFF_S * 4**n for n in range(3)]
    assert all(0 <= slept <= bound for slept, bound in zip(clock.slept, most, strict=True))
    assert len(set(clock.slept)) == 3


def test_it_waits_the_same_for_the_same_seed(desk):
    waits = []
    for _ in range(2):
        desk.lay_out(*[Reply({}, 503)] * 3, GOOD)
        clock = Clock()
        client(desk, clock=clock).get("/users")
        waits.append(clock.slept)
    assert waits[0] == waits[1]


def test_it_gives_up_after_a_few_tries(desk):
    desk.lay_out(*[Reply({}, 502)] * http.ATTEMPTS)
    with pytest.raises(SourceUnavailable):
        client(desk).get("/users")


@pytest.mark.parametrize(
    ("status", "header", "slept"),
    [
        (429, "7", 7),
        (503, "7", 7),
        (503, "Sat, 21 Nov 2026 09:30:20 GMT", 20),
        (429, "Sat, 21 Nov 2026 09:29:00 GMT", 30),
    ],
    ids=["slow down", "unavailable", "by date", "a date that has passed"],
)
def test_it_waits_as_long_as_it_is_told(desk, status, header, slept):
    desk.lay_out(Reply({}, status, {"Retry-After": header}), GOOD)
    clock = Clock()
    assert client(desk, clock=clock).get("/users") == GOOD
    assert clock.slept == [slept]


@pytest.mark.parametrize("header", ["inf", "1e300", "99999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_it_survives_waits_beyond_all_calendars(desk, header, sqlite_database):
    desk.lay_out(Reply({}, 429, {"Retry-After": header}))
    with pytest.raises(RateLimited) as caught:
        client(desk, limits=SqlLimitStore(sqlite_database)).get("/users")
    assert caught.value.retry_after_s == headers.LONGEST_S


def test_it_takes_an_address_in_a_path_for_a_part_of_it(desk):
    desk.lay_out(GOOD)
    client(desk).get("/pages/https://elsewhere.example/")
    assert desk.asked[0].path == f"/{HOST}/v1/pages/https://elsewhere.example/"


def test_it_knows_no_limit_that_is_not_declared(desk):
    """A misspelt name would mean: no limit at all."""
    with pytest.raises(KeyError):
        client(desk).get("/users", limit="callls")


def test_it_waits_as_long_as_it_is_told_when_the_platform_has_its_own_words_too(desk):
    declared = connector(classify=lambda response: None if response.ok else SourceUnavailable("Not now."))
    desk.lay_out(Reply({}, 503, {"Retry-After": "7"}), GOOD)
    clock = Clock()
    assert client(desk, declared=declared, clock=clock).get("/users") == GOOD
    assert clock.slept == [7]


@pytest.mark.parametrize("status", [429, 503])
def test_it_hands_a_long_wait_on_instead_of_sleeping(desk, status):
    desk.lay_out(Reply({}, status, {"Retry-After": "600"}))
    clock = Clock()
    with pytest.raises((RateLimited, SourceUnavailable)) as caught:
        client(desk, clock=clock).get("/users")
    assert caught.value.retry_after_s == 600
    assert caught.value.recovery is Recovery.RETRY
    assert clock.slept == []


@pytest.mark.parametrize(
    "broken",
    [
        Reply(b'{"data": [1, 2'),
        Reply(b"", 200),
        Reply(b'{"data": []}', declared=5000),
        Reply(GOOD, delay_s=0.5),
        Reply(b"<html>Bad gateway</html>", 502),
    ],
    ids=["half a text", "nothing at all", "fewer bytes than announced", "too late", "html"],
)
def test_it_tries_again_after_a_broken_answer(desk, monkeypatch, broken):
    monkeypatch.setattr(http, "READ_TIMEOUT_S", 0.2)
    desk.lay_out(broken, GOOD)
    assert client(desk).get("/users") == GOOD


def test_it_says_so_when_nobody_answers():
    class Nobody:
        url = "http://127.0.0.1:9"

    with pytest.raises(SourceUnavailable, match="did not answer"):
        client(Nobody).get("/users")


def test_it_takes_no_content_for_no_content(desk):
    desk.lay_out(Reply(b"", 204))
    assert client(desk).get("/users") == {}


# -- what answers mean


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, RefusedRequest),
        (403, PermissionMissing),
        (404, RefusedRequest),
        (410, RefusedRequest),
    ],
)
def test_it_knows_what_a_status_means(desk, status, expected):
    desk.lay_out(Reply({"error": "odd"}, status))
    with pytest.raises(expected):
        client(desk).get("/users")


def test_it_lets_the_platform_speak_first_even_with_status_200(desk):
    def classify(response):
        return NotOffered("No such metric.", metrics=("views",)) if "code" in response.json() else None

    desk.lay_out({"code": 40}, GOOD)
    reading = client(desk, declared=connector(classify=classify))
    with pytest.raises(NotOffered) as caught:
        reading.get("/users")
    assert caught.value.metrics == ("views",)
    assert reading.get("/users") == GOOD


def test_it_refuses_a_shape_it_does_not_know(desk):
    desk.lay_out(Reply([1, 2]))
    with pytest.raises(SchemaDrift):
        client(desk).get("/users")


def test_it_refuses_an_answer_that_is_too_big(desk, monkeypatch):
    monkeypatch.setattr(http, "MAX_BODY_BYTES", 100_000)
    desk.lay_out(Reply({"data": "x" * 300_000}))
    with pytest.raises(SchemaDrift, match="more in one answer"):
        client(desk).get("/users")


def test_it_never_follows_to_another_address(desk):
    desk.lay_out(Reply({}, 302, {"Location": f"{desk.url}/elsewhere"}))
    with pytest.raises(RefusedRequest, match="elsewhere"):
        client(desk).get("/users")
    assert len(desk.asked) == 1


# -- limits


def test_it_waits_until_a_declared_limit_has_room(desk, database):
    """Three calls a minute: the fourth waits for the first to leave the window."""
    desk.lay_out(*[GOOD] * 4)
    clock = Clock()
    reading = client(desk, limits=SqlLimitStore(database), clock=clock)
    for _ in range(4):
        reading.get("/users")
    assert 55 < sum(clock.slept) <= 61


def test_it_shares_a_limit_with_all_who_read_for_the_connection(desk, database):
    desk.lay_out(*[GOOD] * 3)
    declared = connector(limits=(Limit("calls", 3, 3600),))
    first, second = (client(desk, declared=declared, limits=SqlLimitStore(database)) for _ in range(2))
    for reading in (first, second, first):
        reading.get("/users")
    with pytest.raises(RateLimited) as caught:
        second.get("/users")
    assert caught.value.retry_after_s > 60
    assert client(desk, declared=declared, limits=SqlLimitStore(database), connection_key="desk/2")._key == "desk/2"


def test_it_keeps_the_limits_of_connections_apart(desk, database):
    desk.lay_out(GOOD, GOOD)
    declared = connector(limits=(Limit("calls", 1, 3600),))
    for key in ("desk/1", "desk/2"):
        client(desk, declared=declared, limits=SqlLimitStore(database), connection_key=key).get("/users")


def test_it_makes_all_others_wait_when_it_was_told_to(desk, database):
    desk.lay_out(Reply({}, 429, {"Retry-After": "600"}))
    clock = Clock()
    first, second = (client(desk, limits=SqlLimitStore(database), clock=clock) for _ in range(2))
    for reading in (first, second):
        with pytest.raises(RateLimited) as caught:
            reading.get("/users")
        assert caught.value.retry_after_s == pytest.approx(600, abs=1)
    assert len(desk.asked) == 1, "the second one did not even ask"


def _by_header(response):
    if "X-Used" not in response.headers:
        return {}
    return {"calls": (float(response.headers["X-Used"]), NOW + timedelta(minutes=20))}


def test_it_believes_the_platforms_headers_more_than_what_is_declared(desk, database):
    desk.lay_out(*[Reply(GOOD, headers={"X-Used": "0.2"})] * 9)
    clock = Clock()
    reading = client(desk, declared=connector(limits_from=_by_header), limits=SqlLimitStore(database), clock=clock)
    for _ in range(9):
        reading.get("/users")
    assert clock.slept == []


def test_it_stops_before_the_wall(desk, database):
    desk.lay_out(Reply(GOOD, headers={"X-Used": "0.97"}))
    declared = connector(limits_from=_by_header)
    first, second = (client(desk, declared=declared, limits=SqlLimitStore(database)) for _ in range(2))
    assert first.get("/users") == GOOD
    for reading in (first, second):
        with pytest.raises(RateLimited) as caught:
            reading.get("/users")
        assert caught.value.retry_after_s == pytest.approx(1200, abs=1)


# -- tokens


def grant(access: str, refresh: str = "") -> dict:
    return {"access_token": access, "expires_in": 7200, **({"refresh_token": refresh} if refresh else {})}


def test_it_refreshes_a_few_minutes_before_the_end(desk):
    tokens = Tokens(Token("canary-access-1", "canary-refresh-1", NOW + timedelta(minutes=4)))
    desk.lay_out(grant("canary-access-2", "canary-refresh-2"), GOOD, GOOD)
    reading = client(desk, tokens=tokens)
    reading.get("/users")
    reading.get("/users")
    assert desk.asked[0].path == "/login.desk.example/token"
    assert desk.asked[0].form["refresh_token"] == "canary-refresh-1"
    assert [asked.headers["authorization"] for asked in desk.asked[1:]] == ["Bearer canary-access-2"] * 2
    assert tokens.token.refresh_token == "canary-refresh-2"
    assert tokens.token.expires_at == NOW + timedelta(hours=2)


def test_it_saves_a_new_token_under_the_lock_before_its_first_use(desk):
    tokens = Tokens(Token("canary-access-1", "canary-refresh-1", NOW - timedelta(hours=1)))
    desk.lay_out(grant("canary-access-2", "canary-refresh-2"), Reply({}, 500), GOOD)
    client(desk, tokens=tokens).get("/users")
    assert tokens.log == ["locked", "saved", "released"]
    assert desk.asked[1].headers["authorization"] == "Bearer canary-access-2"


def test_it_refreshes_once_when_the_platform_says_401(desk):
    tokens = Tokens(LIVING)
    desk.lay_out(Reply({}, 401), grant("canary-access-2"), GOOD)
    assert client(desk, tokens=tokens).get("/users") == GOOD
    assert tokens.token.refresh_token == "canary-refresh-1", "a platform that sends none lets us keep the old one"


def test_it_gives_up_when_a_fresh_token_is_refused_too(desk):
    desk.lay_out(Reply({}, 401), grant("canary-access-2", "canary-refresh-2"), Reply({}, 401))
    with pytest.raises(AuthorisationExpired, match="Connect again"):
        client(desk).get("/users")


def test_it_asks_a_person_when_there_is_nothing_to_refresh_with(desk):
    desk.lay_out(Reply({}, 401))
    with pytest.raises(AuthorisationExpired):
        client(desk, tokens=Tokens(Token("canary-access-1"))).get("/users")


def test_it_asks_a_person_when_the_refresh_is_refused(desk):
    tokens = Tokens(Token("canary-access-1", "canary-refresh-1", NOW - timedelta(hours=1)))
    desk.lay_out(Reply({"error": "invalid_grant"}, 400))
    with pytest.raises(AuthorisationExpired, match="Connect again"):
        client(desk, tokens=tokens).get("/users")
    assert tokens.token.access_token == "canary-access-1"


def test_it_says_the_app_is_wrong_when_its_secret_is(desk):
    tokens = Tokens(Token("canary-access-1", "canary-refresh-1", NOW - timedelta(hours=1)))
    desk.lay_out(Reply({"error": "invalid_client"}, 401))
    with pytest.raises(BadSetting, match="client id and secret"):
        client(desk, tokens=tokens).get("/users")


def test_it_reads_on_with_a_living_token_when_a_refresh_fails_for_now(desk):
    """The token endpoint is down, four minutes before the end: it is not asked again before every single request."""
    tokens = Tokens(Token("canary-access-1", "canary-refresh-1", NOW + timedelta(minutes=4)))
    desk.lay_out(Reply(b"", 503), GOOD, GOOD)
    reading = client(desk, tokens=tokens)
    assert reading.get("/users") == GOOD
    assert reading.get("/users") == GOOD
    assert [asked.path for asked in desk.asked].count("/login.desk.example/token") == 1


def test_it_tries_a_refresh_again_when_it_needs_it(desk):
    tokens = Tokens(Token("canary-access-1", "canary-refresh-1", NOW - timedelta(minutes=4)))
    desk.lay_out(Reply(b"", 503), grant("canary-access-2"), GOOD)
    assert client(desk, tokens=tokens).get("/users") == GOOD


def test_it_asks_nobody_to_consent_again_because_the_token_endpoint_is_down(desk):
    """The platform refuses a token that should still live, and cannot give another one just now: it may later."""
    desk.lay_out(*[Reply({}, 401), Reply(b"", 503)] * http.ATTEMPTS)
    with pytest.raises(SourceUnavailable):
        client(desk).get("/users")


def renewing(_client, _keys, token):
    return Token(f"{token.access_token}+", expires_at=token.expires_at)


def test_it_renews_a_long_lived_token_only_once_when_it_lives_no_longer_by_it(desk):
    tokens = Tokens(Token("canary-access-1", expires_at=NOW + timedelta(days=9)))
    desk.lay_out(GOOD, GOOD)
    reading = client(desk, declared=connector(renew=renewing), tokens=tokens)
    reading.get("/users")
    reading.get("/users")
    assert tokens.token.access_token == "canary-access-1+"


def test_it_leaves_a_long_lived_token_alone_until_its_last_month(desk):
    tokens = Tokens(Token("canary-access-1", expires_at=NOW + timedelta(days=40)))
    desk.lay_out(GOOD)
    client(desk, declared=connector(renew=renewing), tokens=tokens).get("/users")
    assert tokens.log == []


def test_it_never_uses_a_refresh_token_twice(desk, database):
    """Eight readers meet an expired rotating token at once: one refreshes, the others use what it saved."""
    with database.write() as connection:
        workspace = workspaces.create(connection, "Quayside", now=NOW)
        row = connections.add(connection, workspace, "x", "Quay", now=NOW)
    tokens = VaultTokens(database, workspace, row)
    tokens.save(Token("canary-access-1", "canary-refresh-1", NOW - timedelta(hours=1)))
    desk.lay_out(Reply(grant("canary-access-2", "canary-refresh-2"), delay_s=0.3), *[GOOD] * 8)
    problems: list[Exception] = []

    def read() -> None:
        try:
            client(desk, tokens=VaultTokens(database, workspace, row)).get("/users")
        except AppError as problem:
            problems.append(problem)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert problems == []
    assert [asked.path for asked in desk.asked].count("/login.desk.example/token") == 1
    assert tokens.load().refresh_token == "canary-refresh-2"


# -- what it never tells

CANARIES = ("canary-access-1", "canary-refresh-1", "canary-client-secret", "canary-access-2")
QUERY = {"access_token": CANARIES[-1]}


def told(log, error: AppError, *more: str) -> str:
    """All that anybody could read of an error: its texts, its repr, its traceback, and the log it is written to."""
    logging.getLogger("test").error("It failed: %s %s", error, error.context, exc_info=error)
    shown = (str(error), repr(error), error.hint, repr(error.context), *traceback.format_exception(error))
    return "\n".join((log.getvalue(), *shown, *more))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_it_tells_no_secret_that_a_platform_quotes(desk, logged, status):
    def classify(response):
        said = f"Malformed token canary-access-1 (secret canary-client-secret, {response.json()['url']})"
        return RefusedRequest(said, hint=said, context={"url": said, "status": status})

    url = "https://api.desk.example/?access_token=canary-access-2&after=1"
    desk.lay_out(Reply({"url": url}, status))
    reading = client(desk, declared=connector(classify=classify))
    with pytest.raises(RefusedRequest) as caught:
        reading.get("/users", QUERY)
    everything = told(logged, caught.value, repr(reading))
    assert "Malformed token ..." in logged.getvalue()
    assert not [canary for canary in CANARIES if canary in everything]


def test_it_tells_no_secret_when_the_line_breaks(logged):
    class Nobody:
        url = "http://127.0.0.1:9"

    with pytest.raises(SourceUnavailable) as caught:
        client(Nobody).get("/users", QUERY)
    everything = told(logged, caught.value)
    assert "did not answer" in logged.getvalue()
    assert not [canary for canary in CANARIES if canary in everything]
