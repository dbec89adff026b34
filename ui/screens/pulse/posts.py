"""The newest posts: which take off, and how fast each is against the usual ones of its account."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core import numbers
from core.language import figure, tr, trn
from core.metric import Unit
from services.pulse import Pulse, PulsePost, Speed
from services.words import wording
from ui import format, fresh, load, panels, tables
from ui.states import boundary

_LONGEST_TEXT = 90
_LETTER, _TEXTS = 6.7, 580
"""About how wide a letter is with what is left beside a text, and what two columns of texts have, in pixels."""


def viral(answer: Pulse) -> None:
    """Posts that have left the range of what is usual for their account."""
    if not answer.viral:
        return
    with st.container(border=True, gap="xxsmall", key="panel-viral"):
        st.markdown(f"**{tr('Taking off')}**")
        for one in answer.viral:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"pulserow-{one.id}"):
                st.badge(tr("Viral"), icon=":material/trending_up:", color="violet")
                st.text(_text(one), width="stretch")
                st.markdown(f"**{format.plain(_ratio(one))}**")
                st.caption(format.plain(f"{_base(one)} · {_platform(one)}"))


def newest(answer: Pulse) -> None:
    """The posts of the last days: a table on a wide screen, a list on a phone."""
    with st.container(border=True, key="panel-newest"), boundary():
        if not answer.posts:
            panels.head(tr("Newest posts"), key="newest", note=tr("published in the last 7 days"))
            st.caption(tr("No posts in the last 7 days. The next one appears here with its speed."))
            return
        table = _table(answer.posts)
        note = tr(
            "published in the last 7 days, newest first; speed is the counter against the account's usual one at the "
            "same age"
        )
        panels.head(tr("Newest posts"), key="newest", note=note, table=table, fresh=fresh.of_view())
        with st.container(key="wide-pulse"):
            tables.opening(
                table.drop(columns=["Account"] if table["Mark"].any() else ["Account", "Mark"]),
                [one.id for one in answer.posts],
                key="pulse",
                column_config=_config(table),
                alt=trn("{n} post, newest first", "{n} posts, newest first", len(table)),
            )
        with st.container(key="narrow-pulse", gap="small"):
            for one in answer.posts:
                _item(one)


def _table(posts: tuple[PulsePost, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Post": [_text(one) for one in posts],
            "Platform": [_platform(one) for one in posts],
            "Account": [one.account for one in posts],
            "Age": [_age(one.age_h) for one in posts],
            "Views": [one.exposure for one in posts],
            "Engagement": [one.engagement for one in posts],
            "Speed": [one.speed.ratio if one.speed else None for one in posts],
            "Mark": [tr("Viral") if one.speed and one.speed.viral else "" for one in posts],
            "Usually": [_against(one) for one in posts],
            "Link": [one.permalink for one in posts],
        }
    ).astype({"Views": float, "Engagement": float, "Speed": float})


def _config(table: pd.DataFrame) -> dict[str, Any]:
    most, usual = table["Speed"].max(), min(max(round(_LETTER * table["Usually"].str.len().max()), 180), 360)
    return {
        "Post": st.column_config.TextColumn(width=_TEXTS - usual),
        "Platform": st.column_config.TextColumn(width=86),
        "Age": st.column_config.TextColumn(width=54),
        "Views": st.column_config.NumberColumn(
            format="compact", width=66, help=tr("As last read; where a platform gives none, impressions or reach")
        ),
        "Engagement": st.column_config.NumberColumn(format="compact", width=88, help=tr("As last read")),
        "Speed": st.column_config.ProgressColumn(
            format="%.1f×",
            min_value=0,
            max_value=max(3.0, float(most)) if pd.notna(most) else 3.0,
            width=108,
            help=tr("1.0× is the account's usual post at the same age"),
        ),
        "Usually": st.column_config.TextColumn(tr("Usual at this age"), width=usual),
        "Mark": st.column_config.TextColumn(width=56),
        "Link": st.column_config.LinkColumn("", display_text=":material/open_in_new:", width=36),
    }


def _item(one: PulsePost) -> None:
    """A post on a phone."""
    with st.container(gap=None, key=f"pulseitem-{one.id}"):
        tables.title(one.id, _text(one), "pulse")
        seen = numbers.short(one.exposure, Unit.COUNT)
        done = numbers.short(one.engagement, Unit.COUNT)
        what = wording.metric(one.exposure_name or "views")
        made = tr("{n} engagements", n=done)
        st.caption(format.plain(f"{_platform(one)} · {_age(one.age_h)} · {seen} {what} · {made}"))
        if one.speed is None:
            st.caption(format.plain(_base(one)))
            return
        badge = f":violet-badge[{tr('Viral')}] " if one.speed.viral else ""
        st.markdown(f":small[{badge}**{format.plain(_ratio(one))}** :gray[{format.plain(_base(one))}]]")


def _text(one: PulsePost) -> str:
    text = " ".join(one.text.split())
    return format.cut(text, _LONGEST_TEXT) or wording.without_text(one.kind)


def _platform(one: PulsePost) -> str:
    return load.platform_titles().get(one.platform, one.platform)


def _age(hours: float) -> str:
    if hours < 1:
        return tr("{n} min", n=max(int(hours * 60), 1))
    return tr("{n} h", n=int(hours)) if hours < 48 else tr("{n} d", n=int(hours // 24))


def _ratio(one: PulsePost) -> str:
    """ "3.2× usual at 5 h"."""
    if one.speed is None:
        return ""
    return tr("{times}× usual at {age}", times=figure(f"{one.speed.ratio:.1f}"), age=_age(one.speed.age_h))


def _base(one: PulsePost) -> str:
    """ "usually 5.9K views, of 41 posts"; without a speed, why."""
    if one.speed is None:
        return one.why
    if one.speed.same_kind:
        return tr("usually {value} {metric}, of {posts} posts of its kind", **_usual(one.speed))
    return tr("usually {value} {metric}, of {posts} posts", **_usual(one.speed))


def _against(one: PulsePost) -> str:
    """ "5.9K views at 5 h, of 41 posts": for a column that is called usual."""
    if one.speed is None:
        return one.why
    if one.speed.same_kind:
        return tr("{value} {metric} at {age}, of {posts} posts of its kind", **_usual(one.speed))
    return tr("{value} {metric} at {age}, of {posts} posts", **_usual(one.speed))


def _usual(speed: Speed) -> dict[str, str]:
    """What is usual, as the sentences about it name it."""
    return {
        "value": numbers.short(speed.base.median, Unit.COUNT),
        "metric": wording.metric(speed.metric),
        "age": _age(speed.age_h),
        "posts": figure(f"{speed.base.posts:,}"),
    }
