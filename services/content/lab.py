"""What may a draft bring, what moves it, and when would it do better? Learnt from the posts of its platform."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from analytics import post_outcome
from analytics.hashtags import tags_in
from analytics.post_outcome import Driver, PostModel
from core import verdict
from core.language import figure, mark, tr, trn
from core.numbers import THIN
from core.question import Posts, Where
from core.viewer import Viewer
from services import catalogue
from services.ask.notes import account_title
from services.connecting.platforms import title as platform_title
from services.content import hashtags, timing, year
from services.content.timing import Timing
from services.studies import Subject

TARGETS = {"engagement": "engagement", "views": "impressions"}
"""What can be foretold, and the column of a year's posts it stands in."""
BETTER_SLOTS = 3
_OVERLAP = mark("Their likely ranges overlap: the one that is ahead is not sure to be.")
_BASIS = {
    mark("account median"): mark(
        "Made from the account's usual post: kind, time and text have not helped to foretell results here."
    ),
    mark("recent account median"): mark(
        "Made from the account's last 30 posts: kind, time and text have not helped to foretell results here."
    ),
    mark("account and kind"): mark(
        "Made from the account and the kind of post: time and text have not helped to foretell results here."
    ),
    mark("features of the post"): mark("Made from the account, and the kind, time and text of the post."),
    mark("all accounts"): mark("Made from other accounts of the platform: this one has no posts to learn from yet."),
}


@dataclass(frozen=True, slots=True)
class Author:
    """An account a draft can be for; `kinds` it posts, most often first, and its zone."""

    id: int
    platform: str
    title: str
    time_zone: str
    kinds: tuple[str, ...]
    posts: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that is not published yet; `at` is on the local clock of the account."""

    account: int
    kind: str
    at: datetime
    text: str = ""
    tags: tuple[str, ...] = ()

    @property
    def whole_text(self) -> str:
        """The text with its further hashtags behind it."""
        return " ".join([self.text, *(f"#{tag}" for tag in self.tags)]).strip()


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What was learnt of a platform's posts; `usual` is the median result of each account's posts of the year. Where
    only some posts are meant, `times` and `tags` (as a study keeps them) are those of these posts."""

    platform: str
    target: str
    model: PostModel
    usual: dict[int, float]
    times: Timing | None = None
    tags: pd.DataFrame | None = None

    @property
    def drivers(self) -> tuple[Driver, ...]:
        """What goes with better results."""
        return self.model.drivers


@dataclass(frozen=True, slots=True)
class Expected:
    """The middle of what a draft may bring and its 95 % range, NaN where nothing can be said; `usual` is the account's
    median."""

    median: float
    lower: float
    upper: float
    basis: str
    usual: float

    @property
    def known(self) -> bool:
        """Whether anything can be said."""
        return not math.isnan(self.median)


@dataclass(frozen=True, slots=True)
class Better:
    """A time at which posts clearly do better, and what the draft may bring then; None where the model looks at no
    times."""

    slot: timing.Slot
    expected: Expected | None


def authors(viewer: Viewer, where: Where, only: Posts | None = None, *, now: datetime) -> tuple[Author, ...]:
    """The accounts in view with the kinds of posts they make, those with most posts first."""
    posts = year.posts(viewer, Where(), only, now=now)
    found = []
    for account in catalogue.accounts(viewer):
        hidden = (where.accounts and account.id not in where.accounts) or (
            where.platforms and account.platform not in where.platforms
        )
        if hidden or not account.selected:
            continue
        own = posts[posts["account"] == account.id]
        kinds = own["kind"] if len(own) else posts.loc[posts["platform"] == account.platform, "kind"]
        named = tuple(str(kind) for kind in kinds.value_counts().index) or ("post",)
        title = f"{account_title(account)} ({platform_title(account.platform)})"
        found.append(Author(account.id, account.platform, title, account.time_zone, named, len(own)))
    return tuple(sorted(found, key=lambda one: (-one.posts, one.title)))


def learn(viewer: Viewer, platform: str, target: str, only: Posts | None = None, *, now: datetime) -> Learnt:
    """Learn from the last year's posts of a platform. Takes seconds: to be kept until the numbers change."""
    posts = year.posts(viewer, Where(platforms=(platform,)), only, now=now)
    column = TARGETS[target]
    usual = posts.groupby("account")[column].median().dropna()
    model = post_outcome.fit(posts, column)
    of_account = {int(str(account)): float(value) for account, value in usual.items()}
    if not only:
        return Learnt(platform, target, model, of_account)
    _, tags = hashtags.computed(posts)
    return Learnt(platform, target, model, of_account, timing.computed(posts), pd.DataFrame() if tags is None else tags)


def expect(learnt: Learnt, drafts: Sequence[Draft]) -> list[Expected]:
    """What each draft may bring."""
    rows = {
        "account": [one.account for one in drafts],
        "kind": [one.kind for one in drafts],
        "published_local": pd.to_datetime([one.at for one in drafts]),
        "text": [one.whole_text for one in drafts],
    }
    found = learnt.model.predict(pd.DataFrame(rows))
    return [
        Expected(
            float(row["median"]),
            float(row["lower"]),
            float(row["upper"]),
            str(row["basis"]),
            learnt.usual.get(draft.account, math.nan),
        )
        for draft, row in zip(drafts, found.to_dict("records"), strict=True)
    ]


def better(viewer: Viewer, learnt: Learnt, draft: Draft, *, now: datetime) -> tuple[str, tuple[Better, ...]]:
    """Times that clearly do better than the draft's own, at most three, and a sentence about them.

    Sure is an hour of the week whose effect has an interval above usual, in a pattern that held on later posts. The
    model says what the draft may bring then; the best expectation comes first.
    """
    found = learnt.times
    if found is None:
        standing, kept = year.kept(viewer, timing.KIND, Subject(platform=learnt.platform))
        if kept is None:
            return _no_times(standing.state), ()
        found = timing.studied(standing, kept)
    elif not found.enough:
        return timing.finding(found), ()
    sure = timing.best(found, most=timing.ALL)
    if not sure:
        return tr("No other hour can be told to do better on this platform."), ()
    if any(_is_at(slot, draft.at) for slot in sure):
        return tr("Posts did better on average at the draft's time already."), ()
    moved = [Draft(draft.account, draft.kind, _at(slot, draft.at), draft.text, draft.tags) for slot in sure]
    foretold = expect(learnt, moved)
    if not _looks_at_times(learnt):
        said = tr("The expected range is the same at any hour, but on average posts did better at these times.")
        return said, tuple(Better(slot, None) for slot in sure[:BETTER_SLOTS])
    ranked = sorted(zip(sure, foretold, strict=True), key=lambda pair: -pair[1].median)[:BETTER_SLOTS]
    said = tr("At these times posts did better on average; a single post may still do worse, as the ranges show.")
    return said, tuple(Better(slot, one) for slot, one in ranked)


def _no_times(state: str) -> str:
    if state == "pending":
        return tr("Best times are being computed, usually within a few minutes.")
    if state == "not_enough":
        return tr("There are not enough posts on this platform yet to tell hours apart.")
    return tr("Best times could not be computed; they are tried again with the next numbers.")


def _looks_at_times(learnt: Learnt) -> bool:
    """Whether the model expects different results at different hours."""
    hours = [Draft(0, "", datetime(2026, 1, day, hour)) for day in (3, 5) for hour in (3, 9, 15, 21)]  # noqa: DTZ001
    foretold = {round(one.median, 6) for one in expect(learnt, hours) if one.known}
    return len(foretold) > 1


def _is_at(slot: timing.Slot, at: datetime) -> bool:
    return slot.hour == at.hour and slot.weekday in (None, at.weekday())


def _at(slot: timing.Slot, at: datetime) -> datetime:
    """The next time of a slot from the day of a draft on."""
    ahead = 0 if slot.weekday is None else (slot.weekday - at.weekday()) % 7
    return at.replace(hour=slot.hour, minute=0) + timedelta(days=ahead)


def tags_known(viewer: Viewer, platform: str, text: str, found: pd.DataFrame | None = None) -> tuple[str, ...]:
    """What is known of the hashtags of a text, in words. `found`: what was found of some posts, else of all."""
    tags, unused = tags_in(text), tr("not used in these posts")
    if found is None:
        unused = tr("not used in the last year")
        _, kept = year.kept(viewer, hashtags.KIND, Subject(platform=platform))
        found = kept.frame("frame") if kept is not None else None
    if not tags or found is None:
        return ()
    known = {str(row["tag"]): row for row in found.to_dict("records")}
    return tuple(f"#{tag}: {_tag(known[tag]) if tag in known else unused}" for tag in tags)


def _tag(row: Mapping[Hashable, Any]) -> str:
    uses = trn("{n} post", "{n} posts", int(row["uses"]))
    if row["verdict"] in ("better", "worse"):
        return f"{timing.shares(float(row['lift']), float(row['lower']), float(row['upper']))}, {uses}"
    return f"{verdict.said(str(row['verdict']))}, {uses}"


def basis(expected: Expected) -> str:
    """What an expectation is made from, in a sentence."""
    if not expected.known:
        return tr("Nothing can be said yet: {why}.", why=verdict.said(expected.basis))
    return tr(_BASIS.get(expected.basis, expected.basis))


def checked(learnt: Learnt) -> str:
    """How good the expectations were on later posts, in a sentence or two."""
    found = learnt.model.checked
    if not found.posts or math.isnan(found.error):
        return tr("It could not be checked on later posts yet: there are too few.")
    off, plain = (figure(f"{math.exp(error):.2f}") for error in (found.error, found.error_of_median))
    held = tr(
        "Checked on {posts} later posts it had not seen: {share} of the results lay inside their likely range.",
        posts=figure(f"{found.posts:,}"),
        share=figure(f"{found.coverage * 100:.0f}") + f"{THIN}%",
    )
    if found.error < found.error_of_median:
        error = tr(
            "The middle was typically off by a factor of {times}; the account's plain median by a factor of {plain}.",
            times=off,
            plain=plain,
        )
    else:
        error = tr(
            "The middle was typically off by a factor of {times}; nothing that looks at kind, time or text did better "
            "than that.",
            times=off,
        )
    return f"{held} {error}"


def compared(names: Sequence[str], expected: Sequence[Expected]) -> str:
    """Drafts against each other, in words; empty for one."""
    known = sorted(
        ((name, one) for name, one in zip(names, expected, strict=True) if one.known), key=lambda pair: -pair[1].median
    )
    if len(known) < 2:
        return ""
    (first, best), (second, next_) = known[0], known[1]
    if best.median <= next_.median * 1.005:
        return tr("{first} and {second} are expected to do equally well.", first=first, second=second)
    times = best.median / next_.median if next_.median else math.inf
    if times >= 1.5:
        ahead = tr("{first} is expected to do {times} times as well as {second}.", first=first, second=second,
                   times=figure(f"{times:.1f}"))  # fmt: skip
    else:
        ahead = tr("{first} is expected to do {share} better than {second}.", first=first, second=second,
                   share=figure(f"{(times - 1) * 100:.0f}") + f"{THIN}%")  # fmt: skip
    return f"{ahead} {tr(_OVERLAP) if best.lower <= next_.upper else tr('Their likely ranges do not overlap.')}"


def driver_name(one: Driver) -> str:
    """A driver with what it is held against: "Reels (against images)"."""
    feature = post_outcome.drivers.said(one.feature)
    if not one.against:
        return feature
    return tr("{feature} (against {others})", feature=feature, others=post_outcome.drivers.said(one.against))
