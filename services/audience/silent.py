"""Why is nothing told of an account's audience? Too few followers, a refusal, or a platform that never tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.kept import retold
from core.language import tr, trn
from core.viewer import Viewer
from services.ask.notes import account_title
from services.connecting import platforms
from storage import database, runs
from storage.database import Connection
from storage.entities import AccountRow

FEWEST = 100
"""Platforms describe no audience smaller than this."""
STREAMS = ("audience", "viewers")
"""What connectors call the stream that tells who the audience is."""
_RUNS = 10


def reasons(viewer: Viewer, accounts: Sequence[AccountRow], sizes: Mapping[int, float]) -> tuple[str, ...]:
    """One sentence per account, or per platform that never tells. `sizes`: followers of accounts, where known."""
    if not accounts:
        return ()
    with database.current().read() as connection:
        told = _refusals(connection, viewer)
    connectors = platforms.connectors()
    said = []
    for one in accounts:
        title = platforms.title(one.platform)
        declared = connectors.get(one.platform)
        if declared is not None and not any(stream.name in STREAMS for stream in declared.streams):
            said.append(tr("{platform} does not tell who follows an account.", platform=title))
            continue
        name, size = f"{account_title(one)} ({title})", sizes.get(one.id)
        if size is not None and size < FEWEST:
            said.append(
                trn(
                    "{account} has {n} follower; platforms describe an audience from {fewest} on.",
                    "{account} has {n} followers; platforms describe an audience from {fewest} on.",
                    round(size),
                    account=name,
                    fewest=FEWEST,
                )
            )
        elif told.get(one.id):
            said.append(f"{name}: {retold(told[one.id]).rstrip('.')}.")
        else:
            said.append(tr("{account}: nothing is known of the audience around this period.", account=name))
    return tuple(dict.fromkeys(said))


def _refusals(connection: Connection, viewer: Viewer) -> dict[int, str]:
    """Account -> what was said when its audience was last asked for, where that failed or was refused."""
    found: dict[str, str] = {}
    for run in runs.newest(connection, viewer.workspace_id, limit=_RUNS):
        for key, entry in run.streams.items():
            if key.rpartition("/")[2] in STREAMS and entry["state"] != "waiting":
                found.setdefault(key, str(entry["reason"]))
    return {int(key.partition("/")[0]): reason for key, reason in found.items() if reason}
