"""The vault: what is stored opens only with its key, at its place, unchanged; and it shows in nothing."""

import base64
import secrets
import traceback

import pytest
from sqlalchemy import text

from core import config
from core.errors import BadSetting, NotFound, SecretUnreadable
from storage.vault import KEY_FILE, Keyring, Vault, keyring, parse_key

TOKEN = {"access_token": "EAAB-very-secret", "expires_at": 5}
OLD, NEW = b"o" * 32, b"n" * 32


def settings(tmp_path, **more):
    return config.load({"PLUMBLINE_DATA_DIR": str(tmp_path / "data"), **more})


def put(vault, database, owner=1, name="token"):
    with database.write() as connection:
        vault.put(connection, 7, owner, name, TOKEN)


def get(vault, database, owner=1, name="token"):
    with database.read() as connection:
        return vault.get(connection, 7, owner, name)


def test_it_gives_back_what_was_put_in(database):
    vault = Vault(database, Keyring(NEW))
    put(vault, database)
    put(vault, database)
    assert get(vault, database) == TOKEN
    with database.write() as connection:
        assert vault.has(connection, 7, 1, "token")
        vault.delete(connection, 7, 1, "token")
        assert not vault.has(connection, 7, 1, "token")
    with pytest.raises(NotFound):
        get(vault, database)


def test_it_uses_a_fresh_nonce_for_every_record(database):
    vault = Vault(database, Keyring(NEW))
    first, second = vault.seal("here", b"same"), vault.seal("here", b"same")
    assert first[1][:12] != second[1][:12]
    assert first[1] != second[1]


def test_it_keeps_no_secret_in_the_database_in_clear(sqlite_database, tmp_path):
    put(Vault(sqlite_database, Keyring(NEW)), sqlite_database)
    dump = b"".join(path.read_bytes() for path in tmp_path.glob("plumbline.db*"))
    assert TOKEN["access_token"].encode() not in dump


@pytest.mark.parametrize("place", [0, 12, -1], ids=["nonce", "text", "tag"])
def test_it_notices_one_changed_bit(database, place):
    vault = Vault(database, Keyring(NEW))
    put(vault, database)
    with database.write() as connection:
        sealed = bytearray(connection.execute(text("SELECT ciphertext FROM secret")).scalar_one())
        sealed[place] ^= 1
        connection.execute(text("UPDATE secret SET ciphertext = :sealed"), {"sealed": bytes(sealed)})
    with pytest.raises(SecretUnreadable, match="damaged") as caught:
        get(vault, database)
    assert caught.value.hint


@pytest.mark.parametrize("length", [0, 5, 12, 27], ids=str)
def test_it_notices_a_cut_record(database, length):
    vault = Vault(database, Keyring(NEW))
    used, sealed = vault.seal("here", b"secret")
    with pytest.raises(SecretUnreadable):
        vault.unseal("here", used, sealed[:length])


def test_it_does_not_open_a_record_copied_to_another_row(database):
    vault = Vault(database, Keyring(NEW))
    put(vault, database, owner=1)
    with database.write() as connection:
        connection.execute(
            text("INSERT INTO secret SELECT workspace_id, 2, name, key_id, ciphertext, updated_at FROM secret")
        )
    with pytest.raises(SecretUnreadable):
        get(vault, database, owner=2)


def test_it_says_what_to_do_when_the_key_is_another(database):
    put(Vault(database, Keyring(OLD)), database)
    with pytest.raises(SecretUnreadable, match="key we do not have") as caught:
        get(Vault(database, Keyring(NEW)), database)
    assert "PLUMBLINE_SECRET_KEY" in caught.value.hint


def test_it_moves_everything_to_the_newest_key(database):
    put(Vault(database, Keyring(OLD)), database)
    put(Vault(database, Keyring(OLD)), database, name="app_keys")
    both = Vault(database, Keyring(NEW, OLD))
    assert get(both, database) == TOKEN
    assert both.rotate() == 2
    assert both.rotate() == 0
    assert get(Vault(database, Keyring(NEW)), database, name="app_keys") == TOKEN


def test_it_rotates_nothing_when_one_secret_cannot_be_read(database):
    put(Vault(database, Keyring(OLD)), database)
    put(Vault(database, Keyring(b"lost" * 8)), database, name="app_keys")
    with pytest.raises(SecretUnreadable):
        Vault(database, Keyring(NEW, OLD)).rotate()
    assert get(Vault(database, Keyring(OLD)), database) == TOKEN


def test_it_makes_a_key_only_its_owner_can_read(database, tmp_path):
    first = keyring(settings(tmp_path), database)
    path = tmp_path / "data" / KEY_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [KEY_FILE]
    assert keyring(settings(tmp_path), database).newest == first.newest


def test_it_prefers_the_key_of_the_settings_and_still_reads_with_the_filed_one(database, tmp_path):
    put(Vault(database, keyring(settings(tmp_path), database)), database)
    given = base64.b64encode(NEW).decode()
    ring = keyring(settings(tmp_path, PLUMBLINE_SECRET_KEY=given), database)
    assert ring.newest == Keyring(NEW).newest
    assert get(Vault(database, ring), database) == TOKEN


def test_it_reads_with_the_old_keys_of_the_settings(database, tmp_path):
    put(Vault(database, Keyring(OLD)), database)
    more = {"PLUMBLINE_SECRET_KEY": NEW.hex(), "PLUMBLINE_OLD_SECRET_KEYS": f"{b'x'.hex() * 32}, {OLD.hex()}"}
    assert get(Vault(database, keyring(settings(tmp_path, **more), database)), database) == TOKEN


def test_it_does_not_hide_a_lost_key_behind_a_new_one(database, tmp_path):
    put(Vault(database, keyring(settings(tmp_path), database)), database)
    (tmp_path / "data" / KEY_FILE).unlink()
    with pytest.raises(SecretUnreadable, match="is missing") as caught:
        keyring(settings(tmp_path), database)
    assert "Put back" in caught.value.hint
    assert not (tmp_path / "data" / KEY_FILE).exists()


@pytest.mark.parametrize("given", ["short", "z" * 64, "c2hvcnQ=", "ü" * 44], ids=["word", "no hex", "few bytes", "odd"])
def test_it_refuses_a_malformed_key_without_showing_it(database, tmp_path, given):
    with pytest.raises(BadSetting, match="PLUMBLINE_SECRET_KEY is not a key") as caught:
        keyring(settings(tmp_path, PLUMBLINE_SECRET_KEY=given), database)
    assert given not in "".join(traceback.format_exception_only(caught.value))


def test_it_refuses_a_key_file_that_holds_no_key(database, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / KEY_FILE).write_text("oops")
    with pytest.raises(BadSetting, match="secret.key is not a key"):
        keyring(settings(tmp_path), database)


@pytest.mark.parametrize(
    "write",
    [
        bytes.hex,
        lambda key: base64.b64encode(key).decode(),
        lambda key: base64.urlsafe_b64encode(key).decode().rstrip("="),
    ],
    ids=["hex", "base64", "base64 for addresses"],
)
def test_it_reads_keys_as_people_write_them(write):
    key = secrets.token_bytes(32)
    assert parse_key(write(key), "it") == key


def test_it_shows_no_key_and_no_secret(database):
    vault = Vault(database, Keyring(NEW, OLD))
    assert "nnnn" not in repr(vault)
    assert "oooo" not in repr(vault)
