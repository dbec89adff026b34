"""Every metric in words a marketer would use, out of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.metrics.registry import METRICS
from core.language import mark, tr
from core.metric import Adds, Direction, Metric, Source, Unit
from core.viewer import Viewer
from services import catalogue
from services.ask import explain
from services.team import custom_metrics
from services.team.custom_metrics import CustomMetric
from services.words import calendar

_ADDS = {
    Adds.FLOW: mark("Adds up over days and accounts"),
    Adds.STOCK: mark("Last day counts; adds up over accounts"),
    Adds.UNIQUE: mark("Never added up: the same person may be in two"),
    Adds.RATIO: mark("Sum over sum at every level, never averaged"),
    Adds.WEIGHTED: mark("Mean weighted by what it is taken over"),
}
_DIRECTIONS = {
    Direction.UP: mark("Up is good"), Direction.DOWN: mark("Down is good"), Direction.NEITHER: mark("Neither"),
}  # fmt: skip
_UNITS = {
    Unit.COUNT: mark("count"),
    Unit.MONEY: mark("money"),
    Unit.RATIO: mark("share in %"),
    Unit.SECONDS: mark("time"),
    Unit.SCORE: mark("score from 0 to 100"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One metric as the glossary shows it. `fields`: platform, field there, since when, note."""

    name: str
    title: str
    definition: str
    formula: str
    unit: str
    adds: str
    direction: str
    platforms: tuple[str, ...]
    fields: tuple[tuple[str, str, str, str], ...]
    since: date | None


def entries() -> list[Entry]:
    """All of them, by title."""
    return sorted((entry(metric) for metric in METRICS.values()), key=lambda entry: entry.title.lower())


def own(viewer: Viewer) -> list[Entry]:
    """The team's own metrics, by title: a formula over those of the registry, so their fields are theirs."""
    return [_of_team(one) for one in custom_metrics.read(viewer).values()]


def _of_team(one: CustomMetric) -> Entry:
    parts = [entry(METRICS[name]) for name in one.formula.names]
    common = [set(part.platforms) for part in parts if part.platforms]
    shown = tuple(name for name in (parts[0].platforms if parts else ()) if all(name in some for some in common))
    starts = [part.since for part in parts if part.since]
    return Entry(
        one.name,
        one.title,
        one.description or tr("A metric of your own."),
        one.words,
        tr(_UNITS[one.unit]),
        tr("Worked out anew from the sums of its ingredients, never averaged"),
        tr(_DIRECTIONS[one.direction]),
        shown,
        tuple(dict.fromkeys(field for part in parts for field in part.fields)),
        max(starts, default=None),
    )


def find(name: str) -> Metric | None:
    """A metric of the registry by its name, None when there is none."""
    return METRICS.get(name)


def _remark(source: Source) -> str:
    changes = [
        tr("Since {day} {how}.", day=calendar.day_words(day, year=True), how=tr(how)) for day, how in source.redefined
    ]
    return " ".join([tr(source.note), *changes]).strip()


def entry(metric: Metric) -> Entry:
    """A metric as the glossary shows it."""
    titles = catalogue.platform_titles()
    given = _sources(metric)
    starts = [source.valid_from for one in given for source in one.sources if source.valid_from]
    fields = tuple(
        (
            titles.get(source.platform, source.platform),
            f"{tr(one.title)}: {source.field}" if one is not metric else source.field,
            _valid(source.valid_from, source.valid_to),
            _remark(source),
        )
        for one in given
        for source in one.sources
    )
    return Entry(
        metric.name,
        tr(metric.title),
        tr(metric.definition),
        explain.formula(metric),
        tr(_UNITS[metric.unit]),
        tr(_ADDS[metric.adds]),
        tr(_DIRECTIONS[metric.direction]),
        tuple(dict.fromkeys(row[0] for row in fields)),
        fields,
        min(starts, default=None),
    )


def _sources(metric: Metric) -> list[Metric]:
    """The stored metrics it is made of, or itself."""
    if not metric.derived:
        return [metric]
    parts = [name for name in (metric.numerator, metric.denominator, *metric.terms, *metric.minus) if name]
    found: dict[str, Metric] = {}
    for part in parts:
        for one in _sources(METRICS[part]):
            found[one.name] = one
    return list(found.values())


def _valid(start: date | None, end: date | None) -> str:
    since = [tr("since {day}", day=start.isoformat())] if start else []
    until = [tr("until {day}", day=end.isoformat())] if end else []
    return ", ".join([*since, *until])
