"""Starting the site: one clear line for whatever is wrong, and nothing lost."""

import os
import socket
import sqlite3
import subprocess
import sys

import pytest

from tests.journeys.conftest import ROOT, free_port

pytestmark = pytest.mark.slow


def refused(tmp_path, **settings):
    """What a site that must not start says."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLUMBLINE_")}
    environment = clean | {"PLUMBLINE_DATA_DIR": str(tmp_path / "data"), "PLUMBLINE_PORT": str(free_port())} | settings
    done = subprocess.run([sys.executable, "serve.py"], cwd=ROOT, env=environment, capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip
    assert done.returncode == 2, done.stdout + done.stderr
    told = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(told) == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return told[0]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"PLUMBLINE_HOST": "0.0.0.0"}, "Until sign-in exists"),
        ({"PLUMBLINE_PORT": "eighty"}, "1 to 65535"),
        ({"DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:9/nothing"}, "DATABASE_URL"),
        ({"DATABASE_URL": "oracle://db"}, "postgresql://"),
        ({"PLUMBLINE_SECRET_KEY": "short"}, "PLUMBLINE_SECRET_KEY"),
        ({"PLUMBLINE_SECRET_KEY_FILE": "/nowhere"}, "/nowhere"),
        ({"PLUMBLINE_GATWAY": "x"}, "PLUMBLINE_GATEWAY"),
    ],
    ids=["host", "port", "unreachable database", "unknown database", "bad key", "missing key file", "unknown setting"],
)
def test_it_says_in_one_line_what_is_wrong(tmp_path, settings, says):
    told = refused(tmp_path, **settings)
    assert says in told
    assert "hunter2" not in told


def test_it_refuses_a_port_in_use(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} is already in use" in refused(tmp_path, PLUMBLINE_PORT=str(port))


def test_it_leaves_a_corrupt_database_as_it_is(tmp_path):
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "plumbline.db"
    file.write_bytes(b"SQLite format 3\x00" + b"garbage" * 4000)
    before = file.read_bytes()
    assert "plumbline.db" in refused(tmp_path) or "database" in refused(tmp_path)
    assert file.read_bytes() == before


def test_it_refuses_a_database_of_a_newer_program(tmp_path, serve):
    serve(PLUMBLINE_SCHEDULER="off").stop()
    with sqlite3.connect(tmp_path / "data" / "plumbline.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_future'")
    assert "newer" in refused(tmp_path)


def test_it_takes_a_free_port_when_none_is_set(tmp_path):
    from serve import listen

    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8501))
            taken.listen()
        except OSError:
            pass
        with listen("127.0.0.1", None) as found:
            assert found.getsockname()[1] > 8501


def test_it_sends_small_answers_at_once():
    """asyncio switches Nagle's algorithm off only where the protocol is named; with it every answer waits 40 ms."""
    from serve import listen

    with listen("127.0.0.1", free_port()) as found:
        assert found.proto == socket.IPPROTO_TCP


def test_it_starts_again_on_what_it_left(tmp_path, serve):
    site = serve(PLUMBLINE_SCHEDULER="on")
    assert site.stop() in (0, -15)
    again = serve(PLUMBLINE_SCHEDULER="off")
    assert again.process.poll() is None
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600
