"""Microsoft Teams, by a workflow's webhook, as an Adaptive Card whose texts are runs that Teams does not interpret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from alerts import webhook
from core.config import Config
from core.language import mark, tr
from core.message import Channel, HandingOver, Message, Point

TITLE = "Microsoft Teams"
_HOSTS = re.compile(r"([a-z0-9-]+\.)+(webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com)")
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
MOST_BYTES = 26_000
"""Teams refuses a message of more than 28 kB."""


def check(address: str) -> str:
    """The address of a webhook of Teams. Raises BadSetting."""
    return webhook.checked(address, TITLE, _HOSTS)


def send(message: Message, to: str, settings: Config, handing_over: HandingOver) -> str:
    """Post a message; answers what Teams said."""
    return webhook.post(check(to), payload(message), settings, handing_over, TITLE, _is_taken)


def payload(message: Message) -> dict[str, Any]:
    """The message as Teams takes it: as much of it as there is room for, and a line that says what is left out."""
    left = ""
    while len(json.dumps(made := _wrapped(message, left), ensure_ascii=False).encode()) > MOST_BYTES:
        left = tr("There is more than Teams has room for; the report has all.")
        if message.findings:
            message = replace(message, findings=message.findings[: len(message.findings) // 2])
        elif message.points:
            message = replace(message, points=message.points[: len(message.points) // 2])
        elif message.notes:
            message = replace(message, notes=())
        elif message.pictures:
            message = replace(message, pictures=())
        else:
            message = replace(message, subject=message.subject[:200], lead=message.lead[:500])
    return made


def _is_taken(said: str) -> bool:
    """Old webhooks say 200 and tell in words that it failed."""
    return "failed" not in said.lower() and "error" not in said.lower()


def _wrapped(message: Message, left: str) -> dict[str, Any]:
    card = {
        "$schema": _SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": list(_body(message, left)),
        "actions": _actions(message),
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _body(message: Message, left: str) -> Iterator[dict[str, Any]]:
    yield _text(message.subject, size="large", weight="bolder")
    if message.lead:
        yield _text(message.lead, subtle=True)
    pairs = [message.points[at : at + 2] for at in range(0, len(message.points), 2)]
    yield from ({"type": "ColumnSet", "columns": [_column(one) for one in pair]} for pair in pairs)
    yield from (_text(f"•  {one}") for one in message.findings)
    for one in message.pictures:
        if one.link:
            yield _text(one.title, weight="bolder")
            yield {"type": "Image", "url": one.link, "altText": one.words or one.title, "size": "stretch"}
    yield from (_text(one, size="small", subtle=True) for one in (*message.notes, left) if one)


def _column(of: Point) -> dict[str, Any]:
    change = [_text(of.change, size="small", subtle=True, close=True)] if of.change else []
    items = [_text(of.title, subtle=True), _text(of.value, size="large", weight="bolder", close=True), *change]
    return {"type": "Column", "width": "stretch", "items": items}


def _text(
    text: str, *, size: str = "default", weight: str = "default", subtle: bool = False, close: bool = False
) -> dict[str, Any]:
    run = {"type": "TextRun", "text": text or "–", "size": size, "weight": weight, "isSubtle": subtle}
    return {"type": "RichTextBlock", "inlines": [run], **({"spacing": "none"} if close else {})}


def _actions(message: Message) -> list[dict[str, str]]:
    if not message.open_link:
        return []
    return [{"type": "Action.OpenUrl", "title": message.open_words, "url": message.open_link}]


CHANNEL = Channel(
    mark("Microsoft Teams"), mark("A summary with the key numbers and charts, in a channel."), True, check, send
)
