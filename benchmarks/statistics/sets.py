"""The public data sets that the statistics are judged on: read from a folder outside the repository.

`SOURCES.md` beside this package says what lies in the folder, and where each set is from.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import pandas as pd

Group = Literal["daily", "weekly", "monthly", "followers"]
Part = Literal["train", "val", "test"]

VARIABLE = "PLUMBLINE_SERIES"
_DEFAULT = Path(__file__).parents[1] / "data"
_STEPS: dict[str, str] = {"daily": "D", "weekly": "W", "monthly": "MS", "followers": "D"}


class MissingSet(RuntimeError):
    """A data set is not in the folder; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stream of readings, and the windows in which people say that something was wrong.

    `values` has one row per reading by its time (UTC, not always in regular steps; NaN = missing); `windows` are
    the first and last moment of each anomaly, both included: none if the stream has no anomaly.
    """

    name: str
    values: pd.Series
    windows: tuple[tuple[pd.Timestamp, pd.Timestamp], ...]

    @property
    def real(self) -> bool:
        """Whether it was measured, not made up."""
        return "artificial" not in self.name


def folder() -> Path:
    """Where the data sets lie: the folder that PLUMBLINE_SERIES names, or else `benchmarks/data`.

    Raises
    ------
    MissingSet
        There is no such folder.
    """
    named = os.environ.get(VARIABLE)
    found = Path(named).expanduser() if named else _DEFAULT
    if not found.is_dir():
        raise MissingSet(
            f"There is no folder {found}. Set {VARIABLE} to the folder with the data sets; "
            "benchmarks/SOURCES.md says how it is laid out."
        )
    return found


def series(group: Group, *, source: str | None = None, most: int | None = None) -> dict[str, pd.Series]:
    """The series of a group by name (`source__name`), in the order of their names, in regular steps; NaN = missing.

    `source` keeps those of one source. `most` keeps that many, taken from the sources in turn, so that a small
    sample is as mixed as the whole.

    Raises
    ------
    MissingSet
        The folder, the group or the source is missing.
    """
    names = [path.stem for path in _files(group, source)]
    kept = names if most is None else sorted(_in_turn(names)[:most])
    return {name: _read(folder() / group / f"{name}.csv", _STEPS[group]) for name in kept}


def sources(group: Group) -> dict[str, int]:
    """How many series of a group come from each source."""
    names = [source_of(path.stem) for path in _files(group, None)]
    return {name: names.count(name) for name in sorted(set(names))}


def size(name: str) -> str:
    """How much of a set is there, in words. `name` is a group, or "anomalies", "tweets", "sentiment" or "posts".

    Raises
    ------
    MissingSet
        Nothing of it is there.
    """
    if name in _STEPS:
        by_source = sources(cast(Group, name))
        return f"{name}, {sum(by_source.values())} series of {len(by_source)} sources"
    if name == "anomalies":
        streams = labelled()
        return f"anomalies, {len(streams)} labelled streams, {sum(bool(one.windows) for one in streams)} with anomalies"
    files = sorted((folder() / name).glob("*.csv"))
    if not files:
        raise MissingSet(_missing(f"{name}/*.csv"))
    return f"{name}, " + ", ".join(f"{path.stem} {_rows(path):,}" for path in files) + " rows"


def source_of(name: str) -> str:
    """The source of a series: what stands before the double underscore of its name."""
    return name.partition("__")[0]


def labelled(source: str | None = None) -> list[Labelled]:
    """The streams with labelled anomalies; `source` keeps those of sources whose name begins so ("nab-real").

    Streams that nobody labelled are left out: nothing is known of them.

    Raises
    ------
    MissingSet
        The labels, one of the streams or the source is missing.
    """
    place = folder() / "anomalies"
    if not (place / "labels.json").is_file():
        raise MissingSet(_missing("anomalies/labels.json"))
    labels: dict[str, list[list[str]]] = json.loads((place / "labels.json").read_text(encoding="utf-8"))
    chosen = [file for file in sorted(labels) if file.startswith(source or "")]
    if not chosen:
        raise MissingSet(_missing(f"anomalies/{source or ''}*.csv"))
    return [_stream(place / file, labels[file]) for file in chosen]


def tweets(part: Part) -> pd.DataFrame:
    """Tweets with their feeling: columns `text` and `label` ("negative", "neutral", "positive"), one row per tweet.

    Raises
    ------
    MissingSet
        That part is missing.
    """
    path = folder() / "tweets" / f"{part}.csv"
    if not path.is_file():
        raise MissingSet(_missing(f"tweets/{part}.csv"))
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _rows(path: Path) -> int:
    separator = ";" if path.stem == "dataset_Facebook" else ","
    return len(pd.read_csv(path, sep=separator, usecols=[0], encoding="latin1"))


def _missing(what: str) -> str:
    return f"{what} is missing in {folder()}. benchmarks/SOURCES.md says where it is from."


def _files(group: Group, source: str | None) -> list[Path]:
    pattern = f"{source or '*'}__*.csv"
    found = sorted((folder() / group).glob(pattern))
    if not found:
        raise MissingSet(_missing(f"{group}/{pattern}"))
    return found


def _in_turn(names: list[str]) -> list[str]:
    """The names dealt out: the middle one of each source first, then further ones, source by source."""
    by_source: dict[str, list[str]] = {}
    for name in names:
        by_source.setdefault(source_of(name), []).append(name)
    turns = [(turn, source, name) for source, own in by_source.items() for turn, name in enumerate(_outward(own))]
    return [name for _, _, name in sorted(turns)]


def _outward(names: list[str]) -> list[str]:
    middle = len(names) // 2
    return sorted(names, key=lambda name: (abs(names.index(name) - middle), name))


def _read(path: Path, step: str) -> pd.Series:
    read = pd.read_csv(path, parse_dates=["date"], index_col="date")["value"].astype(float)
    days = pd.DatetimeIndex(read.index)
    every = f"W-{days[0].strftime('%a').upper()}" if step == "W" else step
    return pd.Series(read.to_numpy(), index=pd.DatetimeIndex(days, freq=every), name=path.stem)


def _stream(path: Path, windows: list[list[str]]) -> Labelled:
    if not path.is_file():
        raise MissingSet(_missing(f"anomalies/{path.name}"))
    read = pd.read_csv(path, parse_dates=["timestamp"], index_col="timestamp")["value"].astype(float)
    spans = tuple((pd.Timestamp(first), pd.Timestamp(last)) for first, last in windows)
    return Labelled(path.stem, read.sort_index().rename(path.stem), spans)
