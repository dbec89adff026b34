"""When do posts do better than the same posts would at other hours - and does it hold on later posts?"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.adjusting import Adjusted, Floats, Ints, Known, adjusted, known
from analytics.normal import Z95
from core.language import figure, mark, tr, weekday

FEWEST = 3
"""A slot with fewer posts is not judged, whatever the hours around it do."""
FEWEST_ALL = 40
"""With fewer posts in all, no pattern is looked for."""
ODDS = 5.0
"""A pattern is reliable when later posts came out so many times likelier with it than without it."""
LEVEL = 0.95
BETTER, WORSE, SAME = "better", "worse", "no clear difference"

SLOTS = 168
_ORIGINS = (0.3, 0.44, 0.58, 0.72, 0.86)
_HOUR_SD, _DAY_SD, _PAIR_SD = (0.0, 0.1, 0.2, 0.4), (0.0, 0.07, 0.14, 0.28), (0.1, 0.2)
_REACH_H = 4.0
_NO_SPREAD, _NO_POST = 1e-9, 1e-6
NOTHING = mark("No reliable pattern: posts do about as well at any hour. Post when it suits you.")

_Given = tuple[float, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Lift:
    """How much better, as a share (0.2 is 20 % better), with its 95 % interval, from so many posts; NaN unknown."""

    value: float
    lower: float
    upper: float
    posts: int

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True, slots=True)
class BestTimes:
    """What is known of best times; see `best_times`.

    `slots` has 168 rows (`weekday` 0 Monday to 6, `hour` 0 to 23), `hours` 24 and `weekdays` 7, each with `posts`,
    `lift`, `lower`, `upper` and `verdict`; `reliable` says whether the pattern held on later posts, `held_out_lift` by
    how much, and `summary` says so in words.
    """

    slots: pd.DataFrame
    hours: pd.DataFrame
    weekdays: pd.DataFrame
    reliable: bool
    held_out_lift: Lift
    summary: str

    def words(self) -> str:
        """What `summary` says, in the language of who reads now: the summary may have been kept."""
        return _words(self.slots, self.held_out_lift, reliable=self.reliable)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Mean and covariance of the logarithm of the effect of each of the 168 slots, and the logarithm of how many times
    likelier the posts are with such patterns than without."""

    mean: Floats
    covariance: Floats
    evidence: float


def best_times(posts: pd.DataFrame, *, seed: int = 0) -> BestTimes:
    """Best times to post: by how much posts in each hour of the week do better than the same posts would at others.

    lift = exp(effect of the slot on log(1 + engagement), less the mean effect over all posts) - 1, with account, kind,
    age and growth taken out and drawn to 0 as far as the posts are few. Commonly got wrong: the slot with the highest
    mean is best by luck, by one viral post, or because the largest account posts then.

    Parameters
    ----------
    posts : DataFrame, one row per post
        `account`, `kind` (any value), `published_local` (local wall clock of the audience; a zone is dropped, the clock
        kept), `engagement` (count; NaN, infinite or negative is unknown and the post is left out), `impressions`
        (not used: a good hour brings more people, and that is part of its lift). `age_days` (float) may be given;
        without it a post is as old as it is behind the newest one.
    seed : int
        Of no effect: nothing here is drawn by chance.

    Returns
    -------
    BestTimes
        `slots`: 168 rows (`weekday` 0 Monday to 6, `hour` 0 to 23), `posts`, `lift` (share, 0.2 is 20 % better than
        the mean post), `lower` and `upper` (95 %), `verdict`: "better", "worse", "no clear difference", or "not enough
        posts yet (n of 3)". `hours` and `weekdays` alike. `reliable`: the pattern held on later posts; when False no
        slot is called better or worse. `held_out_lift`: of later posts, those in slots that the posts before them
        advised against those in slots they advised against, each as far as advised; NaN where that is not known.

    Raises
    ------
    KeyError
        When a column is missing.

    Notes
    -----
    Hours near each other share what they know; weekdays, week-ends and each weekday's own hours have effects of their
    own; how strong each is follows from the posts (empirical Bayes, averaged). Five times the pattern is learnt from
    the posts up to a day and held against the posts after it. It is reliable when it made those posts at least five
    times as likely as no pattern would (prequential Bayes factor), and the interval of their lift reaches below 0 by
    less than half the lift. Fewer than 40 posts are not judged. Outliers beyond twice an account's spread count as
    twice. The interval of the held-out lift counts each account's week as one observation. Where posts get only a few
    engagements each, lifts are understated. Invariants: the order of rows; the names of accounts and kinds; shifting
    all times by whole weeks. It does not apply where engagement is that of a day and not of a post's life so far.

    References
    ----------
    B. Efron and C. Morris, Stein's estimation rule and its competitors, JASA 68, 1973, doi:10.2307/2284155.
    A. P. Dawid, Statistical theory: the prequential approach, JRSS A 147, 1984, doi:10.2307/2981683. The choice of
    priors is ours.

    Examples
    --------
    >>> at = pd.date_range("2026-01-05", periods=800, freq="5h")
    >>> posts = pd.DataFrame({"account": "a", "kind": "image", "published_local": at, "impressions": np.nan,
    ...     "engagement": np.where(at.hour >= 18, 150.0, 100.0) * np.tile([0.7, 0.8, 1.0, 1.2, 1.5], 160)})
    >>> found = best_times(posts)
    >>> found.reliable, found.hours.loc[found.hours["verdict"] == "better", "hour"].tolist()
    (True, [18, 19, 20, 21, 22, 23])
    >>> few = best_times(posts.head(12))
    >>> few.reliable, few.summary
    (False, 'Not enough posts yet (12 of 40) to look for best times.')
    """
    del seed
    judged = known(posts)
    slot = slots_of(judged)
    counts = np.bincount(slot, minlength=SLOTS).astype(float)
    if len(slot) < FEWEST_ALL:
        unknown = Lift(np.nan, np.nan, np.nan, 0)
        return _told(_Pattern(np.full(SLOTS, np.nan), np.zeros((SLOTS, SLOTS)), 0.0), counts, unknown, reliable=False)
    pattern = _learn(adjusted(judged), slot)
    held_out, evidence = _held_out(judged, slot)
    reliable = pattern.evidence - evidence >= np.log(ODDS) and held_out.lower > -held_out.value / 2
    return _told(pattern, counts, held_out, reliable=bool(reliable))


def slots_of(posts: Known) -> Ints:
    """The hour of the week of each post: 0 is Monday from midnight to one, 167 the last of Sunday."""
    hours = posts.published.astype("datetime64[h]").astype(np.int64)
    return np.asarray((hours // 24 + 3) % 7 * 24 + hours % 24, dtype=np.int64)


def _learn(posts: Adjusted, slot: Ints) -> _Pattern:
    """The pattern of slots given these posts, averaged over how strong hours, weekdays and their pairs may be."""
    from scipy import sparse

    n = len(slot)
    chosen = sparse.csr_array((np.ones(n), (np.arange(n), slot)), shape=(n, SLOTS))
    basis, sizes = _basis()
    inner = basis.T @ posts.cross(chosen, chosen) @ basis
    outer = basis.T @ posts.cross(chosen, posts.response)
    strengths = [np.repeat([hour, day, 0.0], sizes) for hour, day in itertools.product(_HOUR_SD, _DAY_SD)]
    plain = [_given(one, inner, outer) for one in strengths]
    best = strengths[int(np.argmax([one[0] for one in plain]))]
    pairs = [_given(best + np.repeat([0.0, 0.0, pair], sizes), inner, outer) for pair in _PAIR_SD]
    mean, covariance, evidence = _averaged([*plain, *pairs])
    return _Pattern(basis @ mean, basis @ covariance @ basis.T, evidence)


def _averaged(found: list[_Given]) -> tuple[Floats, Floats, float]:
    evidence = np.array([one[0] for one in found])
    share = np.exp(evidence - evidence.max())
    total = float(evidence.max() + np.log(share.mean()))
    share /= share.sum()
    mean = np.sum([weight * one[1] for weight, one in zip(share, found, strict=True)], axis=0)
    covariance = np.zeros((len(mean), len(mean)))
    for weight, (_, at, spread) in zip(share, found, strict=True):
        if weight > 1e-4:
            covariance += weight * (spread + np.outer(at - mean, at - mean))
    return mean, covariance, total


def _given(strength: Floats, inner: Floats, outer: Floats) -> _Given:
    """Log evidence, mean and covariance of the columns of a basis, a priori of these standard deviations."""
    some = np.flatnonzero(strength)
    mean, covariance = np.zeros(len(strength)), np.zeros(inner.shape)
    if not len(some):
        return 0.0, mean, covariance
    scale = strength[some]
    precision = np.eye(len(some)) + scale[:, None] * inner[np.ix_(some, some)] * scale
    spread = scale[:, None] * np.linalg.inv(precision) * scale
    mean[some], covariance[np.ix_(some, some)] = spread @ outer[some], spread
    return 0.5 * float(outer @ mean) - 0.5 * float(np.linalg.slogdet(precision)[1]), mean, covariance


def _basis() -> tuple[Floats, tuple[int, int, int]]:
    """Columns whose sum, with random strengths, is a smooth day, a week with a week-end, and a day of its own for each
    weekday; and how many columns are of each."""
    hours, days = _day_shape(), _week_shape()
    parts = [np.tile(hours, (7, 1)), np.repeat(days, 24, axis=0), np.kron(days, hours)]
    return np.hstack(parts), (parts[0].shape[1], parts[1].shape[1], parts[2].shape[1])


def _day_shape() -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(24), np.arange(24)))
    near = np.exp(-np.minimum(apart, 24 - apart) / _REACH_H)
    return np.asarray(np.linalg.cholesky(near), dtype=float)


def _week_shape() -> Floats:
    end = np.arange(7) >= 5
    return np.asarray(np.linalg.cholesky(0.5 * np.eye(7) + 0.5 * (end[:, None] == end[None, :])), dtype=float)


def _held_out(judged: Known, slot: Ints) -> tuple[Lift, float]:
    """The lift of advised slots on the posts after each origin, and the evidence that the first posts gave."""
    moment = judged.published.astype(np.int64)
    cuts = [*np.quantile(moment, _ORIGINS), np.inf]
    advice, first = np.zeros(len(slot)), 0.0
    for cut, until in itertools.pairwise(cuts):
        before, now = moment <= cut, (moment > cut) & (moment <= until)
        pattern = _learn(adjusted(judged.part(before)), slot[before])
        first = pattern.evidence if cut == cuts[0] else first
        advice[now] = pattern.mean[slot[now]] - pattern.mean[slot[before]].mean()
    tested = moment > cuts[0]
    return _followed(judged.part(tested), advice[tested]), first


def _followed(later: Known, advice: Floats) -> Lift:
    """What following the advice was worth: the slope of later results on it, times the step it advised."""
    if len(advice) < FEWEST_ALL / 2:
        return Lift(np.nan, np.nan, np.nan, len(advice))
    posts = adjusted(later)
    spread = float(posts.cross(advice, advice))
    if spread < _NO_SPREAD:
        return Lift(np.nan, np.nan, np.nan, len(advice))
    slope = float(posts.cross(advice, posts.response)) / spread
    reach = _reach(later, posts, advice, slope) / spread
    up, down = np.clip(advice, 0, None), np.clip(-advice, 0, None)
    step = sum(float(part @ part) / float(part.sum()) for part in (up, down) if part.any())
    value, lower, upper = np.expm1(np.array([slope, slope - reach, slope + reach]) * step)
    return Lift(float(value), float(lower), float(upper), len(advice))


def _reach(later: Known, posts: Adjusted, advice: Floats, slope: float) -> float:
    """Half the interval of the slope times its spread, where posts of one account and week are one observation."""
    from scipy import stats

    left = posts.rest(posts.response) - slope * posts.rest(advice)
    week = later.published.astype("datetime64[D]").astype(np.int64) // 7
    score = pd.Series(posts.rest(advice) * left / posts.noise).groupby([later.account, week]).sum()
    return float(stats.t.ppf((1 + LEVEL) / 2, max(len(score) - 1, 1)) * np.sqrt((score**2).sum()))


def _told(pattern: _Pattern, counts: Floats, held_out: Lift, *, reliable: bool) -> BestTimes:
    """The pattern as tables of slots, hours and weekdays; unless it is reliable nothing is called better or worse."""
    weekday, hour = np.repeat(np.arange(7), 24), np.tile(np.arange(24), 7)
    slots = _table(np.eye(SLOTS), pattern, counts, reliable)
    hours = _table(np.tile(np.eye(24), 7), pattern, counts, reliable)
    weekdays = _table(np.repeat(np.eye(7), 24, axis=1), pattern, counts, reliable)
    slots = slots.assign(weekday=weekday, hour=hour)[["weekday", "hour", *slots.columns]]
    summary = _words(slots, held_out, reliable=reliable)
    hours.insert(0, "hour", np.arange(24))
    weekdays.insert(0, "weekday", np.arange(7))
    return BestTimes(slots, hours, weekdays, reliable, held_out, summary)


def _table(groups: Floats, pattern: _Pattern, counts: Floats, reliable: bool) -> pd.DataFrame:
    """The lift of groups of slots over the mean post, each slot of a group by its posts."""
    posts = groups @ counts
    weight = groups * (counts + _NO_POST)
    rows = weight / weight.sum(axis=1, keepdims=True) - counts / max(counts.sum(), 1)
    middle = rows @ pattern.mean
    reach = Z95 * np.sqrt(np.clip(((rows @ pattern.covariance) * rows).sum(axis=1), 0, None))
    lower, upper = np.expm1(middle - reach), np.expm1(middle + reach)
    sure = np.where(lower > 0, BETTER, np.where(upper < 0, WORSE, SAME))
    few = [f"not enough posts yet ({int(n)} of {FEWEST})" for n in posts]
    verdict = np.where(posts < FEWEST, few, sure if reliable else SAME)
    return pd.DataFrame(
        {"posts": posts.astype(int), "lift": np.expm1(middle), "lower": lower, "upper": upper, "verdict": verdict}
    )


def _words(slots: pd.DataFrame, held_out: Lift, *, reliable: bool) -> str:
    judged = int(slots["posts"].sum())
    if judged < FEWEST_ALL:
        return tr("Not enough posts yet ({n} of {fewest}) to look for best times.", n=judged, fewest=FEWEST_ALL)
    if not reliable:
        return tr(NOTHING)
    best = slots[slots["verdict"] == BETTER].nlargest(3, "lift")
    named = [f"{weekday(day)} {hour:02d}:00" for day, hour in zip(best["weekday"], best["hour"], strict=True)]
    where = tr("Single slots can't be told apart yet; look at whole hours.")
    if named:
        where = tr("Best: {slots}.", slots=", ".join(named))
    value, low, high = (
        figure(f"{100 * share:+.0f}") + " %" for share in (held_out.value, held_out.lower, held_out.upper)
    )
    later = tr("Later posts at advised times did {value} beside the others ({low} to {high}).",
               value=value, low=low, high=high)  # fmt: skip
    return f"{where} {later}"
