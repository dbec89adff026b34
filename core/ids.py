"""64-bit, time-ordered ids made by the application: rows cluster by age, and a workspace can move to another server."""

from __future__ import annotations

import secrets
import threading

from core.clock import epoch_ms, utc_now

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00Z
_RANDOM_BITS = 22
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A positive id below 2**63, larger than any made before in this process; 22 random bits keep processes apart.

    >>> a, b = new_id(), new_id()
    >>> a < b < 2**63
    True
    """
    global _last
    fresh = ((epoch_ms(utc_now()) - _EPOCH_MS) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    with _lock:
        _last = max(fresh, _last + 1 + secrets.randbits(8))
        return _last
