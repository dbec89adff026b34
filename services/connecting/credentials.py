"""Tokens and app keys, which live in the vault and nowhere else."""

from __future__ import annotations

import contextlib
import secrets
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from core import clock, config
from core.errors import BadSetting, NotConnected, StoreBusy
from core.language import tr
from core.ports import AppKeys, Token
from storage import connections, leases, vault
from storage.database import Connection, Database
from storage.vault import Vault

TOKEN = "token"  # noqa: S105  (the name of the secret, not one)
_REFRESH_S = 60.0
_LONGEST_WAIT_S = 45.0
_vaults: weakref.WeakKeyDictionary[Database, Vault] = weakref.WeakKeyDictionary()


def open_vault(database: Database) -> Vault:
    """The vault of a database; its key comes from the settings or lies in the database's data folder."""
    if database not in _vaults:
        settings = replace(config.load(), data_dir=database.data_dir)
        _vaults[database] = Vault(database, vault.keyring(settings, database))
    return _vaults[database]


class VaultTokens:
    """The token of one connection, kept in the vault. One process at a time may refresh it."""

    def __init__(self, database: Database, workspace_id: int, connection_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._connection_id = connection_id

    def load(self) -> Token:
        """The token. Raises NotConnected when there is none yet, SecretUnreadable."""
        safe = open_vault(self._database)
        with self._database.read() as connection:
            if not safe.has(connection, self._workspace_id, self._connection_id, TOKEN):
                raise NotConnected(tr("Nobody has given consent yet."), hint=tr("Connect the account."))
            kept = safe.get(connection, self._workspace_id, self._connection_id, TOKEN)
        expires = kept.get("expires_at")
        return Token(
            access_token=kept["access_token"],
            refresh_token=kept.get("refresh_token", ""),
            expires_at=datetime.fromisoformat(expires) if expires else None,
            scopes=tuple(kept.get("scopes", ())),
            extra=kept.get("extra"),
        )

    def save(self, token: Token) -> None:
        """Replace the token."""
        with self._database.write() as connection:
            self.save_in(connection, token)

    def save_in(self, connection: Connection, token: Token) -> None:
        """Replace the token inside a transaction. A person hears of its expiry only if nothing renews it."""
        kept = {
            "access_token": token.access_token,
            "refresh_token": token.refresh_token,
            "expires_at": token.expires_at.isoformat() if token.expires_at else "",
            "scopes": list(token.scopes),
            "extra": dict(token.extra) if token.extra else None,
        }
        open_vault(self._database).put(connection, self._workspace_id, self._connection_id, TOKEN, kept)
        lasting = None if token.refresh_token or token.expires_at is None else clock.epoch_ms(token.expires_at)
        connections.update(connection, self._workspace_id, self._connection_id, token_expires_at=lasting)

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the right to refresh, across processes. Raises StoreBusy when another holds it for too long."""
        name, holder = f"token/{self._connection_id}", secrets.token_hex(8)
        deadline = clock.monotonic() + _LONGEST_WAIT_S
        while not self._take(name, holder):
            if clock.monotonic() > deadline:
                raise StoreBusy(tr("Another process is renewing this token."), hint=tr("Try again in a minute."))
            clock.sleep(0.05)
        try:
            yield
        finally:
            with self._database.write() as connection:
                leases.release(connection, name, holder)

    def _take(self, name: str, holder: str) -> bool:
        with self._database.write() as connection:
            return leases.acquire(connection, name, holder, _REFRESH_S, clock.utc_now())


def app_keys(database: Database, workspace_id: int, platform: str) -> AppKeys:
    """The keys of our app at a platform: the workspace's own, or those of the installation. Raises BadSetting."""
    safe = open_vault(database)
    with database.read() as connection:
        if safe.has(connection, workspace_id, 0, _keys_name(platform)):
            kept = safe.get(connection, workspace_id, 0, _keys_name(platform))
            return AppKeys(kept["client_id"], kept.get("client_secret", ""))
    if platform in (shared := config.load().app_keys):
        return AppKeys(*shared[platform])
    raise BadSetting(
        tr("The client id of your app at {platform} is missing.", platform=platform),
        hint=tr("Enter it on the Connections page, or set PLUMBLINE_{platform}_CLIENT_ID.", platform=platform.upper()),
    )


def has_app_keys(database: Database, workspace_id: int, platform: str) -> bool:
    """Whether there are keys, readable or not."""
    return has_own_app_keys(database, workspace_id, platform) or platform in config.load().app_keys


def has_own_app_keys(database: Database, workspace_id: int, platform: str) -> bool:
    """Whether the workspace has keys of its own, readable or not."""
    with database.read() as connection:
        return open_vault(database).has(connection, workspace_id, 0, _keys_name(platform))


def put_app_keys(database: Database, workspace_id: int, platform: str, client_id: str, client_secret: str) -> None:
    """Keep a workspace's own app keys. Raises BadSetting when the id is empty."""
    if not client_id.strip():
        raise BadSetting(tr("The client id is empty."), hint=tr("Copy it from the platform's page of your app."))
    with database.write() as connection:
        open_vault(database).put(
            connection,
            workspace_id,
            0,
            _keys_name(platform),
            {"client_id": client_id.strip(), "client_secret": client_secret.strip()},
        )


def _keys_name(platform: str) -> str:
    return f"app_keys/{platform}"
