"""Is the difference real? Two sides, many pairs with false discoveries held down, and A/B tests."""

from analytics.compare.experiment import SampleRatio, always_valid, sample_ratio, sample_size_mean, sample_size_rate
from analytics.compare.pair import difference
from analytics.compare.result import Difference, Kind, Verdict
from analytics.compare.several import many

__all__ = [
    "Difference",
    "Kind",
    "SampleRatio",
    "Verdict",
    "always_valid",
    "difference",
    "many",
    "sample_ratio",
    "sample_size_mean",
    "sample_size_rate",
]
