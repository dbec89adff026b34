"""Spread and weights that a few outlying values hardly move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.normal import MAD_TO_SD

Floats = NDArray[np.float64]

TINY = 1e-9
"""Keeps what is divided by from being 0."""


def spread(distances: Floats) -> float:
    """The robust standard deviation of values so far from their middle, never 0."""
    return MAD_TO_SD * float(np.median(distances)) + TINY


def huber(distances: Floats, most: float) -> Floats:
    """Huber's weights: 1 up to a distance of `most`, beyond it the less the farther."""
    return np.asarray(np.minimum(1.0, most / np.maximum(distances, TINY)))
