"""Every read of a screen, cached. Keys are plain values and the store's version, so a finished sync shows at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

import streamlit as st

from core import clock, language
from core.metric import Metric
from core.question import Period, Posts, Where
from core.viewer import Viewer, owner
from services import catalogue, pulse
from services.content import posts
from services.installation import site
from services.team import custom_metrics, targets, workspaces
from services.words import glossary
from ui import drawings
from ui.drawings import PulseScreen

T = TypeVar("T")

_STEP = timedelta(minutes=5)
"""How far the clock moves before what is not over yet is asked again."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace on the screen."""

    id: int
    name: str
    is_demo: bool
    time_zone: str
    currency: str
    week_start: int

    @property
    def viewer(self) -> Viewer:
        """Who looks at it: until sign-in exists, the owner."""
        return owner(self.id)


@dataclass(frozen=True, slots=True)
class AccountOption:
    """An account to choose: `title` tells it from every other."""

    id: int
    platform: str
    title: str


def now() -> datetime:
    """The present, in steps of five minutes, so that it can be part of a key."""
    moment = clock.utc_now()
    return moment - timedelta(
        minutes=moment.minute % (_STEP.seconds // 60), seconds=moment.second, microseconds=moment.microsecond
    )


def every_workspace() -> list[Workspace]:
    """All workspaces, oldest first. Not cached: one small read."""
    return [
        Workspace(row.id, row.name, row.kind == "demo", row.time_zone, row.currency, row.week_start)
        for row in workspaces.list_all()
    ]


def today(workspace: Workspace) -> date:
    """The workspace's calendar day."""
    return clock.local_day(clock.utc_now(), workspace.time_zone)


def version(workspace: Workspace) -> str:
    """What a cached answer is keyed by, besides its question: the numbers, and the words and forms of who reads."""
    return _version(workspace.viewer)


def _version(viewer: Viewer) -> str:
    reader = language.reader()
    return f"{site.version(viewer)}.{reader.words.code}.{reader.forms.code}"


def accounts(workspace: Workspace) -> tuple[AccountOption, ...]:
    """The accounts that are read, by name."""
    return _accounts(workspace.id, version(workspace))


@st.cache_data(ttl=3600, max_entries=64, show_spinner=False)
def _accounts(workspace_id: int, version: str) -> tuple[AccountOption, ...]:
    titles = catalogue.platform_titles()
    found, seen = [], set[str]()
    for account in catalogue.accounts(owner(workspace_id)):
        if not account.selected:
            continue
        title = f"{account.name or account.handle or account.external_id} ({titles.get(account.platform)})"
        title = title if title not in seen else f"{title} {account.external_id}"
        seen.add(title)
        found.append(AccountOption(account.id, account.platform, title))
    return tuple(found)


def posts_used(workspace: Workspace) -> Posts:
    """The kinds and tags that posts can be chosen by, most used first."""
    return _posts_used(workspace.id, site.version(workspace.viewer))


@st.cache_data(ttl=3600, max_entries=64, show_spinner=False)
def _posts_used(workspace_id: int, version: str) -> Posts:
    return posts.used(owner(workspace_id), now=clock.utc_now())


def platform_titles() -> dict[str, str]:
    """Platform -> the name people know."""
    return catalogue.platform_titles()


def targets_of(workspace: Workspace) -> dict[str, float]:
    """Metric -> target."""
    return targets.read(workspace.viewer)


def screen(workspace: Workspace, make: Callable[..., T], *asked: Any) -> T:
    """What `make(viewer, *asked, now=...)` answers, kept until the numbers, the studies or five minutes of the clock
    change. `asked` are plain values, or frozen dataclasses of plain values. Raises as `make` does."""
    return shared(workspace.viewer, make, *asked, now=now())


def shared(viewer: Viewer, make: Callable[..., T], *asked: Any, now: datetime) -> T:
    """The same from inside a read: what several reads of a page are made from is asked once."""
    name = f"{make.__module__}.{make.__qualname__}"
    return cast(T, _kept(name, viewer.workspace_id, _version(viewer), asked, now, make))


@st.cache_data(ttl=900, max_entries=300, show_spinner=False)
def _kept(name: str, workspace_id: int, version: str, asked: Any, moment: datetime, _make: Callable[..., Any]) -> Any:
    return _make(owner(workspace_id), *asked, now=moment)


def learnt(workspace: Workspace, make: Callable[..., T], *asked: Any) -> T:
    """What `make(viewer, *asked, now=...)` answers, for what takes seconds to learn: kept until the numbers or the
    studies change, or a day has passed. `asked` and errors as in `screen`."""
    name = f"{make.__module__}.{make.__qualname__}"
    return cast(T, _learnt(name, workspace.id, version(workspace), asked, today(workspace), now(), make))


@st.cache_data(ttl=86_400, max_entries=60, show_spinner=False)
def _learnt(
    name: str, workspace_id: int, version: str, asked: Any, day: date, _moment: datetime, _make: Callable[..., Any]
) -> Any:
    return _make(owner(workspace_id), *asked, now=_moment)


def pulse_screen(workspace: Workspace, where: Where, annotated: bool) -> PulseScreen:
    """Right now, chart included, with the marks of what happened if `annotated`; the same for all who look in the same
    five seconds. Raises as `services.pulse`."""
    moment = clock.utc_now().replace(microsecond=0)
    moment -= timedelta(seconds=moment.second % 5)
    return _pulse(workspace.id, version(workspace), where.platforms, where.accounts, annotated, moment)


@st.cache_data(ttl=60, max_entries=50, show_spinner=False)
def _pulse(
    workspace_id: int, version: str, platforms: tuple[str, ...], accounts: tuple[int, ...], annotated: bool,
    moment: datetime,
) -> PulseScreen:  # fmt: skip
    where = Where(platforms=platforms, accounts=accounts)
    usual = _usual_day(workspace_id, platforms, accounts, now())
    answer = pulse.pulse(owner(workspace_id), where, now=moment, usual=usual)
    today = clock.local_day(moment, answer.time_zone)
    marks = drawings.happened(owner(workspace_id), Period(today - timedelta(days=1), today), annotated)
    return drawings.pulse(answer, marks)


@st.cache_data(ttl=900, max_entries=50, show_spinner=False)
def _usual_day(
    workspace_id: int, platforms: tuple[str, ...], accounts: tuple[int, ...], moment: datetime
) -> pulse.UsualDay:
    """What was known on earlier days at this time: no sync changes it any more."""
    return pulse.usual_day(owner(workspace_id), Where(platforms=platforms, accounts=accounts), now=moment)


@st.cache_data(ttl=3600, max_entries=4, show_spinner=False)
def _entries(words: str) -> list[glossary.Entry]:
    return glossary.entries()


def own_titles(workspace: Workspace) -> dict[str, str]:
    """The team's own metrics: name -> title. Not cached: one small read."""
    return {name: one.title for name, one in custom_metrics.read(workspace.viewer).items()}


def glossary_entries() -> list[glossary.Entry]:
    """Every metric of the registry in words."""
    return _entries(language.reader().words.code)


def metric(name: str) -> Metric | None:
    """A metric of the registry; None for a quantity that is not in it."""
    return glossary.find(name)
