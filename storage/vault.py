"""Secrets at rest: AES-256-GCM, a fresh nonce for every record, the record's own key as associated data.

A ciphertext copied to another row, cut, or changed by one bit does not open. Nothing here shows a secret in a repr, an
error or a log.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Connection, select

from core.clock import epoch_ms, utc_now
from core.config import Config
from core.errors import BadSetting, NotFound, SecretUnreadable
from core.language import mark
from storage import sql
from storage.database import Database
from storage.tables import Secret

KEY_FILE = "secret.key"
_NONCE = 12
_secret = sql.table(Secret)
_MISSING = mark(
    "Put back the key: the file 'secret.key' from a backup of the data folder, or its text in PLUMBLINE_SECRET_KEY "
    "or PLUMBLINE_OLD_SECRET_KEYS. Without it, connect the account again."
)


class Keyring:
    """The key that encrypts, and earlier ones that still decrypt. Its repr shows none of them."""

    def __init__(self, newest: bytes, *older: bytes) -> None:
        self._keys = {key_id(key): key for key in (*reversed(older), newest)}
        self.newest = key_id(newest)

    def get(self, name: str) -> bytes:
        """The key with that id. Raises SecretUnreadable when we do not have it."""
        if name not in self._keys:
            raise SecretUnreadable(
                "A stored secret was encrypted with a key we do not have.", hint=_MISSING, context={"key_id": name}
            )
        return self._keys[name]

    def __repr__(self) -> str:
        return f"Keyring(newest={self.newest!r}, keys={len(self._keys)})"


def key_id(key: bytes) -> str:
    """A name for a key that tells nothing of it."""
    return hashlib.sha256(b"plumbline key id\x00" + key).hexdigest()[:16]


def parse_key(text: str, name: str) -> bytes:
    """A key from 64 hex digits or base64 of 32 bytes. Raises BadSetting that names the setting, never the text."""
    key = b""
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        key = bytes.fromhex(text)
    else:
        try:
            key = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            key = b""
    if len(key) != 32:
        raise BadSetting(
            f"{name} is not a key of 32 bytes in base64 or hex.", hint="Make one with: openssl rand -base64 32"
        )
    return key


def keyring(settings: Config, database: Database) -> Keyring:
    """The keys from the settings and the data folder; makes the first one, with mode 600, on a fresh installation.

    Raises BadSetting for a key that is none, SecretUnreadable when the store holds secrets and the key is gone: a new
    one would hide that for good.
    """
    older = [parse_key(text, "PLUMBLINE_OLD_SECRET_KEYS") for text in settings.old_secret_keys]
    path = settings.data_dir / KEY_FILE
    filed = _read_key(path)
    if settings.secret_key:
        newest = parse_key(settings.secret_key, "PLUMBLINE_SECRET_KEY")
        return Keyring(newest, *older, *([filed] if filed else []))
    if filed is None and _holds_secrets(database):
        raise SecretUnreadable(
            f"The key for the stored tokens is missing: there is no {path}.",
            hint=f"{_MISSING} To go on without the stored tokens, set PLUMBLINE_SECRET_KEY to a new key.",
        )
    return Keyring(filed or _make_key(path), *older)


def _read_key(path: Path) -> bytes | None:
    try:
        return parse_key(path.read_text(encoding="ascii").strip(), str(path))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"The key file {path} cannot be read.", hint="Check its rights.") from error


def _make_key(path: Path) -> bytes:
    """A new key in a file only its owner can read; when another process was faster, its key."""
    key = secrets.token_bytes(32)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(base64.b64encode(key).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return _read_key(path) or key
    except OSError as error:
        raise BadSetting(f"The key file {path} cannot be written.", hint="Check the rights on its folder.") from error
    finally:
        draft.unlink(missing_ok=True)
    return key


def _holds_secrets(database: Database) -> bool:
    with database.read() as connection:
        return connection.execute(select(_secret.c.name).limit(1)).first() is not None


class Vault:
    """Stores small dictionaries of secrets by (workspace, owner, name), encrypted."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self._database = database
        self._keys = keys

    def __repr__(self) -> str:
        return f"Vault({self._keys!r})"

    def put(
        self, connection: Connection, workspace_id: int, owner_id: int, name: str, value: Mapping[str, Any]
    ) -> None:
        """Store a secret, replacing the one of the same name. `value` is what JSON can hold."""
        used, ciphertext = self.seal(_row_key(workspace_id, owner_id, name), json.dumps(dict(value)).encode())
        row = {
            "workspace_id": workspace_id, "owner_id": owner_id, "name": name,
            "key_id": used, "ciphertext": ciphertext, "updated_at": epoch_ms(utc_now()),
        }  # fmt: skip
        change = ("key_id", "ciphertext", "updated_at")
        sql.upsert(connection, _secret, [row], ("workspace_id", "owner_id", "name"), change)

    def get(self, connection: Connection, workspace_id: int, owner_id: int, name: str) -> dict[str, Any]:
        """A stored secret. Raises NotFound, SecretUnreadable."""
        row = connection.execute(select(_secret).where(_is(workspace_id, owner_id, name))).first()
        if row is None:
            raise NotFound("This secret is not stored.", hint="Connect the account again.")
        plain = self.unseal(_row_key(workspace_id, owner_id, name), row.key_id, row.ciphertext)
        found: dict[str, Any] = json.loads(plain)
        return found

    def has(self, connection: Connection, workspace_id: int, owner_id: int, name: str) -> bool:
        """Whether there is such a secret, readable or not."""
        return connection.execute(select(_secret.c.name).where(_is(workspace_id, owner_id, name))).first() is not None

    def delete(self, connection: Connection, workspace_id: int, owner_id: int, name: str) -> None:
        """Forget a secret."""
        connection.execute(_secret.delete().where(_is(workspace_id, owner_id, name)))

    def rotate(self) -> int:
        """Encrypt everything under the newest key, all or nothing; returns how many secrets that were.

        Consents under way live ten minutes: their old key is still needed that long.
        """
        with self._database.write() as connection:
            old = connection.execute(select(_secret).where(_secret.c.key_id != self._keys.newest)).all()
            for row in old:
                place = _row_key(row.workspace_id, row.owner_id, row.name)
                used, ciphertext = self.seal(place, self.unseal(place, row.key_id, row.ciphertext))
                here = _is(row.workspace_id, row.owner_id, row.name)
                connection.execute(_secret.update().where(here).values(key_id=used, ciphertext=ciphertext))
        return len(old)

    def seal(self, place: str, plain: bytes) -> tuple[str, bytes]:
        """(key id, ciphertext) of bytes that will open only at the same `place`."""
        nonce = secrets.token_bytes(_NONCE)
        box = AESGCM(self._keys.get(self._keys.newest))
        return self._keys.newest, nonce + box.encrypt(nonce, plain, place.encode())

    def unseal(self, place: str, used_key: str, ciphertext: bytes) -> bytes:
        """The bytes sealed at `place`. Raises SecretUnreadable when the key is not ours or anything was changed."""
        box = AESGCM(self._keys.get(used_key))
        try:
            return box.decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], place.encode())
        except (InvalidTag, ValueError):
            raise SecretUnreadable(
                "A stored secret is damaged and cannot be decrypted.", hint="Connect the account again."
            ) from None


def _row_key(workspace_id: int, owner_id: int, name: str) -> str:
    return f"secret/{workspace_id}/{owner_id}/{name}"


def _is(workspace_id: int, owner_id: int, name: str) -> ColumnElement[bool]:
    return (_secret.c.workspace_id == workspace_id) & (_secret.c.owner_id == owner_id) & (_secret.c.name == name)
