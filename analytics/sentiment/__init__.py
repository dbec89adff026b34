"""How do comments sound? Polarity, labels and shares, offline, in English, German and French."""

from analytics.sentiment.reading import LABELS, UNKNOWN, label, named, polarity, understood
from analytics.sentiment.shares import Mood, Share, mood

__all__ = ["LABELS", "UNKNOWN", "Mood", "Share", "label", "mood", "named", "polarity", "understood"]
