"""All facts of a period into ranked findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from analytics.insights import LANGUAGES, write
from analytics.insights import Insight as Finding
from core import language
from core.language import mark, tr
from core.question import Answer, Posts, Where
from core.viewer import Viewer
from services.content.posts import meant
from services.insights import answers, published, sources, studied

QUIET = mark("No total moved by more than its days usually swing.")


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What findings are made from, asked once by whoever shows them: the answer by day with the past beside it, the
    same split by platform, and the posts of the year. Where `only` some posts are meant, only they can stand out."""

    by_day: Answer
    by_platform: Answer
    posts: pd.DataFrame
    where: Where
    only: Posts = field(default_factory=Posts)


def worth_knowing(viewer: Viewer, material: Material, *, now: datetime) -> list[Finding]:
    """What is worth knowing about a period in the reader's language, most pressing first; empty when there is nothing
    to say."""
    posts = material.posts
    if material.only:
        posts = posts.assign(inside=posts["inside"] & meant(posts, material.only))
    facts = [
        *sources.failing(viewer, material.where),
        *answers.changes(material.by_day, material.by_platform),
        *answers.growth(material.by_day),
        *published.outstanding(posts, material.by_day.period),
        *studied.facts(viewer, material.where, material.by_day.period, now, of_posts=not material.only),
    ]
    words = language.reader().words.code
    return write(facts, language=words if words in LANGUAGES else language.ENGLISH.code)


def headline(found: Sequence[Finding], by_day: Answer) -> str:
    """One sentence on what changed most and where it came from; empty when nothing can be compared."""
    change = next((one for one in found if one.kind == "change"), None)
    if change is not None:
        return f"{change.text} {change.certainty}".strip()
    return tr(QUIET) if answers.comparable(by_day) else ""
