"""How far back comments are read, the same on every platform: widely once a day, else only where new ones come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.base import Source, Window

NOT_A_PLUGIN = True

DAYS = 30
OVERLAP = timedelta(hours=2)
"""Platforms show a comment some time after it was written."""


@dataclass(frozen=True, slots=True)
class Span:
    """Comments are read on posts published since `posts`, as far back as `written`; answers come with their comment."""

    posts: datetime
    written: datetime


def span(source: Source, window: Window, young: timedelta) -> Span:
    """The first reading of a day (UTC) looks at everything of the last 30 days again: people answer late, edit, and
    delete. Later ones look at `young` posts, and stop at what they know."""
    whole, since = window.now - timedelta(days=DAYS), source.since
    if since is None or since.astimezone(UTC).date() < window.now.astimezone(UTC).date():
        return Span(whole, datetime.min.replace(tzinfo=UTC))
    return Span(window.now - young, since - OVERLAP)
