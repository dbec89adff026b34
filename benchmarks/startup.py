"""From starting the site to its first page, against an empty Streamlit page on the same machine in the same run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """A port nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seconds_to(url: str, command: list[str], environment: dict[str, str], folder: Path) -> float:
    """How long until `command`, started now, answers `url` with 200."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - began < 120:
            try:
                with urlopen(url, timeout=1) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - began
            except (URLError, OSError):
                time.sleep(0.05)
        raise TimeoutError(url)
    finally:
        process.terminate()
        process.wait(timeout=30)


def run() -> None:
    """Print start-up times of an empty Streamlit page, of the site on a fresh folder, and of the site again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty.py").write_text("import streamlit as st\nst.write('hello')\n")
        port = free_port()
        flags = ["--server.port", str(port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
        empty = seconds_to(
            f"http://127.0.0.1:{port}/_stcore/health",
            [sys.executable, "-m", "streamlit", "run", "empty.py", *flags], {}, folder,
        )  # fmt: skip
        print(f"start-up: empty Streamlit page {empty:.2f} s")
        for what in ("first start, fresh folder", "second start"):
            port = free_port()
            environment = {"PLUMBLINE_DATA_DIR": str(folder / "data"), "PLUMBLINE_PORT": str(port)}
            ours = seconds_to(f"http://127.0.0.1:{port}/readyz", [sys.executable, "serve.py"], environment, ROOT)
            print(f"start-up: Plumbline, {what} {ours:.2f} s, {ours / empty:.1f} x the empty page")


if __name__ == "__main__":
    run()
