"""The posts of an account that the store already knows, as connectors ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core import clock
from core.ports import KnownPost
from storage import entities
from storage.database import Database


class StoredPosts:
    """Reads afresh on every call: an earlier stream of the same sync may have brought posts."""

    def __init__(self, database: Database, workspace_id: int, account_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._account_id = account_id

    def published_since(self, moment: datetime) -> Iterator[KnownPost]:
        """Posts published at or after a moment, newest first."""
        yield from self._read(clock.epoch_ms(moment), None)

    def newest(self) -> KnownPost | None:
        """The newest post, or None."""
        return next(self._read(None, 1), None)

    def _read(self, since_ms: int | None, limit: int | None) -> Iterator[KnownPost]:
        with self._database.read() as connection:
            found = entities.post_moments(
                connection, self._workspace_id, [self._account_id], from_ms=since_ms, limit=limit
            )
        for _, external_id, kind, published_at in found:
            yield KnownPost(external_id, kind, clock.from_epoch_ms(published_at))
