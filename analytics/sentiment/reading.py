"""How does a comment sound: bad, neutral or good? Read offline, word by word, with what it does not understand said."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analytics.sentiment import features
from analytics.sentiment.tokens import tokens

LABELS = ("negative", "neutral", "positive")
UNKNOWN = "unknown"
"""The label of a text that is missing, has no words, or is in a language that is not understood."""
CUT = 0.2
"""Polarities nearer to 0 than this are neutral."""
FAMILIAR = 0.25
"""The share of a text's telling words that must be known for it to count as understood."""
BATCH = 20_000


def polarity(texts: Iterable[object]) -> np.ndarray:
    """Polarity of short texts: from -1 (surely bad) over 0 (neutral) to 1 (surely good).

    polarity = +-(0.2 + 0.8 x lead), lead = the chance of the likeliest class less that of the next, where the likeliest
    is positive (+) or negative (-); where it is neutral, from -0.2 to 0.2 by how positive and negative compare. The
    chances come from a logistic model of the text's words and pairs of words. Commonly got wrong: it says how the
    words sound, not what people think of the brand ("this storm is terrible, thank you for the help" is mixed whatever
    it is about); and 0 is a claim (neutral) that NaN does not make.

    Parameters
    ----------
    texts : iterable of str, shape (n,)
        Comments, captions, messages. None and NaN are missing texts.

    Returns
    -------
    ndarray of float, shape (n,), -1 to 1
        NaN for a text that is missing, blank, without words (only a link, a mention, figures), or not understood:
        English, German and French are, and emoji alone.

    Raises
    ------
    TypeError
        When `texts` is one string, not several, or holds something that is no text.

    Notes
    -----
    Learnt from labelled public tweets and comments in English and German, weighed as if the three classes were equally
    frequent; French is read by word lists and emoji only, and less well. Each text is read alone, so the order of the
    texts does not matter, and the same text always has the same polarity. Not understood by it: irony, quotes,
    comparisons, what a picture shows, words that are good in one trade and bad in another, news that is bad in itself
    told neutrally. Single labels are often wrong (about one in three, see the benchmark); shares over hundreds of texts
    and their changes are what it is for. It learnt from texts of 2012 to 2019: newer slang is not known.

    References
    ----------
    Ours: a linear model on the features of S. Wang, C. Manning, Baselines and Bigrams, 2012 (words, pairs), with the
    word lists of C. Hutto, E. Gilbert, VADER, 2014, doi:10.1609/icwsm.v8i1.14550, as two more. Texts: S. Rosenthal,
    N. Farra, P. Nakov, SemEval-2017 Task 4, doi:10.18653/v1/S17-2088, and others in the script that trains it.

    Examples
    --------
    >>> good, bad, missing = polarity(["I love this, thank you!", "worst service ever :(", None])
    >>> bool(good > 0.5), bool(bad < -0.5), bool(np.isnan(missing))
    (True, True, True)
    >>> polarity(["", "https://example.org"])
    array([nan, nan])
    """
    given = _given(texts)
    parts = [_read(given[at : at + BATCH]) for at in range(0, len(given), BATCH)]
    return np.concatenate(parts) if parts else np.empty(0)


def label(texts: Iterable[object]) -> np.ndarray:
    """Labels of short texts: "negative", "neutral", "positive", or "unknown" where nothing can be said.

    The likeliest class: negative to a polarity of -0.2, positive from 0.2, neutral between. Commonly got wrong:
    "neutral" is what was read, "unknown" is what could not be read; adding the unknown to the neutral makes every mood
    look mild.

    Parameters
    ----------
    texts : iterable of str, shape (n,)
        As for `polarity`.

    Returns
    -------
    ndarray of str, shape (n,)
        "unknown" exactly where the polarity is NaN.

    Raises
    ------
    TypeError
        As for `polarity`.

    Notes
    -----
    Nothing was trained or set on the tweets it is measured on. Limits as for `polarity`.

    References
    ----------
    As for `polarity`.

    Examples
    --------
    >>> label(["Das ist nicht gut.", "J'adore, merci beaucoup !", "The shop opens on Monday", ""]).tolist()
    ['negative', 'positive', 'neutral', 'unknown']
    """
    return named(polarity(texts))


def named(polarities: np.ndarray) -> np.ndarray:
    """Labels of polarities: negative to -0.2, positive from 0.2, else neutral; NaN is "unknown".

    Commonly got wrong: as for `label`.

    Parameters
    ----------
    polarities : ndarray of float, shape (n,)
        As `polarity` gives them.

    Returns
    -------
    ndarray of str, shape (n,)

    Raises
    ------
    Nothing.

    Notes
    -----
    For those who keep polarities: a label needs no second reading of the text.

    References
    ----------
    As for `polarity`.

    Examples
    --------
    >>> named(np.array([-0.9, 0.0, 0.9, np.nan])).tolist()
    ['negative', 'neutral', 'positive', 'unknown']
    """
    known = np.where(polarities >= CUT, LABELS[2], LABELS[1])
    known = np.where(polarities <= -CUT, LABELS[0], known)
    return np.asarray(np.where(np.isnan(polarities), UNKNOWN, known))


def understood(texts: Iterable[object]) -> np.ndarray:
    """Which texts could be read at all: in English, German or French, or of emoji alone.

    True where a polarity is given. Commonly got wrong: it is no language detector; it tells whether enough of the
    words are known to say something, so that a page can say "not understood: n of m".

    Parameters
    ----------
    texts : iterable of str, shape (n,)
        As for `polarity`.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    TypeError
        As for `polarity`.

    Notes
    -----
    A text is understood when a quarter of its words that tell a language are known, and clearly more than belong to
    another language only. A mix with English (or German or French) is read by the words that are known.

    References
    ----------
    Ours; words that tell a language: G. Grefenstette, Comparing Two Language Identification Schemes, 1995.

    Examples
    --------
    >>> understood(["thanks a lot", "muchas gracias por todo, hasta luego", "😍😍", " "]).tolist()
    [True, False, True, False]
    """
    return np.asarray(~np.isnan(polarity(texts)))


def _given(texts: Iterable[object]) -> list[str]:
    if isinstance(texts, str | bytes):
        raise TypeError("Give several texts, as a list or a column: one text is [text].")
    given = []
    for text in texts:
        if isinstance(text, str):
            given.append(text)
        elif text is None or text is pd.NA or text is pd.NaT or (isinstance(text, float) and np.isnan(text)):
            given.append("")
        else:
            raise TypeError(f"A text must be a string or missing, not {type(text).__name__}.")
    return given


def _read(texts: list[str]) -> np.ndarray:
    model = features.book()
    counted = features.count([tokens(text) for text in texts], model)
    known, french = _languages(counted, model)
    chances = np.where(french[:, None], _french(counted, model), _trained(counted, model))
    return np.where(known, _placed(chances), np.nan)


def _placed(chances: np.ndarray) -> np.ndarray:
    """One figure from three chances: beyond the cut on the side of the likeliest class, by how far it leads."""
    bad, neutral, good = chances.T
    side = np.sign(good - bad)
    strong, weak = np.maximum(good, bad), np.minimum(good, bad)
    beyond = CUT + (1 - CUT) * (strong - np.maximum(neutral, weak))
    within = CUT * (strong - weak) / np.maximum(neutral - weak, 1e-12)
    return np.asarray(side * np.where(strong >= neutral, beyond, within))


def _languages(counted: features.Counted, model: features.Book) -> tuple[np.ndarray, np.ndarray]:
    """Whether each text is understood, and whether it is French."""
    found = features.languages(counted, model)
    french = (found[features.FRENCH] > 0) & (
        found[features.FRENCH] + 0.5 * found[features.ROMANCE] > found[features.KNOWN]
    )
    familiar = np.where(french, found[features.FRENCH] + found[features.ROMANCE], found[features.KNOWN])
    telling = found[0] - np.where(french, 0, found[features.SHARED])
    signs = np.bincount(counted.row, (model.kind[counted.base] & features.SIGN) > 0, counted.n) > 0
    worded = (familiar >= FAMILIAR * np.maximum(telling, 1)) & (familiar > 1.5 * found[features.FOREIGN])
    return np.where(found[0] > 0, worded, signs), french


def _trained(counted: features.Counted, model: features.Book) -> np.ndarray:
    summed = np.zeros((counted.n, 3))
    for row, at in ((counted.row, counted.at), (counted.pair_row, counted.pair)):
        met = (model.kind[at] & features.TRAINED) > 0
        summed += _summed(row[met], model.weights[at[met]], counted.n)
    return _chances(summed, counted, model, 0)


def _french(counted: features.Counted, model: features.Book) -> np.ndarray:
    return _chances(_summed(counted.row, model.plain[counted.base], counted.n), counted, model, 1)


def _summed(row: np.ndarray, weights: np.ndarray, n: int) -> np.ndarray:
    sums = np.column_stack([np.bincount(row, side, n) for side in weights.T])
    return np.asarray(sums * features.scale(row, n)[:, None])


def _chances(summed: np.ndarray, counted: features.Counted, model: features.Book, head: int) -> np.ndarray:
    good, bad, start = model.heads[head]
    tone = features.lexicon(counted, model)
    logits = summed + tone[:, :1] * good + tone[:, 1:] * bad + start
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
