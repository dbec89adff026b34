"""Putting the installation together: open the store, know the site's own address."""

from __future__ import annotations

from analytics.metrics.registry import DIMENSIONS, METRICS
from core.config import Config
from core.viewer import Viewer
from services.connecting import credentials
from storage import catalog, database, studies, versions


class _Address:
    """Where this process serves the site; empty in a process that serves nothing."""

    own = ""
    public = ""


def open_store(settings: Config) -> None:
    """Open the database (backup, migrations) and the vault, and write the metric catalogue for readers of plain SQL.

    Raises AppError in one line that says what to do: a wrong address, a corrupt file, a bad or missing key.
    """
    opened = database.open_database(settings.database_url, settings.data_dir)
    with opened.write() as connection:
        catalog.write(connection, METRICS.values(), DIMENSIONS.values())
    database.use(opened)
    credentials.open_vault(opened)


def serve_at(own: str, public: str = "") -> None:
    """Note the address this process serves at, and the one browsers use."""
    _Address.own = own
    _Address.public = public or own.replace("//127.0.0.1", "//localhost")


def address() -> str:
    """The address browsers use, without a slash at the end; empty when this process serves no site."""
    return _Address.public


def sandbox_gateway() -> str:
    """The gateway of the sandbox this process serves, or empty."""
    return f"{_Address.own}/sandbox" if _Address.own else ""


def version(viewer: Viewer) -> str:
    """A text that changes whenever the workspace's numbers or studies do; caches are keyed by it."""
    with database.current().read() as connection:
        return f"{versions.get(connection, viewer.workspace_id)}.{studies.newest(connection, viewer.workspace_id)}"
