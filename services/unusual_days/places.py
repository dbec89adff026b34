"""Where a day may be unusual: on everything in view together, or on one of its platforms."""

from __future__ import annotations

from collections.abc import Sequence

from core.language import tr, trn
from core.question import Where
from core.viewer import Viewer
from services import catalogue
from services.connecting import platforms
from storage.entities import AccountRow

ALL = ""
"""The place that is everything in view together."""


def accounts(viewer: Viewer, where: Where) -> list[AccountRow]:
    """The accounts in view."""
    chosen = [one for one in catalogue.accounts(viewer) if one.selected]
    if where.accounts:
        return [one for one in chosen if one.id in where.accounts]
    return [one for one in chosen if not where.platforms or one.platform in where.platforms]


def places(viewer: Viewer, where: Where) -> dict[str, str]:
    """Place -> its name. A single platform needs no place for all; chosen accounts are one place."""
    found = accounts(viewer, where)
    if where.accounts:
        every = trn("The {n} chosen account", "The {n} chosen accounts", len(found))
        return {ALL: found[0].name if len(found) == 1 else every}
    each = {name: platforms.title(name) for name in dict.fromkeys(one.platform for one in found)}
    if len(each) < 2:
        return each
    return {ALL: tr("Chosen platforms") if where.platforms else tr("All platforms")} | each


def where_of(where: Where, place: str) -> Where:
    """The filter of a question about a place."""
    return Where(platforms=(place,)) if place else where


def mark_place(where: Where, place: str) -> str:
    """How a mark calls a place: as a study does, or by what was chosen.

    >>> mark_place(Where(), ""), mark_place(Where(), "x"), mark_place(Where(platforms=("x", "tiktok")), "")
    ('', 'x', 'tiktok+x')
    >>> mark_place(Where(accounts=(7, 3)), "")
    'accounts:3+7'
    """
    if place:
        return place
    if where.accounts:
        return f"accounts:{_joined([str(one) for one in sorted(where.accounts)])}"
    return _joined(sorted(where.platforms))


def _joined(parts: Sequence[str]) -> str:
    return "+".join(parts)
