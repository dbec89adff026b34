"""Serve the site on one port: `python serve.py [--demo]`. Says in one line what is wrong when it cannot start."""

from __future__ import annotations

import argparse
import os
import socket
import sys

import uvicorn

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
        listening = listen(settings.host, settings.port)
        port = listening.getsockname()[1]
        os.environ["PLUMBLINE_PORT"] = str(port)
        print(f"\n  Plumbline is starting at {settings.base_url or f'http://localhost:{port}'}\n", flush=True)
        from streamlit import config as streamlit_config

        from streamlit_app import app  # opens the store, so that a broken one stops us here

        for option, value in (("server.port", port), ("server.address", settings.host)):
            streamlit_config.set_option(option, value)
    except AppError as error:
        print(f"Plumbline cannot start. {error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    uvicorn.Server(uvicorn.Config(app, access_log=False, use_colors=False, log_level="warning")).run([listening])
    return 0


def listen(host: str, wanted: int | None) -> socket.socket:
    """A socket at the wanted port, refused with BadSetting when it is taken; else the first free from 8501 on."""
    if wanted is not None:
        found = _bound(host, wanted)
        if found is None:
            raise BadSetting(
                f"Port {wanted} is already in use.",
                hint="Stop what uses it, or set PLUMBLINE_PORT to another one.",
            )
        return found
    for port in range(FIRST_PORT, FIRST_PORT + _TRIED):
        found = _bound(host, port)
        if found is not None:
            return found
    raise BadSetting(
        f"No port from {FIRST_PORT} to {FIRST_PORT + _TRIED - 1} is free.", hint="Set PLUMBLINE_PORT to a free one."
    )


def _bound(host: str, port: int) -> socket.socket | None:
    """Names its protocol, because asyncio sends small answers at once (TCP_NODELAY) only where it is named."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        return None
    return made


if __name__ == "__main__":
    sys.exit(main())
