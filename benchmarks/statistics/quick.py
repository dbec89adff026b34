"""The part of the statistics that `make bench` runs: a minute or two, without any data set, each beside a named peer.

`python -m benchmarks.statistics.quick`; the whole is `python -m benchmarks.statistics`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.best_time import best_times
from analytics.hashtags import effects
from analytics.score import performance
from analytics.sentiment import polarity
from benchmarks.statistics import cost, peers, posts, told
from benchmarks.statistics.worlds import Row

FEW = 6
TEXTS = 10_000


def rows() -> Iterator[Row]:
    """All measures, one after the other."""
    added, whole = cost.site(3)
    yield Row(
        "import: what the methods add to the site's, s (at most 0.3)", f"{added:.2f}", f"{whole:.2f}",
        "the whole import",
    )  # fmt: skip
    yield from cost.forecasts(FEW)
    yield cost.anomalies(FEW)
    yield _many_posts()
    yield from _feelings()


def _many_posts() -> Row:
    """100,000 posts: our seconds, and those of the plain means that people look at instead."""
    many = posts.generated()
    scored = many.assign(account_id=many["account"], exposure=many["engagement"], age_days=50.0)
    begun = time.process_time()
    for work, of in ((best_times, many), (effects, many), (performance, scored)):
        work(of)
    ours = time.process_time() - begun
    begun = time.process_time()
    _plain(many)
    plain = time.process_time() - begun
    what = "100,000 posts through best times, hashtags and score, s (at most 5)"
    return Row(what, f"{ours:.1f}", f"{plain:.1f}", "pandas: means by hour, by tag, rank")


def _plain(many: pd.DataFrame) -> None:
    at = many["published_local"]
    many.groupby([at.dt.dayofweek, at.dt.hour])["engagement"].mean()
    many[["engagement"]].assign(tag=many["text"].str.findall(r"#(\w+)")).explode("tag").groupby("tag").mean()
    many.groupby(["account", "kind"])["engagement"].rank(pct=True)


def _feelings() -> Iterator[Row]:
    texts, feelings = zip(*told.FEELING, strict=True)
    many = (texts * (TEXTS // len(texts) + 1))[:TEXTS]
    polarity(texts)
    begun = time.process_time()
    ours = polarity(many)
    took = time.process_time() - begun
    before = os.times()
    vader = peers.vader(list(many))
    after = os.times()
    other = after.children_user + after.children_system - before.children_user - before.children_system
    right = _right(ours[: len(texts)], feelings, 0.2)
    what = f"sentiment of {len(texts)} comments of our own: right; s for {TEXTS:,}"
    if isinstance(vader, str):
        yield Row(what, f"{right}; {took:.2f}", f"not measured: {vader}", "VADER")
        return
    told_by = f"{_right(np.array(vader[: len(texts)]), feelings, 0.05)}; {other:.2f} with its start"
    yield Row(what, f"{right}; {took:.2f}", told_by, "VADER")


def _right(polarities: np.ndarray, feelings: tuple[int, ...], least: float) -> int:
    return int(((np.abs(polarities) >= least) & (np.sign(polarities) == np.array(feelings))).sum())


def main() -> None:
    """Print a line for each."""
    for row in rows():
        print(f"statistics, {row.what}: {row.ours}; {row.way}: {row.other}", flush=True)


if __name__ == "__main__":
    main()
