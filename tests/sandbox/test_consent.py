"""OAuth as X speaks it: PKCE, rotating refresh tokens, single-use codes, true refusals."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from sandbox.server import create_app
from tests.fixtures_sandbox import NOW, REDIRECT, VERIFIER, challenge

AUTHORIZE = "x.com/i/oauth2/authorize"
TOKEN = "api.x.com/2/oauth2/token"
SCOPE = "tweet.read users.read offline.access"
PKCE = {"code_challenge": challenge(), "code_challenge_method": "S256"}


def redeem(person, code, /, **changes):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    return person.post(TOKEN, form | changes, basic=True)


def connect(person, scope=SCOPE, **more):
    return redeem(person, person.authorize(AUTHORIZE, scope, **PKCE, **more)["code"]).json()


def refresh(person, token):
    return person.post(TOKEN, {"grant_type": "refresh_token", "refresh_token": token}, basic=True)


def test_it_asks_the_person_in_words(person):
    query = {"client_id": "<b>app</b>", "redirect_uri": REDIRECT, "response_type": "code", "scope": SCOPE, **PKCE}
    page = person.http.get(f"{person.url}/{AUTHORIZE}", params=query)
    assert page.status_code == 200
    assert "Allow" in page.text and "Deny" in page.text
    assert "Northwind Coffee" in page.text
    assert "tweet.read" in page.text
    assert "&lt;b&gt;app" in page.text and "<b>app</b>" not in page.text


def test_it_echoes_the_state_and_gives_a_code(person):
    back = person.authorize(AUTHORIZE, SCOPE, state="a b&c", **PKCE)
    assert back["state"] == "a b&c"
    assert back["code"]


def test_it_tells_the_app_when_the_person_denies(person):
    back = person.authorize(AUTHORIZE, SCOPE, decision="deny", **PKCE)
    assert back["error"] == "access_denied"
    assert back["state"] == "st-1"
    assert "code" not in back


def test_it_gives_tokens_that_work(person):
    tokens = connect(person)
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 7200
    assert set(tokens["scope"].split()) == set(SCOPE.split())
    assert person.get("api.x.com/2/users/me", tokens["access_token"]).json()["data"]["username"] == "northwindcoffee"


def test_it_lets_the_person_choose_the_account(person):
    tokens = connect(person, login="lab")
    assert person.get("api.x.com/2/users/me", tokens["access_token"]).json()["data"]["username"] == "northwindlab"


def test_it_gives_no_refresh_token_without_offline_access(person):
    assert "refresh_token" not in connect(person, "tweet.read users.read")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"code_challenge": "x", "code_challenge_method": "plain"},
        {"response_type": "token", **PKCE},
        {"scope": "everything", **PKCE},
    ],
    ids=["no challenge", "plain challenge", "implicit flow", "unknown scope"],
)
def test_it_sends_a_bad_request_back_with_an_error(person, more):
    scope = more.pop("scope", SCOPE) if more else SCOPE
    assert "error" in person.authorize(AUTHORIZE, scope, **more)


@pytest.mark.parametrize("target", ["https://evil.example/", "javascript:alert(1)", "", "//evil.example"])
def test_it_never_sends_people_to_strangers(person, target):
    query = {"client_id": "a", "redirect_uri": target, "response_type": "code", "scope": SCOPE, **PKCE}
    answer = person.http.post(f"{person.url}/{AUTHORIZE}", params=query, data={"decision": "allow"})
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_it_takes_a_code_once_and_then_distrusts_the_consent(person):
    code = person.authorize(AUTHORIZE, SCOPE, **PKCE)["code"]
    tokens = redeem(person, code).json()
    again = redeem(person, code)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_request"
    assert person.get("api.x.com/2/users/me", tokens["access_token"]).status_code == 401


def test_it_lets_a_code_expire(person, sandbox):
    code = person.authorize(AUTHORIZE, SCOPE, **PKCE)["code"]
    sandbox.world.travel(sandbox.world.now() + timedelta(seconds=31))
    assert redeem(person, code).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": "w" * 64}, {"redirect_uri": REDIRECT + "2"}, {"code": "nonsense"}, {"grant_type": "password"}],
    ids=["wrong verifier", "other address", "made-up code", "other grant"],
)
def test_it_refuses_a_wrong_redemption(person, changes):
    code = person.authorize(AUTHORIZE, SCOPE, **PKCE)["code"]
    assert redeem(person, code, **changes).status_code == 400


def test_it_refuses_another_secret_than_the_first(person):
    connect(person)
    code = person.authorize(AUTHORIZE, SCOPE, **PKCE)["code"]
    person.secret = "another"
    refused = redeem(person, code)
    assert refused.status_code == 401
    assert refused.json() == {"error": "unauthorized_client", "error_description": "Missing valid authorization header"}


def test_it_wants_the_basic_header_from_confidential_clients(person):
    code = person.authorize(AUTHORIZE, SCOPE, **PKCE)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    keys = {"client_id": person.client_id, "client_secret": person.secret}
    assert person.post(TOKEN, form | keys).status_code == 401


def test_it_lets_a_public_client_prove_itself_by_pkce_alone(person):
    person.client_id = "public-app"
    code = person.authorize(AUTHORIZE, SCOPE, **PKCE)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    assert person.post(TOKEN, form | {"client_id": "public-app"}).status_code == 200


def test_it_rotates_refresh_tokens_and_revokes_on_reuse(person):
    first = connect(person)
    second = refresh(person, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert person.get("api.x.com/2/users/me", second["access_token"]).status_code == 200
    reused = refresh(person, first["refresh_token"])
    assert reused.status_code == 400
    assert person.get("api.x.com/2/users/me", second["access_token"]).status_code == 401
    assert refresh(person, second["refresh_token"]).status_code == 400


def test_it_lets_access_tokens_expire_and_refreshes_them(person, sandbox):
    tokens = connect(person)
    sandbox.world.travel(sandbox.world.now() + timedelta(hours=2, seconds=1))
    assert person.get("api.x.com/2/users/me", tokens["access_token"]).status_code == 401
    fresh = refresh(person, tokens["refresh_token"]).json()
    assert person.get("api.x.com/2/users/me", fresh["access_token"]).status_code == 200


def test_it_revokes_on_request(person):
    tokens = connect(person)
    assert person.post("api.x.com/2/oauth2/revoke", {"token": tokens["access_token"]}, basic=True).status_code == 200
    assert person.get("api.x.com/2/users/me", tokens["access_token"]).status_code == 401
    assert refresh(person, tokens["refresh_token"]).status_code == 400


def test_it_keeps_tokens_across_a_restart(person):
    """A restarted demo site keeps its connections: tokens are signed, not remembered."""
    tokens = connect(person)
    restarted = create_app()

    async def ask(method, path, **more):
        transport = httpx.ASGITransport(restarted)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            return await http.request(method, path, **more)

    restarted.world.travel(NOW)
    head = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert asyncio.run(ask("GET", "/api.x.com/2/users/me", headers=head)).status_code == 200
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert asyncio.run(ask("POST", f"/{TOKEN}", data=form, auth=(person.client_id, "not it"))).status_code == 401
    assert asyncio.run(ask("POST", f"/{TOKEN}", data=form, auth=(person.client_id, person.secret))).status_code == 200


def test_it_refuses_tokens_it_did_not_sign(person):
    token = connect(person)["access_token"]
    body, _, signature = token.rpartition(".")
    assert person.get("api.x.com/2/users/me", f"{body[:-4]}AAAA.{signature}").status_code == 401
    assert person.get("api.x.com/2/users/me", "nonsense").status_code == 401
    assert person.get("api.x.com/2/users/me").status_code == 401


def test_it_refuses_a_refresh_token_as_access_token(person):
    assert person.get("api.x.com/2/users/me", connect(person)["refresh_token"]).status_code == 401


def test_it_leaves_out_scopes_the_person_did_not_grant(person):
    tokens = connect(person, without="tweet.read")
    assert "tweet.read" not in tokens["scope"]
    assert person.get("api.x.com/2/users/me", tokens["access_token"]).status_code == 403


def test_it_gives_an_app_its_own_token(person):
    answer = person.post("api.x.com/oauth2/token", {"grant_type": "client_credentials"}, basic=True)
    token = answer.json()["access_token"]
    assert person.get("api.x.com/2/usage/tweets", token).status_code == 200
    assert person.get("api.x.com/2/users/me", token).status_code == 403
