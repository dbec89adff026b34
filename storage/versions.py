"""A counter per workspace that goes up with every change, so that caches know when to ask again."""

from __future__ import annotations

from sqlalchemy import Connection, text


def bump(connection: Connection, workspace_id: int) -> None:
    """Say that something a screen shows has changed."""
    connection.execute(
        text(
            "INSERT INTO store_version (workspace_id, version) VALUES (:workspace, 1) "
            "ON CONFLICT (workspace_id) DO UPDATE SET version = store_version.version + 1"
        ),
        {"workspace": workspace_id},
    )


def get(connection: Connection, workspace_id: int) -> int:
    """The counter; 0 for a workspace in which nothing happened yet."""
    found = connection.execute(
        text("SELECT version FROM store_version WHERE workspace_id = :workspace"), {"workspace": workspace_id}
    ).scalar()
    return int(found or 0)
