"""How platforms prove that a notice is theirs: the schemes they share, and LinkedIn's, Meta's and WebSub's in full.

A notice is believed for nothing but one thing: that there is something to read. So all that is taken from its body is
which accounts it names and when it says it was sent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from connectors.base import Webhook
from connectors.gateway import through
from connectors.http import by_status
from core.errors import RefusedRequest, SourceUnavailable
from core.ports import AppKeys

NOT_A_PLUGIN = True

HUB = "https://pubsubhubbub.appspot.com/subscribe"
LEASE = timedelta(days=10)
"""For how long a hub is asked to send notices; it may say less."""
LONGEST_ECHO = 256
_TIMEOUT_S = (10.0, 30.0)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ORGANISATION = re.compile(r"urn:li:organization(?:Brand)?:(\d+)")
_CHANNEL = re.compile(r"<yt:channelId>([\w-]{1,64})</yt:channelId>|/channel/([\w-]{1,64})</uri>")
_MS_FROM = 10**11
"""A number of seconds would reach this in the year 5138: what is larger counts milliseconds."""


@dataclass(frozen=True, slots=True, repr=False)
class WebhookKeys:
    """What a notice may be signed with: the keys of our app, and a token of the workspace's own for this platform."""

    app: AppKeys
    token: str

    def __repr__(self) -> str:
        return "WebhookKeys(...)"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it arrived: headers by their names in small letters, and the raw body."""

    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Mapping[str, Any]:
        """The body as a JSON object; an empty one where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Greeting:
    """The answer to a platform that asks whether an address is ours. Of a subscription that it confirms: of which
    account, and for how long."""

    text: str
    media_type: str = "text/plain"
    account: str = ""
    lasts: timedelta | None = None


def signature(secret: str, message: bytes, kind: str = "sha256") -> str:
    """The HMAC of a message, in hex.

    >>> signature("key", b"The quick brown fox jumps over the lazy dog")[:16]
    'f7bc83f430538424'
    """
    return hmac.new(secret.encode(), message, kind).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, in a time that tells nothing of where they differ. Nothing is never the same."""
    return bool(one and other) and hmac.compare_digest(one.encode(), other.encode())


def is_signed(given: str, secret: str, message: bytes, kind: str = "sha256") -> bool:
    """Whether a signature is that of a message. With an empty secret everybody could sign, so nothing is then."""
    return bool(secret) and same(given, signature(secret, message, kind))


def moment(value: object) -> datetime | None:
    """An instant from seconds or milliseconds since 1970; None for anything else.

    >>> moment(1600000000) == moment("1600000000") == moment(1600000000000)
    True
    """
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,13}", str(value)):
        return None
    number = int(str(value))
    return datetime.fromtimestamp(number / 1000 if number >= _MS_FROM else number, UTC)


def rows(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


# Meta: X-Hub-Signature-256 with the app's secret, and a verify token


def meta(named: str, title: str, fields: str, wakes: tuple[str, ...]) -> Webhook:
    """The webhook of a Meta platform, whose notices are about an object: `named` in notices, by its title in the app's
    settings, where a person subscribes to some of its fields. `wakes` names the streams that these tell of."""
    return Webhook(
        header="x-hub-signature-256",
        genuine=_meta_signed,
        concerns=partial(_meta_accounts, named=named),
        sent_at=_meta_sent,
        greeting=_meta_greeting,
        steps=(
            "Open your app at Meta for Developers and add the product Webhooks.",
            f"Choose {title}, then 'Subscribe to this object': enter the address and the verify token below.",
            f"Subscribe to the fields {fields}.",
            "Install the app on the page: in the Graph API Explorer, with the page's token and the permission "
            "pages_manage_metadata, send POST /<page id>/subscribed_apps?subscribed_fields=feed.",
        ),
        has_token=True,
        wakes=wakes,
    )


def _meta_signed(notice: Notice, keys: WebhookKeys) -> bool:
    kind, _, given = notice.headers.get("x-hub-signature-256", "").partition("=")
    return kind == "sha256" and is_signed(given, keys.app.client_secret, notice.body)


def _meta_accounts(notice: Notice, *, named: str) -> frozenset[str]:
    body = notice.json()
    return frozenset(str(row.get("id")) for row in rows(body.get("entry")) if body.get("object") == named)


def _meta_sent(notice: Notice) -> datetime | None:
    """Meta puts several entries into a notice, and to each of them when it was sent: the last one counts."""
    sent = [moment(row.get("time")) for row in rows(notice.json().get("entry"))]
    return max((one for one in sent if one), default=None)


def _meta_greeting(query: Mapping[str, str], keys: WebhookKeys) -> Greeting | None:
    if query.get("hub.mode") != "subscribe" or not same(query.get("hub.verify_token", ""), keys.token):
        return None
    return _echo(query)


def _echo(query: Mapping[str, str], account: str = "", lasts: timedelta | None = None) -> Greeting | None:
    challenge = query.get("hub.challenge", "")
    if not challenge or len(challenge) > LONGEST_ECHO or not challenge.isprintable():
        return None
    return Greeting(challenge, account=account, lasts=lasts)


# LinkedIn: X-LI-Signature with the app's secret, which also answers its question


def linkedin(wakes: tuple[str, ...]) -> Webhook:
    """The webhook of LinkedIn pages. LinkedIn does not say when it sends: a notice counts once."""
    return Webhook(
        header="x-li-signature",
        genuine=_linkedin_signed,
        concerns=_linkedin_pages,
        greeting=_linkedin_greeting,
        steps=(
            "Open your app in LinkedIn's developer portal. The tab Webhooks is there once LinkedIn approved that use.",
            "Enter the address below; LinkedIn checks it at once, and every two hours from then on.",
            "Subscribe your page to organization social action notifications for this app and address.",
        ),
        wakes=wakes,
    )


def _linkedin_signed(notice: Notice, keys: WebhookKeys) -> bool:
    """LinkedIn signs "hmacsha256=" and the body. Its words can also be read as the prefix of the header, over the body
    alone: both are of who knows the secret."""
    secret, given = keys.app.client_secret, notice.headers.get("x-li-signature", "")
    bare = given.removeprefix("hmacsha256=")
    whole = is_signed(bare, secret, b"hmacsha256=" + notice.body)
    return whole or (bare != given and is_signed(bare, secret, notice.body))


def _linkedin_pages(notice: Notice) -> frozenset[str]:
    body = notice.json()
    urns = [row.get("organizationalEntity") for row in rows(body.get("notifications"))]
    owner = body.get("owner")
    urns += [owner.get("organization")] if isinstance(owner, dict) else []
    urns.append(body.get("organizationalEntity"))
    return frozenset(found[1] for urn in urns if (found := _ORGANISATION.fullmatch(str(urn))))


def _linkedin_greeting(query: Mapping[str, str], keys: WebhookKeys) -> Greeting | None:
    """The code, signed. Nothing but a code is signed: a stranger could have us sign a notice otherwise."""
    code = query.get("challengeCode", "")
    if not keys.app.client_secret or not _UUID.fullmatch(code):
        return None
    answer = {"challengeCode": code, "challengeResponse": signature(keys.app.client_secret, code.encode())}
    return Greeting(json.dumps(answer), "application/json")


# WebSub, formerly PubSubHubbub: a hub that sends a feed to who asked for it, signed with a secret of ours


def websub(topic: str, wakes: tuple[str, ...]) -> Webhook:
    """The webhook of a feed per account; `topic` is its address up to the account's id. No person is needed."""
    return Webhook(
        header="x-hub-signature",
        genuine=_websub_signed,
        concerns=_websub_accounts,
        greeting=partial(_websub_greeting, prefix=topic),
        subscribe=partial(_websub_subscribe, prefix=topic),
        wakes=wakes,
    )


def _websub_signed(notice: Notice, keys: WebhookKeys) -> bool:
    kind, _, given = notice.headers.get("x-hub-signature", "").partition("=")
    return kind in {"sha1", "sha256"} and is_signed(given, keys.token, notice.body, kind)


def _websub_accounts(notice: Notice) -> frozenset[str]:
    """The channels named in a feed of videos, also where it says that one was deleted."""
    text = notice.body.decode("utf-8", "replace")
    return frozenset(one or other for one, other in _CHANNEL.findall(text))


def _websub_greeting(query: Mapping[str, str], keys: WebhookKeys, *, prefix: str) -> Greeting | None:
    """A hub asks whether we asked it: the key in our address says so, for this topic alone. It never lasts longer than
    was asked for."""
    topic, lease = query.get("hub.topic", ""), query.get("hub.lease_seconds", "")
    if query.get("hub.mode") != "subscribe" or not topic.startswith(prefix) or not keys.token:
        return None
    if not same(query.get("key", ""), _topic_key(topic, keys)):
        return None
    lasts = min(timedelta(seconds=int(lease)), LEASE) if re.fullmatch(r"\d{1,9}", lease) else LEASE
    return _echo(query, topic.removeprefix(prefix), lasts)


def _topic_key(topic: str, keys: WebhookKeys) -> str:
    return signature(keys.token, f"topic {topic}".encode())[:32]


def _websub_subscribe(gateway: str, account: str, callback: str, keys: WebhookKeys, *, prefix: str) -> None:
    """Ask the hub for notices of an account; it will ask us back. Raises SourceUnavailable, RateLimited,
    RefusedRequest."""
    topic = prefix + account
    form = {
        "hub.mode": "subscribe",
        "hub.verify": "async",
        "hub.topic": topic,
        "hub.callback": with_query(callback, key=_topic_key(topic, keys)),
        "hub.secret": keys.token,
        "hub.lease_seconds": f"{LEASE.total_seconds():.0f}",
    }
    session = requests.Session()
    session.trust_env = not gateway
    try:
        answer = session.post(through(gateway, HUB), data=form, timeout=_TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as error:
        raise SourceUnavailable("The hub did not answer.", context={"why": type(error).__name__}) from None
    if answer.is_redirect:
        raise RefusedRequest("The hub sent us elsewhere, which we do not follow.")
    if not answer.ok:
        raise by_status("The hub", answer)


def with_query(address: str, **more: str) -> str:
    """An address with more parameters.

    >>> with_query("https://example.org/in?a=1", key="b")
    'https://example.org/in?a=1&key=b'
    """
    parts = urlsplit(address)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()} | more
    return parts._replace(query=urlencode(query)).geturl()


def fingerprint(platform: str, body: bytes) -> str:
    """What stands for a notice, to know it again: it tells nothing of what was in it."""
    return hashlib.sha256(platform.encode() + b"\x00" + body).hexdigest()
