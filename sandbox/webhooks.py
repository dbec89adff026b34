"""Notices as the platforms send them, signed as they sign, and the hub that YouTube's feeds go through.

The sandbox sends nothing by itself: a test, or somebody at a prompt, makes a notice and delivers it.

    deliver("http://localhost:8501/webhooks/instagram", meta("instagram", "17841400000000001", "app secret", now))
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import requests

from sandbox.wire import Reply
from sandbox.world import World

if TYPE_CHECKING:
    from sandbox.server import Call

NOT_A_PLUGIN = True

HUB_HOST, HUB_PATH = "pubsubhubbub.appspot.com", "/subscribe"
DEFAULT_LEASE_S, LONGEST_LEASE_S = 432_000, 864_000
_TIMEOUT_S = 10.0
_FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">
<link rel="hub" href="https://pubsubhubbub.appspot.com"/>
<link rel="self" href="https://www.youtube.com/xml/feeds/videos.xml?channel_id={channel}"/>
<title>YouTube video feed</title><updated>{at}</updated>
<entry><id>yt:video:{video}</id><yt:videoId>{video}</yt:videoId><yt:channelId>{channel}</yt:channelId>
<title>New beans</title><link rel="alternate" href="https://www.youtube.com/watch?v={video}"/>
<author><name>Northwind Coffee</name><uri>https://www.youtube.com/channel/{channel}</uri></author>
<published>{at}</published><updated>{at}</updated></entry></feed>"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A notice ready to be sent."""

    headers: Mapping[str, str]
    body: bytes


def meta(about: str, account: str, secret: str, now: datetime, *, field: str = "comments") -> Parcel:
    """A notice of Meta about an object ("instagram", "page") with this id."""
    change = {"field": field, "value": {"id": secrets.token_hex(6), "text": "Lovely"}}
    entry = {"id": account, "time": int(now.timestamp()), "changes": [change]}
    body = _json({"object": about, "entry": [entry]})
    return _parcel({"X-Hub-Signature-256": f"sha256={_signed(secret, body)}"}, body)


def linkedin(page: str, secret: str, now: datetime) -> Parcel:
    """A notice of LinkedIn: somebody commented on a post of a page."""
    notice = {
        "notificationId": secrets.randbelow(10**12),
        "organizationalEntity": f"urn:li:organization:{page}",
        "action": "COMMENT",
        "lastModifiedAt": int(now.timestamp() * 1000),
    }
    body = _json({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [notice]})
    return _parcel({"X-LI-Signature": _signed(secret, b"hmacsha256=" + body)}, body)


def tiktok(account: str, client_key: str, secret: str, now: datetime) -> Parcel:
    """A notice of TikTok: there is a new comment."""
    at = int(now.timestamp())
    said = json.dumps({"comment_id": secrets.randbelow(10**18), "comment_action": "insert"})
    body = _json(
        {
            "client_key": client_key,
            "event": "comment.update",
            "create_time": at,
            "user_openid": account,
            "content": said,
        }
    )
    return _parcel({"TikTok-Signature": f"t={at},s={_signed(secret, f'{at}.'.encode() + body)}"}, body)


def youtube(channel: str, secret: str, now: datetime) -> Parcel:
    """A notice of the hub: a channel has a new video."""
    body = _FEED.format(channel=channel, video=secrets.token_urlsafe(8), at=now.isoformat()).encode()
    headers = {"Content-Type": "application/atom+xml", "X-Hub-Signature": f"sha1={_signed(secret, body, 'sha1')}"}
    return Parcel(headers, body)


def deliver(address: str, parcel: Parcel) -> int:
    """Send a notice; gives the status it was answered with."""
    return requests.post(address, data=parcel.body, headers=dict(parcel.headers), timeout=_TIMEOUT_S).status_code


def _parcel(headers: Mapping[str, str], body: bytes) -> Parcel:
    return Parcel({"Content-Type": "application/json", **headers}, body)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _signed(secret: str, message: bytes, kind: str = "sha256") -> str:
    return hmac.new(secret.encode(), message, getattr(hashlib, kind)).hexdigest()


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a subscriber asked the hub for."""

    topic: str
    callback: str
    secret: str
    lease_s: int


@dataclass(slots=True)
class Hub:
    """The hub of one world. `asked` are the subscriptions by callback and topic; one counts once it is `verified`."""

    asked: dict[tuple[str, str], Subscription] = field(default_factory=dict)
    verified: dict[tuple[str, str], Subscription] = field(default_factory=dict)

    def verify(self, subscription: Subscription, address: str = "") -> bool:
        """Ask the subscriber whether it meant it; `address` is where its callback is really served."""
        challenge = secrets.token_hex(10)
        query = {
            "hub.mode": "subscribe",
            "hub.topic": subscription.topic,
            "hub.challenge": challenge,
            "hub.lease_seconds": str(subscription.lease_s),
        }
        answer = requests.get(address or subscription.callback, params=query, timeout=_TIMEOUT_S)
        meant = answer.ok and answer.text == challenge
        if meant:
            self.verified[subscription.callback, subscription.topic] = subscription
        return meant


_hubs: WeakKeyDictionary[World, Hub] = WeakKeyDictionary()


def hub_of(world: World) -> Hub:
    """The hub of a world."""
    return _hubs.setdefault(world, Hub())


def subscribe(call: Call) -> Reply:
    """`POST /subscribe`: take a subscription. The hub says only that it was taken; it asks back later."""
    wanted = {name: call.form.get(f"hub.{name}", "") for name in ("mode", "topic", "callback", "secret")}
    if wanted["mode"] != "subscribe" or not wanted["callback"].startswith("http") or not wanted["topic"]:
        return Reply(b"Invalid parameters", 400, {"Content-Type": "text/plain"})
    if len(wanted["secret"].encode()) >= 200:
        return Reply(b"Invalid value for hub.secret", 400, {"Content-Type": "text/plain"})
    lease = call.form.get("hub.lease_seconds", "")
    lease_s = min(int(lease), LONGEST_LEASE_S) if lease.isdecimal() else DEFAULT_LEASE_S
    made = Subscription(wanted["topic"], wanted["callback"], wanted["secret"], lease_s)
    hub_of(call.world).asked[made.callback, made.topic] = made
    return Reply(None, 202)
