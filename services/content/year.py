"""The posts of the last year, narrowed as the filter bar says: what timing, hashtags and drafts are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import pandas as pd

from core.errors import NotEnoughData
from core.language import mark, tr
from core.question import Period, Posts, Where
from core.viewer import Viewer
from services.studies import Kept, Subject, find
from services.studies.numbers import Numbers

State = Literal["ok", "not_enough", "pending", "failed"]
PENDING = mark("This is being computed, usually within a few minutes.")
DAYS = 366
"""Posts of a full year before yesterday."""
COLUMNS = ("account", "platform", "kind", "published_local", "text", "age_days", "engagement", "impressions")
_STATES: dict[str, State] = {"ok": "ok", "not_enough": "not_enough"}


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Whether something is known, and if not, why; `computed_at` is None for what was computed just now."""

    state: State
    reason: str = ""
    computed_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """Whether there is something to show."""
        return self.state == "ok"


def posts(viewer: Viewer, where: Where, only: Posts | None = None, *, now: datetime) -> pd.DataFrame:
    """The posts of the last year with `COLUMNS`, oldest first; no row where none is known. Answers in conversations,
    which nobody plans, are left out."""
    try:
        found = Numbers(viewer, now).posts(only=only)
    except NotEnoughData:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    chosen = found["account"].isin(where.accounts) if where.accounts else pd.Series(True, index=found.index)
    if where.platforms and not where.accounts:
        chosen &= found["platform"].isin(where.platforms)
    return found[chosen].reset_index(drop=True)


def period(now: datetime) -> Period:
    """The days the posts of the last year were published on."""
    return Period(now.date() - timedelta(days=DAYS), now.date())


def studied(where: Where, only: Posts | None = None) -> Subject | None:
    """The subject of a kept study about the same posts; None where accounts, several platforms or posts are chosen."""
    if where.accounts or len(where.platforms) > 1 or only:
        return None
    return Subject(platform=where.platforms[0] if where.platforms else "")


def kept(viewer: Viewer, kind: str, subject: Subject) -> tuple[Standing, Kept | None]:
    """A kept study and how it stands; the study is None unless it has found something."""
    found = find(viewer, kind, subject)
    if found is None:
        return Standing("pending", tr(PENDING)), None
    standing = Standing(_STATES.get(found.state, "failed"), found.reason, found.computed_at)
    return standing, found if standing.ok else None
