"""Forecasts beside their peers on public series: error, coverage of the band, seconds and memory, in one run.

    PLUMBLINE_SERIES=... PLUMBLINE_PEERS=.../bin/python python -m benchmarks.statistics.forecast [--most 120]
        [--groups daily,weekly] [--peers AutoETS,AutoTheta]

The last 28 days, 13 weeks, 12 months or 14 days (followers) of every series are held back. MASE: mean absolute error
divided by the mean absolute change from season to season before them - 7 days, 12 months; from week to week and from
day to day for weekly series and followers. Series that never change by it are left out, and counted. Coverage: of
95 % bands. Seconds: of CPU, median of one series, the backtest of ours included. Memory: the highest that was newly
allocated while one series was forecast (median; tracemalloc, ours only). Half the series, by a checksum of their
names, were looked at while the method was made; the others only after it.

Peers run in the Python that PLUMBLINE_PEERS names, at their defaults, gaps filled by straight lines; AutoETS and
AutoARIMA with a season of 7 days or 12 months and none for weeks, on at most the last 1,100 values.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tracemalloc
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.forecast import forecast
from benchmarks.statistics import sets

Floats = NDArray[np.float64]

HORIZONS: dict[sets.Group, int] = {"daily": 28, "weekly": 13, "monthly": 12, "followers": 14}
SEASONS: dict[sets.Group, int] = {"daily": 7, "weekly": 52, "monthly": 12, "followers": 7}
SCALES: dict[sets.Group, int] = {"daily": 7, "weekly": 1, "monthly": 12, "followers": 1}
PEERS = ("AutoETS", "AutoTheta", "AutoARIMA", "Prophet")
LEVEL = 0.95
WARMED = 3
LEAST = 40
PEER = """
import json, logging, os, sys, warnings
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import pandas as pd
job = json.load(sys.stdin)

def stats(name, values, dates, horizon):
    import statsforecast.models as models
    season = 1 if job["weekly"] and name != "AutoTheta" else job["season"]
    made = getattr(models, name)(season_length=season).forecast(values[-1100:], h=horizon, level=[95])
    return made["mean"], made["lo-95"], made["hi-95"]

def prophet(name, values, dates, horizon):
    from prophet import Prophet
    model = Prophet(interval_width=0.95)
    model.fit(pd.DataFrame({"ds": dates[: len(values)], "y": values}))
    made = model.predict(pd.DataFrame({"ds": dates[len(values) :]}))
    return made["yhat"], made["yhat_lower"], made["yhat_upper"]

answer = {}
for number, (name, one) in enumerate([next(iter(job["series"].items()))] * 1 + list(job["series"].items())):
    values = pd.Series(one["values"], dtype=float).interpolate().bfill().to_numpy()
    dates, begun = pd.to_datetime(one["dates"]), sum(os.times()[:4])
    try:
        made = (prophet if job["peer"] == "Prophet" else stats)(job["peer"], values, dates, job["horizon"])
    except ImportError as missing:
        answer = {"missing": str(missing)}
        break
    except Exception as error:
        answer[name] = {"failed": repr(error)}
        continue
    answer[name] = {"bands": [list(map(float, part)) for part in made], "seconds": sum(os.times()[:4]) - begun}
json.dump(answer, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Made:
    """One forecast: middle, lower and upper bound, and what it took."""

    mean: Floats
    lower: Floats
    upper: Floats
    seconds: float = float("nan")
    kib: float = float("nan")


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one group: means over its series."""

    group: sets.Group
    half: str
    method: str
    series: int
    mase: float
    median_mase: float
    coverage: float
    seconds: float
    kib: float


def ours(history: pd.Series, group: sets.Group) -> Made:
    """Our forecast of a history, timed; then once more, with its memory counted."""
    kind = "stock" if group == "followers" else "flow"
    begun = sum(os.times()[:4])
    frame = forecast(history, HORIZONS[group], kind=kind, level=LEVEL).frame
    seconds = sum(os.times()[:4]) - begun
    tracemalloc.start()
    forecast(history, HORIZONS[group], kind=kind, level=LEVEL)
    kib = tracemalloc.get_traced_memory()[1] / 1024
    tracemalloc.stop()
    return Made(*(frame[name].to_numpy() for name in ("mean", "lower", "upper")), seconds, kib)


def naive(history: pd.Series, group: sets.Group) -> Made:
    """The last season again (the last value for series shorter than one); without a band."""
    values = history.ffill().to_numpy()
    season = SEASONS[group] if len(values) >= SEASONS[group] else 1
    again = np.resize(values[-season:], HORIZONS[group])
    none = np.full(len(again), np.nan)
    return Made(again, none, none)


def peer(name: str, histories: dict[str, pd.Series], group: sets.Group) -> dict[str, Made]:
    """A peer's forecasts; empty, and said, where it cannot be run."""
    python = os.environ.get("PLUMBLINE_PEERS")
    if not python:
        print(f"{name}: not measured, PLUMBLINE_PEERS names no Python with it.")
        return {}
    job = {
        "peer": name,
        "horizon": HORIZONS[group],
        "season": SEASONS[group],
        "weekly": group == "weekly",
        "series": {key: _told(history, HORIZONS[group]) for key, history in histories.items()},
    }
    ran = subprocess.run([python, "-c", PEER], input=json.dumps(job), capture_output=True, text=True, check=True)
    answer = json.loads(ran.stdout.splitlines()[-1])
    if "missing" in answer:
        print(f"{name}: not measured, {answer['missing']}.")
        return {}
    failed = [key for key, one in answer.items() if "failed" in one]
    if failed:
        print(f"{name}: failed on {len(failed)} {group} series, which are left out of its row: {', '.join(failed)}")
    return {
        key: Made(*(np.array(part) for part in one["bands"]), one["seconds"])
        for key, one in answer.items()
        if "bands" in one
    }


def _told(history: pd.Series, horizon: int) -> dict[str, list[str] | list[float | None]]:
    dates = history.index.append(pd.date_range(history.index[-1], periods=horizon + 1, freq=history.index.freq)[1:])
    values = [None if np.isnan(value) else float(value) for value in history]
    return {"values": values, "dates": dates.strftime("%Y-%m-%d").tolist()}


def measured(group: sets.Group, *, most: int | None, peers: Iterable[str]) -> list[Row]:
    """Every method on the series of a group: all, those that were looked at, and the others."""
    horizon, lag = HORIZONS[group], SCALES[group]
    every = {name: whole for name, whole in sets.series(group, most=most).items() if len(whole) >= horizon + LEAST}
    histories = {name: whole.iloc[:-horizon] for name, whole in every.items()}
    scales = {name: float(history.diff(lag).abs().mean()) for name, history in histories.items()}
    flat = [name for name, scale in scales.items() if not scale > 0]
    for name in flat:
        del histories[name]
    print(f"{group}: {len(histories)} series; {len(flat)} that never change are left out")
    for history in list(histories.values())[:WARMED]:
        ours(history, group)
    made = {
        "Plumbline": {name: ours(history, group) for name, history in histories.items()},
        "seasonal naive": {name: naive(history, group) for name, history in histories.items()},
    } | {name: peer(name, histories, group) for name in peers}
    truth = {name: every[name].iloc[-horizon:].to_numpy() for name in histories}
    halves = {"all": set(histories), "looked at": set(), "held out": set()}
    for name in histories:
        halves["held out" if zlib.crc32(f"{name}.csv".encode()) % 2 else "looked at"].add(name)
    return [
        _row(group, half, method, {name: one for name, one in found.items() if name in names}, truth, scales)
        for half, names in halves.items()
        for method, found in made.items()
        if found
    ]


def _row(
    group: sets.Group, half: str, method: str, found: dict[str, Made], truth: dict[str, Floats],
    scales: dict[str, float],
) -> Row:  # fmt: skip
    mase = np.array([np.nanmean(np.abs(one.mean - truth[name])) / scales[name] for name, one in found.items()])
    inside = [
        np.mean(((one.lower <= truth[name]) & (truth[name] <= one.upper))[np.isfinite(truth[name])])
        for name, one in found.items()
        if np.isfinite(one.lower).all()
    ]
    return Row(
        group, half, method, len(found), float(np.nanmean(mase)), float(np.nanmedian(mase)),
        float(np.nanmean(inside)) if inside else float("nan"),
        float(np.median([one.seconds for one in found.values()])),
        float(np.median([one.kib for one in found.values()])),
    )  # fmt: skip


def rows(
    *, most: int | None = None, groups: Iterable[sets.Group] = tuple(HORIZONS), peers: Iterable[str] = PEERS
) -> list[Row]:
    """All that is measured; a group that is not there is said."""
    found = []
    for group in groups:
        try:
            found += measured(group, most=most, peers=peers)
        except sets.MissingSet as missing:
            print(f"{group}: not measured. {missing}")
    return found


def table(found: Iterable[Row]) -> str:
    """The rows in Markdown."""
    lines = [
        "| group | series | method | n | MASE, mean | MASE, median | 95 % band holds | s, median | new KiB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in found:
        rest = (f"{row.coverage:.1%}", f"{row.seconds:.3f}", f"{row.kib:.0f}")
        told = " | ".join("-" if "nan" in one else one for one in rest)
        said = f"{row.group} | {row.half} | {row.method} | {row.series} | {row.mase:.3f} | {row.median_mase:.3f}"
        lines.append(f"| {said} | {told} |")
    return "\n".join(lines)


def main() -> None:
    """Run it, and print the table."""
    reads = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reads.add_argument("--most", type=int, help="series of each group, taken from the sources in turn")
    reads.add_argument("--groups", default=",".join(HORIZONS))
    reads.add_argument("--peers", default=",".join(PEERS))
    wish = reads.parse_args()
    groups = [group for group in HORIZONS if group in wish.groups.split(",")]
    print(table(rows(most=wish.most, groups=groups, peers=[name for name in wish.peers.split(",") if name])))


if __name__ == "__main__":
    main()
