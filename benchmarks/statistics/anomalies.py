"""Anomalies: incidents found in labelled streams, false alarms where nothing happened. Ours beside four peers.

`python -m benchmarks.statistics.anomalies` prints three tables. A labelled window is found when an alarm lies in it; an
alarm outside all windows is false, each by itself. No window is credited point by point ("point adjustment"), for with
wide windows that rewards alarms at random. Every method's alarms are merged to incidents. Every other stream of the
Numenta benchmark helped to choose our method; the figures are of the others, and of streams from elsewhere. A peer has
two rows: at the threshold people use, and at the one that gives it as many false alarms as ours where we chose.

The area under precision and recall of a score, mean of the streams, is given twice: of each row by itself (a score of
isolated spikes is poor at windows of hundreds of rows), and of windows, each by its highest row, against as many pieces
of the rest as an incident is long. STL residuals and S-H-ESD see the future, as people use them; "past only" does not.
A third table has made-up streams whose labels are exact: single rows and incidents of up to four.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from pandas.tseries.frequencies import to_offset
from scipy import stats
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score
from statsmodels.tsa.seasonal import STL

from analytics.anomalies import score
from benchmarks.statistics import sets
from benchmarks.statistics.anomaly_worlds import NULLS, planted

DAY_S = 86_400
LEARN_SHARE, LEARN_MOST = 0.15, 750
"""Nobody is judged by the beginning of a stream, as in the Numenta benchmark: 15 % of it, at most 750 rows."""
Scorer = Callable[[pd.Series], np.ndarray]


@dataclass(frozen=True, slots=True)
class Stream:
    """A labelled stream in regular steps; `first`: the row from which it is judged."""

    name: str
    values: pd.Series
    windows: tuple[tuple[pd.Timestamp, pd.Timestamp], ...]
    first: int


@dataclass(frozen=True, slots=True)
class Row:
    """What a method found: windows, found ones, false alarms, and the mean area under precision and recall of its
    score: rows in windows against the others, and windows against pieces of the rest."""

    method: str
    windows: int
    found: int
    false: int
    area: float
    area_of_windows: float
    seconds_per_10k: float

    @property
    def precision(self) -> float:
        """Found windows among all that alarmed."""
        return self.found / max(self.found + self.false, 1)

    @property
    def recall(self) -> float:
        """Found windows among all."""
        return self.found / self.windows

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.found / (self.windows + self.found + self.false)


def streams() -> list[Stream]:
    """The labelled streams with steps of five minutes and more, put on their grid (mean of the readings in a step)."""
    return [found for found in map(_on_grid, sets.labelled()) if found is not None]


def _on_grid(stream: sets.Labelled) -> Stream | None:
    index = pd.DatetimeIndex(stream.values.index)
    step = pd.Series(index).diff().median()
    if step < pd.Timedelta("5min"):
        return None
    values = stream.values.groupby(index.floor(step)).mean().asfreq(to_offset(step))
    return Stream(stream.name, values, stream.windows, min(int(LEARN_SHARE * len(values)), LEARN_MOST))


def season(values: pd.Series) -> int:
    """Rows of the shortest season: a week of days, else a day."""
    step = (values.index[1] - values.index[0]).total_seconds()
    return 7 if step >= DAY_S else round(DAY_S / step)


def rolling_z(values: pd.Series) -> np.ndarray:
    """Distance from the mean of the last window (28 days, or a day of shorter steps), in its standard deviations."""
    window = 28 if season(values) == 7 else season(values)
    past = values.rolling(window, min_periods=max(5, window // 2))
    z = (values - past.mean().shift()) / past.std().shift().replace(0, np.nan)
    return np.asarray(z.abs().fillna(0))


def _season_and_rest(values: pd.Series, smooth: int) -> tuple[pd.Series, pd.Series]:
    filled, period = values.interpolate().bfill(), season(values)
    tenth = max(1, period // 10)
    fit = STL(filled, period=period, seasonal=smooth, seasonal_jump=max(1, smooth // 10), trend_jump=tenth,
              low_pass_jump=tenth).fit()  # fmt: skip
    return fit.seasonal, fit.resid


def _robust(rest: pd.Series) -> np.ndarray:
    off = (rest - rest.median()).abs()
    return np.asarray(off / (1.4826 * off.median() + 1e-9 * (rest.abs().max() + 1e-9)))


def stl_residual(values: pd.Series) -> np.ndarray:
    """Residual of STL (Cleveland et al. 1990) over the whole stream, the future included, in robust deviations."""
    return _robust(_season_and_rest(values, 7)[1])


def stl_past(values: pd.Series) -> np.ndarray:
    """STL without the future: fitted again after each season on at most 28 of them; a row's residual is to that fit's
    last season and the median, off season, of the last season's rows, in deviations of the residuals before it."""
    filled, period = values.ffill().bfill(), season(values)
    rest = np.full(len(values), np.nan)
    for begin in range(2 * period, len(values), period):
        past = filled.iloc[max(0, begin - 28 * period) : begin]
        last = _season_and_rest(past, 7)[0].to_numpy()[-period:]
        end = min(begin + period, len(values))
        plain = filled.iloc[begin - period : end].to_numpy() - np.tile(last, 2)[: end - begin + period]
        level = pd.Series(plain).rolling(period).median().shift().to_numpy()[period:]
        rest[begin:end] = plain[period:] - level
    size = pd.Series(np.abs(rest))
    usual = size.expanding(period).median().shift().to_numpy()
    off: np.ndarray = size.to_numpy() / (1.4826 * usual + 1e-9 * (filled.abs().max() + 1e-9))
    return np.where(np.isnan(off), 0.0, off)


def s_h_esd(values: pd.Series) -> np.ndarray:
    """Seasonal hybrid ESD (Hochenbaum, Vallis, Kejariwal 2017): value less periodic season less median, over MAD; the
    whole stream, the future included."""
    smooth = 10 * len(values) + 1
    seasonal, _ = _season_and_rest(values, smooth)
    return _robust(values.interpolate().bfill() - seasonal)


def isolation_forest(values: pd.Series) -> np.ndarray:
    """Isolation forest (Liu et al. 2008) on the value, three rows before, one season before and the step; trained on
    the past, five times."""
    filled, rows = values.ffill().bfill(), len(values)
    lags = [filled.shift(by).bfill() for by in (0, 1, 2, 3, season(values))]
    seen = np.column_stack([*lags, filled.diff().fillna(0)])
    found, first = np.zeros(rows), max(int(LEARN_SHARE * rows), 30)
    ends = np.linspace(first, rows, 6).astype(int)
    for begin, end in pairwise(ends):
        forest = IsolationForest(n_estimators=50, random_state=0).fit(seen[:begin])
        found[begin:end] = -forest.score_samples(seen[begin:end])
    return found


def _grubbs(rows: int) -> float:
    t = stats.t.ppf(1 - 0.05 / (2 * rows), rows - 2)
    return float((rows - 1) * t / np.sqrt((rows - 2 + t**2) * rows))


PEERS: Mapping[str, tuple[Scorer, Callable[[int], float]]] = {
    "rolling z-score": (rolling_z, lambda rows: 3.0),
    "STL residuals": (stl_residual, lambda rows: 3.5),
    "STL residuals, past only": (stl_past, lambda rows: 3.5),
    "S-H-ESD": (s_h_esd, _grubbs),
    "IsolationForest": (isolation_forest, lambda rows: 0.6),
}
"""Each peer and its usual threshold for so many rows."""


def merged(over: np.ndarray, values: pd.Series) -> np.ndarray:
    """The first row of each incident: alarms nearer than two days, or a quarter of one of shorter steps, are one."""
    rows = np.flatnonzero(over)
    first = np.diff(rows, prepend=-(10**9)) > _apart(values)
    return rows[first]


def _apart(values: pd.Series) -> int:
    return 2 if season(values) == 7 else season(values) // 4


def counted(alarms: np.ndarray, stream: Stream) -> tuple[int, int, int]:
    """Windows that end where judging has begun, how many of them hold an alarm, and alarms outside all."""
    times = stream.values.index[alarms[alarms >= stream.first]]
    begun = stream.values.index[stream.first]
    step = stream.values.index[1] - stream.values.index[0]
    inside, windows, found = np.zeros(len(times), bool), 0, 0
    for begin, end in stream.windows:
        if end >= begun:
            within = (times >= begin - step) & (times <= end)
            windows, found, inside = windows + 1, found + int(within.any()), inside | within
    return windows, found, int((~inside).sum())


def _area(scores: np.ndarray, stream: Stream) -> float:
    times = stream.values.index
    labels = np.zeros(len(times), bool)
    for begin, end in stream.windows:
        labels |= (times >= begin) & (times <= end)
    judged = np.arange(len(times)) >= stream.first
    known = judged & ~np.isnan(scores)
    return float(average_precision_score(labels[known], scores[known])) if labels[known].any() else float("nan")


def _area_of_windows(scores: np.ndarray, stream: Stream) -> float:
    """Each window, and each piece of the rest as long as an incident, by its highest row."""
    times, apart = stream.values.index, _apart(stream.values)
    rest = np.arange(len(times)) // apart
    piece = pd.Series(np.where(np.arange(len(times)) >= stream.first, rest, -1))
    for number, (begin, end) in enumerate(stream.windows, 2):
        piece[(times >= begin) & (times <= end) & (piece != -1)] = -number
    highest = pd.Series(scores).groupby(piece.to_numpy()).max().drop(-1, errors="ignore").dropna()
    labels = highest.index < 0
    return float(average_precision_score(labels, highest)) if labels.any() else float("nan")


def _row(method: str, some: list[Stream], scores: list[np.ndarray], alarms: list[np.ndarray], took: float) -> Row:
    counts = np.sum([counted(at, stream) for at, stream in zip(alarms, some, strict=True)], axis=0)
    windows, found, false = (int(count) for count in counts)
    pairs = list(zip(scores, some, strict=True))
    area, of_windows = (float(np.nanmean([of(*pair) for pair in pairs])) for of in (_area, _area_of_windows))
    rows = sum(len(stream.values) for stream in some)
    return Row(method, windows, found, false, area, of_windows, took / rows * 10_000)


def _ours(some: list[Stream]) -> Row:
    began = time.process_time()
    judged = [score(stream.values) for stream in some]
    took = time.process_time() - began
    alarms = [np.flatnonzero(of["is_anomaly"]) for of in judged]
    return _row("Plumbline", some, [of["score"].to_numpy() for of in judged], alarms, took)


def _threshold(scores: list[np.ndarray], some: list[Stream], false: int) -> float:
    """The lowest threshold with at most so many false alarms, among the quantiles of the scores."""
    every = np.concatenate(scores)
    steps = np.quantile(every, 1 - np.logspace(-1, -5, 41))
    for limit in steps:
        pairs = zip(scores, some, strict=True)
        if sum(counted(merged(of > limit, stream.values), stream)[2] for of, stream in pairs) <= false:
            return float(limit)
    return float(steps[-1])


def rows() -> list[Row]:
    """Each method on the streams that did not help to choose ours."""
    every = streams()
    chosen_by = [stream.name for stream in every if stream.name.startswith("nab-")][::2]
    before_us = [stream for stream in every if stream.name in chosen_by]
    held_out = [stream for stream in every if stream.name not in chosen_by]
    false = _ours(before_us).false
    table = [_ours(held_out)]
    for name, (scorer, usual) in PEERS.items():
        before = [scorer(stream.values) for stream in before_us]
        began = time.process_time()
        scores = [scorer(stream.values) for stream in held_out]
        took = time.process_time() - began
        limit = _threshold(before, before_us, false)
        for how, limits in (("usual threshold", usual), ("our budget", lambda rows, limit=limit: limit)):
            alarms = [merged(of > limits(len(of)), stream.values) for of, stream in zip(scores, held_out, strict=True)]
            table.append(_row(f"{name}, {how}", held_out, scores, alarms, took))
    return table


def false_alarms(worlds: int = 8, days: int = 386) -> pd.DataFrame:
    """False alarms per series and quarter of each method at its usual setting, one row per world (A/A)."""
    table: dict[str, dict[str, float]] = {}
    for number, (name, world) in enumerate(NULLS.items()):
        found: dict[str, list[float]] = {method: [] for method in ("Plumbline", *PEERS)}
        for seed in range(worlds):
            values = world(np.random.default_rng([number, seed]), np.arange(days))
            series = pd.Series(values, pd.date_range("2024-01-01", periods=days))
            found["Plumbline"].append(float(score(series)["is_anomaly"].sum()))
            for method, (scorer, usual) in PEERS.items():
                alarms = merged(scorer(series) > usual(days), series)
                found[method].append(float((alarms >= 21).sum()))
        table[name] = {method: float(np.mean(alarms)) / ((days - 21) / 91) for method, alarms in found.items()}
    return pd.DataFrame(table).T


def exact(seeds: range = range(10, 14)) -> pd.DataFrame:
    """Mean area of each method (row by row) on made-up streams whose labels are exact."""
    scorers: dict[str, Scorer] = {"Plumbline": lambda values: score(values)["score"].to_numpy()}
    scorers |= {name: scorer for name, (scorer, _) in PEERS.items()}
    table: dict[str, dict[str, float]] = {}
    for step, named in (("h", "area, hours"), ("D", "area, days")):
        made = [Stream(*one[:2], tuple(one[2]), len(one[1]) // 7) for seed in seeds for one in planted(step, seed)]
        table[named] = {
            name: float(np.mean([_area(scorer(one.values), one) for one in made])) for name, scorer in scorers.items()
        }
    return pd.DataFrame(table)


def markdown() -> str:
    """The three tables."""
    lines = [
        "| method | windows found | false alarms | precision | recall | F1 | area | area, windows | s / 10,000 rows |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.method} | {row.found} of {row.windows} | {row.false} | {row.precision:.2f} | {row.recall:.2f} "
        f"| {row.f1:.2f} | {row.area:.2f} | {row.area_of_windows:.2f} | {row.seconds_per_10k:.2f} |"
        for row in rows()
    ]
    quiet = false_alarms()
    lines += ["", "| nothing happened: false alarms per quarter | " + " | ".join(quiet.columns) + " |"]
    lines += ["|---|" + "---:|" * len(quiet.columns)]
    lines += [f"| {name} | " + " | ".join(f"{value:.2f}" for value in row) + " |" for name, row in quiet.iterrows()]
    told = exact()
    lines += ["", "| method, made-up streams | " + " | ".join(told.columns) + " |", "|---|---:|---:|"]
    lines += [f"| {name} | " + " | ".join(f"{value:.2f}" for value in row) + " |" for name, row in told.iterrows()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
