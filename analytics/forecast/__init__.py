"""Forecasts with a report card: what comes next, how sure that is, and how the same method did on the past."""

from analytics.forecast.result import Backtest, Forecast
from analytics.forecast.run import forecast

__all__ = ["Backtest", "Forecast", "forecast"]
