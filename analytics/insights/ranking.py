"""Which findings come first: large, certain and relevant ones, and not five of one kind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from analytics.insights.facts import Insight

HALF_SIZE = math.log(1.5)
"""An effect of one half more counts half of what an endless one would."""
PER_KIND = 3
AGAIN_KIND, AGAIN_CATEGORY = 0.6, 0.85
"""What is left of a finding's weight for each one of its kind, or category, that stands before it."""


def importance(size: float, confidence: float, relevance: float) -> float:
    """How much a finding matters: size (saturating) x confidence x relevance.

    >>> round(importance(math.log(1.5), 0.8, 1.0), 3)
    0.4
    """
    return size / (size + HALF_SIZE) * confidence * relevance


def ranked(found: Sequence[tuple[float, Insight]]) -> list[Insight]:
    """The findings by importance, each kind at most three times; the last of a kind tells how many more there are."""
    left = sorted(found, key=lambda one: (-one[0], one[1].kind, one[1].text, one[1].questions))
    total, kinds, categories = Counter(one.kind for _, one in left), Counter[str](), Counter[str]()
    shown: list[Insight] = []
    while left:
        weights = [weight * _again(insight, kinds, categories) for weight, insight in left]
        insight = left.pop(weights.index(max(weights)))[1]
        kinds[insight.kind] += 1
        categories[insight.category] += 1
        if kinds[insight.kind] == PER_KIND:
            insight = replace(insight, more=total[insight.kind] - PER_KIND)
            left = [one for one in left if one[1].kind != insight.kind]
        shown.append(insight)
    return shown


def _again(insight: Insight, kinds: Counter[str], categories: Counter[str]) -> float:
    return float(AGAIN_KIND ** kinds[insight.kind] * AGAIN_CATEGORY ** categories[insight.category])
