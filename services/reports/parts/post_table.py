"""Every post of the period with everything that is known of it."""

from __future__ import annotations

from core.language import mark, tr
from core.report import Block, Column, Holds, Section, Shape
from services.comparison import INGREDIENTS
from services.connecting import platforms
from services.content import post_list
from services.content.posts import EXPOSURES
from services.reports.making import Making, table
from services.reports.part import Option, Part
from services.words import wording

ORDER = ("engagement", "engagement_rate", "score", *EXPOSURES, "likes", "comments", "shares", "saves", "link_clicks")
_RATE, _SCORE = "engagement_rate", "score"


def make(making: Making, block: Block) -> Section:
    """The list of the posts' page, complete: raw data for whoever works on with it."""
    asked, chosen = making.asked, making.settings
    found = post_list.read(
        making.viewer, asked.period, asked.where, chosen["metric"], chosen["basis"], asked.posts, now=making.now
    )
    rows = found.frame
    counted = [name for name in found.metrics if name not in {_RATE, _SCORE, *INGREDIENTS} and name in rows]
    columns = (
        Column(tr("Post")), Column(tr("Platform")), Column(tr("Account")), Column(tr("Kind")), Column(tr("Tags")),
        Column(tr("Published"), Holds.MOMENT),
        *(Column(post_list.title(name), Holds.of(post_list.unit(name)), "", name) for name in counted),
        Column(post_list.title(_RATE), Holds.RATIO, "", _RATE), Column(tr("Rate is over")),
        Column(tr("Score"), Holds.SCORE), Column(tr("Link"), Holds.LINK),
    )  # fmt: skip
    texts = [text or wording.without_text(kind) for text, kind in zip(rows["text"], rows["kind"], strict=True)]
    listed = table(
        columns, texts, [platforms.title(one) for one in rows["platform"]], rows["account"],
        [wording.kind(one) for one in rows["kind"]], [" ".join(f"#{tag}" for tag in some) for some in rows["tags"]],
        rows["published_local"], *(rows[name] for name in counted), rows[_RATE],
        [wording.metric(one) for one in rows["denominator"]], rows[_SCORE], rows["permalink"],
    )  # fmt: skip
    return Section(block.id, Shape.TABLE, table=listed, notes=tuple(note.text for note in found.notes))


PART = Part(
    mark("All posts"),
    mark("Every post of the period with all its numbers: raw data, complete."),
    ":material/list_alt:",
    Shape.TABLE,
    make,
    (
        Option("metric", mark("Ordered by"), "metric", "engagement", of=ORDER),
        Option("basis", mark("Counted"), "choice", "lifetime", post_list.BASES),
    ),
)
