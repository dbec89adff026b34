"""The fields that say how a workspace counts: the same where one is made and where one is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from core import clock, language
from core.language import tr
from services.team import workspaces


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields say. Not checked yet."""

    name: str
    time_zone: str
    currency: str
    week_start: int


def fields(now: Choices, key: str, *, explained: bool) -> Choices:
    """The four fields, filled with `now`; `explained` puts under each what a change of it does."""
    say = st.caption if explained else _silent
    name = st.text_input(tr("Name"), now.name, key=f"{key}-name", placeholder=tr("The name of your business"))
    zone = _zone(now.time_zone, key)
    say(
        tr(
            "Decides when a new day begins, which days “last 30 days” means, and on which clock "
            "times are shown. Files are imported in it unless you choose another. Stored numbers "
            "stay on the days of their accounts; none moves."
        )
    )
    currency = _currency(now.currency, key)
    say(
        tr(
            "Stands behind amounts of accounts that name no currency of their own. Changing it "
            "renames those amounts, past ones too; nothing is converted. Amounts in different "
            "currencies are never added."
        )
    )
    week_start = st.selectbox(
        tr("First day of the week"), range(7), now.week_start, language.weekday, key=f"{key}-week"
    )
    say(tr("Where weeks are shown, they begin on this day; past weeks are cut anew at once."))
    return Choices(name, zone, currency, week_start)


def _silent(_text: str) -> None:
    """Say nothing: what is new changes nothing."""


def _zone(now: str, key: str) -> str:
    known = workspaces.time_zones()
    options = known if now in known else (now, *known)
    moment = clock.utc_now()
    found = st.selectbox(
        tr("Time zone"),
        options,
        options.index(now),
        lambda name: zone_words(name, moment),
        key=f"{key}-zone",
        placeholder=tr("Type a city, such as Berlin"),
    )
    return found or now


def zone_words(name: str, moment: datetime) -> str:
    """A time zone with how far it is from UTC at a moment.

    >>> from datetime import UTC
    >>> zone_words("America/New_York", datetime(2026, 1, 1, tzinfo=UTC))
    'America/New York · UTC−05:00'
    """
    ahead = moment.astimezone(clock.zone(name)).utcoffset() or timedelta(0)
    hours, minutes = divmod(round(abs(ahead) / timedelta(minutes=1)), 60)
    sign = "−" if ahead < timedelta(0) else "+"
    title = name.replace("_", " ")
    return f"{title} · UTC{sign}{hours:02}:{minutes:02}" if name != "UTC" else name


def _currency(now: str, key: str) -> str:
    known = tuple(workspaces.CURRENCIES)
    options = known if now in known else (now, *known)
    found = st.selectbox(tr("Currency"), options, options.index(now), currency_words, key=f"{key}-currency")
    return found or now


def currency_words(code: str) -> str:
    """A currency by code and name.

    >>> currency_words("EUR")
    'EUR · Euro'
    """
    if code not in workspaces.CURRENCIES:
        return code
    english, name = workspaces.CURRENCIES[code], code
    if not language.reader().words.is_english:
        name = language.currency(code)
    return f"{code} · {english if name == code else name}"
