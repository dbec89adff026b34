"""How each kind of post does against the platform's other kinds."""

from __future__ import annotations

from charts import theme
from core.language import mark, tr
from core.report import Block, Cell, Column, Holds, Section, Shape, Table
from services.differences import Format
from services.reports import posts_apart
from services.reports.making import Making, known
from services.reports.part import Part
from services.words import wording

_SAID = 5


def make(making: Making, block: Block) -> Section:
    """Formats with their rates and intervals, as on the page that compares."""
    found = posts_apart.found(making, "platform")
    made = [one for one in found.formats if one.against.found is not None]
    named = [f"{one.title} {one.kind}" for one in made]
    columns = (
        Column(tr("Platform")),
        Column(tr("Format")),
        Column(tr("Posts"), Holds.COUNT),
        Column(tr("Median engagement"), Holds.COUNT, "", "engagement"),
        Column(tr("Rate"), Holds.RATIO),
        Column(tr("Rate over")),
        *posts_apart.columns(),
    )
    drawn = posts_apart.drawn([one.against for one in made], named, named, tr("Format"))
    return Section(
        block.id,
        Shape.CHART,
        tr("Which formats work?"),
        posts_apart.lead(found),
        chart=theme.spec(drawn),
        words="; ".join(one.against.words for one in made[:_SAID]),
        table=Table(columns, tuple(_row(one) for one in found.formats), len(found.formats)),
        notes=(tr("Each kind of post is held against the platform's other kinds, by engagement rate."), *found.notes),
    )


def _row(one: Format) -> tuple[Cell, ...]:
    rate = (known(one.rate), wording.metric(one.over))
    return (one.title, one.kind, one.posts, known(one.median), *rate, *posts_apart.cells(one.against))


PART = Part(
    mark("Formats"),
    mark("How each kind of post does against the platform's other kinds, with intervals."),
    ":material/view_carousel:",
    Shape.CHART,
    make,
    (posts_apart.WINDOW,),
)
