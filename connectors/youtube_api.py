"""What YouTube's two APIs mean: their errors, the way to a channel's uploads, and reports as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from connectors import google_api
from connectors.base import Source
from connectors.google_api import moment, number
from connectors.paging import by_token, inside
from core.errors import AppError, NotOffered, PermissionMissing, SchemaDrift
from core.language import mark

if TYPE_CHECKING:
    from requests import Response

    from connectors.http import Client

NOT_A_PLUGIN = True

DATA_URL = "https://youtube.googleapis.com/youtube/v3"
REPORTS_URL = "https://youtubeanalytics.googleapis.com/v2/reports"
FEED = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="
"""The feed of a channel, up to its id: what a hub sends notices of."""
UNITS_LIMIT, REPORTS_LIMIT = "units", "reports"
PAGE = 50
Row = Mapping[str, Any]
Cells = Mapping[str, float]
Table = dict[tuple[str, ...], dict[str, float]]
"""Values of the dimensions -> field -> value, in the order of the answer."""

UNKNOWN = re.compile(r"Unknown identifier \(([\w,]+)\) given in field parameters\.metrics")
NOT_SUPPORTED, NO_REPORT = "The query is not supported", "Insufficient permission to access this report"
NO_CHANNEL = "youtubeSignupRequired"
MISSING = frozenset({NO_CHANNEL, "playlistNotFound", "videoNotFound", "commentsDisabled"})
CLOSED = frozenset({"accountClosed", "accountSuspended", "channelClosed", "channelSuspended", "channelNotFound"})


def classify(response: Response) -> AppError | None:
    """The error an answer means, or None when it is good."""
    if (problem := google_api.problem_of(response)) is None:
        return None
    said, context = f"YouTube answered: {problem.said}", problem.context
    if found := UNKNOWN.search(problem.said):
        return NotOffered(said, metrics=tuple(found[1].split(",")), context=context)
    if problem.reasons & MISSING or NOT_SUPPORTED in problem.said:
        no_channel = mark("This Google login has no YouTube channel.")
        return NotOffered(no_channel if NO_CHANNEL in problem.reasons else said, context=context)
    if problem.reasons & CLOSED:
        return PermissionMissing(said, hint="Connect another channel, or disconnect.", context=context)
    if NO_REPORT in problem.said:  # comes with 401, too, and then has nothing to do with the token
        hint = mark("Grant every permission; only channels in the YouTube Partner Program have revenue.")
        return PermissionMissing(said, hint=hint, context=context)
    api = "YouTube Analytics API" if "youtubeanalytics" in (response.url or "") else "YouTube Data API v3"
    return google_api.classify(response, "YouTube", api)


def channels(client: Client, part: str) -> Iterator[Row]:
    """The channels of the login, with some of their parts; none for a Google login without one."""
    params = {"part": part, "mine": "true", "maxResults": PAGE}
    for page in by_token(client, "/channels", params, next_at="nextPageToken", next_param="pageToken"):
        yield from page.get("items") or ()


def find_channel(source: Source, part: str) -> Row:
    """The account's channel. Raises PermissionMissing when the login no longer has it."""
    for channel in channels(source.client, part):
        if channel.get("id") == source.account.external_id:
            return channel
    raise PermissionMissing("The channel is gone, or closed to this login.", hint="Connect again, or disconnect.")


def uploads(source: Source, oldest: datetime) -> Iterator[str]:
    """Ids of uploads, newest first, until a whole page is older than `oldest`. Private ones have no day."""
    playlist = inside(find_channel(source, "contentDetails"), "contentDetails.relatedPlaylists.uploads")
    params = {"part": "contentDetails", "playlistId": playlist, "maxResults": PAGE}
    pages = by_token(source.client, "/playlistItems", params, next_at="nextPageToken", next_param="pageToken")
    with suppress(NotOffered):  # YouTube makes the playlist with the first upload
        for page in pages:
            details = [item.get("contentDetails") or {} for item in page.get("items") or ()]
            dated = [one for one in details if one.get("videoPublishedAt")]
            young = [str(one["videoId"]) for one in dated if moment(one["videoPublishedAt"]) >= oldest]
            yield from young
            if dated and not young:
                return


def picture(snippet: Row) -> str:
    """The address of a picture of good size, or nothing."""
    sizes = snippet.get("thumbnails") or {}
    return next((str(sizes[size]["url"]) for size in ("standard", "high", "medium", "default") if size in sizes), "")


def plain(name: str) -> str:
    """A name without case and underscores: documents say VIDEO_ON_DEMAND where answers say videoOnDemand."""
    return name.replace("_", "").lower()


class Reports:
    """Asks for reports of one channel, and remembers which fields were refused, so that each costs one request once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.refused: dict[str, str] = {}

    def ask(self, fields: Sequence[str], dimensions: str, first: date, last: date, **more: str) -> Table:
        """A report on the days from `first` to `last`, without refused fields; empty when YouTube knows nothing yet."""
        wanted = [field for field in fields if field not in self.refused]
        if not wanted or first > last:
            return {}
        sort = f"-{wanted[0]}" if dimensions == "video" else dimensions
        params = {
            "ids": f"channel=={self.source.account.external_id}",
            "startDate": first.isoformat(),
            "endDate": last.isoformat(),
            "metrics": ",".join(wanted),
            "dimensions": dimensions,
            "sort": sort,
            **more,
        }
        try:
            return table(self.source.client.get(REPORTS_URL, params, limit=REPORTS_LIMIT), dimensions)
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
