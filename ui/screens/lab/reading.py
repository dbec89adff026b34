"""What the lab shows of drafts, with its charts: made once for each state of the drafts and of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from charts import effects, ranges, theme
from core import language, numbers, verdict
from core.language import figure, mark, tr
from core.metric import Unit
from core.question import Posts
from core.viewer import Viewer
from services.content import lab
from services.content.lab import Better, Draft, Expected
from services.words import wording
from ui import load
from ui.drawings import Drawing
from ui.load import Workspace

TITLES = {"engagement": mark("Engagement"), "views": mark("Views")}
_WHOLE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A draft with what may come of it, what is known of its hashtags, and better times with a sentence about them."""

    name: str
    draft: Draft
    expected: Expected
    tags: tuple[str, ...]
    said: str
    times: tuple[Better, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LabScreen:
    """The drafts, their ranges as a chart, and how they compare in words."""

    judged: tuple[Judged, ...]
    ranges: Drawing
    compared: str


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """What moves results on a platform: a chart, None where nothing stood out; `posts` learnt from, and how good the
    expectations were."""

    drawing: Drawing | None
    posts: int
    checked: str


def read(
    viewer: Viewer,
    workspace: Workspace,
    drafts: tuple[tuple[str, str, Draft], ...],
    target: str,
    only: Posts,
    *,
    now: datetime,
) -> LabScreen:
    """What may come of drafts, given as (name, platform, draft)."""
    judged = []
    for name, platform, draft in drafts:
        learnt = load.learnt(workspace, lab.learn, platform, target, only)
        (expected,) = lab.expect(learnt, [draft])
        said, times = lab.better(viewer, learnt, draft, now=now)
        known = lab.tags_known(viewer, platform, draft.whole_text, learnt.tags)
        judged.append(Judged(name, draft, expected, known, said, times))
    compared = lab.compared([one.name for one in judged], [one.expected for one in judged])
    return LabScreen(tuple(judged), _ranges(judged, target), compared)


def moves(viewer: Viewer, workspace: Workspace, platform: str, target: str, only: Posts, *, now: datetime) -> Moves:
    """What moves results on a platform."""
    del viewer, now
    learnt = load.learnt(workspace, lab.learn, platform, target, only)
    found = learnt.drivers
    if not found:
        return Moves(None, learnt.model.posts, lab.checked(learnt))
    table = pd.DataFrame({
        "lift": [one.ratio - 1 for one in found], "lower": [one.lower - 1 for one in found],
        "upper": [one.upper - 1 for one in found],
        "verdict": ["better" if one.ratio > 1 else "worse" for one in found],
    })  # fmt: skip
    names = [lab.driver_name(one) for one in found]
    rows = effects.rows(table, names, [figure(f"{one.posts:,}") for one in found])
    shown = pd.DataFrame({"What": names, "Posts": [one.posts for one in found], "Difference": rows["effect"]})
    words = "; ".join(f"{name} {said}" for name, said in zip(names, rows["effect"], strict=True))
    spec = theme.spec(effects.forest(rows, tr("What"), labels=210, zero=tr("same")))
    return Moves(Drawing(spec, shown, words), learnt.model.posts, lab.checked(learnt))


def _ranges(judged: list[Judged], target: str) -> Drawing:
    rows = pd.DataFrame([{
        "name": one.name, "lower": one.expected.lower, "median": one.expected.median, "upper": one.expected.upper,
        "usual": one.expected.usual, "middle": short(one.expected.median), "range": likely(one.expected),
        "before": short(one.expected.usual),
    } for one in judged])  # fmt: skip
    words = "; ".join(f"{one.name}: {said(one.expected)}" for one in judged)
    return Drawing(theme.spec(ranges.drawn(rows, language.inside(title(target)))), _table(judged), words)


def _table(judged: list[Judged]) -> pd.DataFrame:
    return pd.DataFrame({
        "Draft": [one.name for one in judged],
        "Kind": [wording.kind(one.draft.kind) for one in judged],
        "Time": [one.draft.at for one in judged],
        "Text": [one.draft.whole_text for one in judged],
        "Expected": [one.expected.median for one in judged],
        "Likely from": [one.expected.lower for one in judged],
        "Likely to": [one.expected.upper for one in judged],
        "Usual of the account": [one.expected.usual for one in judged],
        "Made from": [verdict.said(one.expected.basis) for one in judged],
    })  # fmt: skip


def short(value: float) -> str:
    """A count in a few characters; without a decimal where it would only look exact."""
    return numbers.short(round(value) if value >= _WHOLE else value, Unit.COUNT)


def likely(one: Expected) -> str:
    """A range in a few characters."""
    return tr("{low} to {high}", low=short(one.lower), high=short(one.upper)) if one.known else tr("n/a")


def said(one: Expected) -> str:
    """The middle of what is expected with its range."""
    return tr("{value}, likely {range}", value=short(one.median), range=likely(one))


def title(target: str) -> str:
    """What is foretold."""
    return tr(TITLES[target])
