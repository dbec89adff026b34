"""Serve the site on one port: `python serve.py [--demo]`. Says in one line what is wrong when it cannot start."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from contextlib import closing

from core import config
from core.errors import AppError, BadSetting

FIRST_PORT = 8501
_TRIED = 50


def main() -> int:
    """Check the settings, open the store, find a port, serve until stopped. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="serve.py", description="Serve Plumbline.")
    parser.add_argument("--demo", action="store_true", help="fill a demo workspace first, unless there is one")
    if parser.parse_args().demo:
        os.environ["PLUMBLINE_DEMO"] = "on"
    try:
        settings = config.load()
        port = free_port(settings.host, settings.port)
        os.environ["PLUMBLINE_PORT"] = str(port)
        print(f"\n  Plumbline is starting at {settings.base_url or f'http://localhost:{port}'}\n", flush=True)
        from streamlit_app import app  # opens the store, so that a broken one stops us here
    except AppError as error:
        print(f"Plumbline cannot start. {error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    app.run(config={"server.port": port, "server.address": settings.host, "server.headless": True})
    return 0


def free_port(host: str, wanted: int | None) -> int:
    """The wanted port, refused with BadSetting when it is taken; without one, the first free from 8501 on."""
    if wanted is not None:
        if not _is_free(host, wanted):
            raise BadSetting(
                f"Port {wanted} is already in use.",
                hint="Stop what uses it, or set PLUMBLINE_PORT to another one.",
            )
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + _TRIED):
        if _is_free(host, port):
            return port
    raise BadSetting(
        f"No port from {FIRST_PORT} to {FIRST_PORT + _TRIED - 1} is free.", hint="Set PLUMBLINE_PORT to a free one."
    )


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
