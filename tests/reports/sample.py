"""A document with everything in it: every shape of section, what is missing, what is long, what is foreign, what bites."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import altair as alt
import pandas as pd

from charts import theme
from core.metric import Unit
from core.question import Period
from core.report import (
    Branding,
    Column,
    Definition,
    Document,
    Figure,
    Finding,
    Holds,
    Plot,
    Row,
    Section,
    Shape,
    Table,
)

FIRST = date(2026, 10, 1)
PERIOD = Period(FIRST, FIRST + timedelta(days=29))
FORMULA_LIKE = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\tTAB", "\r=1")
FOREIGN = ("Grüße aus Köln", "Привет, мир", "日本語の投稿", "مرحبا", "Ωμέγα", "🚀 launch 👩‍🔬 🇩🇪 ❤️")


def document(*, posts: int = 120, sections: tuple[Section, ...] | None = None, logo: bytes = b"") -> Document:
    """The document; `posts` is how long its longest table is."""
    return Document(
        title="October for Northwind & friends <b>bold</b>",
        subtitle="What we published, and what came of it",
        workspace="Northwind",
        period=PERIOD,
        compared=PERIOD.previous(),
        time_zone="Europe/Berlin",
        filters=("Instagram", "YouTube", "tag #autumn"),
        data_until=datetime(2026, 10, 31, 4, 30, tzinfo=UTC),
        made_at=datetime(2026, 10, 31, 7, 0, tzinfo=UTC),
        program="0.1.0",
        language="en",
        forms="en",
        sections=sections if sections is not None else _sections(posts),
        definitions=(
            Definition("views", "Views", "How often posts and videos were seen.", "sum of views",
                       ("Instagram: views", "YouTube: views"), "2026-05"),
            Definition("engagement_rate", "Engagement rate", "Reactions for each time something was seen.",
                       "engagement / impressions", ("Instagram: total_interactions, impressions",)),
        ),
        notes=("Instagram was not read on 12 October: 29 of 30 days are known.",),
        branding=Branding(logo=logo, accent="#0F766E", footer="Northwind Traders · internal"),
        banner="YouTube is late: its numbers end on 29 October.",
        questions=("views, engagement by day, 1–30 Oct 2026, Instagram and YouTube",),
    )  # fmt: skip


def _sections(posts: int) -> tuple[Section, ...]:
    return (
        Section("cover", Shape.COVER, "October", text="Prepared by the marketing team."),
        Section("kpis", Shape.FIGURES, "Key numbers", figures=_figures()),
        Section("days", Shape.CHART, "Views by day", lead="Views grew by 18 %.", chart=_line(), words="Views by day",
                table=_by_day(), plot=Plot("line", 0, (1, 2)), notes=("12 October is not known.",)),
        Section("split", Shape.CHART, "Views by platform", chart=_bars(), words="Views by platform",
                table=_by_platform(), plot=Plot("bar", 0, (1,))),
        Section("text", Shape.TEXT, "What we tried", text="Shorter videos.\n\nMore **carousels**; " + " ".join(FOREIGN)),
        Section("insights", Shape.FINDINGS, "Worth knowing", findings=(
            Finding("Views rose by 18 % to 1.2M.", "Well outside the usual range.", "Post more reels.", True),
            Finding("Followers fell by 40.", "Within the usual range.", "", False),
        )),
        Section("break", Shape.BREAK),
        Section("posts", Shape.TABLE, "Top posts", table=_posts(posts)),
        Section("ten", Shape.TABLE, "Top 10 posts", table=Table(_posts(10).columns, _posts(10).rows, posts)),
        Section("broken", Shape.CHART, "Forecast", failed="Not enough data yet: 12 of 28 days."),
    )  # fmt: skip


def _figures() -> tuple[Figure, ...]:
    course = tuple(None if day == 11 else 30_000.0 + day * 500 for day in range(30))
    return (
        Figure("Views", "views", 1_234_567, Unit.COUNT, previous=1_046_243, change=0.18, difference=188_324, good=True,
               course=course),
        Figure("Engagement rate", "engagement_rate", 0.0375, Unit.RATIO, previous=0.041, change=-0.085,
               difference=-0.0035, good=False, course=course),
        Figure("Ad spend", "spend", 1520.5, Unit.MONEY, "EUR", previous=1400.0, change=0.086, difference=120.5),
        Figure("Reach", "reach", 80_000, Unit.COUNT, at_most=True, why_no_change="no data in September"),
        Figure("Watch time", "watch_time", None, Unit.SECONDS, why_none="not measured on these platforms"),
    )  # fmt: skip


def _by_day() -> Table:
    rows: tuple[Row, ...] = tuple(
        (FIRST + timedelta(days=n), None if n == 11 else 30_000 + n * 500, 28_000 + n * 300) for n in range(30)
    )
    columns = (Column("Day", Holds.DAY), Column("Views", Holds.COUNT, metric="views"),
               Column("Views before", Holds.COUNT, metric="views"))  # fmt: skip
    return Table(columns, rows, len(rows))


def _by_platform() -> Table:
    columns = (Column("Platform"), Column("Views", Holds.COUNT), Column("Engagement rate", Holds.RATIO),
               Column("Change", Holds.CHANGE), Column("Ad spend", Holds.MONEY, "EUR"))  # fmt: skip
    rows: tuple[Row, ...] = (("Instagram", 800_000, 0.041, 0.22, 1200.5), ("YouTube", 434_567, 0.031, None, None))
    return Table(columns, rows, 2)


def _posts(count: int) -> Table:
    columns = (Column("Post"), Column("Kind"), Column("Published", Holds.MOMENT), Column("Views", Holds.COUNT),
               Column("Engagement rate", Holds.RATIO), Column("Link", Holds.LINK))  # fmt: skip
    texts = (*FORMULA_LIKE, *FOREIGN, "A very long text of a post that goes on and on " * 6)
    rows: tuple[Row, ...] = tuple(
        (f"{texts[n % len(texts)]}", "reel", datetime(2026, 10, 1 + n % 30, 8, 15), 10_000 - n, 0.05 - n / 100_000,
         f"https://example.com/p/{n}")
        for n in range(count)
    )  # fmt: skip
    return Table(columns, rows, count)


def _line() -> dict[str, object]:
    frame = pd.DataFrame([{"day": row[0], "views": row[1]} for row in _by_day().rows])
    drawn = alt.Chart(frame, height=220).mark_line().encode(x=theme.x_days("day", first=FIRST, last=PERIOD.last),
                                                            y=theme.y_values("views", "Views"), tooltip=["day:T", "views:Q"])  # fmt: skip
    return theme.spec(drawn)


def _bars() -> dict[str, object]:
    frame = pd.DataFrame([{"platform": row[0], "views": row[1]} for row in _by_platform().rows])
    drawn = (
        alt.Chart(frame, height=120).mark_bar().encode(x="views:Q", y="platform:N", tooltip=["platform:N", "views:Q"])
    )
    return theme.spec(drawn)
