"""How a file leaves: under its own name, and as a file."""

from __future__ import annotations

from urllib.parse import quote


def disposition(name: str) -> str:
    """The header that names a file that is saved (RFC 6266), whatever letters its name has.

    >>> disposition("Größe.pdf")
    "attachment; filename=\\"Gr__e.pdf\\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"
    """
    plain = "".join(sign if sign.isascii() and sign not in '"\\\\' and sign.isprintable() else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
