"""Numbers and names inside sentences: exact, signed, with their unit. Every figure comes from a Number."""

from __future__ import annotations

from analytics.metrics.registry import METRICS
from core import language
from core.language import figure, mark, tr
from core.metric import Unit
from core.question import Number

KINDS = (
    mark("post"), mark("image"), mark("carousel"), mark("video"), mark("reel"), mark("short"), mark("story"),
    mark("live"), mark("text"), mark("link"), mark("status"), mark("event"), mark("tweet"), mark("reply"),
    mark("mention"), mark("comment"), mark("article"), mark("document"), mark("poll"),
)  # fmt: skip
"""The usual kinds of posts and comments; a platform may name others, which stay as they are."""


def count(value: float) -> str:
    """A whole or rounded number with thousands apart.

    >>> count(15230.0), count(0.5)
    ('15,230', '0.5')
    """
    return figure(f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.1f}")


def percent(change: float) -> str:
    """A relative change with its sign.

    >>> percent(0.184), percent(-0.05), percent(0.0001)
    ('+18 %', '−5 %', '+0.0 %')
    """
    size = abs(change * 100)
    digits = 0 if size >= 10 or float(size).is_integer() else 1
    return f"{'−' if change < 0 else '+'}{figure(f'{size:,.{digits}f}')} %"


def signed(number: Number) -> str:
    """The difference of a number with its sign and unit; points for rates."""
    if number.difference is None:
        return ""
    sign = "−" if number.difference < 0 else "+"
    size = abs(number.difference)
    if number.unit is Unit.RATIO:
        return tr("{size} points", size=sign + figure(f"{size * 100:,.1f}"))
    return f"{sign}{amount(size, number)}"


def amount(value: float, number: Number) -> str:
    """A value in the unit of a number."""
    if number.unit is Unit.RATIO:
        return figure(f"{value * 100:,.1f}") + " %"
    if number.unit is Unit.MONEY:
        return f"{figure(f'{value:,.2f}')} {number.currency}".rstrip()
    if number.unit is Unit.SECONDS:
        return figure(f"{value:,.0f}") + " s"
    return count(value)


def kind(name: str) -> str:
    """A kind of post or comment as a person calls it.

    >>> kind("reel"), kind("what_a_platform_says")
    ('reel', 'what a platform says')
    """
    return tr(name.replace("_", " "))


def without_text(of: str) -> str:
    """What a post of a kind is called that says nothing.

    >>> without_text("reel")
    'A reel without text'
    """
    return tr("A {kind} without text", kind=kind(of))


def metric(name: str) -> str:
    """A metric within a sentence, by its name.

    >>> metric("engagement_rate")
    'engagement rate'
    """
    return language.inside(tr(METRICS[name].title)) if name in METRICS else name.replace("_", " ")


def shortened(text: str, length: int = 60) -> str:
    """The beginning of a text in one line.

    >>> shortened("one two three", 8)
    'one two…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
