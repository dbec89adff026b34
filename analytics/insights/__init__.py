"""Written insights: computed facts in, ranked findings and recommendations out."""

from analytics.insights.facts import Category, Fact, Figure, Form, Insight, Subject
from analytics.insights.kinds import KINDS
from analytics.insights.writing import LANGUAGES, write

__all__ = ["KINDS", "LANGUAGES", "Category", "Fact", "Figure", "Form", "Insight", "Subject", "write"]
