"""Judgements of methods in the reader's language. Beside their numbers, and where they are kept, they are English."""

from __future__ import annotations

import re

from core.kept import kept, retold
from core.language import mark, tr

KNOWN = (
    mark("better"), mark("worse"), mark("higher"), mark("lower"), mark("unclear"), mark("no clear difference"),
    mark("no reliable difference"), mark("used in too few weeks to tell"), mark("not known"), mark("not enough data"),
    mark("new"), mark("too few uses"), mark("rising"), mark("falling"), mark("steady"), mark("no reliable trend"),
    mark("reliable pattern"), mark("no reliable pattern"), mark("too fast"), mark("too slow"), mark("on pace"),
)  # fmt: skip
POOL_OF_VALUES, POOL_OF_CHANGES, LED_BY_VALUES, LED_BY_CHANGES = (
    kept("pool of {n} models of the values"),
    kept("pool of {n} models of the changes"),
    kept("pool of {n} models of the values, most weight on {best}"),
    kept("pool of {n} models of the changes, most weight on {best}"),
)
"""What a forecast is made of. Here, because they are kept, and told where its method was never imported."""
_FEW = re.compile(r"not enough posts yet \((\d+) of (\d+)\)")


def method(text: str) -> str:
    """What a forecast is made of, in words.

    >>> method(POOL_OF_VALUES.format(n=3))
    'pool of 3 models of the values'
    """
    return retold(text)


def said(verdict: str) -> str:
    """A judgement in words.

    >>> said("no clear difference"), said("not enough posts yet (2 of 5)")
    ('no clear difference', 'not enough posts yet (2 of 5)')
    """
    few = _FEW.fullmatch(verdict)
    if few is None:
        return tr(verdict)
    return tr("not enough posts yet ({n} of {fewest})", n=few[1], fewest=few[2])
