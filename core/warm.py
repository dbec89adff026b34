"""What is slow to import, imported while the browser loads its own files; whoever needs it waits until it is there.

Two threads that import parts of one package at the same moment can each see the other's half of it.
"""

from __future__ import annotations

import importlib
import threading

_LONGEST_S = 60.0
_done = threading.Event()
_done.set()


def start(*modules: str) -> None:
    """Begin to import, beside everything else. What cannot be imported is said by whoever needs it."""
    _done.clear()
    threading.Thread(target=_load, args=(modules,), name="warm", daemon=True).start()


def wait() -> None:
    """Wait until what was begun is there; at once where nothing was."""
    _done.wait(_LONGEST_S)


def _load(modules: tuple[str, ...]) -> None:
    try:
        for module in modules:
            importlib.import_module(module)
    finally:
        _done.set()
