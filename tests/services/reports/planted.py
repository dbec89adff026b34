"""A workspace with something for every part of a report: days, posts, an audience, targets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np

from core import records
from core.question import Compare, Period, Question, Where
from core.report import Block, Layout
from services import ask
from services.reports import build
from storage import entities
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import read

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
BEGAN, ENDED = date(2026, 3, 1), date(2026, 12, 4)
SPIKE = date(2026, 11, 18)
EACH = 40
"""So many posts has each kind of each account."""
TAGS = ("brew", "latte")
RATES = {
    ("instagram", "reel"): 0.08,
    ("instagram", "image"): 0.03,
    ("youtube", "video"): 0.02,
    ("youtube", "short"): 0.02,
}


class Planted(Seeded):
    """The workspace with its accounts; `counters` holds what each post has, by its platform, kind and number."""

    def __init__(self, database, **given):
        super().__init__(database, **given)
        self.accounts = {name: self.account(name, f"Acme {name}") for name in ("instagram", "youtube")}
        self.posts = []
        random = np.random.default_rng(7)
        for scale, (name, account) in enumerate(self.accounts.items(), 1):
            self._days(name, account, scale, random)
        for platform, kind in RATES:
            self._publish(platform, kind, random)
        groups = {"DE": 600, "AT": 300, "CH": 50}
        for member, value in groups.items():
            self.facts(
                self.accounts["instagram"], "followers", {date(2026, 11, 29): value}, dimension="country", member=member
            )
        for member, value in {"DE": 0.5, "FR": 0.25}.items():
            self.facts(
                self.accounts["youtube"],
                "follower_share",
                {date(2026, 11, 29): value},
                dimension="country",
                member=member,
            )
        self.setting("targets", {"views": 60_000.0, "followers": 4_000.0})

    def _days(self, platform, account, scale, random):
        """A week's rhythm with some noise, and one day that is not like the others."""
        days = (ENDED - BEGAN).days + 1
        rhythm = np.tile([1.0, 1.1, 1.2, 1.1, 1.3, 0.7, 0.6], days // 7 + 1)[:days]
        views = np.rint(scale * 1000 * rhythm * random.normal(1, 0.05, days))
        if platform == "instagram":
            views[(SPIKE - BEGAN).days] *= 6
        gained, lost = random.integers(5, 15, days), random.integers(0, 4, days)
        self.facts(account, "views", views.tolist(), first=BEGAN)
        self.facts(account, "likes", np.rint(views * 0.04).tolist(), first=BEGAN)
        self.facts(account, "comments", np.rint(views * 0.01).tolist(), first=BEGAN)
        self.facts(account, "followers", (900 + np.cumsum(gained - lost)).tolist(), first=BEGAN)
        self.facts(account, "followers_gained", gained.tolist(), first=BEGAN)
        self.facts(account, "followers_lost", lost.tolist(), first=BEGAN)
        self.facts(account, "posts_published", [1.0] * days, first=BEGAN)

    def _publish(self, platform, kind, random):
        """Posts over a year, most of them before November; those at 18 o'clock do better."""
        account = self.accounts[platform]
        for at in range(EACH):
            hour = 18 if at % 2 else 9
            moment = datetime(2026, 11, 28, hour, tzinfo=UTC) - timedelta(days=at * 6)
            seen = int(random.integers(900, 1100))
            likes = int(random.binomial(seen, RATES[platform, kind] * (1.5 if hour == 18 else 1.0)))
            tags = (TAGS[at % 2],)
            post = records.Post(
                f"{kind}{at}", kind, moment, text=f"Coffee from Kenya #{tags[0]} {kind} {at}", tags=tags
            )
            with self.database.write() as connection:
                made = entities.upsert_posts(connection, self.id, account, [post])[f"{kind}{at}"]
            read(self, made, {"likes": likes, "views": seen}, NOW)
            self.posts.append((platform, kind, moment, tags[0], likes, seen))

    @property
    def november(self):
        """The posts of November: (platform, kind, moment, tag, likes, views)."""
        return [one for one in self.posts if NOVEMBER.first <= one[2].date() <= NOVEMBER.last]


def made(seeded, *blocks, now=NOW, **given):
    """The document of a layout of November."""
    given = {"period": NOVEMBER, **given}
    return build.build(seeded.viewer, Layout("November", tuple(blocks), **given), now=now)


def section(seeded, part, options=None, **given):
    """One block made."""
    (one,) = made(seeded, Block("b", part, "", options or {}), **given).sections
    return one


def asked(seeded, metric, period=NOVEMBER, *, platform="", account=0, compare=None):
    """What `ask` says of a metric, as one question of its own."""
    where = Where((platform,) if platform else (), (account,) if account else ())
    question = Question((metric,), period, None, None, where, compare)
    return ask.ask(seeded.viewer, question, now=NOW).totals[metric]


def day(seeded, metric, of, platform=""):
    """What `ask` says of one day."""
    return asked(seeded, metric, Period(of, of), platform=platform).value


def rows(found):
    """The rows of a table by their first cell, each by column title."""
    titles = [column.title for column in found.table.columns]
    return {row[0]: dict(zip(titles, row, strict=True)) for row in found.table.rows}


PREVIOUS = Compare.PREVIOUS
