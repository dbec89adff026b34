"""The FastAPI application and how it stands beside the dashboard on one port."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors
from core.registry import discover

PREFIXES = ("/api", "/oauth", "/r", "/u", "/webhooks")


def create() -> FastAPI:
    """The application with every router found in `api/routes/`."""
    app = FastAPI(title="Plumbline", version="1", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    errors.install(app)
    for router in discover("api.routes", "ROUTER", APIRouter).values():
        app.include_router(router)
    return app


def routes(app: FastAPI) -> list[BaseRoute]:
    """What the dashboard's ASGI application serves itself: the prefixes whole, and single paths such as /healthz."""
    whole = _WholePath(app)
    paths = [path for path in app.openapi()["paths"] if f"/{path.split('/')[1]}" not in PREFIXES]
    return [*(Mount(prefix, whole) for prefix in PREFIXES), *(Route(path, endpoint=whole) for path in paths)]


class _WholePath:
    """Hands the application the whole path, which a Mount would have cut at its prefix."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "root_path": scope.get("app_root_path", "")}, receive, send)
