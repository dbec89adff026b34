"""One platform in its own terms: every metric it gives that has data, its accounts, and what its audience does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.metrics import registry
from core.language import mark, tr
from core.question import Answer, Asked, By, Where
from core.viewer import Viewer
from services import ask, comparison
from services.comparison import INGREDIENTS, Comparison
from services.connecting.platforms import title as platform_title
from services.overview import Card, card
from services.team import custom_metrics

GROUPS: dict[str, tuple[str, ...]] = {
    "Reach": (
        "views", "impressions", "reach", "profile_visits", "profile_visitors", "media_views", "mentions",
        "viewer_share", "story_navigation", "lifetime_views",
    ),
    "Engagement": (
        "engagement", "engagement_rate", "engagement_rate_impressions", "engagement_rate_reach",
        "engagement_rate_followers", "engagement_per_post", "likes", "comments", "shares", "saves", "replies",
        "reposts", "quotes", "bookmarks", "interactions", "dislikes", "accounts_engaged", "engaged_users",
        "lifetime_likes",
    ),
    "Audience": (
        "followers", "followers_net", "follower_growth_rate", "followers_gained", "followers_lost", "follows",
        "page_likes", "following", "listed", "follower_share",
    ),
    "Video": (
        "video_views", "watch_time", "average_view_duration", "retention_rate", "completed_views", "completion_rate",
        "video_watch_time", "average_video_watch_time", "reels_watch_time", "video_viewers",
    ),
    "Clicks": (
        "link_clicks", "click_through_rate", "post_clicks", "profile_clicks", "profile_link_taps", "website_clicks",
        "detail_expands", "leads",
    ),
}  # fmt: skip
"""What belongs together, the most telling first; what stands nowhere here is in `OTHER`."""
GLANCE, OTHER, OWN = mark("At a glance"), mark("Posting and money"), mark("Your metrics")
_GLANCE = (
    ("views", "impressions"),
    ("engagement",),
    ("engagement_rate", "engagement_rate_impressions"),
    ("followers",),
    ("follower_growth_rate",),
    ("reach",),
    ("link_clicks",),
    ("watch_time",),
)
"""What tells most; of each entry the first that is known."""
_MOST_GLANCED = 6
_NEEDED = ("views", "engagement", "followers", "followers_net", "follower_growth_rate")
"""What findings are made from."""


@dataclass(frozen=True, slots=True)
class Group:
    """Metrics that belong together, each with its series and how it is made; its title is English."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, eq=False)
class PlatformAnswer:
    """A platform over a period. `groups` begin with what tells most; `lacking`: metric and why it has no numbers.

    `accounts` is None where there is but one.
    """

    platform: str
    title: str
    groups: tuple[Group, ...]
    lacking: tuple[tuple[str, str], ...]
    by_day: Answer
    accounts: Comparison | None

    @property
    def empty(self) -> bool:
        """Whether there is no number at all."""
        return not self.groups

    @property
    def why_none(self) -> str:
        """Why there is no number."""
        return next((one.why_none for one in self.by_day.totals.values() if one.why_none), "")

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric that has data, as grouped."""
        return tuple(card.number.metric for group in self.groups[1:] for card in group.cards)


def chosen(where: Where, accounts: Sequence[tuple[int, str]]) -> str:
    """The one platform that is meant: the filtered one, that of the chosen accounts, or the only one there is; else
    empty. `accounts` are their ids and platforms."""
    if len(where.platforms) == 1:
        return where.platforms[0]
    wanted = {platform for number, platform in accounts if number in where.accounts} if where.accounts else set()
    every = wanted or {platform for _, platform in accounts if not where.platforms or platform in where.platforms}
    return every.pop() if len(every) == 1 else ""


def by_day(viewer: Viewer, asked: Asked, platform: str, *, now: datetime) -> Answer:
    """Every metric of a platform by day, and what findings are made from. Raises as `ask` does."""
    return ask.ask(viewer, asked.on(platform).question(_names(viewer, platform), By.DAY), now=now)


def platform_view(
    viewer: Viewer, asked: Asked, platform: str, *, known: Answer | None = None, now: datetime
) -> PlatformAnswer:
    """Everything a platform tells of a period. `known` is what `by_day` answered, to save a read. Raises as `ask`
    does."""
    found = by_day(viewer, asked, platform, now=now) if known is None else known
    names = found.question.metrics
    cards = {name: card(found, name) for name in names if _is_known(found, name)}
    lacking = tuple(
        (tr(registry.METRICS[name].title), found.totals[name].why_none or tr("no data"))
        for name in names
        if name not in cards and name in registry.METRICS and platform in registry.platforms(name)
    )
    beside = comparison.compare(viewer, asked.on(platform), split="account", now=now)
    several = len(beside.sides) > 1 and not beside.empty
    return PlatformAnswer(
        platform, platform_title(platform), _groups(cards), lacking, found, beside if several else None
    )


def _names(viewer: Viewer, platform: str) -> tuple[str, ...]:
    given = [
        one.name
        for one in registry.METRICS.values()
        if platform in registry.platforms(one.name) and one.grain == "day" and one.name not in INGREDIENTS
    ]
    own = custom_metrics.read(viewer).items()
    of_team = [name for name, one in own if all(platform in registry.platforms(part) for part in one.formula.names)]
    return tuple(dict.fromkeys([*given, *_NEEDED, *of_team]))


def _is_known(answer: Answer, name: str) -> bool:
    rows = answer.frame
    return answer.totals[name].value is not None or bool(rows.loc[rows["metric"] == name, "value"].notna().any())


def _groups(cards: dict[str, Card]) -> tuple[Group, ...]:
    placed = {name for names in GROUPS.values() for name in names}
    rest = [name for name in cards if name not in placed]
    own = tuple(name for name in rest if custom_metrics.is_custom(name))
    named = {**GROUPS, OTHER: tuple(name for name in rest if name not in own), OWN: own}
    found = [Group(title, tuple(cards[name] for name in names if name in cards)) for title, names in named.items()]
    first = [next((cards[name] for name in names if name in cards), None) for names in _GLANCE]
    glance = Group(GLANCE, tuple(card for card in first if card is not None)[:_MOST_GLANCED])
    return tuple(one for one in (glance, *found) if one.cards)
