"""What a refusal of a platform is called: our sentence first, the platform's own words after it.

Connectors pass a platform's words on as "Instagram answered: ...". A reason without them is our own already.
"""

from __future__ import annotations

import re

from analytics.metrics.registry import METRICS
from core.kept import kept

LONGEST = 240
"""Characters of a platform's words that are shown: some answer with a list of everything they know."""

_NO_LONGER = kept("{title} no longer gives {metric}.")
_NOT_HERE = kept("{title} does not give this here.")
_SAYS = kept("{title} says: “{words}”")
_ANSWERED = re.compile(r"\w+ answered: (.+)", re.DOTALL)


def of_metric(title: str, metric: str, reason: str) -> str:
    """Why a metric is not there; `title` names the platform.

    >>> of_metric("Instagram", "profile_visits", "Meta answered: (#100) metric[0] must be one of: reach, views")
    'Instagram no longer gives profile visits. Instagram says: “(#100) metric[0] must be one of: reach, views”'
    >>> of_metric("Instagram", "views", "Only accounts with 100 followers have this.")
    'Only accounts with 100 followers have this.'
    """
    return _told(title, _NO_LONGER.format(title=title, metric=_lowered(METRICS[metric].title)), reason)


def of_stream(title: str, reason: str) -> str:
    """Why a platform left a whole request unanswered; `title` names it.

    >>> of_stream("LinkedIn", "LinkedIn answered: Not found")
    'LinkedIn does not give this here. LinkedIn says: “Not found”'
    """
    return _told(title, _NOT_HERE.format(title=title), reason)


def _told(title: str, ours: str, reason: str) -> str:
    answered = _ANSWERED.fullmatch(reason)
    if not answered:
        return reason
    theirs = " ".join(answered[1].split())
    shown = theirs if len(theirs) <= LONGEST else f"{theirs[:LONGEST].rstrip()} …"
    return f"{ours} {_SAYS.format(title=title, words=shown)}"


def _lowered(title: str) -> str:
    """A title inside a sentence; an abbreviation stays as it is."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
