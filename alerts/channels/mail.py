"""Mail, through the installation's mail server: encrypted, or it is not sent.

The message is given whole, then the caller is told, then goes the dot that ends it: whoever is killed before the dot
has sent nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from alerts.addresses import checked, refuse_control
from core.config import Config, Smtp
from core.errors import MayHaveArrived, NotConnected, RefusedRequest, SourceUnavailable
from core.kept import kept
from core.language import mark
from core.message import Channel, HandingOver, Message

NO_SERVER = mark("There is no mail server yet.")
SET_ONE = mark("Set PLUMBLINE_SMTP_HOST and PLUMBLINE_SMTP_FROM.")
UNREACHABLE = kept("The mail server could not be reached: {why}.")
NOT_TRUSTED = kept("The certificate of the mail server is not trusted: {why}.")
NO_STARTTLS = mark("The mail server offers no encryption, so nothing was sent.")
LOGIN_REFUSED = kept("The mail server refused the login: “{answer}”")
STRANGE_LETTERS = mark("The name, the password or the host of the mail server has letters that cannot be sent.")
REFUSED = kept("The mail server refused the message: “{answer}”")
NOT_NOW = kept("The mail server took no message now: “{answer}”")
SILENT = mark("The mail server was given the message and did not answer: it may have arrived.")
BROKE_OFF = kept("The connection to the mail server broke off: {why}.")
_LONGEST_ANSWER = 300
_7BIT = SMTP.clone(cte_type="7bit")


def send(message: Message, to: str, settings: Config, handing_over: HandingOver) -> str:
    """Send a mail; answers what the server said."""
    if not settings.smtp.host:
        raise NotConnected(NO_SERVER, hint=SET_ONE)
    written = wire(message, to, settings.smtp)
    with _connected(settings.smtp) as server, _translated():
        _expect(server.mail(settings.smtp.sender[1]))
        _expect(server.rcpt(checked(to)))
        _expect(server.docmd("DATA"), first=3)
        server.send(re.sub(rb"(?m)^\.", b"..", written))
        handing_over()
        try:
            server.send(b".\r\n")
            answer = server.getreply()
        except (OSError, smtplib.SMTPException):
            raise MayHaveArrived(SILENT) from None
        return _expect(answer)


def wire(message: Message, to: str, smtp: Smtp) -> bytes:
    """The mail as it goes over the wire, ended by a line break. Raises BadSetting for a line break in its head."""
    made = EmailMessage(policy=_7BIT)
    name, sender = smtp.sender
    made["From"] = Address(refuse_control(name, "sender"), addr_spec=refuse_control(sender, "sender"))
    made["To"] = checked(to)
    made["Subject"] = refuse_control(message.subject, "subject")
    made["Date"] = format_datetime(message.at)
    made["Message-ID"] = message_id(message, sender)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.text, cte="quoted-printable")
    if message.html:
        made.add_alternative(message.html, subtype="html", cte="quoted-printable")
        _draw(made, message)
    for file in message.attachments:
        kind, _, subtype = file.media_type.partition(";")[0].partition("/")
        name = refuse_control(file.name, "file name")
        made.add_attachment(file.content, maintype=kind, subtype=subtype, filename=name)
    written = _leaving(message) + made.as_bytes()
    return written if written.endswith(b"\r\n") else written + b"\r\n"


def message_id(message: Message, sender: str) -> str:
    """The name of a mail all over the world: the same when it is sent again, so that a second copy is known as one."""
    made = hashlib.sha256(message.id.encode()).hexdigest()[:32]
    return f"<{made}@{sender.rpartition('@')[2]}>"


def _leaving(message: Message) -> bytes:
    """How mail programs offer to unsubscribe, by one click (RFC 8058) where that is encrypted. Written by hand: what
    folds long lines would cut the address."""
    if not message.unsubscribe:
        return b""
    address = quote(refuse_control(message.unsubscribe, "link"), safe=":/?&=%.-_~")
    one_click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if address.startswith("https://") else ""
    return f"List-Unsubscribe: <{address}>\r\n{one_click}".encode()


def _draw(made: EmailMessage, message: Message) -> None:
    page = made.get_payload(1)
    if isinstance(page, MIMEPart):
        for one in message.pictures:
            name = f"{one.cid}.png"
            page.add_related(one.content, "image", "png", cid=f"<{one.cid}>", filename=name, disposition="inline")


@contextlib.contextmanager
def _connected(smtp: Smtp) -> Iterator[smtplib.SMTP]:
    """The mail server after login. What fails here fails for every mail."""
    with contextlib.ExitStack() as stack:
        try:
            server = _open(smtp, ssl.create_default_context())
            stack.callback(server.close)
            _prepare(server, smtp)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise _of_all(_unreachable(error)) from None
        yield server
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.putcmd("QUIT")  # and no wait for an answer: what was sent is to be noted at once


def _open(smtp: Smtp, context: ssl.SSLContext) -> smtplib.SMTP:
    own_name = smtp.sender[1].rpartition("@")[2]
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(
            smtp.host, smtp.port, local_hostname=own_name, timeout=smtp.timeout_s, context=context
        )  # fmt: skip
    return smtplib.SMTP(smtp.host, smtp.port, local_hostname=own_name, timeout=smtp.timeout_s)


def _prepare(server: smtplib.SMTP, smtp: Smtp) -> None:
    server.ehlo_or_helo_if_needed()
    if smtp.security == "starttls":
        if not server.has_extn("starttls"):
            raise _of_all(SourceUnavailable(NO_STARTTLS))
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    if smtp.user:
        server.login(smtp.user, smtp.password)


def _unreachable(error: Exception) -> SourceUnavailable:
    if isinstance(error, ssl.SSLCertVerificationError):
        return SourceUnavailable(NOT_TRUSTED.format(why=error.verify_message))
    if isinstance(error, UnicodeError):
        return SourceUnavailable(STRANGE_LETTERS)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return SourceUnavailable(LOGIN_REFUSED.format(answer=_told(error.smtp_code, error.smtp_error)))
    if isinstance(error, smtplib.SMTPResponseException):
        return SourceUnavailable(NOT_NOW.format(answer=_told(error.smtp_code, error.smtp_error)))
    return SourceUnavailable(UNREACHABLE.format(why=_why(error)))


def _of_all(error: SourceUnavailable) -> SourceUnavailable:
    error.of_all = True
    return error


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """What breaks before the message is handed over may be tried again."""
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise SourceUnavailable(BROKE_OFF.format(why=_why(error))) from None


def _expect(answer: tuple[int, bytes], first: int = 2) -> str:
    """The server's words. Raises SourceUnavailable where it says "later", RefusedRequest where it says "never"."""
    code, said = answer
    told = _told(code, said)
    if code // 100 == first:
        return told
    if code // 100 == 5:
        raise RefusedRequest(REFUSED.format(answer=told))
    raise SourceUnavailable(NOT_NOW.format(answer=told))


def _told(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(f"{code} {text}".split())[:_LONGEST_ANSWER]


def _why(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", "") or error or type(error).__name__).split())[:_LONGEST_ANSWER]


CHANNEL = Channel(mark("Mail"), mark("To everyone on a mailing list."), False, checked, send)
