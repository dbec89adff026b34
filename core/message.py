"""A message on its way to people, and the ways it may take: what services write, and `alerts/channels` hand over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.config import Config

HandingOver = Callable[[], None]
"""Called right before the moment from which a message may have arrived. It raises where somebody else sends it by now:
then nothing may be handed over."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with a message."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing (PNG). A mail carries it under `cid`; a chat fetches it from `link`, where there is one. `words` are
    for who cannot see it."""

    cid: str
    title: str
    words: str
    content: bytes = b""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A key number in words: what, how much, and how it changed."""

    title: str
    value: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `id` names it: the same again when it is tried again. A mail shows `html`, or `text` where it
    cannot; a chat shows the lead, the points, the findings and the notes. `open_link` leads to the whole, `unsubscribe`
    to where its recipient asks for no more."""

    id: str
    at: datetime
    subject: str
    text: str
    html: str = ""
    lead: str = ""
    points: tuple[Point, ...] = ()
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    open_link: str = ""
    open_words: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way a message can take. `check` gives an address in the form it is kept in, or raises BadSetting; `is_secret`
    says that whoever has the address can send. `send` hands a message over and answers what the other side said.

    `send` raises SourceUnavailable or RateLimited where it may be tried again (`SourceUnavailable.of_all`: nothing can
    be sent this way now), MayHaveArrived where nobody can know, and other errors where trying again is of no use.
    """

    title: str
    about: str
    is_secret: bool
    check: Callable[[str], str]
    send: Callable[[Message, str, Config, HandingOver], str]
