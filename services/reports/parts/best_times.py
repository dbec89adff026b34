"""When posts do better: the hours of the week."""

from __future__ import annotations

from charts import theme, week
from core.errors import NotEnoughData
from core.language import mark, tr
from core.report import Block, Column, Holds, Section, Shape
from services.content import timing
from services.content.timing import BestTimeAnswer
from services.reports.making import Making, table
from services.reports.part import Option, Part


def make(making: Making, block: Block) -> Section:
    """The map of the page about best times, and its hours in a table, best first."""
    found = _found(making)
    made = found.timing
    if not found.published:
        raise NotEnoughData(tr("No post of the last year is known."))
    if not made.standing.ok:
        raise NotEnoughData(made.standing.reason)
    if not made.enough:
        raise NotEnoughData(timing.finding(made))
    rows = week.rows(made.slots, making.week_start)
    drawn = week.lifts(rows, making.week_start) if made.reliable else week.counts(rows, making.week_start)
    ordered = rows.sort_values(["weak", "lift"], ascending=[True, False], na_position="last", kind="stable")
    shown = ordered.head(making.settings["most"])
    columns = (
        Column(tr("Weekday")), Column(tr("Hour")), Column(tr("Posts"), Holds.COUNT), Column(tr("Lift"), Holds.CHANGE),
        Column(tr("Lift from"), Holds.CHANGE), Column(tr("Lift to"), Holds.CHANGE), Column(tr("Verdict")),
    )  # fmt: skip
    listed = table(
        columns, shown["day"], [f"{hour:02d}:00" for hour in shown["hour"]], shown["posts"], shown["lift"],
        shown["lower"], shown["upper"], shown["judged"], of=len(ordered),
    )  # fmt: skip
    platforms = [f"{one.title}: {one.said}." for one in found.platforms] if making.settings["platforms_too"] else []
    return Section(
        block.id,
        Shape.CHART,
        tr("When do posts do better?") if made.reliable else tr("When posts were published"),
        timing.finding(made),
        chart=theme.spec(drawn),
        words=tr("Hours of the week against the usual post."),
        table=listed,
        notes=tuple(filter(None, (timing.proof(made), *(one.replace("..", ".") for one in platforms)))),
    )


def _found(making: Making) -> BestTimeAnswer:
    asked = making.asked
    return making.once(
        ("best_times", asked.where, asked.posts),
        lambda: timing.best_time_of(making.viewer, asked.where, "", asked.posts, now=making.now),
    )


PART = Part(
    mark("Best times"),
    mark("The hours of the week against the usual post, and how sure that is."),
    ":material/schedule:",
    Shape.CHART,
    make,
    (
        Option("most", mark("How many hours in the table"), "number", 20, most=timing.ALL),
        Option("platforms_too", mark("With each platform"), "switch", True),
    ),
)
