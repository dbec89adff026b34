"""OAuth against a real HTTP server: what the consent screen and the token endpoint are asked, and what answers mean."""

import base64
import hashlib
import traceback
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors import oauth
from connectors.base import Stream
from core.errors import AuthorisationExpired, BadSetting, Recovery, RefusedRequest, SchemaDrift, SourceUnavailable
from core.ports import AppKeys, Token
from tests.connectors.desk import KEYS, NOW, Reply, connector

REDIRECT = "http://localhost:8501/oauth/callback"
VERIFIER = "canary-verifier-" + "v" * 48
PKCE = connector(auth={"pkce": True})
PLAIN = connector()
GRANT = {"access_token": "access-2", "token_type": "bearer", "expires_in": 7200, "refresh_token": "refresh-2"}


def fetch(desk, declared=PLAIN, keys=KEYS, code="canary-code-1") -> Token:
    return oauth.fetch_token(declared, keys, REDIRECT, code, VERIFIER, desk.url, now=NOW)


def refresh(desk, declared=PLAIN, token=None) -> Token:
    kept = token or Token("access-1", "canary-refresh-1", scopes=("read",), extra={"host": "eu"})
    return oauth.refresh(declared, KEYS, kept, desk.url, now=NOW)


def asked(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def basic(header: str) -> str:
    return base64.b64decode(header.removeprefix("Basic ")).decode()


# -- the consent screen


def test_it_asks_for_consent_with_state_permissions_and_a_place_to_return_to():
    url = oauth.consent_url(PLAIN, KEYS, REDIRECT, "state-1", VERIFIER)
    assert url.startswith("https://login.desk.example/consent?")
    assert asked(url) == {
        "response_type": "code",
        "client_id": "client-1",
        "redirect_uri": REDIRECT,
        "scope": "read more",
        "state": "state-1",
    }


def test_it_shows_only_the_hash_of_the_verifier():
    url = oauth.consent_url(PKCE, KEYS, REDIRECT, "state-1", VERIFIER)
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    assert asked(url)["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert asked(url)["code_challenge_method"] == "S256"
    assert VERIFIER not in url
    assert KEYS.client_secret not in url


def test_it_asks_as_the_platform_wants_to_be_asked():
    odd = connector(auth={"scope_separator": ",", "extra_params": {"access_type": "offline", "prompt": "consent"}})
    query = asked(oauth.consent_url(odd, KEYS, REDIRECT, "state-1", VERIFIER, "http://127.0.0.1:9"))
    assert query["scope"] == "read,more"
    assert (query["access_type"], query["prompt"]) == ("offline", "consent")


def test_it_asks_for_what_an_optional_stream_needs_only_where_it_was_switched_on():
    extra = Stream("extra", "Extra", lambda _source, _window: iter(()), scopes=("read", "more"), optional="More.")
    plain = Stream("plain", "Plain", lambda _source, _window: iter(()), scopes=("read|more",))
    choosy = connector(streams=(plain, extra))
    assert asked(oauth.consent_url(choosy, KEYS, REDIRECT, "s", VERIFIER))["scope"] == "read"
    assert asked(oauth.consent_url(choosy, KEYS, REDIRECT, "s", VERIFIER, streams=["extra"]))["scope"] == "read more"


def test_it_sends_the_person_by_way_of_the_gateway():
    url = oauth.consent_url(PLAIN, KEYS, REDIRECT, "state-1", VERIFIER, "http://127.0.0.1:9/")
    assert url.startswith("http://127.0.0.1:9/login.desk.example/consent?")


# -- a code for a token


def test_it_takes_a_token_for_a_code(desk):
    desk.lay_out({**GRANT, "scope": "read", "tenant": "eu1"})
    token = fetch(desk)
    assert (token.access_token, token.refresh_token) == ("access-2", "refresh-2")
    assert token.expires_at == datetime(2026, 11, 21, 11, 30, tzinfo=UTC)
    assert token.scopes == ("read",)
    assert token.extra == {"tenant": "eu1"}
    assert desk.asked[0].path == "/login.desk.example/token"
    assert desk.asked[0].form["grant_type"] == "authorization_code"
    assert desk.asked[0].form["redirect_uri"] == REDIRECT


def test_it_shows_the_verifier_only_where_there_is_a_challenge(desk):
    desk.lay_out(GRANT, GRANT)
    fetch(desk, PKCE)
    fetch(desk, PLAIN)
    assert [request.form.get("code_verifier") for request in desk.asked] == [VERIFIER, None]


def test_it_shows_the_apps_secret_in_the_way_the_platform_wants(desk):
    desk.lay_out(GRANT, GRANT, GRANT)
    fetch(desk)
    fetch(desk, connector(auth={"client_auth": "client_secret_basic"}))
    fetch(desk, PKCE, AppKeys("client-1"))
    in_form, in_header, public = desk.asked
    assert in_form.form["client_secret"] == KEYS.client_secret
    assert "client_secret" not in in_header.form
    assert basic(in_header.headers["authorization"]) == f"client-1:{KEYS.client_secret}"
    assert public.form["client_id"] == "client-1"
    assert "client_secret" not in public.form
    assert "authorization" not in public.headers


@pytest.mark.parametrize(
    ("answer", "expires_at"),
    [
        ({"expires_in": "3600"}, NOW + timedelta(hours=1)),
        ({"expires_in": 0}, None),
        ({}, None),
    ],
    ids=["as text", "Meta's 0 for never", "not said"],
)
def test_it_knows_when_a_token_ends(desk, answer, expires_at):
    desk.lay_out({"access_token": "access-2", **answer})
    assert fetch(desk).expires_at == expires_at


def test_it_reads_permissions_in_every_form(desk):
    for scope in ("read more", "read,more", ["read", "more"]):
        desk.lay_out({**GRANT, "scope": scope})
        assert fetch(desk).scopes == ("read", "more")


# -- a refresh


def test_it_keeps_the_refresh_token_where_a_platform_sends_no_new_one(desk):
    desk.lay_out({"access_token": "access-2", "expires_in": 60})
    token = refresh(desk)
    assert (token.access_token, token.refresh_token) == ("access-2", "canary-refresh-1")
    assert token.scopes == ("read",)
    assert token.extra == {"host": "eu"}


def test_it_takes_the_new_refresh_token_where_they_rotate(desk):
    desk.lay_out(GRANT)
    assert refresh(desk).refresh_token == "refresh-2"


def test_it_asks_for_no_more_than_was_granted(desk):
    """A refresh that lists permissions the person did not grant is refused as invalid_scope."""
    desk.lay_out(GRANT)
    refresh(desk)
    assert "scope" not in desk.asked[0].form


@pytest.mark.parametrize(
    ("expires_in", "refresh_token", "renews", "expected"),
    [
        (timedelta(minutes=6), "r", False, False),
        (timedelta(minutes=4), "r", False, True),
        (timedelta(minutes=-4), "r", False, True),
        (timedelta(days=29), "", True, True),
        (timedelta(days=31), "", True, False),
        (timedelta(days=-1), "", True, False),
        (timedelta(days=1), "", False, False),
        (None, "r", True, False),
    ],
)
def test_it_knows_when_to_renew(expires_in, refresh_token, renews, expected):
    declared = connector(renew=(lambda _client, _keys, token: token) if renews else None)
    token = Token("a", refresh_token, NOW + expires_in if expires_in else None)
    assert oauth.wants_renewal(declared, token, NOW) is expected


# -- what goes wrong


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply({"error": "invalid_grant"}, 400), AuthorisationExpired),
        (Reply({"error": "invalid_request", "error_description": "Value passed for the token was invalid."}, 400), AuthorisationExpired),
        (Reply({"error": "invalid_client"}, 401), BadSetting),
        (Reply({"error": "unauthorized_client"}, 401), BadSetting),
        (Reply({"error": "temporarily_unavailable"}, 400), SourceUnavailable),
        (Reply({"error": "internal_failure"}, 500), SourceUnavailable),
        (Reply({"title": "Internal Server Error"}, 500), SourceUnavailable),
        (Reply(b"<html>", 503), SourceUnavailable),
        (Reply(b"<html>", 200), SourceUnavailable),
        (Reply({"error": "rate_limited"}, 429, {"Retry-After": "9"}), SourceUnavailable),
        (Reply({"token_type": "bearer"}), SchemaDrift),
        (Reply({"access_token": "a", "expires_in": "soon"}), SchemaDrift),
    ],
    ids=lambda value: str(getattr(value, "body", ""))[:40],
)  # fmt: skip
@pytest.mark.parametrize("ask", [fetch, refresh], ids=["code", "refresh"])
def test_it_knows_what_a_refusal_means(desk, ask, reply, expected):
    desk.lay_out(reply)
    with pytest.raises(expected) as caught:
        ask(desk)
    if expected is AuthorisationExpired:
        assert caught.value.hint == "Connect again."
    if expected is SourceUnavailable:
        assert caught.value.recovery is Recovery.RETRY
        assert caught.value.retry_after_s == (9 if reply.status == 429 else None)


def test_it_never_shows_the_code_to_another_address(desk):
    desk.lay_out(Reply(b"", 307, {"Location": f"{desk.url}/elsewhere"}))
    with pytest.raises(SourceUnavailable):
        fetch(desk)
    assert len(desk.asked) == 1


def test_it_says_so_when_nobody_answers():
    class Nobody:
        url = "http://127.0.0.1:9"

    with pytest.raises(SourceUnavailable, match="did not answer"):
        fetch(Nobody)


@pytest.mark.parametrize("ask", [fetch, refresh], ids=["code", "refresh"])
def test_it_tells_no_secret(desk, logged, ask):
    quoted = f"canary-code-1 canary-refresh-1 {KEYS.client_secret} {VERIFIER}"
    declared = connector(auth={"pkce": True}, classify=lambda _r: RefusedRequest(quoted, context={"said": quoted}))
    desk.lay_out(Reply({"message": quoted}, 400))
    with pytest.raises(RefusedRequest) as caught:
        ask(desk, declared)
    shown = "".join([*traceback.format_exception(caught.value), repr(caught.value.context), logged.getvalue()])
    assert "..." in shown
    shown_secrets = [s for s in ("canary-code-1", "canary-refresh-1", KEYS.client_secret, VERIFIER) if s in shown]
    assert set(shown_secrets) <= ({"canary-refresh-1"} if ask is fetch else {"canary-code-1", VERIFIER}), (
        "not sent then"
    )
