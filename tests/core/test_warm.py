"""What is slow to import is there once it was waited for."""

import sys
import threading

import pytest

from core import warm


@pytest.fixture
def slow(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(0.3)\nREADY = True\n")
    yield "slow_to_import"
    sys.modules.pop("slow_to_import", None)


def test_it_waits_for_what_was_begun(slow):
    warm.start(slow)
    warm.wait()
    assert sys.modules[slow].READY


def test_it_waits_for_nothing_where_nothing_was_begun():
    waited = threading.Thread(target=warm.wait, daemon=True)
    waited.start()
    waited.join(5)
    assert not waited.is_alive()


def test_it_never_keeps_anybody_from_a_page(monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)
    warm.start("there_is_no_such_module")
    warm.wait()
    assert "there_is_no_such_module" not in sys.modules
