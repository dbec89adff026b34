"""Whether a report would be made of numbers that should be there by now and are not."""

from __future__ import annotations

from datetime import date, datetime

from core import language
from core.kept import kept
from core.language import listed, tr
from core.question import Where
from core.viewer import Viewer
from services.quality import fresh
from services.quality.fresh import ConnectionAge

_FINE = (fresh.ON_TIME, fresh.PAUSED)
_NOTHING = kept("{platform} is late: it has brought no numbers yet.")
_ENDS = kept("{platform} is late: the numbers of {accounts} end on {day}.")


def late(viewer: Viewer, where: Where, last: date, *, now: datetime) -> str:
    """Which sources should have delivered the last day of a period and have not, in a sentence; empty where none.

    A platform that takes three days to show a day is not late on the second, and what a person paused is awaited by
    nobody.
    """
    behind = [one for one in fresh.fresh(viewer, where, now=now).connections if _is_behind(one, last)]
    return " ".join(_said(one, last) for one in behind)


def _is_behind(of: ConnectionAge, last: date) -> bool:
    if of.state in _FINE:
        return False
    if of.newest is None or of.newest < last:
        return True
    return any(one.state not in _FINE and one.newest is not None and one.newest < last for one in of.streams)


def _said(of: ConnectionAge, last: date) -> str:
    days = [one.newest for one in of.streams if one.state not in _FINE and one.newest is not None and one.newest < last]
    newest = min(days, default=of.newest)
    if newest is None:
        return tr(_NOTHING, platform=of.title)
    streams = dict.fromkeys(one.account for one in of.streams if one.newest == newest)
    return tr(
        _ENDS,
        platform=of.title,
        accounts=listed(list(streams)) or of.name or of.title,
        day=language.day_words(newest, year=True),
    )
