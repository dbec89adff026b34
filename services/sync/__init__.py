"""From a platform into the store: `sync_connection` reads what is due of one connection, window by window.

In order: `rhythm` says when, `planning` which windows, `collecting` checks what one brought, `storing` writes it in one
transaction with `marking` (why a number is there, or is not) and `daily` (differences of counters), `reporting` says
how it went; `run` calls them, and `connection` lets nobody else read the connection meanwhile.
"""

from services.sync.connection import close_dead_runs, is_running, locked, sync_connection
from services.sync.run import Progress

__all__ = ["Progress", "close_dead_runs", "is_running", "locked", "sync_connection"]
