"""How platforms prove that a notice is theirs; the sandbox signs here with code of its own."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors import webhooks
from connectors.base import Connector
from connectors.webhooks import Notice, WebhookKeys
from core.errors import RateLimited, RefusedRequest, SourceUnavailable
from core.ports import AppKeys
from core.registry import discover
from sandbox import webhooks as senders
from tests.connectors.desk import Reply
from tests.fixtures_sandbox import NOW

CONNECTORS = discover("connectors", "CONNECTOR", Connector)
HOOKS = {name: one.webhook for name, one in CONNECTORS.items() if one.webhook}
KEYS = WebhookKeys(AppKeys("app-1", "canary-secret"), "canary-token")
CHANNEL = "UC" + "n" * 22
CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
FEED = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="

PARCELS = {
    "instagram": lambda secret="canary-secret": senders.meta("instagram", "1784", secret, NOW),
    "facebook": lambda secret="canary-secret": senders.meta("page", "1784", secret, NOW),
    "linkedin": lambda secret="canary-secret": senders.linkedin("1784", secret, NOW),
    "tiktok": lambda secret="canary-secret": senders.tiktok("1784", "app-1", secret, NOW),
    "youtube": lambda secret="canary-token": senders.youtube("1784", secret, NOW),
}


def arrived(parcel, **headers):
    return Notice({name.lower(): value for name, value in parcel.headers.items()} | headers, parcel.body)


def signed(name, body, header):
    """A notice of somebody who knows the secret, with any body."""
    made = f"sha256={webhooks.signature('canary-secret', body)}" if name != "linkedin" else None
    return Notice({header: made or webhooks.signature("canary-secret", b"hmacsha256=" + body)}, body)


def test_it_is_there_for_every_platform_that_has_one():
    assert set(HOOKS) == {"instagram", "facebook", "linkedin", "tiktok", "youtube"} & set(CONNECTORS)
    assert set(HOOKS) >= {"instagram", "tiktok", "youtube"}


@pytest.mark.parametrize("name", HOOKS)
def test_it_knows_a_notice_of_the_platform(name):
    notice = arrived(PARCELS[name]())
    assert HOOKS[name].header in notice.headers
    assert HOOKS[name].genuine(notice, KEYS)
    assert HOOKS[name].concerns(notice) == {"1784"}


@pytest.mark.parametrize("name", HOOKS)
def test_it_refuses_a_notice_that_was_changed_or_signed_by_another(name):
    hook, good = HOOKS[name], arrived(PARCELS[name]())
    assert not hook.genuine(arrived(PARCELS[name]("another-secret")), KEYS)
    assert not hook.genuine(Notice(good.headers, good.body + b" "), KEYS)
    assert not hook.genuine(Notice(good.headers, good.body.replace(b"1784", b"1785")), KEYS)
    assert not hook.genuine(Notice({}, good.body), KEYS)
    half = good.headers[hook.header][:-4]
    for given in (
        "",
        "sha256=",
        "sha1=",
        "md5=00",
        "t=1,s=",
        "hmacsha256=",
        half,
        "\xe9",
        good.headers[hook.header] + "0",
    ):
        assert not hook.genuine(Notice({hook.header: given}, good.body), KEYS), given


@pytest.mark.parametrize("name", HOOKS)
def test_it_never_takes_an_empty_secret_for_one(name):
    """Without a secret there is nothing to sign with, and everybody knows what nothing signs."""
    nobody = WebhookKeys(AppKeys("app-1", ""), "")
    assert not HOOKS[name].genuine(arrived(PARCELS[name]("")), nobody)


@pytest.mark.parametrize(("name", "says"), [("instagram", True), ("facebook", True), ("tiktok", True),
                                            ("linkedin", False), ("youtube", False)])  # fmt: skip
def test_it_reads_when_a_notice_was_sent_where_the_platform_says_so(name, says):
    sent = HOOKS[name].sent_at(arrived(PARCELS[name]()))
    assert sent == (NOW if says else None)


def test_it_signs_the_moment_of_tiktok_too():
    good = arrived(PARCELS["tiktok"]())
    later = good.headers["tiktok-signature"].replace(f"t={int(NOW.timestamp())}", f"t={int(NOW.timestamp()) + 60}")
    assert not HOOKS["tiktok"].genuine(Notice({"tiktok-signature": later}, good.body), KEYS)


def test_it_takes_the_last_moment_of_several_meta_entries():
    rows = [{"id": "1", "time": 1_700_000_000}, {"id": "2", "time": 1_700_000_300_000}, {"id": "3", "time": "soon"}, {}]
    notice = Notice({}, json.dumps({"object": "instagram", "entry": rows}).encode())
    assert HOOKS["instagram"].sent_at(notice) == datetime.fromtimestamp(1_700_000_300, UTC)
    assert {"1", "2", "3"} <= HOOKS["instagram"].concerns(notice)


def test_it_takes_a_notice_about_something_else_for_nobodys():
    page = arrived(senders.meta("page", "1784", "canary-secret", NOW))
    assert HOOKS["instagram"].genuine(page, KEYS)
    assert HOOKS["instagram"].concerns(page) == frozenset()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"[" * 40_000, b'{"entry": 7, "notifications": {}, "owner": []}',
                                  b'{"object": "instagram", "entry": [1, null, []]}', b"\xff\xfe"],
                         ids=["empty", "list", "null", "broken", "deep", "wrong kinds", "odd rows", "no text"])  # fmt: skip
@pytest.mark.parametrize("name", HOOKS)
def test_it_makes_nothing_of_a_strange_body(name, body):
    notice = Notice({}, body)
    assert HOOKS[name].concerns(notice) == frozenset()
    assert HOOKS[name].sent_at(notice) is None


def test_it_reads_both_ways_that_linkedin_signs():
    body = PARCELS["linkedin"]().body
    for given in (
        webhooks.signature("canary-secret", b"hmacsha256=" + body),
        "hmacsha256=" + webhooks.signature("canary-secret", b"hmacsha256=" + body),
        "hmacsha256=" + webhooks.signature("canary-secret", body),
    ):
        assert HOOKS["linkedin"].genuine(Notice({"x-li-signature": given}, body), KEYS)
    bare = webhooks.signature("canary-secret", body)
    assert not HOOKS["linkedin"].genuine(Notice({"x-li-signature": bare}, body), KEYS)


def test_it_finds_the_page_of_a_lead():
    body = {"type": "LEAD_ACTION", "leadAction": "CREATED", "owner": {"organization": "urn:li:organization:77"}}
    assert HOOKS["linkedin"].concerns(Notice({}, json.dumps(body).encode())) == {"77"}


def test_it_finds_the_channel_of_a_deleted_video():
    body = f"<feed><at:deleted-entry><at:by><uri>https://www.youtube.com/channel/{CHANNEL}</uri></at:by></at:deleted-entry>"
    assert HOOKS["youtube"].concerns(Notice({}, body.encode())) == {CHANNEL}


# The platform asks whether the address is ours


@pytest.mark.parametrize("name", ["instagram", "facebook"])
def test_it_answers_meta_who_knows_the_token(name):
    asked = {"hub.mode": "subscribe", "hub.verify_token": "canary-token", "hub.challenge": "1158201444"}
    answer = HOOKS[name].greeting(asked, KEYS)
    assert (answer.text, answer.media_type) == ("1158201444", "text/plain")
    for change in ({"hub.verify_token": "guess"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"},
                   {"hub.challenge": "x" * 300}, {"hub.challenge": "a\r\nb"}, {"hub.challenge": ""}):  # fmt: skip
        assert HOOKS[name].greeting(asked | change, KEYS) is None, change
    assert HOOKS[name].greeting(asked | {"hub.verify_token": ""}, WebhookKeys(KEYS.app, "")) is None


def test_it_answers_linkedin_with_the_code_signed():
    answer = HOOKS["linkedin"].greeting({"challengeCode": CODE}, KEYS)
    expected = webhooks.signature("canary-secret", CODE.encode())
    assert json.loads(answer.text) == {"challengeCode": CODE, "challengeResponse": expected}
    assert answer.media_type == "application/json"


def test_it_signs_nothing_for_strangers_but_a_code():
    """Who may choose what is signed could have a whole notice signed, and send it with that."""
    body = b'{"notifications":[{"organizationalEntity":"urn:li:organization:1784"}]}'
    for code in ("", "hmacsha256=" + body.decode(), body.decode(), CODE + "x", CODE.replace("-", "")):
        assert HOOKS["linkedin"].greeting({"challengeCode": code}, KEYS) is None
    assert HOOKS["linkedin"].greeting({"challengeCode": CODE}, WebhookKeys(AppKeys("app-1", ""), "t")) is None


def test_it_has_no_question_of_tiktok_to_answer():
    assert HOOKS["tiktok"].greeting is None


# A hub is asked for notices, and asks back


@pytest.fixture
def subscribed(desk):
    """What the hub was sent for a channel."""
    desk.lay_out(Reply(b"", 202))
    HOOKS["youtube"].subscribe(desk.url, CHANNEL, "https://numbers.example.org/webhooks/youtube?workspace=7", KEYS)
    return desk.asked[0]


def test_it_asks_the_hub_for_a_channel(subscribed):
    assert (subscribed.method, subscribed.path) == ("POST", "/pubsubhubbub.appspot.com/subscribe")
    assert subscribed.form["hub.mode"] == "subscribe"
    assert subscribed.form["hub.topic"] == FEED + CHANNEL
    assert subscribed.form["hub.secret"] == "canary-token"
    assert subscribed.form["hub.lease_seconds"] == "864000"
    query = parse_qs(urlsplit(subscribed.form["hub.callback"]).query)
    assert query["workspace"] == ["7"] and len(query["key"][0]) == 32
    assert "canary-token" not in subscribed.form["hub.callback"]


def test_it_answers_a_hub_only_for_what_was_asked(subscribed):
    key = parse_qs(urlsplit(subscribed.form["hub.callback"]).query)["key"][0]
    asked = {"hub.mode": "subscribe", "hub.topic": FEED + CHANNEL, "hub.challenge": "abc", "key": key,
             "hub.lease_seconds": "432000"}  # fmt: skip
    answer = HOOKS["youtube"].greeting(asked, KEYS)
    assert (answer.text, answer.account, answer.lasts) == ("abc", CHANNEL, timedelta(days=5))
    for change in ({"key": "0" * 32}, {"key": ""}, {"hub.topic": FEED + "UCother"}, {"hub.mode": "unsubscribe"},
                   {"hub.topic": "https://example.org/" + CHANNEL}, {"hub.challenge": ""}):  # fmt: skip
        assert HOOKS["youtube"].greeting(asked | change, KEYS) is None, change


def test_it_answers_no_hub_before_it_has_a_token():
    nobody = WebhookKeys(AppKeys(""), "")
    key = webhooks.signature("", f"topic {FEED}{CHANNEL}".encode())[:32]
    asked = {"hub.mode": "subscribe", "hub.topic": FEED + CHANNEL, "hub.challenge": "abc", "key": key}
    assert HOOKS["youtube"].greeting(asked, nobody) is None


@pytest.mark.parametrize("lease", ["999999999", "", "-5", "many"])
def test_it_believes_no_hub_for_longer_than_it_asked(subscribed, lease):
    key = parse_qs(urlsplit(subscribed.form["hub.callback"]).query)["key"][0]
    asked = {"hub.mode": "subscribe", "hub.topic": FEED + CHANNEL, "hub.challenge": "abc", "key": key}
    assert HOOKS["youtube"].greeting(asked | {"hub.lease_seconds": lease}, KEYS).lasts == timedelta(days=10)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(b"no", 400), RefusedRequest),
        (Reply(b"", 429), RateLimited),
        (Reply(b"", 503), SourceUnavailable),
        (Reply(b"", 302, {"Location": "http://127.0.0.1:1/"}), RefusedRequest),
        (Reply(b"", 202, declared=10), SourceUnavailable),
    ],
    ids=["refused", "too often", "broken", "sent elsewhere", "cut off"],
)
def test_it_says_when_a_hub_does_not_take_it(desk, reply, error):
    desk.lay_out(reply)
    with pytest.raises(error) as caught:
        HOOKS["youtube"].subscribe(desk.url, CHANNEL, "https://numbers.example.org/in", KEYS)
    assert "canary" not in f"{caught.value} {caught.value.context}"


def test_it_shows_no_secret(subscribed):
    assert "canary" not in repr(KEYS)
    assert webhooks.fingerprint("youtube", b"body") != webhooks.fingerprint("instagram", b"body")
