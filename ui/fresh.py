"""How new the numbers of a panel are, in one line for all panels: when they were read or computed, when they are read
next, and in amber where that is long ago, or where something keeps them from being read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from core import clock
from core.language import mark, tr, trn
from core.question import Explanation, Where
from services import freshness
from services.quality import fresh
from services.quality.fresh import ConnectionAge
from ui import filters, format, load, page

_HINDERED = (fresh.ATTENTION, fresh.LATE, fresh.PAUSED)
_READ, _OLD_READ = mark("read {age}"), mark("old: read {age}")
_COMPUTED, _OLD_COMPUTED = mark("computed {age}"), mark("old: computed {age}")
_NEXT = {"min": mark("next in {n} min"), "h": mark("next in {n} h"), "now": mark("next any moment")}


def of(explanation: Explanation) -> str:
    """The line of a number: of what it is made of, the oldest."""
    if explanation.computed_at is not None:
        return computed(explanation.computed_at)
    if not explanation.inputs and explanation.read_at is None:
        return of_view()
    return _read(explanation.read_at or freshness.last_read(explanation), platforms(explanation))


def platforms(explanation: Explanation) -> set[str]:
    """The platforms that a number is made of."""
    return {one.platform for one in explanation.inputs if one.accounts}


def of_view() -> str:
    """The line of what is made of everything that is read inside the filters, such as a list of posts."""
    where = filters.current().where
    options = load.accounts(page.workspace())
    shown = {one.platform for one in options if one.id in where.accounts} or set(where.platforms)
    return of_platforms(shown or {one.platform for one in options})


def of_platforms(shown: Collection[str]) -> str:
    """The line of what is made of everything that is read on some platforms."""
    read = [one.last_read for one in _connections(shown) if one.last_read is not None]
    return _read(min(read, default=None), shown)


def computed(at: datetime | None) -> str:
    """The line of what was computed at a moment; nothing for what is computed while it is looked at."""
    if at is None:
        return ""
    now = clock.utc_now()
    old = freshness.is_old(at, now)
    return _dot(tr(_OLD_COMPUTED if old else _COMPUTED, age=format.age(at, now)), amber=old)


def hindered(explanation: Explanation) -> list[str]:
    """Why platforms that a number is made of are not read as they should be, each in a sentence."""
    found = _connections(platforms(explanation))
    return [f"{one.title}: {one.why}" for one in found if one.state in _HINDERED and one.why]


def _read(at: datetime | None, shown: Collection[str]) -> str:
    """When it was read, and when it is read next, or which of the platforms is not."""
    if at is None:
        return ""
    now, connections = clock.utc_now(), _connections(shown)
    late = {one.title: one.state for one in reversed(connections) if one.state in _HINDERED}
    old = freshness.is_old(at, now)
    said = [tr(_OLD_READ if old else _READ, age=format.age(at, now))]
    if len(late) > 1:
        said.append(trn("{n} platform held up", "{n} platforms held up", len(late)))
    said += [f"{title}: {tr(state)}" for title, state in late.items() if len(late) == 1]
    coming = [one.next_read for one in connections if one.next_read is not None]
    if coming and not late:
        said.append(_next(min(coming), now))
    return _dot(", ".join(said), amber=bool(late) or old)


def _next(at: datetime, now: datetime) -> str:
    minutes = int((at - now).total_seconds() // 60)
    unit = "now" if minutes < 1 else "min" if minutes < 120 else "h"
    return tr(_NEXT[unit], n=minutes // 60 if unit == "h" else minutes)


def _dot(words: str, *, amber: bool) -> str:
    """The words with the colour that stands for what they say."""
    return f":{'orange' if amber else 'green'}[●] {format.plain(words)}"


def _connections(shown: Collection[str]) -> list[ConnectionAge]:
    """The connections of platforms, the most pressing first."""
    found = load.screen(page.workspace(), fresh.fresh, Where()).connections
    return [one for one in found if one.platform in shown]
