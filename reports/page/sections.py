"""The sections of a document as parts of the page."""

from __future__ import annotations

import base64
from collections.abc import Callable
from itertools import groupby

from core.language import tr
from core.report import Document, Figure, Finding, Pictures, Section, Shape
from reports import words
from reports.page import tables
from reports.page.markup import Html, data, joined, paragraphs, tag
from reports.plain import plain

WIDTH = 880
_LINE_WIDTH, _LINE_HEIGHT = 120.0, 28.0


def drawn(section: Section, document: Document, pictures: Pictures) -> Html:
    """A section with its heading, lead and caveats; where making it failed, why."""
    if section.shape is Shape.BREAK:
        return tag("hr", class_="break")
    inner = _failed(section) if section.failed else _SHAPES[section.shape](section, document, pictures)
    return tag(
        "section",
        tag("h2", section.title) if section.title else None,
        tag("p", section.lead, class_="lead") if section.lead else None,
        inner,
        caveats(section.notes),
        id=anchor(section),
        class_=f"is-{section.shape.value}",
        aria_label=None if section.title else tr("Part of the report"),
    )


def anchor(section: Section) -> str:
    """Where a section is jumped to."""
    return f"part-{section.id}"


def meaning(metric: str) -> str:
    """Where the definition of a metric is jumped to."""
    return f"means-{metric}"


def caveats(notes: tuple[str, ...]) -> Html | None:
    """Caveats, each a line."""
    return tag("ul", *(tag("li", one) for one in notes), class_="notes") if notes else None


def prose(text: str) -> Html | None:
    """A text in paragraphs."""
    return tag("div", paragraphs(text), class_="prose") if text.strip() else None


def _failed(section: Section) -> Html:
    return tag("p", tag("strong", tr("This part could not be made.")), " ", section.failed, class_="failed")


def _text(section: Section, document: Document, pictures: Pictures) -> Html:
    return joined(prose(section.text))


def _chart(section: Section, document: Document, pictures: Pictures) -> Html:
    table = tables.drawn(section.table, section.title or section.words) if section.table else None
    if section.chart is None:
        return joined(table)
    spec, said = plain(section.chart), section.words or section.title
    picture = base64.b64encode(pictures(spec, "svg", width=WIDTH)).decode()
    return joined(
        tag(
            "figure",
            tag("div", tag("div", class_="drawing"), role="img", aria_label=said, class_="live"),
            tag("img", src=f"data:image/svg+xml;base64,{picture}", alt=said, class_="paper"),
            tag("script", data(spec), type="application/json"),
            class_="chart",
        ),
        tag("details", tag("summary", tr("Show as a table")), table) if table else None,
    )


def _table(section: Section, document: Document, pictures: Pictures) -> Html:
    return tables.drawn(section.table, section.title) if section.table else Html()


def _findings(section: Section, document: Document, pictures: Pictures) -> Html:
    return tag("ul", *map(_finding, section.findings), class_="findings")


def _finding(one: Finding) -> Html:
    return tag(
        "li",
        tag("p", one.text),
        tag("p", tag("b", tr("What to do:")), " ", one.action, class_="action") if one.action else None,
        tag("p", one.certainty, class_="soft") if one.certainty else None,
        class_=_mood(one.good),
    )


def _mood(good: bool | None) -> str | None:
    return None if good is None else "good" if good else "bad"


def _figures(section: Section, document: Document, pictures: Pictures) -> Html:
    known = {one.metric for one in document.definitions}
    cards = (_figure(one, one.metric in known) for one in section.figures)
    return tag("ul", *cards, class_=f"figures by-{_across(len(section.figures))}")


def _across(count: int) -> int:
    """How many cards stand side by side, so that the last row is as full as can be; more where both are.

    >>> [_across(count) for count in (1, 2, 3, 4, 5, 6, 7, 8, 9)]
    [2, 2, 3, 4, 3, 3, 4, 4, 3]
    """
    return count if count in {2, 3, 4} else min((4, 3), key=lambda across: -count % across) if count > 1 else 2


def _figure(of: Figure, is_defined: bool) -> Html:
    title = tag("a", of.title, href=f"#{meaning(of.metric)}") if is_defined else of.title
    return tag(
        "li",
        tag("h3", title),
        tag("p", words.value(of), class_="value", title=words.exact(of)),
        _against(of),
        _course(of.course),
        class_=_mood(of.good),
    )


def _against(of: Figure) -> Html:
    if of.value is None:
        return tag("p", of.why_none, class_="soft")
    change = words.change(of)
    if not change:
        return tag("p", of.why_no_change, class_="soft")
    arrow = "" if of.change is None or not of.change else "↑ " if of.change > 0 else "↓ "
    before = (
        tag("span", tr("before {value}", value=words.before(of)), class_="soft") if of.previous is not None else None
    )
    return tag("p", tag("b", arrow, change, class_="change"), " ", before)


def _course(course: tuple[float | None, ...]) -> Html | None:
    """The small line; a gap in it is a gap, and a day between two gaps is a dot."""
    known = [one for one in course if one is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    step, size = _LINE_WIDTH / (len(course) - 1), high - low or 1.0

    def place(at: int, value: float) -> str:
        return f"{at * step:.1f} {_LINE_HEIGHT - 2 - (value - low) / size * (_LINE_HEIGHT - 4):.1f}"

    runs = [list(run) for is_gap, run in groupby(enumerate(course), lambda one: one[1] is None) if not is_gap]
    line = "".join(
        "M" + "L".join(place(at, value or 0.0) for at, value in (run if len(run) > 1 else run * 2)) for run in runs
    )
    return tag(
        "svg",
        tag("path", d=line),
        viewBox=f"0 0 {_LINE_WIDTH:.0f} {_LINE_HEIGHT:.0f}",
        preserveAspectRatio="none",
        aria_hidden="true",
        class_="course",
    )


_SHAPES: dict[Shape, Callable[[Section, Document, Pictures], Html]] = {
    Shape.COVER: _text,
    Shape.FIGURES: _figures,
    Shape.CHART: _chart,
    Shape.TABLE: _table,
    Shape.TEXT: _text,
    Shape.FINDINGS: _findings,
}
