"""Every setting, declared once. The only place that reads the environment.

A secret may come from a file: `NAME_FILE` names it. A wrong value stops the start with one line that says what to do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from core.errors import BadSetting

T = TypeVar("T")
_APP_KEY = re.compile(r"PLUMBLINE_(?P<platform>[A-Z0-9_]+)_CLIENT_(ID|SECRET(_FILE)?)")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, default, whether it is secret, and one sentence for the reference page."""

    name: str
    default: str
    help: str
    secret: bool = False


SETTINGS = (
    Setting("PLUMBLINE_HOST", "127.0.0.1", "Address to serve on. Only loopback until sign-in exists."),
    Setting("PLUMBLINE_PORT", "", "Port to serve on. Empty: 8501, or the next free one. When set, used or refused."),
    Setting(
        "PLUMBLINE_BASE_URL",
        "",
        "The public address of the site: for the redirect address of OAuth, for notices of platforms (webhooks), "
        "and for links. Empty: http://localhost:port.",
    ),
    Setting("PLUMBLINE_DATA_DIR", "data", "Folder for the database, its backups and the key file."),
    Setting("DATABASE_URL", "", "postgresql://user:password@host/name. Empty: SQLite in the data folder.", secret=True),
    Setting(
        "PLUMBLINE_SECRET_KEY",
        "",
        "32 bytes in base64 or hex that encrypt stored tokens. Empty: made on first "
        "start and kept in the data folder with mode 600.",
        secret=True,
    ),
    Setting(
        "PLUMBLINE_OLD_SECRET_KEYS", "", "Earlier keys, separated by commas, still accepted for reading.", secret=True
    ),
    Setting(
        "PLUMBLINE_GATEWAY",
        "",
        "Send what is meant for https://host/path to <gateway>/host/path. Empty: to the platforms.",
    ),
    Setting(
        "PLUMBLINE_SCHEDULER",
        "on",
        "'on' runs the scheduler inside the site's process, 'off' leaves it to `python -m scheduler`.",
    ),
    Setting("PLUMBLINE_DEMO", "off", "'on' fills a demo workspace at start, unless there is one already."),
    Setting(
        "PLUMBLINE_LLM_URL",
        "",
        "An OpenAI-compatible endpoint that may reword insights, such as http://localhost:11434/v1. Empty: off, and "
        "nothing is sent. Every figure it returns is checked; people's names, mail addresses and numbers are not sent.",
    ),
    Setting("PLUMBLINE_LLM_MODEL", "", "The model to ask there. Needed with PLUMBLINE_LLM_URL."),
    Setting("PLUMBLINE_LLM_KEY", "", "The key to it, where it wants one.", secret=True),
    Setting("PLUMBLINE_SMTP_HOST", "", "The mail server that reports are sent through. Empty: no mail is sent."),
    Setting("PLUMBLINE_SMTP_PORT", "", "Its port. Empty: 587 for starttls, 465 for tls, 25 for none."),
    Setting(
        "PLUMBLINE_SMTP_SECURITY",
        "starttls",
        "'starttls', 'tls' or 'none'. Certificates are checked; with 'none' no password is sent but to this machine.",
    ),
    Setting("PLUMBLINE_SMTP_USER", "", "The name to log in with. Empty: no login."),
    Setting("PLUMBLINE_SMTP_PASSWORD", "", "The password to it.", secret=True),
    Setting(
        "PLUMBLINE_SMTP_FROM", "", "Who mails come from, such as Reports <reports@example.com>. Needed with the host."
    ),
    Setting("PLUMBLINE_SMTP_TIMEOUT", "30", "Seconds to wait for the mail server each time."),
    Setting("PLUMBLINE_SPECS", "", "Folder of the platforms' official specifications; only tests read it."),
    Setting("PLUMBLINE_LOG_LEVEL", "info", "debug, info, warning or error."),
    Setting(
        "PLUMBLINE_<PLATFORM>_CLIENT_ID",
        "",
        "Client id of your own app at a platform (YOUTUBE, X ...), for all workspaces.",
    ),
    Setting("PLUMBLINE_<PLATFORM>_CLIENT_SECRET", "", "Its secret.", secret=True),
)


@dataclass(frozen=True, slots=True, repr=False)
class Smtp:
    """The mail server. `sender` is a name, which may be empty, and an address. Its repr shows no password."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    sender: tuple[str, str] = ("", "")
    timeout_s: float = 30.0

    def __repr__(self) -> str:
        return f"Smtp({self.host!r}, {self.port!r}, {self.security!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Config:
    """The settings as values. Its repr shows no secret."""

    host: str
    port: int | None
    base_url: str
    data_dir: Path
    database_url: str
    secret_key: str
    old_secret_keys: tuple[str, ...]
    gateway: str
    scheduler: bool
    demo: bool
    log_level: str
    app_keys: Mapping[str, tuple[str, str]]
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = ""
    smtp: Smtp = Smtp()

    def __repr__(self) -> str:
        return f"Config(host={self.host!r}, port={self.port!r}, data_dir={str(self.data_dir)!r})"


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read all settings. Raises BadSetting for the first one that cannot be used.

    >>> load({"PLUMBLINE_PORT": "9000"}).port
    9000
    """
    source = os.environ if environ is None else environ
    _refuse_unknown(source)
    values = {setting.name: _read(setting.name, source, setting) for setting in SETTINGS if "<" not in setting.name}
    if values["PLUMBLINE_LLM_URL"] and not values["PLUMBLINE_LLM_MODEL"]:
        raise BadSetting("PLUMBLINE_LLM_URL is set without a model.", hint="Set PLUMBLINE_LLM_MODEL too.")
    data_dir = Path(values["PLUMBLINE_DATA_DIR"]).expanduser().resolve()
    return Config(
        host=_checked(values, "PLUMBLINE_HOST", _host),
        port=_checked(values, "PLUMBLINE_PORT", _port),
        base_url=_checked(values, "PLUMBLINE_BASE_URL", _web_address),
        data_dir=data_dir,
        database_url=_checked(values, "DATABASE_URL", _database) or f"sqlite:///{data_dir / 'plumbline.db'}",
        secret_key=values["PLUMBLINE_SECRET_KEY"],
        old_secret_keys=tuple(key.strip() for key in values["PLUMBLINE_OLD_SECRET_KEYS"].split(",") if key.strip()),
        gateway=_checked(values, "PLUMBLINE_GATEWAY", _web_address),
        scheduler=_checked(values, "PLUMBLINE_SCHEDULER", _switch),
        demo=_checked(values, "PLUMBLINE_DEMO", _switch),
        log_level=_checked(values, "PLUMBLINE_LOG_LEVEL", _level),
        app_keys=_app_keys(source),
        llm_url=_checked(values, "PLUMBLINE_LLM_URL", _bare_address),
        llm_model=values["PLUMBLINE_LLM_MODEL"],
        llm_key=values["PLUMBLINE_LLM_KEY"],
        smtp=_smtp(values),
    )


def _smtp(values: Mapping[str, str]) -> Smtp:
    security = _checked(values, "PLUMBLINE_SMTP_SECURITY", _security)
    made = Smtp(
        host=values["PLUMBLINE_SMTP_HOST"],
        port=_checked(values, "PLUMBLINE_SMTP_PORT", _port) or SMTP_PORTS[security],
        security=security,
        user=values["PLUMBLINE_SMTP_USER"],
        password=values["PLUMBLINE_SMTP_PASSWORD"],
        sender=_checked(values, "PLUMBLINE_SMTP_FROM", _sender),
        timeout_s=_checked(values, "PLUMBLINE_SMTP_TIMEOUT", _seconds),
    )
    if made.host and not made.sender[1]:
        raise BadSetting("PLUMBLINE_SMTP_HOST is set without a sender.", hint="Set PLUMBLINE_SMTP_FROM too.")
    if made.password and security == "none" and made.host not in LOOPBACK:
        raise BadSetting(
            "PLUMBLINE_SMTP_PASSWORD would be sent for everyone to read.",
            hint="Set PLUMBLINE_SMTP_SECURITY to starttls or tls, or leave out user and password.",
        )
    return made


def _security(text: str) -> str:
    if text.lower() not in SMTP_PORTS:
        raise ValueError("It is 'starttls', 'tls' or 'none'.")
    return text.lower()


def _sender(text: str) -> tuple[str, str]:
    name, address = parseaddr(text)
    if text and not _ADDRESS.fullmatch(address):
        raise ValueError("It looks like Reports <reports@example.com>.")
    return name, address


def _seconds(text: str) -> float:
    if not text.isdigit() or not 1 <= int(text) <= 300:
        raise ValueError("Give a number of seconds from 1 to 300.")
    return float(text)


def _refuse_unknown(source: Mapping[str, str]) -> None:
    known = {setting.name for setting in SETTINGS} | {f"{setting.name}_FILE" for setting in SETTINGS if setting.secret}
    for name in source:
        if name.startswith("PLUMBLINE_") and name not in known and not _APP_KEY.fullmatch(name):
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}?" if near else "The reference page of settings lists all."
            raise BadSetting(f"There is no setting called {name}.", hint=hint)


def _read(name: str, source: Mapping[str, str], setting: Setting) -> str:
    file_name = source.get(f"{name}_FILE", "") if setting.secret else ""
    if file_name and source.get(name):
        raise BadSetting(f"Both {name} and {name}_FILE are set.", hint="Keep one of them.")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(
                f"{name}_FILE names a file that cannot be read: {file_name}.", hint="Check its path and rights."
            ) from error
    return source.get(name, "").strip() or setting.default


def _checked(values: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(values[name])
    except ValueError as error:
        raise BadSetting(f"{name} cannot be used as given.", hint=str(error)) from None


def _host(text: str) -> str:
    if text not in LOOPBACK:
        raise ValueError("Until sign-in exists the site serves only this machine: use 127.0.0.1.")
    return text


def _port(text: str) -> int | None:
    if not text:
        return None
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("Give a number from 1 to 65535.")
    return int(text)


def _web_address(text: str) -> str:
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ValueError("Give an address that begins with http:// or https://.")
    return text.rstrip("/")


def _bare_address(text: str) -> str:
    if "@" in urlsplit(text).netloc:
        raise ValueError("Leave name and password out of the address: the key has a setting of its own.")
    return _web_address(text)


def _database(text: str) -> str:
    if not text:
        return ""
    for prefix in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        if text.startswith(prefix):
            return "postgresql+psycopg://" + text.removeprefix(prefix)
    if text.startswith("sqlite:///"):
        return text
    raise ValueError("It begins with postgresql:// or sqlite:///.")


def _switch(text: str) -> bool:
    if text.lower() not in {"on", "off"}:
        raise ValueError("It is 'on' or 'off'.")
    return text.lower() == "on"


def _level(text: str) -> str:
    if text.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError("It is debug, info, warning or error.")
    return text.lower()


def _app_keys(source: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    secret = next(setting for setting in SETTINGS if setting.name.endswith("_CLIENT_SECRET"))
    platforms = {match["platform"] for name in source if (match := _APP_KEY.fullmatch(name))}
    keys = {}
    for platform in sorted(platforms):
        client_id = source.get(f"PLUMBLINE_{platform}_CLIENT_ID", "").strip()
        if not client_id:
            raise BadSetting(
                f"PLUMBLINE_{platform}_CLIENT_SECRET is set without a client id.",
                hint=f"Set PLUMBLINE_{platform}_CLIENT_ID too.",
            )
        keys[platform.lower()] = (client_id, _read(f"PLUMBLINE_{platform}_CLIENT_SECRET", source, secret))
    return keys
