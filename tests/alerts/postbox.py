"""A real mail server on this machine, and certificates of our own for it."""

import contextlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.config import Smtp

USER, PASSWORD = "reports", "corr ect-horse"


@dataclass
class Mail:
    """A mail that was taken, or is about to be."""

    sender: str
    to: list[str]
    raw: bytes

    @property
    def read(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]


@dataclass
class Postbox:
    """What arrived. `refuse` answers a stage ('mail', 'rcpt', 'data') with a line instead; `before_answer` is called when
    a mail is whole and not answered yet."""

    mails: list[Mail] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    before_answer: Callable[[Mail], None] = lambda mail: None
    port: int = 0
    security: str = "none"
    login: bool = False

    @property
    def smtp(self) -> Smtp:
        user, password = (USER, PASSWORD) if self.login else ("", "")
        sender = ("Größe & Co", "reports@sender.example")
        return Smtp("127.0.0.1", self.port, self.security, user, password, sender, timeout_s=5)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "mail" in self.refuse:
            return self.refuse["mail"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if "rcpt" in self.refuse:
            return self.refuse["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        mail = Mail(envelope.mail_from, envelope.rcpt_tos, envelope.original_content)
        if "data" in self.refuse:
            return self.refuse["data"]
        self.mails.append(mail)
        self.before_answer(mail)
        return "250 2.0.0 queued as 7"


class _Controller(Controller):
    def __init__(self, box: Postbox, context: ssl.SSLContext | None) -> None:
        self._box, self._tls = box, context
        super().__init__(box, hostname="127.0.0.1", port=0, ssl_context=context if box.security == "tls" else None)

    def factory(self) -> SMTP:
        box = self._box

        def allowed(server, session, envelope, mechanism, data) -> AuthResult:
            good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
            return AuthResult(success=good, handled=False)

        return SMTP(
            box,
            hostname="mail.test",
            tls_context=self._tls if box.security == "starttls" else None,
            require_starttls=box.security == "starttls",
            auth_required=box.login,
            auth_require_tls=False,
            authenticator=allowed,
            decode_data=False,
        )

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def serving(box: Postbox, certificate: Path | None = None) -> Iterator[Postbox]:
    """Serve it for as long as the block lasts."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    controller = _Controller(box, context)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def self_made(folder: Path, host: str = "127.0.0.1") -> Path:
    """A certificate for a host, and its key, in one file; it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    with contextlib.suppress(ValueError):
        other: x509.GeneralName = x509.IPAddress(ip_address(host))
    if not host[0].isdigit():
        other = x509.DNSName(host)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    hidden = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(hidden + made.public_bytes(serialization.Encoding.PEM))
    return path
