"""Which days were not as expected, and why? `listing` finds them over all watched metrics, `course` holds one metric
against what was expected, `why` takes a day apart, `marks` keeps what people said of them."""

from services.unusual_days.course import Course, course
from services.unusual_days.listing import Unusual, UnusualDays, unusual_days
from services.unusual_days.marks import LONGEST, Key, Mark, mark, marks, unmark
from services.unusual_days.places import mark_place, places, where_of
from services.unusual_days.why import Why, why

__all__ = [
    "LONGEST",
    "Course",
    "Key",
    "Mark",
    "Unusual",
    "UnusualDays",
    "Why",
    "course",
    "mark",
    "mark_place",
    "marks",
    "places",
    "unmark",
    "unusual_days",
    "where_of",
    "why",
]
