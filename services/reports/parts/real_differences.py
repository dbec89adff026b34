"""Which differences between platforms, or accounts, are real."""

from __future__ import annotations

from charts import theme
from core.language import mark, tr
from core.report import Block, Column, Holds, Section, Shape, Table
from services import differences
from services.differences import Judged
from services.reports import beside, posts_apart
from services.reports.making import Making
from services.reports.part import Part
from services.words import wording

_LONGEST, _SAID = 18, 5
CARE = mark(
    "Platforms count views in different ways, and accounts differ in their audience: a higher rate is a fact of these "
    "posts, not proof that moving there would raise yours."
)


def make(making: Making, block: Block) -> Section:
    """Each against each other, with intervals, as on the page that compares."""
    found = posts_apart.found(making, making.settings["split"])
    made = [one for one in found.pairs if one.found is not None]
    short = theme.shortened([side for one in made for side in (one.a, one.b)], _LONGEST)
    names, labels = ([f"{of(one.a)} – {of(one.b)}" for one in made] for of in (str, lambda name: short[name]))
    columns = (
        Column(tr("First")),
        Column(tr("Second")),
        Column(tr("Rate over")),
        Column(tr("Rate of the first"), Holds.RATIO),
        Column(tr("Rate of the second"), Holds.RATIO),
        *posts_apart.columns(),
    )
    return Section(
        block.id,
        Shape.CHART,
        tr("Which differences are real?"),
        posts_apart.lead(found),
        chart=theme.spec(posts_apart.drawn(made, names, labels, tr("Pair"))),
        words="; ".join(one.words for one in made[:_SAID]),
        table=Table(columns, tuple(_row(one) for one in found.pairs), len(found.pairs)),
        notes=tuple(filter(None, (differences.summary(found), tr(CARE), *found.notes))),
    )


def _row(one: Judged) -> tuple[str | float | int | None, ...]:
    rates = (one.found.value_a, one.found.value_b) if one.found else (None, None)
    return (one.a, one.b, wording.metric(one.over), *rates, *posts_apart.cells(one))


PART = Part(
    mark("Real differences"),
    mark("Which platforms or accounts differ in engagement rate beyond chance, with intervals."),
    ":material/balance:",
    Shape.CHART,
    make,
    (beside.SPLIT, posts_apart.WINDOW),
)
