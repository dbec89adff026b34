"""What a year of posts teaches: best times, hashtags, and what makes a post do well."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from core.errors import NotEnoughData
from services.studies import sayings
from services.studies.kind import Found, Kind, of_platforms
from services.studies.numbers import Numbers
from services.studies.packing import pack, plain
from services.studies.subject import Subject

_HALF_DAY = timedelta(hours=12)


def timing(numbers: Numbers, subject: Subject) -> Found:
    """By how much posts of each hour of the week do better, and whether that held."""
    from analytics.best_time import best_times

    posts = numbers.posts(subject.platform)
    made = best_times(posts)
    values = {
        **{name: pack(getattr(made, name)) for name in ("slots", "hours", "weekdays")},
        "reliable": made.reliable,
        "held_out_lift": plain(asdict(made.held_out_lift)),
        "summary": made.summary,
        "posts": len(posts),
    }
    return Found(numbers.now.date(), values)


def tags(numbers: Numbers, subject: Subject) -> Found:
    """By how much posts with each hashtag do better."""
    from analytics import hashtags

    posts = numbers.posts(subject.platform)
    found = hashtags.effects(posts)
    if found.empty:
        raise NotEnoughData(sayings.NO_TAGS)
    return Found(numbers.now.date(), {"frame": pack(found), "posts": len(posts)})


def outcome(numbers: Numbers, subject: Subject) -> Found:
    """What makes a post do well, and how well a post's engagement can be foretold."""
    from analytics import post_outcome

    model = post_outcome.fit(numbers.posts(subject.platform), "engagement")
    values = {
        "drivers": [plain(asdict(one)) for one in model.drivers],
        "checked": plain(asdict(model.checked)),
        "posts": model.posts,
    }
    return Found(numbers.now.date(), values)


TIMING = Kind("best_times", 2, _HALF_DAY, of_platforms, timing)
TAGS = Kind("hashtags", 2, _HALF_DAY, of_platforms, tags)
OUTCOME = Kind("post_outcome", 2, _HALF_DAY, of_platforms, outcome)
