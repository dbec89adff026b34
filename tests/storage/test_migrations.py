"""Migrations: the same tables on both databases, a backup first, safe to repeat, never backwards."""

import sqlite3
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from core.errors import StoreBroken
from storage import migrate, tables
from storage.database import open_database

HEAD = migrate.head()
VIEWS = {"post_analytics", "audience_insights", "user_metrics", "content_performance"}


def test_it_makes_the_tables_that_the_program_declares(database):
    assert tables.Workspace.metadata is SQLModel.metadata
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
        assert set(inspect(connection).get_view_names()) == VIEWS


def test_it_keeps_the_columns_that_compare_does_not_look_at(database):
    """The order of key columns, and WITHOUT ROWID, matter as much as the columns do."""
    with database.read() as connection:
        found = inspect(connection)
        for name, table in SQLModel.metadata.tables.items():
            key = [column.name for column in table.primary_key.columns]
            assert found.get_pk_constraint(name)["constrained_columns"] == key, name
            if database.dialect == "sqlite" and table.dialect_options["sqlite"]["with_rowid"] is False:
                made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name})
                assert "WITHOUT ROWID" in made.scalar_one()


def test_it_holds_the_value_in_the_key_of_facts(new_postgres, tmp_path):
    opened = open_database(new_postgres(), tmp_path)
    with opened.read() as connection:
        made = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'fact_pkey'")).scalar_one()
    assert made.endswith("INCLUDE (value, observed_at)")
    opened.close()


def test_it_does_nothing_the_second_time(database, tmp_path):
    assert migrate.bring_up_to_date(database) is False
    assert not (tmp_path / "backups").exists()


def test_it_refuses_a_database_of_a_newer_program(database, database_url, tmp_path):
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreBroken, match="newer version") as caught:
        open_database(database_url, tmp_path)
    assert "backup" in caught.value.hint
    with database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_it_refuses_a_database_of_another_program(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    with pytest.raises(StoreBroken, match="not Plumbline's"):
        open_database(f"sqlite:///{path}", tmp_path)


@pytest.fixture
def next_revision(tmp_path, monkeypatch):
    """A program one migration ahead of this one."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for path in (migrate.FOLDER / "env.py", *(migrate.FOLDER / "versions").glob("*.py")):
        (folder / path.relative_to(migrate.FOLDER)).write_text(path.read_text())
    (folder / "versions" / "next.py").write_text(
        f"from alembic import op\nrevision = 'next'\ndown_revision = '{HEAD}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE added (id INTEGER)')\n    op.execute('INSERT INTO added SELECT 1 FROM lease')\n"
    )
    monkeypatch.setattr(migrate, "FOLDER", folder)
    return folder


def test_it_backs_up_before_it_changes_anything(sqlite_database, tmp_path, next_revision):
    with sqlite_database.write() as connection:
        connection.execute(text("INSERT INTO lease VALUES ('kept', 'b', 1, 1)"))
    assert migrate.bring_up_to_date(sqlite_database) is True
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(backup) as saved:
        assert saved.execute("SELECT name FROM lease").fetchall() == [("kept",)]
        assert saved.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
    saved.close()
    assert migrate.bring_up_to_date(sqlite_database) is False


def test_it_leaves_the_database_as_it_was_when_a_migration_fails(database, next_revision):
    broken = next_revision / "versions" / "next.py"
    broken.write_text(broken.read_text() + "    op.execute('SELECT nonsense')\n")
    with pytest.raises(Exception, match="nonsense"):
        migrate.bring_up_to_date(database)
    with database.read() as connection:
        assert "added" not in inspect(connection).get_table_names()
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD


OPEN = """
import sys
from pathlib import Path
from storage.database import open_database
open_database(sys.argv[1], Path(sys.argv[2])).close()
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_it_lets_several_starters_in_at_once(kind, request, tmp_path):
    url = (
        f"sqlite:///{tmp_path / 'fresh.db'}"
        if kind == "sqlite"
        else request.getfixturevalue("new_postgres")(empty=True)
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", OPEN, url, str(tmp_path)], stderr=subprocess.PIPE) for _ in range(4)
    ]
    outcomes = [(process.communicate()[1].decode()[-800:], process.returncode) for process in starters]
    assert [code for _, code in outcomes] == [0, 0, 0, 0], outcomes
    opened = open_database(url, tmp_path)
    with opened.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [migrate.head()]
    opened.close()
