"""What is not as expected, and which parts carry a change? Anomalies by a budget of alarms, shares that add up."""

from analytics.anomalies.detect import score
from analytics.anomalies.shares import ENOUGH, Explanation, explain

__all__ = ["ENOUGH", "Explanation", "explain", "score"]
