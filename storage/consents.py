"""Consents under way: from sending a browser to a platform until it comes back. Single use, ten minutes.

Only a hash of the state is kept, and the PKCE verifier only as ciphertext, so a copy of the database completes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from core.clock import epoch_ms
from storage import sql
from storage.tables import OAuthState
from storage.vault import Vault

LIFETIME = timedelta(minutes=10)
_table = sql.table(OAuthState)


@dataclass(frozen=True, slots=True, repr=False)
class Consent:
    """What was noted when the browser was sent away. Its repr shows nothing of it."""

    workspace_id: int
    connection_id: int
    browser_hash: str
    redirect_uri: str
    verifier: str

    def __repr__(self) -> str:
        return f"Consent(connection_id={self.connection_id})"


def begin(connection: Connection, vault: Vault, state: str, consent: Consent, now: datetime) -> None:
    """Note a consent under its state; those that ran out are swept away."""
    connection.execute(_table.delete().where(_table.c.expires_at <= epoch_ms(now)))
    hashed = _hash(state)
    key_id, verifier = vault.seal(f"verifier/{hashed}", consent.verifier.encode())
    row = OAuthState(
        state_hash=hashed, workspace_id=consent.workspace_id, connection_id=consent.connection_id,
        browser_hash=consent.browser_hash, redirect_uri=consent.redirect_uri, key_id=key_id, verifier=verifier,
        expires_at=epoch_ms(now + LIFETIME),
    )  # fmt: skip
    connection.execute(_table.insert().values(row.model_dump()))


def take(connection: Connection, vault: Vault, state: str, now: datetime) -> Consent | None:
    """The consent noted under a state, which is used up by this; None when unknown, used before or too old."""
    hashed = _hash(state)
    row = connection.execute(select(_table).where(_table.c.state_hash == hashed)).first()
    taken = connection.execute(_table.delete().where(_table.c.state_hash == hashed)).rowcount
    if row is None or not taken or row.expires_at <= epoch_ms(now):
        return None
    verifier = vault.unseal(f"verifier/{hashed}", row.key_id, row.verifier).decode()
    return Consent(row.workspace_id, row.connection_id, row.browser_hash, row.redirect_uri, verifier)


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
