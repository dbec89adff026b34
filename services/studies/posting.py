"""What a year of posts teaches: best times, hashtags, and what makes a post do well."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

import pandas as pd

from analytics import hashtags, post_outcome
from analytics.best_time import best_times
from core.errors import NotEnoughData
from core.viewer import Viewer
from services.studies import series
from services.studies.kind import Found, Kind, every_platform
from services.studies.packing import pack, plain
from services.studies.subject import Subject

_HALF_DAY = timedelta(hours=12)


def subjects(viewer: Viewer) -> list[Subject]:
    """All platforms together, and each."""
    return [Subject(platform=platform) for platform in every_platform(viewer)]


def timing(viewer: Viewer, subject: Subject, now: datetime) -> Found:
    """By how much posts of each hour of the week do better, and whether that held."""
    posts = _posts(viewer, subject, now)
    made = best_times(posts)
    values = {
        **{name: pack(getattr(made, name)) for name in ("slots", "hours", "weekdays")},
        "reliable": made.reliable,
        "held_out_lift": plain(asdict(made.held_out_lift)),
        "summary": made.summary,
        "posts": len(posts),
    }
    return Found(now.date(), values)


def tags(viewer: Viewer, subject: Subject, now: datetime) -> Found:
    """By how much posts with each hashtag do better."""
    posts = _posts(viewer, subject, now)
    found = hashtags.effects(posts)
    if found.empty:
        raise NotEnoughData("No post of the last year has a hashtag.")
    return Found(now.date(), {"frame": pack(found), "posts": len(posts)})


def outcome(viewer: Viewer, subject: Subject, now: datetime) -> Found:
    """What makes a post do well, and how well a post's engagement can be foretold."""
    posts = _posts(viewer, subject, now)
    model = post_outcome.fit(posts, "engagement")
    values = {
        "drivers": [plain(asdict(one)) for one in model.drivers],
        "checked": plain(asdict(model.checked)),
        "posts": model.posts,
    }
    return Found(now.date(), values)


def _posts(viewer: Viewer, subject: Subject, now: datetime) -> pd.DataFrame:
    found = series.published(viewer, subject.where, now)
    if found.empty:
        raise NotEnoughData("No post of the last year is known.", hint="Connect a platform or import its export.")
    return found


TIMING = Kind("best_times", 1, _HALF_DAY, subjects, timing)
TAGS = Kind("hashtags", 1, _HALF_DAY, subjects, tags)
OUTCOME = Kind("post_outcome", 1, _HALF_DAY, subjects, outcome)
