"""Ways to foretell a post, from the plain median of its account to what its features have in common with others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.adjusting import Floats
from analytics.post_outcome import features, levels

MEDIAN, RECENT, KIND, FEATURES, ALL = (
    "account median", "recent account median", "account and kind", "features of the post", "all accounts",
)  # fmt: skip
PENALTIES = (10.0, 100.0, 1000.0)
_CLIP = 2.5


@dataclass(frozen=True, slots=True)
class Method:
    """A level ("median" or "recent"), what is added to it ("", "kind" or "features"), how much of that, and the
    penalty that draws the weights of features to 0."""

    level: str
    added: str = ""
    share: float = 1.0
    penalty: float = 0.0

    @property
    def basis(self) -> str:
        """What the method speaks from, in words."""
        return {"kind": KIND, "features": FEATURES}.get(self.added, RECENT if self.level == "recent" else MEDIAN)


PLAIN = Method("median")
"""The account's own median: what every other method has to beat."""


def candidates() -> list[Method]:
    """All methods that are tried, the plainest first."""
    found = [Method(level) for level in ("median", "recent")]
    found += [Method(level, "kind", share) for level in ("median", "recent") for share in (0.5, 1.0)]
    return found + [
        Method(level, "features", share, penalty)
        for level in ("median", "recent") for penalty in PENALTIES for share in (0.5, 1.0)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Learnt:
    """All that was learnt from posts up to some day; `weights` of the features by penalty."""

    levels: levels.Levels
    features: features.Features
    weights: dict[float, Floats]

    def expected(self, posts: pd.DataFrame, methods: Sequence[Method]) -> tuple[pd.DataFrame, Floats]:
        """The levels of each post, and its expected logarithm by each method, (posts, methods)."""
        at, numbers = self.levels.of(posts), self.features.matrix(posts)
        columns = [self._one(at, numbers, method) for method in methods]
        return at, np.column_stack(columns) if len(posts) else np.empty((0, len(methods)))

    def _one(self, at: pd.DataFrame, numbers: Floats, method: Method) -> Floats:
        level = at[method.level].to_numpy(dtype=float)
        if method.added == "kind":
            return np.asarray(level + method.share * at["kind"].to_numpy(dtype=float))
        if method.added == "features":
            return np.asarray(level + method.share * (numbers @ self.weights[method.penalty]))
        return level


def learn(posts: pd.DataFrame, response: Floats, also: Sequence[str], penalties: Sequence[float]) -> Learnt:
    """Levels and weights from posts in order of time."""
    at, how = levels.learnt(posts, response), features.learnt(posts, also)
    if not penalties:
        return Learnt(at, how, {})
    numbers = how.matrix(posts)
    own = at.of(posts)
    rest, spread = _rest(posts, response, own), own["spread"].to_numpy(dtype=float)
    weight = 1 / spread**2
    weight /= weight.mean()
    # An account's own habits must not pass for the effect of a feature: both are taken beside the account's mean.
    centred = numbers - pd.DataFrame(numbers).groupby(posts["account"].to_numpy(), dropna=False).transform("mean")
    inside = np.asarray(centred, dtype=float)
    inner, outer = inside.T @ (inside * weight[:, None]), inside.T @ (rest * weight)
    size = np.eye(inner.shape[0])
    weights = {penalty: np.asarray(np.linalg.solve(inner + penalty * size, outer), float) for penalty in penalties}
    return Learnt(at, how, weights)


def _rest(posts: pd.DataFrame, response: Floats, own: pd.DataFrame) -> Floats:
    """What is left beside the level of the account at the time, far outliers drawn in."""
    account = posts["account"].to_numpy()
    y = pd.Series(response)
    around = y.groupby(account, dropna=False).transform(
        lambda values: values.rolling(2 * levels.RECENT + 1, center=True, min_periods=1).median()
    )
    reach = _CLIP * own["spread"].to_numpy(dtype=float)
    rest = np.clip((y - around).to_numpy(dtype=float), -reach, reach)
    return np.asarray(rest - pd.Series(rest).groupby(account, dropna=False).transform("mean").to_numpy())
