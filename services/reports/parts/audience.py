"""Who the audience is: shares of its ages, countries, languages and other groups."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from charts import audience as bars
from charts import theme, world
from core import language, numbers
from core.errors import NotEnoughData
from core.language import mark, tr
from core.metric import Unit
from core.report import Block, Column, Holds, Plot, Section, Shape, Table
from services.audience import described, people, places
from services.audience.described import Part as Told
from services.audience.people import Audience, People
from services.reports.making import Making, known, table
from services.reports.part import Option, Part

MOST_BARS, MOST_SIDES = 10, 7
_RISING = frozenset({"age", "company_size"})
_SHOWN = {"bars": mark("Bars"), "map": mark("Map"), "all": mark("All audiences in one table")}


@dataclass(frozen=True, slots=True)
class _Of:
    """One audience along one dimension."""

    audience: Audience
    told: Told


def make(making: Making, block: Block) -> Section:
    """The largest audience that is described this way, or all of them beside each other."""
    dimension = making.settings["dimension"]
    every = _people(making)
    telling = [one for one in every.audiences if dimension in one.dimensions]
    title = tr(described.TITLES[dimension])
    if not telling:
        why = tr("No platform tells this of its audience near this period: {what}.", what=language.inside(title))
        raise NotEnoughData(why, hint=" ".join(every.silent))
    if making.settings["shown"] == "all":
        return _beside(making, block, telling, dimension, title)
    of = _described(making, telling[0], dimension)
    return _alone(making, block, of, title, [one.title for one in telling[1:]])


def _people(making: Making) -> People:
    asked = making.asked
    return making.once(
        ("people", asked.period, asked.where),
        lambda: people.people(making.viewer, asked.period, asked.where, now=making.now),
    )


def _described(making: Making, one: Audience, dimension: str) -> _Of:
    asked = making.asked
    found = making.once(
        ("described", asked.period, asked.compare, asked.where, one.key),
        lambda: described.describe(making.viewer, asked, one.key, now=making.now),
    )
    told = next((part for part in found.parts if part.dimension == dimension), None)
    if told is None:
        raise NotEnoughData(tr("Nothing is told of this audience in this period."))
    return _Of(one, told)


def _alone(making: Making, block: Block, of: _Of, title: str, others: list[str]) -> Section:
    rows = of.told.frame
    columns = [Column(title), Column(of.audience.who.capitalize(), Holds.COUNT), Column(tr("Share"), Holds.RATIO)]
    names = ["name", "value", "share"]
    if of.told.earlier_dated:
        columns.append(Column(tr("Share, {days}", days=of.told.earlier_dated), Holds.RATIO))
        columns.append(Column(tr("Change in share"), Holds.RATIO))
        names += ["earlier", "change"]
    if rows["value"].isna().all():
        del columns[1], names[1]
    drawn, more = _drawn(of, making.settings["shown"])
    beside = tr("Also told: {audiences}; narrow the block to a platform for them.", audiences=", ".join(others))
    named = zip(rows["name"].head(5), rows["share"].head(5), strict=True)
    return Section(
        block.id,
        Shape.CHART,
        f"{of.audience.title}: {language.inside(title)}",
        f"{of.told.dated}, {of.told.coverage}",
        chart=theme.spec(drawn),
        words=", ".join(f"{name} {numbers.short(float(part), Unit.RATIO)}" for name, part in named),
        table=table(tuple(columns), *(rows[name] for name in names)),
        plot=Plot("bar", 0, (names.index("share"),)),
        notes=tuple(filter(None, (more, beside if others else ""))),
    )


def _drawn(of: _Of, shown: str) -> tuple[theme.Drawn, str]:
    """The chart, and what it leaves out."""
    colour, dimension = theme.platform_colour(of.audience.platform), of.told.dimension
    rows = of.told.frame.assign(
        count=[numbers.exact(value, Unit.COUNT) for value in of.told.frame["value"]],
        moved=[_moved(value) for value in of.told.frame["change"]],
    )
    if shown == "map" and dimension == "country":
        return _map(rows, colour), tr("Small countries are in the table only.")
    if dimension == "age_gender":
        split = rows["key"].str.rpartition(" ")
        genders = [places.name("gender", key, key) for key in split[2]]
        return bars.ages(rows.assign(age=split[0].to_numpy(), gender=genders)), ""
    ordered = rows.sort_values("name", key=lambda one: one.map(bars.in_order)) if dimension in _RISING else rows
    if dimension == "seniority":
        ordered = rows.sort_values("key", key=lambda one: one.map(bars.in_order))
    more = tr("The chart shows the {most} largest of {n}.", most=MOST_BARS, n=len(rows))
    return bars.shares(ordered.head(MOST_BARS), colour, of.told.title), more if len(rows) > MOST_BARS else ""


def _moved(change: float) -> str:
    if change != change:
        return tr("not known")
    return f"{change * 100:+.1f}".replace("-", "−")


def _map(rows: pd.DataFrame, colour: str) -> theme.Drawn:
    by_key = rows.set_index("key")
    keys = sorted(world.codes())
    share = by_key["share"].reindex(keys)
    said = [tr("not told") if one != one else numbers.short(float(one), Unit.RATIO) for one in share]
    shown = pd.DataFrame(
        {"key": keys, "name": [places.country(key) for key in keys], "share": share.to_numpy(float), "said": said}
    )
    return world.countries(shown, colour=colour)


def _beside(making: Making, block: Block, telling: list[Audience], dimension: str, title: str) -> Section:
    """Each group in a row, each audience in a column. Nothing is added up: platforms define groups differently."""
    found = [_described(making, one, dimension) for one in telling[:MOST_SIDES]]
    names = {key: name for of in found for key, name in zip(of.told.frame["key"], of.told.frame["name"], strict=True)}
    shares = [dict(zip(of.told.frame["key"], of.told.frame["share"], strict=True)) for of in found]
    order = sorted(names, key=lambda key: bars.in_order(names[key])) if dimension in _RISING else list(names)
    rows = tuple((names[key], *(known(one.get(key)) for one in shares)) for key in order)
    columns = (Column(title), *(Column(of.audience.title, Holds.RATIO) for of in found))
    left = [one.title for one in telling[MOST_SIDES:]]
    notes = [f"{of.audience.title}: {of.told.dated}, {of.told.coverage}" for of in found]
    notes.append(tr("Platforms define groups differently, so nothing is added up across them."))
    if left:
        notes.append(tr("Also told: {audiences}; narrow the block to a platform for them.", audiences=", ".join(left)))
    return Section(
        block.id,
        Shape.TABLE,
        title,
        tr("share of each audience; n/a: not told"),
        table=Table(columns, rows, len(rows)),
        plot=Plot("bar", 0, tuple(range(1, len(columns)))),
        notes=tuple(notes),
    )


PART = Part(
    mark("Audience"),
    mark("Ages, countries, languages and other groups of the audience, as platforms tell them."),
    ":material/groups:",
    Shape.CHART,
    make,
    (
        Option("dimension", mark("What is shown"), "choice", "country", described.TITLES),
        Option("shown", mark("Shown as"), "choice", "bars", _SHOWN),
    ),
)
