"""Login with Facebook, for all of Meta's platforms: long-lived tokens, the proof of the app, business portfolios."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connectors.base import OAuth2, Scope, Source, Stream, Window
from connectors.meta_graph import BASE_URL, VERSION, Row, gone, items
from core.errors import PermissionMissing, SchemaDrift
from core.language import mark
from core.ports import AppKeys, Token
from core.records import Account, Record

if TYPE_CHECKING:
    from connectors.http import Client

NOT_A_PLUGIN = True

AUTHORIZE_URL = f"https://www.facebook.com/{VERSION}/dialog/oauth"
TOKEN_URL = f"{BASE_URL}/oauth/access_token"
LIFETIME = timedelta(days=60)
PORTFOLIO = Scope("business_management", "Find pages that belong to a business portfolio.")


class FacebookLogin(OAuth2):
    """Login with Facebook. Besides its token every call carries a proof that it comes from the token's own app."""

    __slots__ = ()

    def params(self, token: Token, keys: AppKeys) -> Mapping[str, str]:
        """The proof for this token, be it the person's or a page's."""
        return proof(keys, token.access_token)


def proof(keys: AppKeys, access_token: str) -> dict[str, str]:
    """The parameter that proves the app's secret without showing it; empty where we have none.

    An app may be set to refuse every call without it. It is the HMAC-SHA256 of the token under the secret.
    """
    if not keys.client_secret:
        return {}
    made = hmac.new(keys.client_secret.encode(), access_token.encode(), hashlib.sha256)
    return {"appsecret_proof": made.hexdigest()}


def exchange(client: Client, keys: AppKeys, token: Token) -> Token:
    """A token for about 60 days in place of a short or an ageing one; an expired one cannot be exchanged.

    There is no refresh token: the same call renews, as long as the token still lives.
    """
    body = client.call(
        "POST",  # in the body, because the tokens of a GET would stand in the address and in logs
        TOKEN_URL,
        data={
            "grant_type": "fb_exchange_token",
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
            "fb_exchange_token": token.access_token,
        },
    )
    if not isinstance(body.get("access_token"), str):
        raise SchemaDrift("Meta exchanged our token for something unknown.")
    lives = timedelta(seconds=float(body["expires_in"])) if body.get("expires_in") else LIFETIME
    return replace(
        token,
        access_token=body["access_token"],
        refresh_token="",
        expires_at=client.now() + lives,
        scopes=_granted(client, keys, body["access_token"]),
    )


def _granted(client: Client, keys: AppKeys, access_token: str) -> tuple[str, ...]:
    """The permissions that the person left switched on; the token itself does not say."""
    headers = {"Authorization": f"Bearer {access_token}"}
    answer = client.call("GET", f"{BASE_URL}/me/permissions", params=proof(keys, access_token), headers=headers)
    return _switched_on(answer)


def _switched_on(answer: Row) -> tuple[str, ...]:
    return tuple(str(row.get("permission")) for row in items(answer) if row.get("status") == "granted")


def portfolio(accounts: Callable[[Client], Iterator[Account]]) -> Stream:
    """Lets a person have pages of a business portfolio listed, by a permission that is asked for only then.

    Without it Meta leaves those pages out and says nothing. The stream reads the account's name and address anew.
    """

    def read(source: Source, _window: Window) -> Iterator[Record]:
        if PORTFOLIO.name not in _switched_on(source.client.get("/me/permissions")):
            hint = mark("Connect again and grant every permission.")
            raise PermissionMissing("Facebook lists no pages of a business portfolio to this login.", hint=hint)
        found = [one for one in accounts(source.client) if one.external_id == source.account.external_id]
        if not found:
            raise gone()
        yield from found

    brings = f"Finds them when you connect. Meta asks for the permission '{PORTFOLIO.name}' on your app."
    return Stream(
        "portfolio",
        "Pages of a business portfolio",
        read,
        windowed=False,
        every=timedelta(days=1),
        scopes=(PORTFOLIO.name,),
        optional=brings,
    )
