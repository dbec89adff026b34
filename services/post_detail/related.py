"""Other posts of the account that are about the same, with their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analytics import related
from services.post_detail.shapes import Post, Related

MOST = 5
LEAST = 0.12
"""Below this likeness two posts share a word, not a subject."""
_OTHER_KIND = 0.8
"""A post of another kind counts as this much as alike."""
_WORDS = 3


def of(post: Post, known: pd.DataFrame) -> tuple[Related, ...]:
    """The most alike of the account's posts around it, most alike first."""
    places = np.flatnonzero(known["id"].to_numpy() == post.id)
    if not len(places):
        return ()
    texts = [related.terms(text, tags or ()) for text, tags in zip(known["text"], known["tags"], strict=True)]
    mine, weighed = int(places[0]), related.weights(texts)
    alike = related.likeness(texts, mine)
    alike = np.where(known["kind"].to_numpy(object) == post.kind, alike, alike * _OTHER_KIND)
    alike[mine] = 0.0
    best = np.lexsort((-known["published_at"].to_numpy(np.int64), -alike))[:MOST]
    return tuple(
        _related(row, _shared(texts[at] & texts[mine], weighed))
        for at, row in zip(best.tolist(), known.iloc[best].to_dict("records"), strict=True)
        if alike[at] >= LEAST
    )


def _shared(terms: frozenset[str], weighed: dict[str, float]) -> tuple[str, ...]:
    """The terms that say most, tags first among equals."""
    telling = [term for term in terms if weighed[term] > 0]
    return tuple(sorted(telling, key=lambda term: (-weighed[term], not term.startswith("#"), term))[:_WORDS])


def _related(row: dict[Any, Any], shared: tuple[str, ...]) -> Related:
    return Related(
        id=int(row["id"]),
        kind=str(row["kind"]),
        text=str(row["text"]),
        published_local=row["published_local"].to_pydatetime(),
        shared=shared,
        exposure=_known(row["exposure"]),
        over=str(row["denominator"]),
        engagement=_known(row["engagement"]),
        rate=_known(row["engagement_rate"]),
        score=_known(row["score"]),
    )


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
