"""What reading X costs: prices, what of requests and answers they are for, and X's own count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connectors.base import Depth, Tariff
from connectors.x_answers import moment, values
from core.errors import SchemaDrift
from core.ports import AppKeys, Purchase, Things

if TYPE_CHECKING:
    from connectors.http import Client

NOT_A_PLUGIN = True
APP_TOKEN_URL = "https://api.x.com/oauth2/token"  # noqa: S105  (an address, not a secret)
DETAILS_EVERY = timedelta(days=3)
NEWEST = 3200
"""X gives no older posts of an account than its 3,200 newest."""
PRICES = {"post": 0.005, "user": 0.01, "analytics": 0.005}
"""US dollars for one thing read. X gives discounts (own data, volume), which we do not count on."""


def asked(path: str, params: Mapping[str, Any]) -> Purchase:
    """What a request costs at most."""
    kind, ids = _kind_of(path), str(params.get("ids", ""))
    if kind and ids:
        return Purchase({kind: ids.split(",")}, {})
    return Purchase({}, {kind: int(params.get("max_results", 1))} if kind else {})


def given(path: str, body: Mapping[str, Any]) -> Things:
    """What an answer holds that X charges for."""
    kind, data = _kind_of(path), body.get("data") or ()
    found = [data] if isinstance(data, Mapping) else data
    return {kind: [str(item["id"]) for item in found if isinstance(item, Mapping) and "id" in item]} if kind else {}


def _kind_of(path: str) -> str:
    if path.startswith("/tweets"):
        return "analytics" if path.endswith("/analytics") else "post"
    if path == "/users/me":
        return "user"
    return "post" if path.startswith("/users/") else ""


def look_how_deep(client: Client) -> Depth:
    """How many posts there are, and since when the account is: what a first reading would find."""
    user = client.get("/users/me", {"user.fields": "created_at,public_metrics"}, limit="profile").get("data") or {}
    found = dict(values(user.get("public_metrics"), {"posts": ("tweet_count", "post_count")}))
    if "posts" not in found:
        raise SchemaDrift("X answered without the counters of the profile.")
    return Depth(int(found["posts"]), moment(user.get("created_at")).date())


def read_usage(client: Client, keys: AppKeys) -> Mapping[str, int]:
    """X's own count of posts read in its current month, for the whole project. X tells it to apps, not to persons."""
    url, grant = client.address("/usage/tweets"), {"grant_type": "client_credentials"}
    token = client.call("POST", APP_TOKEN_URL, data=grant, auth=(keys.client_id, keys.client_secret))
    bearer = {"Authorization": f"Bearer {token.get('access_token', '')}"}
    data = client.call("GET", url, headers=bearer).get("data") or {}
    names = {"read": "project_usage", "cap": "project_cap", "days_left": "cap_reset_day"}
    return {ours: int(data[name]) for ours, name in names.items() if str(data.get(name, "")).isdigit()}


TARIFF = Tariff(
    PRICES,
    asked,
    given,
    monthly_budget=10.0,
    back_days=365,
    newest=NEWEST,
    depth=look_how_deep,
    usage=read_usage,
    per_post={"analytics": DETAILS_EVERY},
    per_day=("user",),
    note="X gives discounts, for your own posts among others. They are not counted here, so the bill may be lower.",
)
