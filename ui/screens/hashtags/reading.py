"""What the Hashtags page shows, with its charts: made once for each state of the store."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from charts import effects, tally, theme, week
from core import numbers, verdict
from core.language import figure, tr
from core.metric import Unit
from core.question import Asked
from core.viewer import Viewer
from services.content import hashtags
from services.content.hashtags import Hashtags
from services.content.posts import PostTable
from ui.drawings import Drawing

DRAWN = 14
"""So many tags, subjects and pairs are drawn; all stand in the tables and files."""


@dataclass(frozen=True, slots=True, eq=False)
class HashtagScreen:
    """The answer with its charts. `terms` are what can be looked for: "#tag", and subjects."""

    answer: Hashtags
    tags: Drawing
    subjects: Drawing
    pairs: Drawing
    terms: tuple[str, ...]


def read(viewer: Viewer, asked: Asked, *, now: datetime) -> HashtagScreen:
    """Hashtags and subjects of a year's posts."""
    answer = hashtags.hashtags_of(viewer, asked.where, asked.posts, now=now)
    subjects = answer.subjects[answer.subjects["verdict"].isin(hashtags.JUDGED)]
    tags = answer.tags.assign(name="#" + answer.tags["tag"].astype(str))
    terms = (*tags["name"], *answer.subjects["topic"])
    return HashtagScreen(
        answer,
        _effects(tags[tags["verdict"].isin(hashtags.JUDGED)], tr("Hashtag"), table_of(answer.tags)),
        _effects(subjects.assign(name=subjects["topic"]), tr("Topic"), _subjects(answer.subjects)),
        _pairs(answer.pairs),
        tuple(str(one) for one in terms),
    )


def posts_with(viewer: Viewer, asked: Asked, term: str, *, now: datetime) -> PostTable:
    """The best posts with a hashtag or about a subject."""
    return hashtags.posts_with(viewer, asked.where, term, asked.posts, now=now)


def table_of(tags: pd.DataFrame) -> pd.DataFrame:
    """Every hashtag with the columns people read."""
    return pd.DataFrame({
        "Hashtag": "#" + tags["tag"].astype(str), "Posts": tags["uses"], "Last 28 days": tags["recent"],
        "Median views": tags["seen"].astype(float), "Median engagement": tags["engagement"].astype(float),
        **_figures(tags),
    })  # fmt: skip


def on_screen(tags: pd.DataFrame) -> pd.DataFrame:
    """The same for the table on the screen: the lift in per cent, its range in words, and the months as small bars."""
    figures = table_of(tags)
    likely = [
        "" if math.isnan(low) else tr("{low} to {high}", low=week.percent(low), high=week.percent(high))
        for low, high in zip(figures["Lift from"], figures["Lift to"], strict=True)
    ]
    return figures.assign(Lift=figures["Lift"] * 100, Likely=likely, Months=tags["monthly"])


def _subjects(subjects: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"Topic": subjects["topic"], "Posts": subjects["uses"], **_figures(subjects)})


def _figures(found: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "Lift": found["lift"].astype(float), "Lift from": found["lower"].astype(float),
        "Lift to": found["upper"].astype(float), "Verdict": found["verdict"].map(verdict.said),
        "Use": found["trend"].map(verdict.said),
    }  # fmt: skip


def _effects(judged: pd.DataFrame, of: str, table: pd.DataFrame) -> Drawing:
    chosen = hashtags.strongest(judged, DRAWN)
    rows = effects.rows(chosen, chosen["name"].tolist(), [figure(f"{n:,}") for n in chosen["uses"]])
    told = ", ".join(f"{name} {effect}" for name, effect in zip(rows["name"], rows["effect"], strict=True))
    words = tr("Engagement against the usual: {effects}", effects=told)
    return Drawing(theme.spec(effects.forest(rows, of, pick=True)), table, words)


def _pairs(pairs: pd.DataFrame) -> Drawing:
    named = [f"#{one} + #{two}" for one, two in zip(pairs["first"], pairs["second"], strict=True)]
    shown = pd.DataFrame({
        "name": named, "value": pairs["together"], "words": [figure(f"{n:,}") for n in pairs["together"]],
        "hover": [tr("{n} posts, {times} times as often as by chance", n=figure(f"{n:,}"), times=figure(f"{times:.1f}"))
                  for n, times in zip(pairs["together"], pairs["times"], strict=True)],
    })  # fmt: skip
    table = pd.DataFrame({
        "Hashtag": "#" + pairs["first"].astype(str), "With": "#" + pairs["second"].astype(str),
        "Posts": pairs["together"], "Times as often as by chance": pairs["times"].astype(float).round(2),
    })  # fmt: skip
    drawn = tally.bars(shown.head(DRAWN))
    return Drawing(theme.spec(drawn), table, tr("Hashtags used together: {pairs}", pairs=", ".join(named[:5])))


def short(value: float) -> str:
    """A median in a few characters."""
    return numbers.short(value, Unit.COUNT)
