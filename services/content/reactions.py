"""What is engagement made of? Likes, comments, shares, saves and quotes, each as its share of all reactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from analytics.metrics import definitions
from core.language import mark, tr
from core.question import Answer, Explanation, Period, Question, Where
from core.viewer import Viewer
from services import ask
from services.ask.notes import listed

KINDS: dict[str, tuple[str, ...]] = {
    mark("Likes"): ("likes",),
    mark("Comments"): ("comments", "replies"),
    mark("Shares"): ("shares", "reposts"),
    mark("Saves"): ("saves", "bookmarks"),
    mark("Quotes"): ("quotes",),
}
"""What means about the same under different names. Every public reaction a platform counts is in one of them."""
VERSION = "full"
COLUMNS = ("platform", "title", "kind", "value", "share")


@dataclass(frozen=True, eq=False)
class Reactions:
    """One row per platform and kind of reaction that it counts, in `COLUMNS`; most reactions first."""

    frame: pd.DataFrame
    notes: tuple[str, ...]
    explanation: Explanation


def split(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> Reactions:
    """What the engagement of each platform is made of. Raises as `ask` does."""
    counters = tuple(name for names in KINDS.values() for name in names)
    answer = ask.ask(viewer, Question((*counters, "engagement"), period, None, "platform", where), now=now)
    notes, parts, silent = [], [], []
    for platform, title in answer.split_titles.items():
        found = _values(answer, platform)
        total = sum(found.values())
        if not found or total == 0:
            silent.append(title)
        elif min(found.values()) < 0:
            notes.append(tr("{platform} is left out: more was taken back than given.", platform=title))
        else:
            parts += [(platform, title, kind, value, value / total, total) for kind, value in found.items()]
    if silent and parts:
        notes.append(tr("No reactions are known of {platforms}.", platforms=listed(silent)))
    frame = pd.DataFrame(parts, columns=[*COLUMNS, "total"])
    ordered = frame.sort_values("total", ascending=False, kind="stable", ignore_index=True)
    return Reactions(ordered[list(COLUMNS)], tuple(notes), answer.explain("engagement"))


def _values(answer: Answer, platform: str) -> dict[str, float]:
    """Kind of reaction -> how many, of those the platform counts; one that is not known is not there."""
    counted, found = definitions.terms(VERSION, platform), dict[str, float]()
    for kind, names in KINDS.items():
        values = [answer.by_split[platform, name].value for name in names if name in counted]
        known = [value for value in values if value is not None]
        if known:
            found[kind] = sum(known)
    return found
