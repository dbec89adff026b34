"""Where a request is really sent: to the platform, or by way of a gateway such as the sandbox."""

from __future__ import annotations

from urllib.parse import urlsplit

NOT_A_PLUGIN = True


def through(gateway: str, url: str) -> str:
    """Where a request for `url` is sent: to itself, or by way of a gateway.

    >>> through("http://localhost:9000", "https://api.x.com/2/users/me")
    'http://localhost:9000/api.x.com/2/users/me'
    """
    if not gateway:
        return url
    parts = urlsplit(url)
    return f"{gateway.rstrip('/')}/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
