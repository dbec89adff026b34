"""Processes beside the site: they go when it goes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = """
import os, time
from services.installation.crew import crew

def work(name, tell):
    tell(name, 0.5, str(os.getpid()))
    time.sleep(600)

if __name__ == "__main__":
    with crew(lambda name, share, text: print(text, flush=True), 2, 2) as both:
        both.each(work, ["a", "b"])
"""


def alive(pid: int) -> bool:
    try:
        return not Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_it_leaves_no_process_behind_a_site_that_is_killed(tmp_path):
    script = tmp_path / "site.py"
    script.write_text(SITE)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PLUMBLINE_DATA_DIR": str(tmp_path)}
    site = subprocess.Popen([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True)
    beside = [int(site.stdout.readline()) for _ in range(2)]
    assert all(map(alive, beside))
    site.send_signal(signal.SIGKILL)
    site.wait()
    deadline = time.monotonic() + 30
    while any(map(alive, beside)):
        assert time.monotonic() < deadline, "they wait for work that never comes"
        time.sleep(0.1)
