"""A person's consent: to the platform's screen and back, with a state that works once, for ten minutes, in one browser.

The state is random and kept as a hash; it stands for workspace, connection, platform, redirect address, browser and
the PKCE verifier, which is kept encrypted.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from connectors import oauth
from connectors.base import Connector
from connectors.http import Client
from core import clock
from core.errors import AppError, AuthorisationExpired, BadSetting, NotConnected
from core.kept import kept
from core.language import ENGLISH, mark, tr, using
from core.ports import AppKeys, Token
from core.viewer import Right, Viewer
from services.connecting import credentials, platforms
from storage import connections, consents, database, entities
from storage.connections import ConnectionRow
from storage.consents import Consent
from storage.database import Database

log = logging.getLogger(__name__)
_AGAIN = mark("Start again from the Connections page, in the same browser, within ten minutes.")


_NO_ACCOUNT = kept("This {title} login has no account that can be read.")
_MANAGER = mark("Log in with the person who manages the account.")


@dataclass(frozen=True, slots=True)
class Done:
    """A consent that was completed: whose, for which connection, and the accounts it lets us read."""

    workspace_id: int
    connection_id: int
    accounts: tuple[int, ...]


def begin(
    viewer: Viewer, connection_id: int, *, redirect_uri: str, browser_nonce: str, now: datetime | None = None
) -> str:
    """The address of the platform's consent screen. Raises BadSetting when the app's keys are missing."""
    viewer.require(Right.MANAGE)
    if not browser_nonce:
        raise BadSetting(tr("The browser keeps no cookie for us, so a consent cannot be bound to it."), hint=tr(_AGAIN))
    store = database.current()
    with store.read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
    declared = platforms.connector(row.platform)
    keys = credentials.app_keys(store, row.workspace_id, row.platform)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    kept = Consent(row.workspace_id, row.id, _hash(browser_nonce), redirect_uri, verifier)
    vault = credentials.open_vault(store)
    with store.write() as connection:
        consents.begin(connection, vault, state, kept, now or clock.utc_now())
    gateway, chosen = platforms.gateway_of(row), row.options.get("streams") or ()
    return oauth.consent_url(declared, keys, redirect_uri, state, verifier, gateway, streams=chosen)


def finish(
    *, state: str, code: str, error: str, browser_nonce: str, now: datetime | None = None, hold: bool = False
) -> Done:
    """Take the platform's answer. A code becomes a token, the accounts are listed, and the first sync is due.

    With `hold`, a connection made for the first time waits until its accounts are chosen (`setup.start`).

    Raises AuthorisationExpired for a state that is unknown, used, too old or of another browser, NotConnected when the
    person refused, and what the platform says otherwise.
    """
    moment, store = now or clock.utc_now(), database.current()
    kept = _take(store, state, browser_nonce, moment)
    with store.read() as connection:
        row = connections.get(connection, kept.workspace_id, kept.connection_id)
    declared = platforms.connector(row.platform)
    if error or not code:
        log.info("A consent for %s was not given: %s", row.platform, error[:60] or "no code")
        raise NotConnected(
            tr("{title} was not connected: the consent was not given.", title=declared.title),
            hint=tr("Nothing was changed. Start again whenever you like."),
        )
    keys = credentials.app_keys(store, row.workspace_id, row.platform)
    gateway = platforms.gateway_of(row)
    token = oauth.fetch_token(declared, keys, kept.redirect_uri, code, kept.verifier, gateway, now=moment)
    credentials.VaultTokens(store, row.workspace_id, row.id).save(_lasting(store, row, declared, keys, token))
    accounts = list_accounts(store, row, moment, hold=hold and row.state == "new")
    log.info("%s was connected with %d accounts.", row.platform, len(accounts))
    return Done(row.workspace_id, row.id, tuple(accounts.values()))


def _take(store: Database, state: str, browser_nonce: str, moment: datetime) -> Consent:
    """Use up the state. The answer is the same whatever is wrong with it."""
    with store.write() as connection:
        kept = consents.take(connection, credentials.open_vault(store), state, moment) if state else None
    if kept is None or not hmac.compare_digest(kept.browser_hash, _hash(browser_nonce)):
        log.warning("A consent came back with a state that is not valid here; it was refused.")
        raise AuthorisationExpired(tr("This consent cannot be completed: it is not valid any more."), hint=tr(_AGAIN))
    return kept


def _lasting(store: Database, row: ConnectionRow, declared: Connector, keys: AppKeys, token: Token) -> Token:
    """A long-lived token where the platform exchanges short ones."""
    if declared.exchange is None:
        return token
    made = declared.exchange(platforms.client(store, row), keys, token)
    assert isinstance(made, Token)  # noqa: S101  (declared loosely, because siblings do not import each other)
    return made


def list_accounts(store: Database, row: ConnectionRow, moment: datetime, *, hold: bool = False) -> dict[str, int]:
    """Read which accounts the consent covers; the same account of before keeps its history. Makes the first sync due,
    unless it is to `hold`.

    Returns external id -> id. Raises NotConnected when there is none.
    """
    declared = platforms.connector(row.platform)
    client: Client = platforms.client(store, row, stops=False)
    try:
        with using(ENGLISH.code):  # what goes wrong is kept with the connection
            found = list(declared.accounts(client))
        if not found:
            raise NotConnected(
                _NO_ACCOUNT.format(title=declared.title),
                hint=f"{declared.brings} {_MANAGER}",
            )
    except AppError as problem:
        with store.write() as connection:
            connections.update(
                connection, row.workspace_id, row.id, state="attention", reason=problem.message, hint=problem.hint
            )
        raise
    with store.write() as connection:
        made = entities.upsert_accounts(
            connection, row.workspace_id, row.platform, found, now=moment, connection_id=row.id
        )
        name = row.name or ", ".join(account.name for account in found[:2])
        connections.update(
            connection,
            row.workspace_id,
            row.id,
            state="new" if hold else "active",
            reason="",
            hint="",
            name=name,
            next_run_at=None if hold else clock.epoch_ms(moment),
        )
    return made


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
