"""`python -m sandbox --port 9000 [--now 2026-11-21T08:00:00Z]`: serve the gateway alone, with `/_control/`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

import uvicorn

from sandbox.server import create_app, uvicorn_config
from sandbox.world import World


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Stand in for all platforms, on this machine."
    )
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument(
        "--now", type=_moment, default=None, help="the moment the world stands at; the clock's by default"
    )
    asked = parser.parse_args()
    print(f"Gateway: http://127.0.0.1:{asked.port}", flush=True)
    uvicorn.Server(uvicorn_config(create_app(World(asked.now)), host="127.0.0.1", port=asked.port)).run()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
