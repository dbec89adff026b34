"""Makes `analytics/sentiment/model.npz`: weights of words, learnt from labelled public texts and free word lists.

    PLUMBLINE_SERIES=... PLUMBLINE_PEERS=.../bin/python python -m benchmarks.statistics.train_sentiment

Only words, pairs of words and numbers are shipped, no text. Texts, read from `$PLUMBLINE_SERIES/sentiment/<name>.csv`
(columns text, label -1 0 1, lang, part train val test):

- semeval: SemEval-2017 task 4 A, the tweets of 2013 to 2016 (S. Rosenthal, N. Farra, P. Nakov), CC BY 3.0;
- goemotions: comments on Reddit (D. Demszky and others, 2020), Apache 2.0; its 27 emotions as its authors group them,
  comments of mixed or ambiguous groups left out;
- potts: Potsdam Twitter Sentiment Corpus, German (U. Sidarenka, 2016), MIT;
- sb10k: German tweets (M. Cieliebak and others, 2017), CC BY 4.0.

A text that also stands in a validation or test part is not in the training part. Word lists come with packages of the
peers' Python: vaderSentiment (MIT), vaderSentiment_fr (MIT), textblob and textblob-fr (their lists: PDDL),
stopwordsiso (MIT). Nothing is chosen by a test part: the strength of the penalty and the cuts by the validation tweets.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import log_loss, recall_score

from analytics.sentiment import features
from analytics.sentiment.tokens import tokens
from benchmarks.statistics import sets

SOURCES = {"semeval": 1.0, "goemotions": 0.5, "potts": 1.0, "sb10k": 1.0}
"""How much a text of each counts: comments on Reddit are many, and not labelled for polarity itself."""
SIGN = re.compile(r"<3+|[^\w\s~!?.<]+[\w/|\\]*")
"""An emoji or an emoticon, not a mark."""
HEATS = np.arange(0.5, 4, 0.1)
PENALTIES = (1e-5, 1.5e-5, 3e-5)
LEAN = 0.4
"""French word lists hold fewer of the words that matter than English ones: silence says less for neutral there. Set
on the French tweets of XLM-T that are not for testing (F. Barbieri and others, 2022); no weight is learnt from them."""
CALM = 0.2
"""Word lists are put on the scale of single words, so that the penalty treats them alike."""
OTHERS = (
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "ro",
    "sv",
    "da",
    "no",
    "fi",
    "cs",
    "tr",
    "id",
    "ca",
    "hr",
    "hu",
    "sk",
    "sl",
    "eu",
)
TARGET = Path(__file__).parents[2] / "analytics" / "sentiment" / "model.npz"
LISTS = """
import glob, json, pathlib, sys, xml.etree.ElementTree as tree
import stopwordsiso, textblob, textblob_fr
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
def pattern(package, name):
    forms = {}
    for word in tree.parse(pathlib.Path(package.__file__).parent / name).getroot().iter("word"):
        forms.setdefault(word.get("form").lower(), []).append(float(word.get("polarity")))
    return {form: 4 * sum(values) / len(values) for form, values in forms.items()}
vader = SentimentIntensityAnalyzer()
french = {}
path = pathlib.Path(textblob_fr.__file__).parents[1] / "vaderSentiment_fr" / "fr_lexicon.txt"
for line in path.read_text(encoding="utf8").splitlines():
    word, _, value = line.strip().rpartition("->")
    try:
        french[word.rstrip("-")] = float(value)
    except ValueError:
        continue
def added(one, other):
    return {word: one.get(word, 0) + other.get(word, 0) for word in one.keys() | other.keys()}
json.dump({
    "en": added(vader.lexicon, pattern(textblob, "en/en-sentiment.xml")),
    "fr": added(french, pattern(textblob_fr, "fr-sentiment.xml")),
    "emoji": {e: 3 * vader.polarity_scores(t)["compound"] for e, t in vader.emojis.items() if len(e) == 1},
    "stop": {code: sorted(stopwordsiso.stopwords(code)) for code in sys.argv[1:]},
}, sys.stdout)
"""


def main() -> None:
    texts, lists = _texts(), _lists()
    tokenised = [tokens(text) for text in texts["text"]]
    train = (texts["part"] == "train").to_numpy()
    book = _empty(lists, [text for text, own in zip(tokenised, train, strict=True) if own])
    n, counted = len(book.vocabulary), features.count(tokenised, book)
    lexicon = sparse.csr_matrix(features.lexicon(counted, book) * CALM)
    sources = pd.get_dummies(texts["source"]).reindex(columns=list(SOURCES)[1:]).to_numpy(float) * train[:, None]
    design = sparse.hstack([_main_matrix(counted, book, len(texts)), lexicon, sparse.csr_matrix(sources)]).tocsr()
    weight = _weights(texts, train)
    weights, start = _best(design, texts["label"].to_numpy(), weight, train)
    english = train & (texts["lang"] == "en").to_numpy()
    plain = LogisticRegression(C=0.5, max_iter=300).fit(
        sparse.hstack([_bare_matrix(counted, len(texts), book.vocabulary), lexicon]).tocsr()[english],
        texts["label"].to_numpy()[english],
        weight[english],
    )
    heads = [
        np.vstack([weights[n : n + 2] * CALM, start]),
        np.vstack([plain.coef_.T[n:] * CALM, plain.intercept_ * LEAN]),
    ]
    _save(book, weights[:n], plain.coef_.T[:n], np.array(heads))


def _empty(lists: dict[str, Any], tokenised: list[list[str]]) -> features.Book:
    words, seen = _vocabulary(tokenised)
    tone, kinds = _tone(lists), _kinds(lists, seen, words)
    vocabulary = {word: at for at, word in enumerate(sorted(words | tone.keys() | kinds.keys()))}
    zeros = np.zeros((len(vocabulary) + 1, 3), np.float32)
    tones = np.array([*(tone.get(word, 0.0) for word in vocabulary), 0.0])
    kind = np.array([*(kinds.get(word, 0) for word in vocabulary), 0], np.uint8)
    stored = (np.clip(np.rint(tones * 16), -127, 127) / 16).astype(np.float32)
    return features.Book(vocabulary, zeros, zeros, stored, kind, np.zeros((2, 3, 3), np.float32))


def _best(
    design: sparse.csr_matrix, labels: np.ndarray, weight: np.ndarray, train: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and starts: the penalty that does best on the validation tweets (all rows that are not for training).

    One model a class, each against the rest; the validation tweets say how far their scores are to be stretched, so
    that the chances they give come true.
    """
    found = []
    for penalty in PENALTIES:
        fitted = SGDClassifier(loss="log_loss", alpha=penalty, average=True, max_iter=8, tol=None, random_state=0)
        fitted.fit(design[train], labels[train], sample_weight=weight[train])
        scores = fitted.decision_function(design[~train])
        recall = recall_score(labels[~train], fitted.classes_[scores.argmax(axis=1)], average="macro")
        print(f"penalty {penalty}: macro recall on the validation tweets {recall:.4f}", flush=True)
        heat = min(HEATS, key=lambda heat: log_loss(labels[~train], _chances(scores * heat)))
        found.append((recall, fitted.coef_.T * heat, fitted.intercept_ * heat))
    return max(found, key=lambda one: one[0])[1:]


def _chances(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _texts() -> pd.DataFrame:
    folder = sets.folder() / "sentiment"
    frames = [pd.read_csv(folder / f"{name}.csv").assign(source=name) for name in SOURCES]
    validation = sets.tweets("val").assign(source="semeval", lang="en", part="val")
    validation["label"] = validation["label"].map({"negative": -1, "neutral": 0, "positive": 1})
    training = pd.concat(frames).query("part == 'train'")
    return pd.concat([training, validation], ignore_index=True).dropna(subset=["text"])


def _lists() -> dict[str, Any]:
    peers = os.environ.get("PLUMBLINE_PEERS", sys.executable)
    answer = subprocess.run([peers, "-c", LISTS, "en", "de", "fr", *OTHERS], capture_output=True, check=True, text=True)
    lists: dict[str, Any] = json.loads(answer.stdout)
    return lists


def _vocabulary(tokenised: list[list[str]]) -> tuple[set[str], Counter[str]]:
    single: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for text in tokenised:
        single.update(set(text))
        pairs.update({f"{a} {b}" for a, b in pairwise(text)})
        seen.update({word.removeprefix("~") for word in text})
    kept = {word for word, n in single.items() if n >= 2} | {pair for pair, n in pairs.items() if n >= 4}
    return kept, seen


def _tone(lists: dict[str, Any]) -> dict[str, float]:
    french = {word: value for word, value in lists["fr"].items() if word.isalpha()}
    emoji = {sign: value for sign, value in lists["emoji"].items() if value}
    every = emoji | french | lists["en"]
    return {word: value for word, value in every.items() if tokens(word) == [word]}


def _kinds(lists: dict[str, Any], seen: Counter[str], trained: set[str]) -> Counter[str]:
    """Which language a word speaks for; a word of several speaks for none."""
    stop = {code: {word for word in words if word.isalpha()} for code, words in lists["stop"].items()}
    own = stop["en"] | stop["de"]
    other = set().union(*(stop[code] for code in OTHERS))
    often = {word for word, n in seen.items() if n >= 20 and word[0].isalpha()}
    shared = other & (own | stop["fr"] | often)
    romance = stop["fr"] - own
    french = (stop["fr"] | {w for w in lists["fr"] if w.isalpha() and w not in lists["en"]}) - shared
    french -= {word for word, n in seen.items() if n >= 150}
    known = ({w for w, n in seen.items() if n >= 10 and w[0].isalpha()} | own) - shared - romance - french
    foreign = other - shared - lists["fr"].keys()
    kinds: Counter[str] = Counter()
    for flag, words in zip(
        (features.KNOWN, features.FRENCH, features.ROMANCE, features.SHARED, features.FOREIGN),
        (known, french, romance, shared, foreign),
        strict=True,
    ):
        kinds.update(dict.fromkeys(words, flag))
    kinds.update(dict.fromkeys(trained, features.TRAINED))
    kinds.update(dict.fromkeys((word for word in trained | _tone(lists).keys() if SIGN.fullmatch(word)), features.SIGN))
    return kinds


def _weights(texts: pd.DataFrame, train: np.ndarray) -> np.ndarray:
    """Each source counts as it should, and its three classes alike."""
    weight = texts["source"].map(SOURCES).to_numpy(float, copy=True)
    groups = texts[train].groupby(["source", "label"])["text"].transform("size")
    sizes = texts[train].groupby("source")["text"].transform("size")
    weight[train] *= (sizes / 3 / groups).to_numpy()
    return weight


def _main_matrix(counted: features.Counted, book: features.Book, rows: int) -> sparse.csr_matrix:
    parts = []
    for row, at in ((counted.row, counted.at), (counted.pair_row, counted.pair)):
        keep = (book.kind[at] & features.TRAINED) > 0
        scale = features.scale(row[keep], rows)
        parts.append(sparse.csr_matrix((scale[row[keep]], (row[keep], at[keep])), (rows, len(book.vocabulary))))
    return parts[0] + parts[1]


def _bare_matrix(counted: features.Counted, rows: int, vocabulary: dict[str, int]) -> sparse.csr_matrix:
    n = len(vocabulary)
    bare = np.array([not word.lstrip("~")[:1].isalpha() for word in vocabulary] + [False])
    keep = bare[counted.base] & (counted.base < n)
    at, row = counted.base[keep], counted.row[keep]
    return sparse.csr_matrix((features.scale(counted.row, rows)[row], (row, at)), (rows, n))


def _save(book: features.Book, weights: np.ndarray, plain: np.ndarray, heads: np.ndarray) -> None:
    words = list(book.vocabulary)
    steps = [np.abs(table).max() / 32_767 for table in (weights, plain)]
    np.savez_compressed(
        TARGET,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        weights=np.rint(weights / steps[0]).astype(np.int16),
        plain=np.rint(plain / steps[1]).astype(np.int16),
        tone=np.rint(book.tone[:-1] * 16).astype(np.int8),
        kind=book.kind[:-1],
        heads=heads.astype(np.float32),
        steps=np.array(steps, np.float32),
    )
    print(f"{len(words)} words, {TARGET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
