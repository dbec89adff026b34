"""Trend, growth rate, velocity and seasonality of a series, each with how sure it is."""

from analytics.trend.direction import Direction, Growth, Velocity, growth, velocity
from analytics.trend.season import Pattern, Seasonality, seasonality

__all__ = ["Direction", "Growth", "Pattern", "Seasonality", "Velocity", "growth", "seasonality", "velocity"]
