"""Slack and Teams: what is posted, that nothing in it is interpreted, where it may go, and what each answer means."""

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from alerts import webhook
from alerts.channels import slack, teams
from core import config
from core.errors import BadSetting, MayHaveArrived, RateLimited, RefusedRequest, SourceUnavailable
from core.message import Message, Picture, Point

SLACK = "https://hooks.slack.com/services/T000/B000/sEcReTsEcReT"
TEAMS = "https://prod-12.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke?sig=sEcReTsEcReT"
HOSTILE = (
    "<!channel> <!here> <@U123> <https://evil.example|click> & *bold* _it_ ~no~ `code` [a](https://evil.example) "
    "<at>everyone</at> @channel :smile: ![x](https://evil.example/x.png) {{DATE(2026-01-01,SHORT)}} \n# head\n- item"
)
MESSAGE = Message(
    "1.2", datetime(2026, 11, 23, 7, tzinfo=UTC), "Weekly: 16–22 Nov 2026", "Weekly. 16–22 Nov 2026",
    lead="16–22 Nov 2026", points=(Point("Views", "1.2M", "+18 %"), Point("Followers", "840")),
    findings=("Views rose by 18 %.",), notes=("Data as of: 22 Nov",),
    pictures=(Picture("chart-1", "Views", "Views by day", link="https://p.example/r/1.s/chart/1.png"),),
    open_link="https://p.example/r/1.s", open_words="Open the report",
)  # fmt: skip
BAD = replace(
    MESSAGE, subject=HOSTILE, text=HOSTILE, lead=HOSTILE, points=(Point(HOSTILE, HOSTILE, HOSTILE),),
    findings=(HOSTILE,), notes=(HOSTILE,),
    pictures=(replace(MESSAGE.pictures[0], title=HOSTILE, words=HOSTILE),),
)  # fmt: skip


def inside(made, key=""):
    """(name, text, what it stands in) of every text in a payload."""
    if isinstance(made, dict):
        for name, value in made.items():
            if isinstance(value, str):
                yield name, value, made
            else:
                yield from inside(value, name)
    elif isinstance(made, list):
        for one in made:
            yield from inside(one, key)


def test_it_tells_slack_the_numbers_the_findings_and_the_pictures():
    made = slack.payload(MESSAGE)
    told = json.dumps(made, ensure_ascii=False)
    for words in ("Weekly: 16–22 Nov 2026", "1.2M", "+18 %", "840", "Views rose by 18 %.", "Data as of: 22 Nov"):
        assert words in told
    assert {block["type"] for block in made["blocks"]} == {"header", "context", "section", "rich_text", "image"}
    (image,) = [block for block in made["blocks"] if block["type"] == "image"]
    assert (image["image_url"], image["alt_text"]) == ("https://p.example/r/1.s/chart/1.png", "Views by day")


def test_it_puts_texts_for_slack_only_where_slack_interprets_nothing():
    made = slack.payload(BAD)
    assert made["mrkdwn"] is False
    for name, value, around in inside(made):
        if HOSTILE[:10] not in value:
            continue
        literal = around.get("type") in {"plain_text", "text"} or name == "alt_text"
        assert literal, (name, around)
        assert around.get("emoji", False) is False
    assert "<" not in made["text"]
    assert "mrkdwn" not in {around.get("type") for _, _, around in inside(made)}


def test_it_says_what_slack_has_no_room_for():
    many = replace(
        MESSAGE, points=MESSAGE.points * 20, findings=tuple(f"Finding {n}" for n in range(40)),
        notes=tuple(f"Note {n}" for n in range(30)), pictures=MESSAGE.pictures * 30, subject="s" * 400,
    )  # fmt: skip
    made = slack.payload(many)
    told = json.dumps(made)
    assert "10 of 40 key numbers" in told
    assert "20 of 40 findings" in told
    assert "8 of 30 notes" in told
    assert len(made["blocks"]) <= 50
    assert all(len(one["text"]["text"]) <= 150 for one in made["blocks"] if one["type"] == "header")


def test_it_tells_teams_the_same_as_a_card():
    made = teams.payload(MESSAGE)
    (attachment,) = made["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    told = json.dumps(card, ensure_ascii=False)
    for words in ("Weekly: 16–22 Nov 2026", "1.2M", "+18 %", "840", "Views rose by 18 %.", "Data as of: 22 Nov"):
        assert words in told
    assert [one["url"] for one in card["body"] if one["type"] == "Image"] == [MESSAGE.pictures[0].link]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open the report", "url": MESSAGE.open_link}]


def test_it_puts_texts_for_teams_only_into_runs():
    """A run is the one element of a card in which Markdown is text."""
    for name, value, around in inside(teams.payload(BAD)):
        if HOSTILE[:10] in value:
            assert around["type"] == "TextRun" or name == "altText", (name, around)
    assert "entities" not in json.dumps(teams.payload(BAD))


def test_it_stays_below_what_teams_takes_and_says_so():
    many = replace(BAD, findings=(HOSTILE,) * 200, points=BAD.points * 100, notes=(HOSTILE,) * 100)
    made = json.dumps(teams.payload(many), ensure_ascii=False)
    assert len(made.encode()) <= teams.MOST_BYTES
    assert "There is more than Teams has room for" in made


@pytest.mark.parametrize(
    "address",
    ["http://hooks.slack.com/services/T/B/x", "https://hooks.slack.com.evil.example/x", "https://evil.example/",
     "https://hooks.slack.com@evil.example/x", "https://hooks.slack.com:8443/x", "https://127.0.0.1/x", "ftp://x", "",
     "https://hooks.slack.com\\@evil.example/", "https://evil.example#hooks.slack.com", "https://HOOKS.slack.com.:x/",
     "https://169.254.169.254/latest", "https://[::1]/x", "https://hooks.slack.com/a b", "https://hooks.slack.com/\r\nx",
     "https://hooks.slаck.com/services/x", "https://logic.azure.com.evil.example/x", "https://logic.azure.com/x",
     "https://evil-webhook.office.com.example/x", f"https://hooks.slack.com/{'a' * 3000}"],
)  # fmt: skip
def test_it_refuses_addresses_of_others_without_repeating_them(address):
    for channel in (slack, teams):
        with pytest.raises(BadSetting) as refused:
            channel.check(address)
        assert not address or address not in str(refused.value)


@pytest.mark.parametrize(
    ("channel", "address"),
    [(slack, SLACK), (slack, f"  {SLACK}\n"), (teams, TEAMS),
     (teams, "https://contoso.webhook.office.com/webhookb2/a@b/IncomingWebhook/c/d"),
     (teams, "https://default1.0a.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/x")],
)  # fmt: skip
def test_it_takes_addresses_of_the_chat(channel, address):
    assert channel.check(address) == address.strip()


@contextmanager
def chat(status=200, body="ok", headers=None, hang_up=False):
    """A chat behind the gateway."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            if hang_up:
                self.connection.close()
                return
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield replace(config.load({}), gateway=f"http://127.0.0.1:{server.server_port}"), seen
        server.shutdown()


def test_it_posts_after_saying_so():
    handed = []
    with chat() as (settings, seen):
        assert slack.send(MESSAGE, SLACK, settings, lambda: handed.append(len(seen))) == "200 ok"
    assert handed == [0]
    assert seen == [("/hooks.slack.com/services/T000/B000/sEcReTsEcReT", slack.payload(MESSAGE))]


def test_it_keeps_the_query_of_an_address():
    with chat(202, "") as (settings, seen):
        assert teams.send(MESSAGE, TEAMS, settings, lambda: None) == "202"
    assert seen[0][0].endswith("/paths/invoke?sig=sEcReTsEcReT")


@pytest.mark.parametrize(
    ("status", "body", "headers", "error"),
    [(429, "", {"Retry-After": "90"}, RateLimited), (500, "rollup_error", {}, SourceUnavailable),
     (404, "no_service", {}, RefusedRequest), (403, "action_prohibited", {}, RefusedRequest),
     (400, "invalid_payload", {}, RefusedRequest), (200, "<html>log in</html>", {}, RefusedRequest),
     (302, "", {"Location": "http://127.0.0.1:1/"}, RefusedRequest)],
)  # fmt: skip
def test_it_knows_what_the_answers_mean(status, body, headers, error):
    with chat(status, body, headers) as (settings, _), pytest.raises(error) as told:
        slack.send(MESSAGE, SLACK, settings, lambda: None)
    assert "sEcReT" not in str(told.value)
    assert body in str(told.value)
    if error is RateLimited:
        assert told.value.retry_after_s == 90


def test_it_reads_the_failure_that_teams_calls_a_success():
    with chat(200, "Webhook message delivery failed with error: 429") as (settings, _), pytest.raises(RefusedRequest):
        teams.send(MESSAGE, TEAMS, settings, lambda: None)


def test_it_is_in_doubt_when_the_chat_hangs_up():
    with chat(hang_up=True) as (settings, _), pytest.raises(MayHaveArrived) as told:
        slack.send(MESSAGE, SLACK, settings, lambda: None)
    assert "sEcReT" not in str(told.value)


def test_it_tries_again_where_no_connection_came_about():
    nowhere = replace(config.load({}), gateway="http://127.0.0.1:9")
    with pytest.raises(SourceUnavailable) as told:
        slack.send(MESSAGE, SLACK, nowhere, lambda: None)
    assert "sEcReT" not in str(told.value)


@pytest.mark.parametrize(
    "numbers",
    [["10.0.0.4"], ["52.0.0.1", "127.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:10.0.0.1"], ["fd00::1"], ["0.0.0.0"],
     ["100.64.0.1"], ["224.0.0.1"]],
)  # fmt: skip
def test_it_posts_into_no_private_network(monkeypatch, numbers):
    """A name server that gives the chat's name the number of a machine inside."""
    found = [(2, 1, 6, "", (one, 443)) for one in numbers]
    monkeypatch.setattr(webhook.socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(webhook, "get_environ_proxies", lambda _: {})
    handed = []
    with pytest.raises(RefusedRequest, match="private network"):
        slack.send(MESSAGE, SLACK, config.load({}), lambda: handed.append(1))
    assert handed == []


def test_it_pins_the_hosts_it_may_post_to():
    """A new one is a decision, not a slip."""
    assert slack._HOSTS.pattern == r"hooks\.slack(-gov)?\.com"
    assert re.findall(r"[a-z]+\\\.[a-z.\\]+", teams._HOSTS.pattern) == [
        r"webhook\.office\.com", r"logic\.azure\.com", r"api\.powerplatform\.com"
    ]  # fmt: skip
