"""Mail addresses: which can be used, and in which form they are kept."""

from __future__ import annotations

import re

from core.errors import BadSetting
from core.kept import kept
from core.language import tr

LONGEST, LONGEST_LOCAL = 254, 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def checked(text: str) -> str:
    """An address as it is kept: its domain in small letters, as the wire has it. Raises BadSetting for what is none.

    >>> checked(" Ann.Lee+x@Example.COM "), checked("info@Köln.de")
    ('Ann.Lee+x@example.com', 'info@xn--kln-sna.de')
    """
    address = text.strip()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise BadSetting(tr("This is no mail address."), hint=tr("It looks like name@example.com."))
    if has_control(address) or " " in address:
        raise BadSetting(tr("A mail address has no spaces or line breaks."))
    if not local.isascii():
        raise BadSetting(tr("Before the @ stand plain letters, without accents."))
    if len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise BadSetting(tr("What stands before the @ is no name of a mailbox."))
    return f"{local}@{_domain(domain)}"


def has_control(text: str) -> bool:
    """Whether a text holds line breaks or other signs that end a line of a mail's head.

    >>> has_control("a\\r\\nBcc: b@example.com"), has_control("Größe 3 🚀")
    (True, False)
    """
    return _CONTROL.search(text) is not None


def refuse_control(text: str, what: str) -> str:
    """The same text. Raises BadSetting where it holds a line break."""
    if has_control(text):
        raise BadSetting(CONTROL.format(what=what))
    return text


CONTROL = kept("The {what} of the mail holds a line break, so it was not sent.")


def _domain(domain: str) -> str:
    try:
        wire = domain.encode("idna").decode().lower()
    except UnicodeError:
        wire = ""
    labels = wire.split(".")
    if len(labels) < 2 or len(wire) > LONGEST - LONGEST_LOCAL or not all(_LABEL.fullmatch(one) for one in labels):
        raise BadSetting(tr("What stands after the @ is no name of a domain."))
    return wire
