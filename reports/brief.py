"""The short of a document, for where there is no room for the whole: mails and chats."""

from __future__ import annotations

from collections.abc import Iterator

from core.language import tr
from core.message import Point
from core.report import Document, Figure, Finding, Section, Shape
from reports import words


def lead(of: Document) -> str:
    """What a document is about, in a line: its period, what it is compared with, what it is narrowed to.

    >>> from tests.reports.sample import document
    >>> lead(document())
    '1–30 Oct 2026, compared with 1–30 Sep 2026 · Instagram, YouTube, tag #autumn'
    """
    period = words.period(of.period)
    if of.compared:
        period = tr("{period}, compared with {other}", period=period, other=words.period(of.compared))
    return " · ".join(filter(None, (period, ", ".join(of.filters))))


def figures(of: Document) -> Iterator[Figure]:
    """The key numbers, section by section."""
    for section in of.sections:
        if section.shape is Shape.FIGURES and not section.failed:
            yield from section.figures


def points(of: Document) -> tuple[Point, ...]:
    """The key numbers in words."""
    return tuple(Point(one.title, words.value(one), against(one)) for one in figures(of))


def against(of: Figure) -> str:
    """How a key number changed, or why nobody can say."""
    if of.value is None:
        return of.why_none
    change = words.change(of)
    if not change:
        return of.why_no_change
    return tr("{change}, before {value}", change=change, value=words.before(of)) if of.previous is not None else change


def findings(of: Document) -> tuple[Finding, ...]:
    """What is worth knowing, section by section."""
    return tuple(
        one for section in of.sections if section.shape is Shape.FINDINGS and not section.failed
        for one in section.findings
    )  # fmt: skip


def charts(of: Document) -> tuple[Section, ...]:
    """The sections that are drawn."""
    return tuple(one for one in of.sections if one.chart is not None and not one.failed)


def failed(of: Document) -> tuple[str, ...]:
    """What could not be made, and why."""
    return tuple(f"{one.title}: {one.failed}" if one.title else one.failed for one in of.sections if one.failed)
