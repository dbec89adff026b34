"""How well everything is read, in a line, and what needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.question import Period, Where
from core.viewer import Right, Viewer
from services.quality import fresh, standing_words
from services.quality.check import DIFFERS
from services.quality.checks import Checked, checked
from services.quality.covered import Covered, covered
from services.quality.fresh import ATTENTION, LATE, NEVER, PAUSED, RESTING, RETRYING, ConnectionAge, Freshness


@dataclass(frozen=True, slots=True)
class Need:
    """Something for a person: what, and where it is seen: a connection's page, or a part of this one."""

    text: str
    part: str
    connection_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """The line, what needs a person, and what they were made from."""

    line: str
    needs: tuple[Need, ...]
    freshness: Freshness
    covered: Covered
    checked: Checked


def summary(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> Summary:
    """How well everything inside the filters is read."""
    viewer.require(Right.READ)
    found = fresh.fresh(viewer, where, now=now)
    known = covered(viewer, period, where, now=now)
    checks = checked(viewer, period, where, now=now)
    said = (standing_words.reading(found), standing_words.known(known), standing_words.agreeing(checks))
    return Summary(" ".join(filter(None, said)), _needs(found, known, checks), found, known, checks)


def _needs(found: Freshness, known: Covered, checks: Checked) -> tuple[Need, ...]:
    needs = [_of(one) for one in found.connections if one.state in (ATTENTION, LATE, PAUSED)]
    refused = known.cells[known.cells["not_permitted"] > 0]
    for account, rows in refused.groupby("account", sort=False):
        titles = ", ".join(rows["title"].str.lower().head(3))
        more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
        needs.append(Need(f"{account}: a permission is missing for {titles}{more}.", "coverage"))
    differing = [one for one in checks.checks if one.verdict == DIFFERS]
    if differing:
        first = differing[0]
        rest = f", and {len(differing) - 1} more" if len(differing) > 1 else ""
        needs.append(Need(f"Numbers do not fit: {first.title.lower()} of {first.account}{rest}.", "consistency"))
    return tuple(needs)


def _of(one: ConnectionAge) -> Need:
    name = f"{one.title} ({one.name})" if one.name and one.name not in one.title else one.title
    return Need(f"{name} {_STATES[one.state]}. {one.why}".strip(), "freshness", one.id)


_STATES = {
    ATTENTION: "needs a person",
    LATE: "is late",
    PAUSED: "is paused",
    RESTING: "rests",
    NEVER: "was not read yet",
    RETRYING: "is tried again",
}
