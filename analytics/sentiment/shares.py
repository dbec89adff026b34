"""What share of many comments sounds bad, neutral or good, and how sure is that?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analytics.sentiment.reading import LABELS, UNKNOWN
from core.language import tr

FEWEST = 30
"""Below this many understood texts the shares are shown but say nothing yet."""
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the understood texts, 0 to 1, and its 95 % limits; all NaN where none was understood."""

    count: int
    share: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Mood:
    """Shares of labels over many texts: `n` given, `understood` of them read; `note` is what to tell the reader."""

    n: int
    understood: int
    negative: Share
    neutral: Share
    positive: Share
    enough: bool
    note: str


def mood(labels: Iterable[str]) -> Mood:
    """Shares of negative, neutral and positive texts among those understood, with 95 % limits.

    share = count / understood; limits are Wilson's. Commonly got wrong: the limits say how much another sample of
    such texts would differ, not how often the labels are wrong; as about one label in three is wrong, a share of
    10 % negative can be 5 % or 15 % in truth. Compare shares with shares (last month, another account), read alike.

    Parameters
    ----------
    labels : iterable of str, shape (n,)
        As `analytics.sentiment.label` gives them, "unknown" included.

    Returns
    -------
    Mood
        `understood` leaves out the unknown; shares and limits are NaN where nothing was understood; `enough` is
        False below 30 understood texts, and `note` says so.

    Raises
    ------
    ValueError
        When a label is none of the four.

    Notes
    -----
    The three shares add up to 1. Invariants: the order of the labels. Not corrected for wrong labels (Rogan and Gladen;
    adjusted count): that needs error rates of the very texts at hand, and with those of other texts it can do more
    harm than good.

    References
    ----------
    E. Wilson, Probable Inference, 1927, doi:10.1080/01621459.1927.10502953; on corrected shares G. Forman, Quantifying
    Counts and Costs via Classification, 2008, doi:10.1007/s10618-008-0097-y.

    Examples
    --------
    >>> now = mood(["positive"] * 40 + ["negative"] * 10 + ["unknown"] * 5)
    >>> now.positive.share, round(now.positive.lower, 3), round(now.positive.upper, 3), now.note
    (0.8, 0.67, 0.888, 'Not understood: 5 of 55.')
    >>> mood([]).neutral.share
    nan
    """
    given = np.asarray(list(labels), dtype=str)
    strange = set(given.tolist()) - {*LABELS, UNKNOWN}
    if strange:
        raise ValueError(f"Not a label: {', '.join(sorted(strange))}. Give what label() returns.")
    understood = int((given != UNKNOWN).sum())
    negative, neutral, positive = (_share(int((given == name).sum()), understood) for name in LABELS)
    return Mood(
        len(given), understood, negative, neutral, positive, understood >= FEWEST, _note(len(given), understood)
    )


def _share(count: int, n: int) -> Share:
    if n == 0:
        return Share(0, float("nan"), float("nan"), float("nan"))
    middle = (count + Z**2 / 2) / (n + Z**2)
    half = Z / (n + Z**2) * (count * (n - count) / n + Z**2 / 4) ** 0.5
    share = count / n
    return Share(count, share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def _note(n: int, understood: int) -> str:
    said = [tr("Not understood: {n} of {all}.", n=n - understood, all=n)] if understood < n else []
    if understood < FEWEST:
        said.append(
            tr("Only {n} understood: wait for {fewest} before reading anything into it.", n=understood, fewest=FEWEST)
        )
    return " ".join(said)
