"""Best times, hashtags and what a post will do: false claims, found ones, errors and speed, beside what others do.

`python -m benchmarks.statistics.posts [worlds]`. Worlds are simulated from a seed; the posts of two public accounts are
read from `posts/dataset_Facebook.csv` (Moro, Rita and Vala 2016, UCI "Facebook metrics", CC BY 4.0) and
`posts/Instagram_data.csv` (A. Kharwal; licence not stated) in the folder of `benchmarks.statistics.sets`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from analytics.best_time import best_times
from analytics.hashtags import effects
from analytics.post_outcome import fit
from analytics.score import performance
from benchmarks.statistics import sets

WORLDS = 100
EVENING = (18, 19, 20, 21)
CLAIMS = ("better", "worse")


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: ours, and that of a named other way ("" where there is none)."""

    measure: str
    ours: str
    other: str
    way: str


def world(seed: int, n: int = 400, lift: float = 0.0, accounts: int = 3, noise: float = 0.7) -> pd.DataFrame:
    """Posts of a year: accounts of different sizes and growth that post at different hours and with different tags,
    kinds that do and are posted differently, a few viral posts; from 18 to 22 they may do better by `lift`."""
    random = np.random.default_rng(seed)
    account, kind = random.integers(0, accounts, n), random.integers(0, 4, n)
    usual = random.uniform(8, 20, accounts)[account] + random.normal(0, 2, 4)[kind]
    hour = np.clip(np.round(usual + random.normal(0, 4, n)), 0, 23).astype(int)
    day = random.integers(0, 365, n)
    level = random.normal(6, 1.5, accounts)[account] + random.normal(0, 0.6, 4)[kind]
    growth = random.normal(0.7, 0.5, accounts)[account] * day / 365
    tail = (random.normal(0, noise, n), random.standard_t(3, n) * noise / 1.6)[seed % 2]
    viral = np.where(random.random(n) < 0.02, random.exponential(2, n), 0)
    young = np.log1p(-np.exp(-(365.3 - day) / 1.5))
    y = level + growth + tail + viral + young + np.log1p(lift) * np.isin(hour, EVENING)
    engagement = random.poisson(np.exp(np.minimum(y, 15))).astype(float)
    taste = np.minimum(np.exp(random.normal(-2.2, 1, (accounts, 40))), 0.6)
    return pd.DataFrame({
        "account": account, "kind": np.array(["image", "reel", "text", "link"])[kind], "engagement": engagement,
        "published_local": pd.Timestamp("2025-01-01") + pd.to_timedelta(day * 24 + hour, unit="h"),
        "impressions": np.nan, "text": "",
        "tags": [[f"t{tag}" for tag in np.flatnonzero(row)] for row in random.random((n, 40)) < taste[account]],
    })  # fmt: skip


def rows(worlds: int = WORLDS) -> Iterator[Row]:
    """All measures, one after the other."""
    yield from _nothing(worlds)
    yield from _planted(worlds)
    yield from _tags(worlds)
    yield from _outcomes()
    yield _speed()


def _welch(posts: pd.DataFrame, chosen: pd.Series) -> float:
    """p that chosen posts do as well as the others: what a spreadsheet says of logarithms."""
    y = np.log1p(posts["engagement"])
    return float(stats.ttest_ind(y[chosen], y[~chosen], equal_var=False).pvalue)


def _claims_evenings(posts: pd.DataFrame) -> bool:
    """A best mean slot of the hour, believed if Student says that it differs."""
    hour = posts["published_local"].dt.hour
    counts = hour.value_counts()
    means = posts["engagement"].groupby(hour).mean()[counts.index[counts >= 5]]
    return _welch(posts, hour == means.idxmax()) < 0.05


def _nothing(worlds: int) -> Iterator[Row]:
    for n, accounts in ((150, 2), (400, 3), (1500, 8)):
        ours = other = 0
        for seed in range(worlds):
            posts = world(seed, n, accounts=accounts)
            found = best_times(posts)
            ours += found.reliable or bool(found.slots["verdict"].isin(CLAIMS).any())
            other += _claims_evenings(posts)
        way = "best mean hour with p < 0.05 (the best mean slot by itself: 100 %)"
        told = (f"{100 * share / worlds:.0f} %" for share in (ours, other))
        yield Row(f"no best time, {n} posts of {accounts} accounts: worlds with a false claim", *told, way)


def _planted(worlds: int) -> Iterator[Row]:
    for n, lift, noise in ((400, 0.3, 0.5), (400, 0.6, 0.7), (1000, 0.3, 0.5), (1500, 0.6, 0.7)):
        found = right = other = 0
        share: list[float] = []
        for seed in range(worlds // 2):
            posts = world(10_000 + seed, n, lift, noise=noise)
            told = best_times(posts)
            found += told.reliable
            named = told.slots[told.slots["posts"] >= 3].nlargest(5, "lift")["hour"].isin(EVENING)
            share += [float(named.mean())] if told.reliable else []
            hour = posts["published_local"].dt.hour
            other += int(posts["engagement"].groupby(hour).mean().idxmax()) in EVENING
            right += bool(told.slots.loc[told.slots["verdict"] == "better", "hour"].isin(EVENING).any())
        half = worlds // 2
        evenings = 100 * float(np.mean(share or [np.nan]))
        ours = (
            f"{100 * found / half:.0f} % reliable, {100 * right / half:.0f} % with an evening slot called better; "
            f"{evenings:.0f} % of their 5 best slots are evenings"
        )
        measure = f"evenings {100 * lift:.0f} % better, {n} posts, noise {noise}: found"
        yield Row(measure, ours, f"{100 * other / half:.0f} %", "best mean hour is an evening one")


def _tags(worlds: int) -> Iterator[Row]:
    few = max(worlds // 3, 1)
    ours = other = tags = 0
    for seed in range(few):
        posts = world(seed, 600)
        found = effects(posts)
        ours += int(found["verdict"].isin(CLAIMS).sum())
        often = found.loc[found["uses"] >= 5, "tag"]
        tags += len(often)
        other += sum(_welch(posts, posts["tags"].map(lambda some, tag=tag: tag in some)) < 0.05 for tag in often)
    told = (f"{100 * share / tags:.1f} %" for share in (ours, other))
    yield Row("idle hashtags, 600 posts: tags called better or worse", *told, "mean with and without, p < 0.05")


def _outcomes() -> Iterator[Row]:
    targets = {
        "like": _facebook,
        "Consumers": _facebook,
        "T_Reach": _facebook,
        "Likes": _instagram,
        "Saves": _instagram,
    }
    for target, read in targets.items():
        try:
            posts = read(sets.folder() / "posts")
        except (sets.MissingSet, FileNotFoundError) as missing:
            yield Row(f"post outcome, {target}", f"not measured: {missing}", "", "")
            continue
        yield _outcome(f"{read.__name__.strip('_').capitalize()}, {target}", posts, target)
    for seed in range(3):
        yield _outcome(f"simulated {seed}", world(seed, 600), "engagement")


def _outcome(name: str, posts: pd.DataFrame, target: str) -> Row:
    """Error on the tenth of the posts after each origin, over that of the account's median so far."""
    at = posts["published_local"]
    errors, held = np.zeros(2), []
    for share in (0.6, 0.7, 0.8, 0.9):
        cut, until = at.quantile(share), at.quantile(share + 0.1)
        earlier, later = posts[at <= cut], posts[(at > cut) & (at <= until)]
        told = fit(earlier, target, also=["paid", "category"]).predict(later)
        middle = later["account"].map(earlier.groupby("account")[target].median())
        for which, expected in enumerate((told["median"], middle)):
            errors[which] += np.abs(np.log1p(later[target]) - np.log1p(expected)).sum()
        held += list((later[target] >= told["lower"]) & (later[target] <= told["upper"]))
    ours = f"{errors[0] / errors[1]:.2f}; 95 % intervals held {100 * float(np.mean(held)):.0f} % of {len(held)}"
    return Row(f"post outcome, {name}: error on later posts", ours, "1.00", "account's median")


def _facebook(folder: Path) -> pd.DataFrame:
    """Month, weekday (1 is Sunday) and hour of each post; the day is the nearest fitting one, as the rows run on."""
    posts = pd.read_csv(folder / "dataset_Facebook.csv", sep=";").iloc[::-1].sort_values("Month", kind="stable")
    size = posts.groupby("Month")["Month"].transform("size")
    share = posts.groupby("Month").cumcount() / size
    month = pd.to_datetime({"year": 2014, "month": posts["Month"], "day": 1})
    near = month + pd.to_timedelta(np.floor(share * 27), unit="D")
    off = (posts["Weekday"] - 2 - near.dt.day_of_week) % 7
    day = near + pd.to_timedelta(np.where(off > 3, off - 7, off), unit="D")
    at = day + pd.to_timedelta(posts["Hour"] % 24, unit="h")
    paid, category = posts["Paid"].fillna(0), posts["Category"].astype(str)
    return posts.assign(
        published_local=at, account="page", kind=posts["Type"], text="", paid=paid, category=category
    ).reset_index(drop=True)


def _instagram(folder: Path) -> pd.DataFrame:
    posts = pd.read_csv(folder / "Instagram_data.csv", encoding="latin1").drop_duplicates()
    text = posts["Caption"].fillna("") + " " + posts["Hashtags"].fillna("")
    at = pd.to_datetime(posts["Date"])
    return posts.assign(published_local=at, account="account", kind="image", text=text).reset_index(drop=True)


def _speed() -> Row:
    posts = generated()
    scored = posts.assign(account_id=posts["account"], exposure=posts["engagement"], age_days=50.0)
    told = {
        name: _seconds(work, of)
        for name, work, of in (
            ("best times", best_times, posts), ("hashtags", effects, posts), ("score", performance, scored),
        )
    }  # fmt: skip
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in told.items())
    return Row("100,000 posts: seconds of one core", f"{sum(told.values()):.1f} ({parts})", "5.0", "budget")


def generated() -> pd.DataFrame:
    """100,000 posts of 20 accounts, with hashtags in their text, some of which are used far more often than others."""
    posts = world(1, 100_000, accounts=20).drop(columns="tags")
    random = np.random.default_rng(0)
    n = random.integers(0, 8, len(posts))
    names = np.array([f"#tag{tag}" for tag in range(3000)])
    weight = 1 / np.arange(1, 3001)
    flat = random.choice(names, n.sum(), p=weight / weight.sum())
    ends = np.cumsum(n)
    return posts.assign(text=[" ".join(flat[end - size : end]) for end, size in zip(ends, n, strict=True)])


def _seconds(work: Callable[[pd.DataFrame], object], posts: pd.DataFrame) -> float:
    work(posts.head(300))
    started = time.process_time()
    work(posts)
    return time.process_time() - started


def main(worlds: int = WORLDS) -> None:
    """Print the table."""
    print("| measure | Plumbline | other | which other |")
    print("|---|---|---|---|")
    for row in rows(worlds):
        print(f"| {row.measure} | {row.ours} | {row.other} | {row.way} |", flush=True)


if __name__ == "__main__":
    main(*(int(worlds) for worlds in sys.argv[1:]))
