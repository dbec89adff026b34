"""Slack, by an incoming webhook. Texts stand in fields that Slack does not interpret, so that nobody is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from alerts import webhook
from core.config import Config
from core.language import mark, tr
from core.message import Channel, HandingOver, Message

TITLE = "Slack"
_HOSTS = re.compile(r"hooks\.slack(-gov)?\.com")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MOST = {"header": 150, "text": 2800, "fields": 10, "findings": 20, "pictures": 8, "notes": 8}


def check(address: str) -> str:
    """The address of an incoming webhook of Slack. Raises BadSetting."""
    return webhook.checked(address, TITLE, _HOSTS)


def send(message: Message, to: str, settings: Config, handing_over: HandingOver) -> str:
    """Post a message; answers what Slack said."""
    return webhook.post(check(to), payload(message), settings, handing_over, TITLE, lambda said: said == "ok")


def payload(message: Message) -> dict[str, Any]:
    """The message as Slack takes it. `text` is for notifications."""
    text = escaped(message.text or message.subject)[: _MOST["text"]]
    return {"text": text, "mrkdwn": False, "unfurl_links": False, "blocks": list(_blocks(message))}


def escaped(text: str) -> str:
    """A text in which nothing calls anybody or leads anywhere.

    >>> escaped("<!channel> & <https://evil.example|here>")
    '&lt;!channel&gt; &amp; &lt;https://evil.example|here&gt;'
    """
    return text.translate(_ESCAPES)


def _blocks(message: Message) -> Iterator[dict[str, Any]]:
    yield {"type": "header", "text": _plain(_short(message.subject, _MOST["header"]))}
    if message.lead:
        yield {"type": "context", "elements": [_plain(message.lead)]}
    shown = message.points[: _MOST["fields"]]
    if shown:
        fields = [_plain(f"{one.title}\n{one.value}" + (f"  ({one.change})" if one.change else "")) for one in shown]
        yield {"type": "section", "fields": fields}
    findings = message.findings[: _MOST["findings"]]
    if findings:
        items = [{"type": "rich_text_section", "elements": [_literal(one)]} for one in findings]
        listed = {"type": "rich_text_list", "style": "bullet", "elements": items}
        yield {"type": "rich_text", "elements": [listed]}
    for one in [one for one in message.pictures if one.link][: _MOST["pictures"]]:
        yield {
            "type": "image", "image_url": one.link, "alt_text": _short(one.words or one.title, 1900),
            **({"title": _plain(one.title)} if one.title else {}),
        }  # fmt: skip
    if message.open_link:
        link = {"type": "link", "url": message.open_link, "text": message.open_words, "style": {"bold": True}}
        yield {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}
    notes = (*message.notes[: _MOST["notes"]], *_left_out(message))
    yield from ({"type": "context", "elements": [_plain(one)]} for one in notes)


def _left_out(message: Message) -> Iterator[str]:
    """What Slack has no room for is said, not cut in silence."""
    if (count := len(message.points)) > (most := _MOST["fields"]):
        yield tr("{n} of {all} key numbers are shown; the report has all.", n=most, all=count)
    if (count := len(message.findings)) > (most := _MOST["findings"]):
        yield tr("{n} of {all} findings are shown; the report has all.", n=most, all=count)
    if (count := len(message.notes)) > (most := _MOST["notes"]):
        yield tr("{n} of {all} notes are shown; the report has all.", n=most, all=count)


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": _short(text, 1900) or "–", "emoji": False}


def _literal(text: str) -> dict[str, Any]:
    return {"type": "text", "text": _short(text, 2800) or "–"}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


CHANNEL = Channel(mark("Slack"), mark("A summary with the key numbers and charts, in a channel."), True, check, send)
