"""The best posts of the period."""

from __future__ import annotations

from analytics.metrics.registry import METRICS
from core.language import mark, tr
from core.report import Block, Column, Holds, Section, Shape
from services.connecting import platforms
from services.content import posts
from services.reports.making import Making, table
from services.reports.part import Option, Part
from services.words import wording

ORDER = ("engagement", "views", "impressions", "reach", "likes", "comments", "shares", "saves", "clicks")


def make(making: Making, block: Block) -> Section:
    """The first so many posts by a metric, as the posts page lists them."""
    asked, chosen = making.asked, making.settings
    limit = None if chosen["all"] else chosen["posts"]
    found = posts.top(
        making.viewer, asked.period, asked.where, metric=chosen["metric"], basis=chosen["basis"], limit=limit,
        only=asked.posts, now=making.now, known=making.peers() if chosen["basis"] == "lifetime" else None,
    )  # fmt: skip
    rows = found.frame
    names = [name for name in dict.fromkeys((found.metric, "views", "engagement", "engagement_rate")) if name in rows]
    texts = [text or wording.without_text(kind) for text, kind in zip(rows["text"], rows["kind"], strict=True)]
    columns = (
        Column(tr("Post")), Column(tr("Platform")), Column(tr("Kind")), Column(tr("Published"), Holds.MOMENT),
        *(Column(tr(METRICS[name].title), Holds.of(METRICS[name].unit), "", name) for name in names),
        Column(tr("Link"), Holds.LINK),
    )  # fmt: skip
    listed = table(
        columns, texts, [platforms.title(one) for one in rows["platform"]],
        [wording.kind(one) for one in rows["kind"]], rows["published_local"], *(rows[name] for name in names),
        rows["permalink"], of=found.total,
    )  # fmt: skip
    title = tr("Top posts by {metric}", metric=wording.metric(found.metric))
    return Section(block.id, Shape.TABLE, title, table=listed, notes=tuple(note.text for note in found.notes))


PART = Part(
    mark("Top posts"),
    mark("The best posts of the period by a metric, with their numbers."),
    ":material/star:",
    Shape.TABLE,
    make,
    (
        Option("metric", mark("Metric"), "metric", "engagement", of=ORDER),
        Option("posts", mark("How many posts"), "number", 10, most=500),
        Option("all", mark("All posts of the period"), "switch", False),
        Option(
            "basis", mark("Counted"), "choice", "lifetime",
            {"lifetime": mark("Lifetime"), "in_period": mark("In the period")},
        ),
    ),
)  # fmt: skip
