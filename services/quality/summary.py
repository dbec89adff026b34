"""How well everything is read, in a line, and what needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.language import inside, mark, tr, trn
from core.question import Period, Where
from core.viewer import Right, Viewer
from services.quality import fresh, standing_words
from services.quality.check import DIFFERS, Check
from services.quality.checks import Checked, checked
from services.quality.covered import Covered, covered
from services.quality.fresh import ATTENTION, LATE, NEVER, PAUSED, RESTING, RETRYING, ConnectionAge, Freshness

_NAMED = 3


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
        needs.append(Need(_refused(str(account), rows["title"].tolist()), "coverage"))
    differing = [one for one in checks.checks if one.verdict == DIFFERS]
    if differing:
        needs.append(Need(_unfit(differing[0], len(differing) - 1), "consistency"))
    return tuple(needs)


def _refused(account: str, titles: list[str]) -> str:
    """For which metrics a permission is missing."""
    values = {"account": account, "metrics": ", ".join(inside(one) for one in titles[:_NAMED])}
    if len(titles) <= _NAMED:
        return tr("{account}: a permission is missing for {metrics}.", **values)
    return trn(
        "{account}: a permission is missing for {metrics} and {n} more.",
        "{account}: a permission is missing for {metrics} and {n} more.",
        len(titles) - _NAMED,
        **values,
    )


def _unfit(first: Check, more: int) -> str:
    """Which check differs, and how many more do."""
    values = {"check": inside(first.title), "account": first.account}
    if not more:
        return tr("Numbers do not fit: {check} of {account}.", **values)
    return trn(
        "Numbers do not fit: {check} of {account}, and {n} more.",
        "Numbers do not fit: {check} of {account}, and {n} more.",
        more,
        **values,
    )


def _of(one: ConnectionAge) -> Need:
    name = f"{one.title} ({one.name})" if one.name and one.name not in one.title else one.title
    return Need(f"{tr(_STATES[one.state], connection=name)} {one.why}".strip(), "freshness", one.id)


_STATES = {
    ATTENTION: mark("{connection} needs a person."),
    LATE: mark("{connection} is late."),
    PAUSED: mark("{connection} is paused."),
    RESTING: mark("{connection} rests."),
    NEVER: mark("{connection} was not read yet."),
    RETRYING: mark("{connection} is tried again."),
}
