"""Peers that live in a Python of their own: the one that PLUMBLINE_PEERS names."""

from __future__ import annotations

import json
import os
import subprocess

_VADER = """
import json, sys
try:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
except ImportError as missing:
    json.dump(str(missing), sys.stdout)
else:
    read = SentimentIntensityAnalyzer().polarity_scores
    json.dump([read(text)["compound"] for text in json.load(sys.stdin)], sys.stdout)
"""


def python() -> str | None:
    """The peers' Python, if one is named."""
    return os.environ.get("PLUMBLINE_PEERS") or None


def vader(texts: list[str]) -> list[float] | str:
    """VADER's compound of each text, or why there is none."""
    if python() is None:
        return "PLUMBLINE_PEERS names no Python"
    ran = subprocess.run(
        [str(python()), "-c", _VADER], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    answer: list[float] | str = json.loads(ran.stdout)
    return answer
