"""Opening the store: what can be wrong gives one clear line, shows no password and loses nothing."""

import os
import sqlite3

import pytest

from core.errors import AppError, BadSetting, Recovery, StoreBroken, StoreBusy
from storage import database as store
from storage import failures
from storage.database import open_database

PASSWORD = "hunter2-very-secret"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{PASSWORD}@127.0.0.1:1/plumbline",
        f"postgresql://me:{PASSWORD}@127.0.0.1:port/plumbline",
        f"mysql://me:{PASSWORD}@127.0.0.1/plumbline",
        f"postgresql://me:{PASSWORD}@127.0.0.1:1/plumbline?nonsense=1",
        f"{PASSWORD}",
        "sqlite:///:memory:",
        "sqlite:////proc/nowhere/plumbline.db",
    ],
    ids=["nobody listens", "port is a word", "other kind", "unknown option", "no address", "no file", "no such folder"],
)
def test_it_refuses_a_wrong_address_in_one_line_without_the_password(url, tmp_path):
    with pytest.raises(BadSetting) as caught:
        open_database(url, tmp_path)
    error = caught.value
    assert error.hint
    assert "\n" not in str(error)
    chain = [error, error.__cause__, *([] if error.__suppress_context__ else [error.__context__])]
    assert all(PASSWORD not in f"{link!s}{getattr(link, 'context', '')}" for link in chain)


def test_it_names_a_database_that_does_not_exist(new_postgres, tmp_path):
    url = new_postgres().replace("/test_", "/absent_")
    with pytest.raises(BadSetting, match="There is no database 'absent_"):
        open_database(url, tmp_path)


def test_it_leaves_a_file_that_is_no_database_untouched(tmp_path):
    path = tmp_path / "plumbline.db"
    path.write_bytes(b"my holiday diary\n" * 100)
    with pytest.raises(StoreBroken, match="not a database") as caught:
        open_database(f"sqlite:///{path}", tmp_path)
    assert "backups" in caught.value.hint
    assert path.read_bytes() == b"my holiday diary\n" * 100
    assert [entry.name for entry in tmp_path.iterdir()] == ["plumbline.db"]


@pytest.mark.parametrize("harm", ["cut", "overwritten"])
def test_it_leaves_a_damaged_database_untouched(harm, sqlite_url, tmp_path):
    path = tmp_path / "plumbline.db"
    whole = path.read_bytes()
    harmed = whole[: len(whole) // 2] if harm == "cut" else whole[:4096] + os.urandom(8192) + whole[12288:]
    path.write_bytes(harmed)
    with pytest.raises(StoreBroken) as caught:
        open_database(sqlite_url, tmp_path)
    assert caught.value.hint == failures.RESTORE
    assert path.read_bytes() == harmed


def test_it_says_busy_when_another_writer_does_not_let_go(sqlite_database, tmp_path, monkeypatch):
    other = sqlite3.connect(tmp_path / "plumbline.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(store, "BUSY_TIMEOUT_S", 0.1)
    waiting = open_database(f"sqlite:///{tmp_path / 'plumbline.db'}", tmp_path)
    with pytest.raises(StoreBusy) as caught, waiting.write():
        pass
    assert caught.value.recovery is Recovery.RETRY
    other.close()
    waiting.close()


def test_it_says_busy_when_the_server_cuts_the_connection(new_postgres, tmp_path):
    opened = open_database(new_postgres(), tmp_path)
    with pytest.raises(StoreBusy) as caught, opened.write() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    assert caught.value.recovery is Recovery.RETRY
    with opened.read() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    opened.close()


def test_it_leaves_nothing_behind_when_a_block_fails(database):
    with pytest.raises(AppError), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO lease VALUES ('a', 'b', 1, 1)")
        raise StoreBusy("half way")
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lease").scalar() == 0


def test_it_cannot_write_while_reading(database):
    with pytest.raises(Exception, match=r"(?i)read.?only"), database.read() as connection:
        connection.exec_driver_sql("INSERT INTO lease VALUES ('a', 'b', 1, 1)")


def test_it_sees_one_moment_while_reading(database):
    with database.read() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM lease").scalar() == 0
        with database.write() as writer:
            writer.exec_driver_sql("INSERT INTO lease VALUES ('a', 'b', 1, 1)")
        assert reader.exec_driver_sql("SELECT count(*) FROM lease").scalar() == 0


def test_it_says_busy_before_it_is_open():
    with pytest.raises(StoreBusy, match="not open"):
        store.current()


def test_it_hides_the_address_in_its_repr(database):
    assert repr(database) == f"Database({database.dialect})"
