"""Reports of the YouTube Analytics API: tables of columns, asked for without what YouTube refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from connectors.google_api import number
from core.errors import NotOffered, SchemaDrift

if TYPE_CHECKING:
    from connectors.http import Client

NOT_A_PLUGIN = True

URL = "https://youtubeanalytics.googleapis.com/v2/reports"
LIMIT = "reports"
Cells = Mapping[str, float]
Table = dict[tuple[str, ...], dict[str, float]]
"""Values of the dimensions -> field -> value, in the order of the answer."""


class Reports:
    """Asks for reports of one channel, and remembers which fields were refused, so that each costs one request once."""

    def __init__(self, client: Client, channel: str) -> None:
        self.client = client
        self.channel = channel
        self.refused: dict[str, str] = {}

    def ask(self, fields: Sequence[str], dimensions: str, first: date, last: date, **more: str) -> Table:
        """A report on the days from `first` to `last`, without refused fields; empty when YouTube knows nothing yet."""
        wanted = [field for field in fields if field not in self.refused]
        if not wanted or first > last:
            return {}
        sort = f"-{wanted[0]}" if dimensions == "video" else dimensions
        params = {
            "ids": f"channel=={self.channel}",
            "startDate": first.isoformat(),
            "endDate": last.isoformat(),
            "metrics": ",".join(wanted),
            "dimensions": dimensions,
            "sort": sort,
            **more,
        }
        try:
            return table(self.client.get(URL, params, limit=LIMIT), dimensions)
        except NotOffered as refusal:
            parts = self._without_refused(wanted, refusal)
        merged: Table = {}
        for part in parts:
            for key, cells in self.ask(part, dimensions, first, last, **more).items():
                merged.setdefault(key, {}).update(cells)
        return merged

    def _without_refused(self, wanted: Sequence[str], refusal: NotOffered) -> Sequence[Sequence[str]]:
        bad = [field for field in wanted if field in refusal.metrics]
        if not bad and len(wanted) > 1:  # YouTube does not say which one it is: halve until it must be this one
            return wanted[: len(wanted) // 2], wanted[len(wanted) // 2 :]
        self.refused |= dict.fromkeys(bad or wanted, refusal.message)
        return ([field for field in wanted if field not in self.refused],)

    def raise_if_all_refused(self, fields: Sequence[str]) -> None:
        """Raises NotOffered when YouTube gives none of the fields: then it does not give this report at all."""
        if fields and all(field in self.refused for field in fields):
            raise NotOffered(self.refused[fields[0]])


def table(answer: Mapping[str, Any], dimensions: str) -> Table:
    """An answer as a table; `rows` is absent when there are none. Raises SchemaDrift for another shape."""
    headers = answer.get("columnHeaders")
    if not isinstance(headers, list):
        raise SchemaDrift("YouTube answered without a table.")
    names, wanted = [str(header.get("name")) for header in headers], dimensions.split(",")
    found: Table = {}
    for row in answer.get("rows") or ():
        if len(row) != len(names) or not set(wanted) <= set(names):
            raise SchemaDrift("YouTube sent a table whose rows do not fit its columns.", context={"columns": names})
        cells = dict(zip(names, row, strict=True))
        values = {name: number(value) for name, value in cells.items() if name not in wanted}
        found[tuple(str(cells[name]) for name in wanted)] = {k: v for k, v in values.items() if v is not None}
    return found
