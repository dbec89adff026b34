"""What the statistics cost: imports, memory and seconds. `python -m benchmarks.statistics.cost`; it needs no data set.

Imports are timed in fresh processes, in seconds of one core (other programs on the machine matter less so). What the
methods add to the site is the time that the site's import spends in them, libraries included that only they bring.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from benchmarks.statistics import peers
from benchmarks.statistics.worlds import Row

METHODS = (
    "forecast", "anomalies", "best_time", "hashtags", "post_outcome", "compare", "trend", "campaign", "score",
    "sentiment", "insights",
)  # fmt: skip
SITE = (
    "api.app",
    "scheduler.run",
    "services.installation.site",
    "services.installation.demo",
    "sandbox.server",
    "ui.main",
)
"""What starting the site imports, without opening its store."""
LAST = 28
_ADDED = """
import builtins, sys, time
import numpy, pandas, streamlit
methods, site = (text.split(",") for text in sys.argv[1:])
ours = {f"analytics.{name}" for name in methods}
spent, inside, plain = 0.0, False, builtins.__import__
def counted(name, globals=None, locals=None, fromlist=(), level=0):
    global spent, inside
    asked = {name, *(f"{name}.{part}" for part in fromlist or ())}
    new = any(one == own or one.startswith(own + ".") for one in asked - set(sys.modules) for own in ours)
    if inside or level or not new:
        return plain(name, globals, locals, fromlist, level)
    inside, begun = True, time.process_time()
    try:
        return plain(name, globals, locals, fromlist, level)
    finally:
        spent, inside = spent + time.process_time() - begun, False
builtins.__import__ = counted
begun = time.process_time()
for module in site:
    __import__(module)
print(spent, time.process_time() - begun)
"""
_IMPORTED = """
import sys, time
from importlib import import_module
begun = time.process_time()
try:
    for name in sys.argv[1].split(","):
        import_module(name)
except ImportError as missing:
    print(missing)
else:
    spent, resident = time.process_time() - begun, 0
    try:
        with open("/proc/self/status") as told:
            resident = next(int(line.split()[1]) for line in told if line.startswith("VmRSS"))
    except OSError:
        pass
    print(spent, resident / 1024)
"""


def rows() -> Iterator[Row]:
    """All measures, one after the other."""
    added, whole = site()
    yield Row(
        "the site's import: what the methods add, s",
        f"{added:.2f}",
        f"{whole:.2f}",
        "the whole import, without numpy, pandas and streamlit",
    )
    names = ",".join(f"analytics.{name}" for name in METHODS)
    yield Row(
        "import of all methods with what they need, s and MiB of the process (only studies and pages that ask do it)",
        imported(sys.executable, names), imported(peers.python(), "statsforecast"), "statsforecast",
    )  # fmt: skip
    yield from forecasts()
    yield anomalies()


def site(times: int = 5) -> tuple[float, float]:
    """Seconds that the methods add to the site's import, and that the import takes above its large libraries."""
    asked = [sys.executable, "-W", "ignore", "-c", _ADDED, ",".join(METHODS), ",".join(SITE)]
    told = [_figures(asked) for _ in range(times)]
    return statistics.median(one[0] for one in told), statistics.median(one[1] for one in told)


def _figures(asked: list[str]) -> tuple[float, float]:
    out = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    first, second = out.split()
    return float(first), float(second)


def imported(python: str | None, names: str, times: int = 5) -> str:
    """Seconds of one core and MiB of a fresh process that imports some modules, or why there are none."""
    if python is None:
        return "not measured: PLUMBLINE_PEERS names no Python"
    told = []
    for _ in range(times):
        ran = subprocess.run(
            [python, "-W", "ignore", "-c", _IMPORTED, names], capture_output=True, text=True, check=True
        )
        last = ran.stdout.splitlines()[-1]
        if not last[:1].isdigit():
            return f"not measured: {last}"
        told.append(tuple(map(float, last.split())))
    return f"{statistics.median(one[0] for one in told):.2f} s, {statistics.median(one[1] for one in told):.0f} MiB"


def series(count: int = 12, days: int = 428, wild: float = 0.01) -> list[pd.Series]:
    """Generated days: level, trend, week, noise that hangs together, and a share of days that go wild."""
    made = []
    for seed in range(count):
        random = np.random.default_rng(seed)
        noise = random.normal(0, 0.15, days)
        for at in range(1, days):
            noise[at] += 0.5 * noise[at - 1]
        week = np.tile(random.normal(0, 0.25, 7), days // 7 + 1)[:days]
        burst = np.where(random.random(days) < wild, random.exponential(1.0, days), 0)
        level = random.uniform(4, 9) + np.arange(days) * random.normal(0, 0.0008)
        counts = random.poisson(np.exp(level + week + noise + burst)).astype(float)
        made.append(pd.Series(counts, pd.date_range("2025-01-01", periods=days)))
    return made


def forecasts(count: int = 12) -> Iterator[Row]:
    """Error, seconds and memory a generated series, beside statsmodels' exponential smoothing."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    from analytics.forecast import forecast

    def smoothed(history: pd.Series) -> np.ndarray:
        model = ETSModel(history, error="add", trend="add", damped_trend=True, seasonal="add", seasonal_periods=7)
        return np.asarray(model.fit(disp=False).forecast(LAST))

    def ours(history: pd.Series) -> np.ndarray:
        return forecast(history, LAST, kind="flow").frame["mean"].to_numpy()

    def naive(history: pd.Series) -> np.ndarray:
        return np.asarray(np.resize(history.to_numpy()[-7:], LAST))

    every = series(count)
    found = {name: _forecast(work, every) for name, work in (("ours", ours), ("ets", smoothed), ("naive", naive))}
    what = f"forecast of {LAST} days, {count} generated series of {len(every[0]) - LAST} days"
    way = "statsmodels, ETSModel (A, Ad, A); last week again"
    yield Row(f"{what}: mean MASE", f"{found['ours'][0]:.2f}", f"{found['ets'][0]:.2f}; {found['naive'][0]:.2f}", way)
    yield Row(
        f"{what}: s, median", f"{found['ours'][1]:.2f} with its backtest", f"{found['ets'][1]:.2f} without one",
        "statsmodels, ETSModel",
    )  # fmt: skip
    yield Row(
        f"{what}: KiB of new memory, median", f"{_memory(ours, every):.0f}", f"{_memory(smoothed, every):.0f}",
        "statsmodels, ETSModel",
    )  # fmt: skip


def _forecast(work: Callable[[pd.Series], np.ndarray], every: list[pd.Series]) -> tuple[float, float]:
    work(every[0].iloc[:-LAST])
    errors, seconds = [], []
    for whole in every:
        history, truth = whole.iloc[:-LAST], whole.iloc[-LAST:].to_numpy()
        begun = time.process_time()
        told = work(history)
        seconds.append(time.process_time() - begun)
        errors.append(float(np.abs(told - truth).mean() / history.diff(7).abs().mean()))
    return float(np.mean(errors)), float(np.median(seconds))


def _memory(work: Callable[[pd.Series], np.ndarray], every: list[pd.Series]) -> float:
    peaks = []
    for whole in every[:3]:
        tracemalloc.start()
        work(whole.iloc[:-LAST])
        peaks.append(tracemalloc.get_traced_memory()[1] / 1024)
        tracemalloc.stop()
    return float(np.median(peaks))


def anomalies(count: int = 8) -> Row:
    """A day three times as high, or a fall to a tenth, in the last 60 days: found, and false alarms after day 60."""
    from statsmodels.tsa.seasonal import STL

    from analytics.anomalies import score

    def decomposed(values: pd.Series) -> np.ndarray:
        rest = STL(np.log1p(values), period=7, robust=True).fit().resid
        return np.asarray(np.abs(rest / (1.4826 * np.median(np.abs(rest - np.median(rest))))) > 3.5)

    told = []
    for alarms in (lambda values: score(values)["is_anomaly"].to_numpy(), decomposed):
        found = false = 0
        for seed, whole in enumerate(series(count, 300, wild=0)):
            values, at = whole.copy(), 250 + 5 * (seed % 8)
            values.iloc[at] *= 3.5 if seed % 2 else 0.1
            where = np.flatnonzero(alarms(values))
            found += at in where
            false += int(((where >= 60) & (np.abs(where - at) > 1)).sum())
        told.append(f"{found} of {count}; {false / count / (240 / 91):.2f}")
    ours, other = told
    what = "unusual day planted in generated series: found; false alarms a quarter"
    return Row(what, ours, other, "statsmodels, robust STL")


def main() -> None:
    """Print the table."""
    print("| measure | Plumbline | other | which other |")
    print("|---|---|---|---|")
    for row in rows():
        print(f"| {row.what} | {row.ours} | {row.other} | {row.way} |", flush=True)


if __name__ == "__main__":
    main()
