"""How reading, coverage and checks stand, each in a short sentence."""

from __future__ import annotations

from core.language import figure, tr, trn
from services.quality.check import AGREES, DIFFERS
from services.quality.checks import Checked
from services.quality.covered import Covered
from services.quality.fresh import ON_TIME, Freshness


def reading(found: Freshness) -> str:
    """How many connections are read on time."""
    n = len(found.connections)
    good = sum(one.state == ON_TIME for one in found.connections)
    if not n:
        if found.imported:
            return tr("Nothing is connected; what there is was imported.")
        return tr("Nothing is connected yet.")
    if good == n:
        return trn("The one connection is read on time.", "All {n} connections are read on time.", n)
    return trn("{n} of {all} connections is read on time.", "{n} of {all} connections are read on time.", good, all=n)


def known(found: Covered) -> str:
    """How many of the days that should be known are."""
    share = found.share
    if share is None:
        return tr("No day of this period should be known yet.")
    return tr("{share} of the days that should be known are known.", share=percent(share))


def percent(share: float) -> str:
    """A share that reads as whole only where it is.

    >>> percent(1.0), percent(0.99996), percent(0.5)
    ('100 %', '99.9 %', '50.0 %')
    """
    return "100 %" if share == 1 else figure(f"{min(share * 100, 99.9):.1f}") + " %"


def agreeing(found: Checked) -> str:
    """How many checks agree; those that could not be made are not counted."""
    good, bad = found.count(AGREES), found.count(DIFFERS)
    n = good + bad
    if not n:
        return tr("No check could be made in this period.")
    if not bad:
        return trn("The one check agrees.", "All {n} checks agree.", n)
    return trn("{n} of {all} checks does not agree.", "{n} of {all} checks do not agree.", bad, all=n)
