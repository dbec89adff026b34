"""Consents under way: single use, ten minutes, nothing in clear."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from storage import consents
from storage.vault import Keyring, Vault

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONSENT = consents.Consent(7, 1, "browser", "http://localhost/oauth", "the-verifier")


def begin(database, vault, state="state"):
    with database.write() as connection:
        consents.begin(connection, vault, state, CONSENT, NOW)


def take(database, vault, state="state", after=timedelta(minutes=1)):
    with database.write() as connection:
        return consents.take(connection, vault, state, NOW + after)


def test_it_gives_a_consent_back_once(database):
    vault = Vault(database, Keyring(b"k" * 32))
    begin(database, vault)
    assert take(database, vault, "another") is None
    assert take(database, vault) == CONSENT
    assert take(database, vault) is None


def test_it_refuses_a_consent_after_ten_minutes(database):
    vault = Vault(database, Keyring(b"k" * 32))
    begin(database, vault)
    assert take(database, vault, after=timedelta(minutes=10)) is None
    assert take(database, vault) is None


def test_it_keeps_neither_state_nor_verifier_in_clear(database):
    begin(database, Vault(database, Keyring(b"k" * 32)), "the-state")
    with database.read() as connection:
        stored = repr(connection.execute(text("SELECT * FROM oauth_state")).all())
    assert "the-state" not in stored
    assert "the-verifier" not in stored
    assert "the-verifier" not in repr(CONSENT)
