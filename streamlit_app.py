"""The ASGI application: the dashboard, the API, OAuth, health checks, the sandbox and the scheduler on one port.

`streamlit run streamlit_app.py` starts everything; `python serve.py` does too, and finds a free port first.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
from starlette.routing import Mount

from api.app import create, routes
from core import config, logs, warm
from core.errors import BadSetting
from sandbox.server import lazy_app
from scheduler import run
from services.installation import demo, site

SCRIPT = Path(__file__).parent / "ui" / "main.py"
settings = config.load()
logs.configure(settings.log_level)
site.open_store(settings)


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start what runs beside the pages, and stop it with them. The first page that compares waits for no import."""
    host = st.get_option("server.address") or "127.0.0.1"
    if host not in config.LOOPBACK:
        raise BadSetting(
            "Until sign-in exists the site serves only this machine.", hint="Use --server.address 127.0.0.1."
        )
    site.serve_at(f"http://{host}:{st.get_option('server.port')}", settings.base_url)
    with run.in_process() if settings.scheduler else contextlib.nullcontext():
        # A first overview opened at once stood there after 14.9 s instead of 22.3 s, and the site was ready no later
        # (medians of four starts each, two busy cores): the import runs while the browser loads its own files.
        warm.start("scipy.stats")
        if settings.demo:
            demo.start_in_background()
        yield


app = st.App(SCRIPT, lifespan=lifespan, routes=[*routes(create()), Mount("/sandbox", lazy_app())])
