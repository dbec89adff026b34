"""What engagement is made of: likes, comments, shares, saves and quotes of each platform."""

from __future__ import annotations

from charts import shares, theme
from core.errors import NotEnoughData
from core.language import mark, tr
from core.metric import Unit
from core.numbers import short
from core.report import Block, Column, Holds, Plot, Section, Shape
from services.content import reactions
from services.reports.making import Making, table
from services.reports.part import Part


def make(making: Making, block: Block) -> Section:
    """The bars of the page that compares, each from 0 to 100 %."""
    asked = making.asked
    found = making.once(
        ("reactions", asked.period, asked.where),
        lambda: reactions.split(making.viewer, asked.period, asked.where, now=making.now),
    )
    if found.frame.empty:
        raise NotEnoughData(tr("No reactions are known in this period."), hint=" ".join(found.notes))
    making.known.explanations.setdefault("engagement", found.explanation)
    rows = found.frame.assign(kind=[tr(kind) for kind in found.frame["kind"]])
    kinds = [tr(kind) for kind in reactions.KINDS if tr(kind) in set(rows["kind"])]
    wide = rows.pivot(index="title", columns="kind", values="share").reindex(rows["title"].drop_duplicates())
    counted = rows.groupby("title", sort=False)["value"].sum()
    columns = (
        Column(tr("Platform")),
        Column(tr("Reactions"), Holds.COUNT),
        *(Column(kind, Holds.RATIO) for kind in kinds),
    )
    return Section(
        block.id,
        Shape.CHART,
        tr("What is engagement made of?"),
        tr("share of all reactions a platform counts"),
        chart=theme.spec(shares.bars(rows, [tr(kind) for kind in reactions.KINDS], tr("Reaction"))),
        words=", ".join(f"{row.title} {row.kind} {short(float(row.share), Unit.RATIO)}" for row in rows.itertuples()),  # type: ignore[arg-type]
        table=table(columns, wide.index, counted, *(wide[kind] for kind in kinds)),
        plot=Plot("stacked", 0, tuple(range(2, len(columns)))),
        notes=found.notes,
    )


PART = Part(
    mark("What engagement is made of"),
    mark("Likes, comments, shares, saves and quotes of each platform, as parts of all reactions."),
    ":material/favorite:",
    Shape.CHART,
    make,
)
