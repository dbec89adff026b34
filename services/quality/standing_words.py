"""How reading, coverage and checks stand, each in a short sentence."""

from __future__ import annotations

from services.quality.check import AGREES, DIFFERS
from services.quality.checks import Checked
from services.quality.covered import Covered
from services.quality.fresh import ON_TIME, Freshness


def reading(found: Freshness) -> str:
    """How many connections are read on time."""
    n = len(found.connections)
    good = sum(one.state == ON_TIME for one in found.connections)
    if not n:
        return "Nothing is connected; what there is was imported." if found.imported else "Nothing is connected yet."
    if good == n:
        return "The one connection is read on time." if n == 1 else f"All {n} connections are read on time."
    return f"{good} of {n} connections {'is' if good == 1 else 'are'} read on time."


def known(found: Covered) -> str:
    """How many of the days that should be known are."""
    share = found.share
    if share is None:
        return "No day of this period should be known yet."
    return f"{percent(share)} of the days that should be known are known."


def percent(share: float) -> str:
    """A share that reads as whole only where it is.

    >>> percent(1.0), percent(0.99996), percent(0.5)
    ('100 %', '99.9 %', '50.0 %')
    """
    return "100 %" if share == 1 else f"{min(share * 100, 99.9):.1f} %"


def agreeing(found: Checked) -> str:
    """How many checks agree; those that could not be made are not counted."""
    good, bad = found.count(AGREES), found.count(DIFFERS)
    n = good + bad
    if not n:
        return "No check could be made in this period."
    if not bad:
        return "The one check agrees." if n == 1 else f"All {n} checks agree."
    return f"{bad} of {n} checks {'does' if bad == 1 else 'do'} not agree."
