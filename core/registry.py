"""Finding plugins: every public module of a plugin folder declares one thing, and nothing needs to be listed."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TypeVar

from core.errors import AppError

T = TypeVar("T")


@cache
def _discover(package: str, attribute: str, kind: type[object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if module.name.startswith("_") or module.ispkg:
            continue
        loaded = importlib.import_module(f"{package}.{module.name}")
        thing = getattr(loaded, attribute, None)
        if thing is None and getattr(loaded, "NOT_A_PLUGIN", False):
            continue
        if not isinstance(thing, kind):
            raise AppError(
                f"{package}/{module.name}.py declares no {attribute} of type {kind.__name__}.",
                hint="Every public module in a plugin folder declares one.",
            )
        found[module.name] = thing
    return found


def discover(package: str, attribute: str, kind: type[T]) -> dict[str, T]:
    """Module name -> the `attribute` it declares, for every public module of `package`, in name order.

    A module that is part of the folder's machinery says so with `NOT_A_PLUGIN = True`. Raises AppError for a public
    module that declares nothing.
    """
    return dict(_discover(package, attribute, kind))  # type: ignore[arg-type]
