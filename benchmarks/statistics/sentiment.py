"""Sentiment beside its peers on labelled public tweets: macro-averaged recall of three classes, and speed.

    PLUMBLINE_SERIES=... PLUMBLINE_PEERS=.../bin/python python -m benchmarks.statistics.sentiment

The English test part is that of SemEval-2017 task 4 A as TweetEval lays it out; nothing was trained or set on it.
Peers run in the Python that PLUMBLINE_PEERS names, at their usual cuts: VADER +-0.05, AFINN and TextBlob above and
below 0; they read English only. German and French parts, and comments on Reddit, are read from `sentiment/` beside
the tweets where it is.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.sentiment import LABELS, label
from benchmarks.statistics import sets

EXTRA = (
    ("goemotions", "en", "Reddit comments"),
    ("potts", "de", "PotTS"),
    ("sb10k", "de", "SB10k"),
    ("xlmt", "fr", "French tweets"),
)
NAMED = dict(zip((-1, 0, 1), LABELS, strict=True))
PEERS = """
import json, sys, time
texts = json.load(sys.stdin)
def cut(values, at):
    return ["positive" if v >= at and v > 0 else "negative" if v <= -at and v < 0 else "neutral" for v in values]
def vader():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    read = SentimentIntensityAnalyzer().polarity_scores
    return cut((read(text)["compound"] for text in texts), 0.05)
def afinn():
    from afinn import Afinn
    return cut(map(Afinn(emoticons=True).score, texts), 0)
def textblob():
    from textblob.en.sentiments import PatternAnalyzer
    read = PatternAnalyzer().analyze
    return cut((read(text).polarity for text in texts), 0)
answer = {}
for name, peer in (("VADER", vader), ("AFINN", afinn), ("TextBlob", textblob)):
    started = time.process_time()
    try:
        answer[name] = {"labels": peer(), "seconds": time.process_time() - started}
    except ImportError as missing:
        answer[name] = {"missing": str(missing)}
json.dump(answer, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one set."""

    texts: str
    method: str
    n: int
    recall: float
    """Macro-averaged over the classes; a text not understood counts as missed."""
    understood: float
    seconds_per_100_000: float
    note: str = ""


def rows() -> list[Row]:
    """Ours and the peers on the test tweets, then ours on other kinds and languages."""
    label(["warm up"])
    tweets = sets.tweets("test")
    found = [_ours("English tweets", tweets), *_peers("English tweets", tweets)]
    for name, lang, title in EXTRA:
        path = sets.folder() / "sentiment" / f"{name}.csv"
        if not path.is_file():
            found.append(Row(title, "ours", 0, float("nan"), float("nan"), float("nan"), f"{path.name} is missing"))
            continue
        texts = pd.read_csv(path)
        part = texts[(texts["part"] == "test") & (texts["lang"] == lang)].dropna(subset=["text"])
        part = part.assign(label=part["label"].map(NAMED))
        found += [_ours(title, part), *(_peers(title, part) if lang == "en" else [])]
    return found


def macro_recall(truth: pd.Series, read: np.ndarray) -> float:
    """Mean over the classes of the share of a class that was found."""
    return float(np.mean([(read[(truth == name).to_numpy()] == name).mean() for name in LABELS]))


def _ours(title: str, texts: pd.DataFrame) -> Row:
    read, seconds = _timed(lambda: label(texts["text"]))
    understood = float((read != "unknown").mean())
    return Row(title, "ours", len(texts), macro_recall(texts["label"], read), understood, _pace(seconds, len(texts)))


def _peers(title: str, texts: pd.DataFrame) -> list[Row]:
    python = os.environ.get("PLUMBLINE_PEERS")
    if not python:
        return [Row(title, "peers", 0, float("nan"), float("nan"), float("nan"), "PLUMBLINE_PEERS names no Python")]
    ran = subprocess.run(
        [python, "-c", PEERS], input=json.dumps(list(texts["text"])), capture_output=True, check=True, text=True
    )
    found = []
    for name, answer in json.loads(ran.stdout).items():
        if "missing" in answer:
            found.append(Row(title, name, 0, float("nan"), float("nan"), float("nan"), answer["missing"]))
            continue
        recall = macro_recall(texts["label"], np.array(answer["labels"]))
        found.append(Row(title, name, len(texts), recall, 1.0, _pace(answer["seconds"], len(texts))))
    return found


def _pace(seconds: float, n: int) -> float:
    return seconds * 100_000 / max(n, 1)


def _timed(run: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    started = time.process_time()
    answer = run()
    return answer, time.process_time() - started


def main() -> None:
    print("| texts | method | n | macro recall | understood | s / 100,000 | note |\n|---|---|---|---|---|---|---|")
    for row in rows():
        figures = f"{row.n:,} | {row.recall:.3f} | {row.understood:.1%} | {row.seconds_per_100_000:.1f} | {row.note}"
        print(f"| {row.texts} | {row.method} | {figures} |")


if __name__ == "__main__":
    main()
