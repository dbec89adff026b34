"""Who asks, and about which days: what the routes have in common."""

from __future__ import annotations

from datetime import date

from core.errors import BadQuestion
from core.question import Period
from core.viewer import Viewer, owner
from services import overview
from services.team import workspaces


def viewer(business_id: int | None) -> Viewer:
    """Who asks about which workspace; the only one where none is named. Raises BadQuestion and NotFound."""
    found = workspaces.list_all()
    if business_id is None and len(found) != 1:
        raise BadQuestion("Say which workspace: business_id is missing.", hint="Its id stands on the Settings page.")
    return owner(workspaces.get(business_id if business_id is not None else found[0].id).id)


def period(of: Viewer, first: date | None, last: date | None) -> Period:
    """The days that are asked about; the last 30 full ones where none are. Raises BadQuestion."""
    if first and last:
        return Period(first, last)
    if first or last:
        raise BadQuestion("from_date and to_date come together.", hint="Give both, or neither for the last 30 days.")
    return overview.default_period(of)
