"""The whole site in a process of its own, and a real browser in front of it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
          "--disable-sync", "--no-first-run"]  # fmt: skip


@dataclass
class Site:
    """A running site."""

    url: str
    folder: Path
    process: subprocess.Popen

    def output(self) -> str:
        return (self.folder / "out.log").read_text()

    def stop(self, sign: int = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        return self.process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    with contextlib.suppress(URLError, OSError), urlopen(url, timeout=2) as answer:
        return answer.status == 200
    return False


def start(folder: Path, *arguments: str, wait: bool = True, **settings: str) -> Site:
    """Start a site on a folder, and wait until it is ready."""
    port = settings.setdefault("PLUMBLINE_PORT", str(free_port()))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLUMBLINE_")}
    environment = clean | {"PLUMBLINE_DATA_DIR": str(folder / "data")} | settings
    with (folder / "out.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "serve.py", *arguments], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    site = Site(f"http://localhost:{port}", folder, process)
    deadline = time.monotonic() + 90
    while wait and not answers(f"{site.url}/readyz"):
        assert process.poll() is None, site.output()
        assert time.monotonic() < deadline, site.output()
        time.sleep(0.1)
    return site


def gone(site: Site) -> None:
    """Make sure a site is stopped."""
    if site.process.poll() is None:
        site.process.kill()
        site.process.wait()


@pytest.fixture
def serve(tmp_path):
    """Start sites on a fresh folder; every one is stopped at the end."""
    started = []

    def begin(*arguments: str, **settings: str) -> Site:
        started.append(start(tmp_path, *arguments, **settings))
        return started[-1]

    yield begin
    for site in started:
        gone(site)


@pytest.fixture(scope="module")
def chromium():
    """A browser, closed after its module: while it is open, an event loop runs in this process."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine; install Debian's package of that name")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page whose every request must go to this machine (U53)."""
    with watched(chromium) as opened:
        yield opened


@contextlib.contextmanager
def watched(chromium, **options):
    """A page of its own context that must not be sent anywhere else."""
    context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
    opened = context.new_page()
    outside = []
    opened.on(
        "request",
        lambda request: (
            outside.append(request.url)
            if urlsplit(request.url).hostname not in ("localhost", "127.0.0.1")
            and not request.url.startswith(("data:", "blob:"))
            else None
        ),
    )
    yield opened
    context.close()
    assert outside == [], f"the browser was sent elsewhere: {outside}"
