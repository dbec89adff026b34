"""Faults that can be switched on while the sandbox runs: `faults.set("x", "rate_limited", times=2)`, `faults.clear()`.

Every fault takes `times` (how many answers it spoils; without it, until cleared) and `only` (a text the path must
contain). More options:

    server_error     status=500
    rate_limited     retry_after_s=2       with the platform's own headers; X knows cap=True, its monthly cap
    time_out         seconds=60            holds the answer back; ends early when the fault is cleared
    truncated_json   -                     the body stops half way
    expired_token    -                     access tokens issued until now are expired; a refreshed one is good
    revoked_token    -                     all tokens issued until now are revoked; only a new consent helps
    missing_scope    scope="..."           the grant lacks this scope; without it, the route's last one
    empty_account    -                     the account has no posts, no followers, no numbers
    one_page         -                     few posts: everything fits one page
    many_pages       size=5                pages hold at most this many items
    retired_metric   metric="..."          the platform no longer knows a metric (in its own name); platform words it
    new_enum         value="HOLOGRAM"      a kind of post nobody has seen yet
    restated         factor=1.25, days=3   the newest days show other values than before
    account_gone     -                     the account was deleted or closed
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

NOT_A_PLUGIN = True

NAMES = (
    "empty_account",
    "one_page",
    "many_pages",
    "rate_limited",
    "server_error",
    "time_out",
    "truncated_json",
    "expired_token",
    "revoked_token",
    "missing_scope",
    "retired_metric",
    "new_enum",
    "restated",
    "account_gone",
)


@dataclass(slots=True)
class Fault:
    """One fault that is on for a platform. `serial` orders it among issued tokens; `left` counts `times` down."""

    platform: str
    name: str
    options: dict[str, Any] = field(default_factory=dict)
    only: str = ""
    left: int | None = None
    serial: int = 0


class Faults:
    """The faults that are on, by platform. Safe to change from any thread."""

    def __init__(self) -> None:
        self._on: dict[tuple[str, str], Fault] = {}
        self._lock = threading.Lock()
        self._serial = 0

    def next_serial(self) -> int:
        """A number greater than all before; tokens and faults share them, so that it is known which came first."""
        with self._lock:
            self._serial += 1
            return self._serial

    def set(self, platform: str, name: str, *, times: int | None = None, only: str = "", **options: Any) -> Fault:
        """Switch a fault on. Raises ValueError for a name that is not in `NAMES`."""
        if name not in NAMES:
            raise ValueError(f"There is no fault called '{name}'. There are: {', '.join(NAMES)}.")
        fault = Fault(platform, name, options, only, times, self.next_serial())
        with self._lock:
            self._on[platform, name] = fault
        return fault

    def clear(self, platform: str | None = None, name: str | None = None) -> None:
        """Switch off: everything, all of a platform, or one."""
        with self._lock:
            for key in [key for key in self._on if platform in (None, key[0]) and name in (None, key[1])]:
                del self._on[key]

    def on(self, platform: str, name: str, path: str = "") -> Fault | None:
        """The fault, if it is on for this path. Does not count as a use."""
        with self._lock:
            fault = self._on.get((platform, name))
            return fault if fault and fault.only in path and fault.left != 0 else None

    def take(self, platform: str, name: str, path: str = "") -> Fault | None:
        """The fault, if it is on for this path; uses one of its `times`."""
        with self._lock:
            fault = self._on.get((platform, name))
            if fault is None or fault.only not in path or fault.left == 0:
                return None
            if fault.left is not None:
                fault.left -= 1
            return fault

    def listed(self) -> list[dict[str, Any]]:
        """What is on, as plain values."""
        with self._lock:
            return [
                {"platform": f.platform, "name": f.name, "only": f.only, "left": f.left, "options": dict(f.options)}
                for f in self._on.values()
            ]
