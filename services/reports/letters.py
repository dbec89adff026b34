"""A made report as the messages that take it to people: a mail with its charts and files, a summary for a chat."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from charts import picture
from core import config, language
from core.language import tr
from core.message import Attachment, Message, Picture
from core.report import Document
from core.viewer import Viewer
from reports import brief, mail, words
from services.reports import archive, links, lists, targets
from services.reports.archive import Made
from storage.deliveries import DeliveryRow

LINK_DAYS = 90
"""How long the link works that goes out with a report."""
MOST_BYTES = 15_000_000
"""The files of a mail together; what is larger, many mail servers refuse."""
_CHART = "/chart/{number}.png"


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """All that the messages of a run have in common, made once for all its recipients."""

    workspace_id: int
    made: Made
    document: Document
    formats: tuple[str, ...]
    pictures: tuple[Picture, ...]
    files: tuple[Attachment, ...]
    too_large: int
    base: str
    link: str

    def is_for(self, row: DeliveryRow) -> bool:
        """Whether a delivery takes this."""
        mine = (self.workspace_id, self.made.id, self.formats)
        return mine == (row.workspace_id, row.run_id, tuple(row.formats))


def pack(viewer: Viewer, run_id: int, formats: tuple[str, ...], *, now: datetime) -> Parcel:
    """Make what the messages of a run have in common. Raises NotFound."""
    made, document = archive.find(viewer, run_id), archive.document(viewer, run_id)
    base = config.load().base_url
    token = links.sent_along(viewer, run_id, now=now, expires_at=now + timedelta(days=LINK_DAYS)) if base else ""
    known = archive.formats()
    files = tuple(
        Attachment(archive.file_name(made, one), known[one].media_type, archive.written(document, one))
        for one in formats if one in known
    )  # fmt: skip
    size = sum(len(one.content) for one in files)
    with language.using(document.language, document.forms):
        drawn = mail.draw(document, picture.draw)
    return Parcel(
        viewer.workspace_id, made, document, formats, drawn, files if size <= MOST_BYTES else (),
        size if size > MOST_BYTES else 0, base, f"{base}/r/{token}" if token else "",
    )  # fmt: skip


def write(of: Parcel, row: DeliveryRow) -> Message:
    """The message for one recipient, in the language of the report."""
    document = of.document
    with language.using(document.language, document.forms):
        period = words.period(document.period)
        subject = " ".join(f"{document.title}: {period}".split())
        if of.made.trigger == "test":
            subject = tr("[Test] {subject}", subject=subject)
        message = Message(
            f"{row.workspace_id:x}.{row.id:x}", of.made.made_at, subject, "", open_link=of.link,
            open_words=tr("Open the report"), lead=brief.lead(document),
        )  # fmt: skip
        return _mail(of, row, message) if row.way == targets.MAIL else _chat(of, message)


def _mail(of: Parcel, row: DeliveryRow, message: Message) -> Message:
    document, leave = of.document, ""
    if row.recipient_id is not None and of.base:
        leave = f"{of.base}/u/{lists.token(row.workspace_id, row.recipient_id)}"
    note = ""
    if of.too_large:
        size = language.figure(f"{of.too_large / 1e6:,.0f}")
        note = tr("The files are too large for a mail ({size} MB): ask whoever sends you this report.", size=size)
        if of.link:
            note = tr("The files are too large for a mail ({size} MB): they are under the link above.", size=size)
    around = mail.Around(
        why=_why(document, row, leave), files=tuple(one.name for one in of.files), open_link=of.link, unsubscribe=leave,
        note=note,
    )  # fmt: skip
    return replace(
        message, html=mail.html(document, of.pictures, around), text=mail.text(document, around),
        pictures=of.pictures, attachments=of.files, unsubscribe=leave,
    )  # fmt: skip


def _why(of: Document, row: DeliveryRow, leave: str) -> str:
    if row.recipient_id is None:
        return tr("Someone at {workspace} had this sent to you.", workspace=of.workspace)
    told = tr("You get this because {workspace} put you on a mailing list for reports.", workspace=of.workspace)
    return told if leave else f"{told} {tr('To get no more of them, tell whoever sends them.')}"


def _chat(of: Parcel, message: Message) -> Message:
    document, charts = of.document, brief.charts(of.document)
    notes = [document.banner, *document.notes, *brief.failed(document)]
    shown = tuple(
        replace(one, content=b"", link=of.link + _CHART.format(number=number))
        for number, one in enumerate(of.pictures, start=1)
    )
    if charts and not (of.link and is_public(of.base)):
        shown = ()
        notes.append(tr("The charts are in the report."))
    until = words.moment(document.data_until, document.time_zone) if document.data_until else tr("no data yet")
    notes.append(f"{document.workspace} · {tr('Data as of')}: {until}")
    return replace(
        message, text=f"{message.subject}. {message.lead}", points=brief.points(document),
        findings=tuple(one.text for one in brief.findings(document)), notes=tuple(filter(None, notes)), pictures=shown,
    )  # fmt: skip


def is_public(base: str) -> bool:
    """Whether a chat's own servers can reach an address: https, and no name or number of a private network.

    >>> is_public("https://reports.example.com"), is_public("http://reports.example.com"), is_public("https://10.0.0.4")
    (True, False, False)
    >>> is_public("https://plumbline.local"), is_public("https://intranet")
    (False, False)
    """
    parts = urlsplit(base)
    host = (parts.hostname or "").rstrip(".")
    try:
        return parts.scheme == "https" and ipaddress.ip_address(host).is_global
    except ValueError:
        private = host.endswith((".local", ".internal", ".localhost", ".lan", ".home.arpa"))
        return parts.scheme == "https" and "." in host and not private
