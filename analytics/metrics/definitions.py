"""What counts as engagement: versioned, because the seeds and the platforms do not agree. Printed with every number.

'seed' is what the request says: likes + comments + shares. 'full' adds every further public reaction a platform counts.
On X a reply is its comment and a repost its share, so the seed's three words are likes + replies + reposts there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from core.errors import BadQuestion
from core.language import tr

NOT_A_PLUGIN = True

DEFAULT = "seed"

_ANY = "any other platform"

ENGAGEMENT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "seed": {
        _ANY: ("likes", "comments", "shares"),
        "x": ("likes", "replies", "reposts"),
    },
    "full": {
        _ANY: ("likes", "comments", "shares", "saves", "reposts", "quotes", "replies", "bookmarks"),
        "facebook": ("likes", "comments", "shares"),
        "instagram": ("likes", "comments", "shares", "saves", "reposts", "replies"),
        "linkedin": ("likes", "comments", "shares"),
        "tiktok": ("likes", "comments", "shares"),
        "x": ("likes", "replies", "reposts", "quotes", "bookmarks"),
        "youtube": ("likes", "comments", "shares"),
    },
}
"""Version -> platform -> the counters that are summed."""


def check(version: str) -> str:
    """`version` itself. Raises BadQuestion for a version there is not."""
    if version not in ENGAGEMENT:
        raise BadQuestion(
            tr("There is no definition of engagement called '{name}'.", name=version),
            hint=tr("Choose one of: {names}.", names=", ".join(ENGAGEMENT)),
        )
    return version


@cache
def terms(version: str, platform: str) -> tuple[str, ...]:
    """The counters that make engagement on a platform.

    >>> terms("seed", "x")
    ('likes', 'replies', 'reposts')
    >>> terms("seed", "instagram")
    ('likes', 'comments', 'shares')
    """
    of_version = ENGAGEMENT[check(version)]
    return of_version.get(platform, of_version[_ANY])


def words(version: str, platforms: tuple[str, ...]) -> str:
    """The definition as a person reads it, one clause per way of counting.

    >>> words("seed", ("instagram", "x", "youtube"))
    'likes + comments + shares (instagram, youtube); likes + replies + reposts (x)'
    """
    by_formula: dict[tuple[str, ...], list[str]] = {}
    for platform in platforms:
        by_formula.setdefault(terms(version, platform), []).append(platform)
    if not by_formula:
        return " + ".join(terms(version, _ANY))
    if len(by_formula) == 1:
        return " + ".join(next(iter(by_formula)))
    return "; ".join(f"{' + '.join(names)} ({', '.join(where)})" for names, where in by_formula.items())
