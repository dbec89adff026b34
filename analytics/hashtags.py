"""Which hashtags go with posts that do better than the same posts would without them, and which come and go?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from analytics.adjusting import Adjusted, Floats, Ints, Known, adjusted, known, local_times

FEWEST = 5
"""A tag with fewer posts is not judged."""
FEWEST_WEEKS = 3
"""Nor is one that was used in fewer weeks: it can't be told from what else happened then."""
FALSE_SHARE = 0.05
"""Of the tags called better or worse, at most this share on average is not."""
RECENT_DAYS = 28
BETTER, WORSE, SAME = "better", "worse", "no clear difference"
FEW_WEEKS = "used in too few weeks to tell"
COLUMNS = ("tag", "uses", "lift", "lower", "upper", "verdict", "trend")

_TOGETHER = 500
_AT_ONCE = 1000
_SDS = (0.05, 0.1, 0.2, 0.4)
_MIXED_SDS = np.array([0.02, 0.05, 0.1, 0.2, 0.4, 0.8])
_HOUR_SD = 0.1
_PRIOR_WEEKS = 8.0
_TREND_P = 0.01
_NO_VARIANCE = 1e-9
_CHAIN = re.compile(r"(?<![\w&/])(?:#[^\s#!-/:-@\[-^`{-~]+)+")
_JOINING = frozenset("_·\u200c\u200d")


def tags_in(text: str) -> tuple[str, ...]:
    """The hashtags of a text, each once, in order, in small letters and without their sign.

    A tag is a run of letters, marks, digits and underscores after a `#`, of any script, with at least one letter;
    a `#` inside a word or an address begins none.

    >>> tags_in("Spring #Sale, #Straße#हिन्दी no. #1 https://a.example/#top a#b")
    ('sale', 'strasse', 'हिन्दी')
    """
    if "#" not in text and "＃" not in text:
        return ()
    chains = _CHAIN.findall(text.replace("＃", "#"))
    return _distinct([_trimmed(chunk) for chain in chains for chunk in chain.split("#")[1:]])


@lru_cache(maxsize=20_000)
def _trimmed(chunk: str) -> str:
    for at, sign in enumerate(chunk):
        if not (sign.isalnum() or sign in _JOINING or unicodedata.category(sign)[0] == "M"):
            chunk = chunk[:at]
            break
    return "" if chunk.replace("_", "").isdigit() else _folded(chunk)


@lru_cache(maxsize=20_000)
def _folded(tag: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tag).casefold())


def _distinct(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def tags_of(posts: pd.DataFrame) -> list[tuple[str, ...]]:
    """The tags of each post: its `tags` (a list, or words in one text) where it has any, else those in its `text`."""
    texts = posts["text"].tolist() if "text" in posts else [""] * len(posts)
    given = posts["tags"].tolist() if "tags" in posts else [None] * len(posts)
    return [_tags(tags, text) for tags, text in zip(given, texts, strict=True)]


def _tags(tags: object, text: object) -> tuple[str, ...]:
    if isinstance(tags, str):
        tags = re.split(r"[\s,;#＃]+", tags)
    if isinstance(tags, list | tuple | set | frozenset | np.ndarray):
        words = sorted(tags) if isinstance(tags, set | frozenset) else tags
        return _distinct(_folded(str(tag).strip().lstrip("#＃")) for tag in words)
    return tags_in(text) if isinstance(text, str) else ()


@dataclass(frozen=True, slots=True)
class _Uses:
    """Which post (row of the frame) used which tag (code in `names`)."""

    names: list[str]
    row: Ints
    tag: Ints

    def counts(self) -> Ints:
        return np.bincount(self.tag, minlength=len(self.names))


def effects(posts: pd.DataFrame) -> pd.DataFrame:
    """Effect of hashtags: by how much posts with a tag do better than the same posts would without it.

    lift = exp(effect of the tag on log(1 + engagement)) - 1, with account, kind, age, growth, hour, weekday and the
    other tags of the post taken out, and drawn to 0 as far as its posts are few. Commonly got wrong: the tags of the
    top posts are those of the largest account or of the best kind, and of many tags one is on top by luck.

    Parameters
    ----------
    posts : DataFrame, one row per post
        `account`, `kind` (any value), `published_local` (local wall clock), `engagement` (count; NaN, infinite or
        negative is unknown and the post tells nothing of lifts), and `tags` (a list or tuple of str) or `text` (str),
        from which tags are read. `age_days` (float) may be given.

    Returns
    -------
    DataFrame, one row per tag, most used first
        `tag` (small letters, no sign), `uses` (posts), `lift` (share, 0.2 is 20 % better), `lower` and `upper` (95 %),
        `verdict`: "better", "worse", "no clear difference", "not enough posts yet (n of 5)" or "used in too few weeks
        to tell"; the figures are NaN for the latter two. `trend` of use: "rising", "falling", "steady", "new" (first
        used in the last 28 days) or "too few uses".

    Raises
    ------
    KeyError
        When `account`, `kind`, `published_local` or `engagement` is missing, or both `tags` and `text`.

    Notes
    -----
    The 500 most used tags are judged together, each with all others as random effects; rarer ones against what those
    leave. The spread of effects follows from the tags themselves (adaptive shrinkage). Posts of one account and week
    count as alike as they are. Verdicts hold the share of false ones to 5 % (Benjamini and Hochberg), and their
    interval leaves out 0. Tags always used together share their effect. It is what goes with a tag, not what the tag
    does: a tag that marks the best subjects looks good. Trend: days of use in the last 28 days (a quarter of the time,
    if that is less) against the days each account posted, p < 0.01. Invariants: the order of rows; small and capital
    letters; the same tag twice in a post. It does not apply to tags that all posts carry.

    References
    ----------
    M. Stephens, False discovery rates: a new deal, Biostatistics 18, 2017, doi:10.1093/biostatistics/kxw041.
    Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, JRSS B 57, 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> n = np.arange(300)
    >>> posts = pd.DataFrame({"account": "a", "kind": "image", "published_local": pd.Timestamp("2026-01-05 09:00")
    ...     + pd.to_timedelta(n, unit="D"), "text": np.where(n % 3, "#every", "#every #Good"),
    ...     "engagement": np.where(n % 3, 100.0, 140.0) * np.array([0.7, 0.8, 1.0, 1.3, 1.5])[n % 5]})
    >>> effects(posts)[["tag", "uses", "verdict"]].values.tolist()
    [['every', 300, 'no clear difference'], ['good', 100, 'better']]
    >>> effects(posts.head(3)).loc[0, "verdict"]
    'not enough posts yet (3 of 5)'
    """
    if "tags" not in posts and "text" not in posts:
        raise KeyError("tags")
    judged, uses = known(posts), _uses(posts)
    counts = uses.counts()
    found = _judged(judged, uses).assign(tag=uses.names, uses=counts, trend=_trends(posts, uses))
    order = np.lexsort((np.arange(len(counts)), -counts))
    return found.iloc[order].reset_index(drop=True)[list(COLUMNS)]


def _uses(posts: pd.DataFrame) -> _Uses:
    each = tags_of(posts)
    row = np.repeat(np.arange(len(each)), [len(tags) for tags in each])
    flat = np.array([tag for tags in each for tag in tags], dtype=object)
    tag, names = pd.factorize(flat, sort=True)
    return _Uses([str(name) for name in names], row.astype(np.int64), tag.astype(np.int64))


def _judged(judged: Known, uses: _Uses) -> pd.DataFrame:
    """`lift`, `lower`, `upper` and `verdict` of every tag."""
    from scipy import sparse

    n, place = len(judged.rows), np.full(int(max(judged.rows.max(initial=-1), uses.row.max(initial=-1))) + 1, -1)
    place[judged.rows] = np.arange(n)
    at = place[uses.row]
    shape = (n, len(uses.names))
    used = sparse.csc_array((np.ones((at >= 0).sum()), (at[at >= 0], uses.tag[at >= 0])), shape=shape)
    posts_of = np.asarray(used.sum(axis=0), dtype=np.int64).ravel()
    weeks = _per_week(judged, used).astype(bool).sum(axis=1)
    few = [f"not enough posts yet ({count} of {FEWEST})" for count in posts_of]
    verdict = np.where(posts_of < FEWEST, few, np.where(weeks < FEWEST_WEEKS, FEW_WEEKS, SAME)).astype(object)
    table = pd.DataFrame({"lift": np.nan, "lower": np.nan, "upper": np.nan, "verdict": verdict})
    candidates = np.flatnonzero((posts_of >= FEWEST) & (weeks >= FEWEST_WEEKS))
    if len(candidates):
        candidates = candidates[np.lexsort((candidates, -posts_of[candidates]))]
        _fill(table, candidates, *_estimates(judged, used[:, candidates]))
    return table


def _per_week(judged: Known, columns: Any) -> Any:
    """Sums of sparse columns over each account's weeks: (columns, weeks)."""
    from scipy import sparse

    week = judged.published.astype("datetime64[D]").astype(np.int64) // 7
    cluster = pd.factorize(judged.account * 1_000_000 + week)[0]
    n = len(cluster)
    weeks = sparse.csr_array((np.ones(n), (np.arange(n), cluster)), shape=(n, int(cluster.max(initial=0)) + 1))
    return sparse.csr_array(columns.T) @ weeks


def _estimates(judged: Known, used: Any) -> tuple[Floats, Floats, Floats]:
    """Effect of each tag, its standard error, and the weeks behind it."""
    posts = adjusted(judged)
    together = _with_hours(judged, used[:, :_TOGETHER])
    effect, error, left = _jointly(posts, together, min(_TOGETHER, used.shape[1]))
    parts = [(effect, error)]
    for begin in range(_TOGETHER, used.shape[1], _AT_ONCE):
        some = used[:, begin : begin + _AT_ONCE]
        information = np.maximum(posts.sizes(some), _NO_VARIANCE)
        parts.append((posts.cross(some, left) / information, 1 / np.sqrt(information)))
    effect, error = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    alike, weeks = _alike(judged, posts, used, left)
    return effect, error * np.sqrt(alike), weeks


def _with_hours(judged: Known, used: Any) -> Any:
    from scipy import sparse

    hours = judged.published.astype("datetime64[h]").astype(np.int64)
    row, n = np.arange(len(hours)), len(hours)
    hour = sparse.csc_array((np.ones(n), (row, hours % 24)), shape=(n, 24))
    weekday = sparse.csc_array((np.ones(n), (row, hours // 24 % 7)), shape=(n, 7))
    return sparse.hstack([used, hour, weekday], format="csc")


def _jointly(posts: Adjusted, columns: Any, tags: int) -> tuple[Floats, Floats, Floats]:
    """Effect and error of each tag with the others as random effects, and the response that all of them leave."""
    inner, outer = posts.cross(columns, columns), posts.cross(columns, posts.response)
    found = [_given(inner, outer, tags, sd) for sd in _SDS]
    _, sd, mean, variance = max(found, key=lambda one: one[0])
    variance = np.clip(variance[:tags], _NO_VARIANCE, None)
    shrunk = np.clip(1 - variance / sd**2, _NO_VARIANCE, None)
    error = np.sqrt(variance / shrunk)
    return mean[:tags] / shrunk, error, posts.response - columns @ mean


def _given(inner: Floats, outer: Floats, tags: int, sd: float) -> tuple[float, float, Floats, Floats]:
    """Log evidence, and mean and variance of the effects, when tags' effects have a standard deviation."""
    scale = np.where(np.arange(len(outer)) < tags, sd, _HOUR_SD)
    precision = np.eye(len(outer)) + scale[:, None] * inner * scale
    spread = np.linalg.inv(precision)
    mean = scale * (spread @ (scale * outer))
    evidence = 0.5 * float(outer @ mean) - 0.5 * float(np.linalg.slogdet(precision)[1])
    return evidence, sd, mean, scale**2 * np.diag(spread)


def _alike(judged: Known, posts: Adjusted, used: Any, left: Floats) -> tuple[Floats, Floats]:
    """How many times the variance of a tag grows because posts of one week are alike, and the weeks it was used in."""
    from scipy import sparse

    part = used.T @ sparse.diags_array(posts.rest(left) * posts.weight)
    summed = _per_week(judged, part.T)
    each = np.maximum(np.asarray(part.power(2).sum(axis=1)).ravel(), 1e-12)
    weekly = np.asarray(summed.power(2).sum(axis=1)).ravel()
    weeks = np.asarray(_per_week(judged, used).astype(bool).sum(axis=1), dtype=float).ravel()
    usual = max(float(weekly.sum() / each.sum()), 1.0)
    return np.maximum((weeks * weekly / each + _PRIOR_WEEKS * usual) / (weeks + _PRIOR_WEEKS), 1.0), weeks


def _fill(table: pd.DataFrame, rows: Ints, effect: Floats, error: Floats, weeks: Floats) -> None:
    from scipy import stats

    p = 2 * stats.t.sf(np.abs(effect) / error, weeks + _PRIOR_WEEKS - 1)
    real = stats.false_discovery_control(p) <= FALSE_SHARE
    middle, lower, upper = _drawn(effect, error)
    for name, value in (("lift", middle), ("lower", lower), ("upper", upper)):
        table.loc[rows, name] = np.expm1(value)
    sure = np.where(real & (lower > 0), BETTER, np.where(real & (upper < 0), WORSE, SAME))
    table.loc[rows, "verdict"] = sure


def _drawn(effect: Floats, error: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean and 95 % interval of effects drawn to 0, from a mixture of normal priors that fits them all."""
    variance = _MIXED_SDS**2 + error[:, None] ** 2
    density = np.exp(-0.5 * effect[:, None] ** 2 / variance) / np.sqrt(variance)
    density /= density.max(axis=1, keepdims=True)
    share = np.full(len(_MIXED_SDS), 1 / len(_MIXED_SDS))
    for _ in range(100):
        belongs = density * share
        belongs /= belongs.sum(axis=1, keepdims=True)
        share = (belongs.sum(axis=0) + 1) / (len(effect) + len(share))
    means = effect[:, None] * _MIXED_SDS**2 / variance
    sds = _MIXED_SDS * error[:, None] / np.sqrt(variance)
    ends = [_quantile(belongs, means, sds, level) for level in (0.025, 0.975)]
    return (belongs * means).sum(axis=1), ends[0], ends[1]


def _quantile(belongs: Floats, means: Floats, sds: Floats, level: float) -> Floats:
    from scipy.special import ndtr

    low, high = (means - 9 * sds).min(axis=1), (means + 9 * sds).max(axis=1)
    for _ in range(50):
        middle = (low + high) / 2
        below = (belongs * ndtr((middle[:, None] - means) / sds)).sum(axis=1) < level
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2, dtype=float)


def _trends(posts: pd.DataFrame, uses: _Uses) -> list[str]:
    """Of each tag: does it come up on more of the last days its accounts posted than before?"""
    times = local_times(posts["published_local"])
    day = times.to_numpy(dtype="datetime64[D]").astype(np.int64)
    when = times.notna().to_numpy()
    if not when.any() or not len(uses.names):
        return ["too few uses"] * len(uses.names)
    account = pd.factorize(posts["account"], use_na_sentinel=False)[0]
    span = int(day[when].max() - day[when].min())
    since = int(day[when].max()) - min(RECENT_DAYS, span // 4)
    posted = pd.DataFrame({"account": account, "day": day})[when].drop_duplicates()
    usual = (posted["day"] > since).groupby(posted["account"]).mean()
    dated = when[uses.row]
    seen = pd.DataFrame({"tag": uses.tag, "account": account[uses.row], "day": day[uses.row]})[dated].drop_duplicates()
    seen = seen.assign(recent=seen["day"] > since, usual=usual.reindex(seen["account"]).to_numpy())
    table = seen.groupby("tag").agg(days=("recent", "size"), recent=("recent", "sum"), usual=("usual", "mean"))
    return _named_trends(table.reindex(range(len(uses.names))).fillna({"days": 0, "recent": 0, "usual": 0.5}))


def _named_trends(table: pd.DataFrame) -> list[str]:
    from scipy import stats

    n, k, usual = (table[name].to_numpy(float) for name in ("days", "recent", "usual"))
    more, fewer = stats.binom.sf(k - 1, n, usual), stats.binom.cdf(k, n, usual)
    new = (k == n) & (n >= FEWEST_WEEKS) & (more < FALSE_SHARE)
    rising, falling = more < _TREND_P / 2, fewer < _TREND_P / 2
    told = np.select([new, n < FEWEST, rising, falling], ["new", "too few uses", "rising", "falling"], "steady")
    return [str(trend) for trend in told]
