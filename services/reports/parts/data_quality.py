"""How good the data is that a report rests on."""

from __future__ import annotations

from datetime import date, datetime

from core.errors import NotEnoughData
from core.language import mark, tr
from core.report import Block, Column, Holds, Section, Shape, Table
from services.connecting import platforms
from services.quality.fresh import Freshness, StreamAge
from services.quality.summary import Summary, summary
from services.reports.making import Making, known
from services.reports.part import Part


def make(making: Making, block: Block) -> Section:
    """How new and how complete every account is, and what needs a person, as the health page tells it."""
    asked = making.asked
    found: Summary = making.once(
        ("quality", asked.period, asked.where),
        lambda: summary(making.viewer, asked.period, asked.where, now=making.now),
    )
    accounts = found.covered.by_account
    if accounts.empty:
        raise NotEnoughData(tr("No account is read yet."))
    ages = _ages(found.freshness)
    columns = (
        Column(tr("Platform")),
        Column(tr("Account")),
        Column(tr("Days known"), Holds.RATIO),
        Column(tr("Metrics with gaps"), Holds.COUNT),
        Column(tr("Newest day"), Holds.DAY),
        Column(tr("Last read"), Holds.MOMENT),
        Column(tr("State")),
    )
    rows = tuple(
        (
            platforms.title(row["platform"]),
            str(row["account"]),
            known(float(row["share"])),
            int(row["gaps"]),
            *ages.get(int(row["account_id"]), _NONE),
        )
        for row in accounts.to_dict("records")
    )
    return Section(
        block.id,
        Shape.TABLE,
        lead=found.line,
        table=Table(columns, rows, len(rows)),
        notes=tuple(one.text for one in found.needs),
    )


_Age = tuple[date | None, datetime | None, str]
_NONE: _Age = (None, None, "")


def _ages(found: Freshness) -> dict[int, _Age]:
    """Account -> its newest day, when it was last read, and the worst state of what is read of it."""
    streams: dict[int, list[StreamAge]] = {}
    for one in found.connections:
        for stream in one.streams:
            streams.setdefault(stream.account_id, []).append(stream)
    return {account: _age(some) for account, some in streams.items()}


def _age(streams: list[StreamAge]) -> _Age:
    newest = max((one.newest for one in streams if one.newest), default=None)
    read = max((one.last_read for one in streams if one.last_read), default=None)
    return newest, read, ", ".join(dict.fromkeys(tr(one.state) for one in streams))


PART = Part(
    mark("Data quality"),
    mark("How new and how complete the numbers of each account are, and what needs a person."),
    ":material/verified:",
    Shape.TABLE,
    make,
)
