"""Right now in one answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core import clock
from core.question import Period, Question, Where
from core.viewer import Right, Viewer
from services import ask
from services.pulse import hours, newest, scene, today
from services.pulse.shapes import Pulse, UsualDay
from storage import database


def pulse(
    viewer: Viewer, where: Where | None = None, *, now: datetime | None = None, usual: UsualDay | None = None
) -> Pulse:
    """Right now: today so far, the last 24 hours by hour, the newest posts with their speed, how fresh all that is.

    `usual`: what `usual_day` answered for the same filters a few minutes ago, to save its reads; that of another day is
    not taken. Raises as `ask` does.
    """
    viewer.require(Right.READ)
    moment, chosen = now or clock.utc_now(), where or Where()
    with database.current().read() as connection:
        seen = scene.look(connection, viewer.workspace_id, chosen, moment)
        day = clock.local_day(moment, seen.zone)
        by_hour, posts, fresh = hours.by_hour(seen), newest.posts(seen), scene.freshness(seen)
    asked = Question((*today.TODAY, "followers"), Period(day, day), None, "account", chosen)
    answer = ask.ask(viewer, asked, now=moment)
    if usual is None or usual.day != day:
        usual = today.usual_day(viewer, chosen, now=moment)
    cards = {name: today.card(answer, usual, name) for name in today.TODAY}
    cards["followers_net"] = replace(cards["followers_net"], beside=answer.totals["followers"])
    last_day = hours.card(seen, by_hour, day)
    return Pulse(moment, day, seen.zone, (last_day, *cards.values()), by_hour, posts, fresh)
