"""What a learner does with their key: begin as a guest, keep, sign in, recover, change, re-key.

Hashing is always outside a transaction; every change is one transaction; every sign-in, recovery
and change of passphrase makes a new session and ends the old.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.records import throttle
from app.records.crypto import random_key
from app.records.database import Database
from app.records.erasure import delete_rows
from app.records.failures import PassphraseTaken, RecordDamaged, WrongPassphrase, WrongRecoveryCode
from app.records.hashing import PassphraseHasher, PassphraseKey
from app.records.notebook import Entry, Notebook, Ref
from app.records.passphrases import Credentials, new_recovery_code, normalised_code
from app.records.sessions import Lifetimes, OpenSession, end_session, start_session
from app.records.tables import Installation, SealedRecord
from app.records.vault import (
    Vault,
    WrapKind,
    WrappingKey,
    create_vault,
    drop_wraps,
    find_wrap,
    lock_learner,
    recovery_key,
    unwrap,
    wrap,
)

#: The pseudonym as it was typed, for its owner to read and for changing the passphrase.
PSEUDONYM = Ref("account", "pseudonym")

#: Settles which of two values of one ref stands when a guest's answers join a kept vault.
Resolve = Callable[[Ref, Any, Any], Any]


@dataclass(frozen=True)
class Opened:
    """A vault that was just opened, the new session's token, and the recovery code if there is a new one."""

    vault: Vault
    token: bytes = field(repr=False)
    recovery_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class NewPassphrase:
    """A pseudonym as typed and the passphrase to open the vault with from now on."""

    pseudonym: str
    passphrase: str = field(repr=False)

    @property
    def credentials(self) -> Credentials:
        """Both as they are compared."""
        return Credentials.typed(self.pseudonym, self.passphrase)


class Keyring:
    """The learner's key, over one set of records."""

    def __init__(
        self, database: Database, hasher: PassphraseHasher, host_secret: bytes, lifetimes: Lifetimes
    ):
        self.database = database
        self._hasher = hasher
        self._host_secret = host_secret
        self._lifetimes = lifetimes
        self._salt: bytes | None = None

    def begin_as_guest(self, now: int) -> Opened:
        """A new learner whose vault only this session opens."""
        with self.database.writing() as session:
            vault = create_vault(session)
            token = start_session(session, vault, self._host_secret, self._lifetimes, now, kept=False)
        return Opened(vault, token)

    def keep(self, guest: OpenSession, new: NewPassphrase, now: int) -> Opened:
        """Put a guest's records under a passphrase: a new key, everything resealed, the guest's session ended.

        Raises PassphraseTaken and HashingBusy.
        """
        key = self._key(new.credentials)
        code = new_recovery_code()
        with self.database.writing() as session:
            lock_learner(session, guest.vault.learner_id)
            vault = create_vault(session)
            self._move(session, guest.vault, vault)
            self._lock_with(session, vault, new, key, code)
            token = start_session(session, vault, self._host_secret, self._lifetimes, now, kept=True)
            delete_rows(session, [guest.vault.learner_id], finished=not self.database.is_sqlite)
        return Opened(vault, token, code)

    def keep_from_nothing(self, new: NewPassphrase, now: int) -> Opened:
        """A kept vault for somebody who has no records yet. Raises PassphraseTaken and HashingBusy."""
        key = self._key(new.credentials)
        code = new_recovery_code()
        with self.database.writing() as session:
            vault = create_vault(session)
            self._lock_with(session, vault, new, key, code)
            token = start_session(session, vault, self._host_secret, self._lifetimes, now, kept=True)
        return Opened(vault, token, code)

    def sign_in(self, credentials: Credentials, device: str, now: int, ending: bytes | None = None) -> Opened:
        """Open the vault of a pseudonym and passphrase. One Argon2id, whether or not the name exists.

        device: what this browser showed as having opened the vault before, or "". ending: the token
        of the session that this one replaces. Raises WrongPassphrase, TooSoon and HashingBusy.
        """
        slowed = throttle.name_tag(self._host_secret, credentials.pseudonym, device)
        with self.database.reading() as session:
            throttle.check(session, slowed, now)
        key = self._key(credentials)
        with self.database.writing() as session:
            vault = unwrap(session, _passphrase_key(key))
            if vault is None:
                throttle.count_failure(session, slowed, now)
            else:
                throttle.forgive(session, slowed)
                token = self._new_session(session, vault, now, ending)
        if vault is None:
            raise WrongPassphrase
        return Opened(vault, token)

    def recover(self, typed_code: str, new: NewPassphrase, now: int, ending: bytes | None = None) -> Opened:
        """Open a vault by its recovery code, and lock it anew: the code is spent, every session ends.

        Raises WrongRecoveryCode, PassphraseTaken and HashingBusy; then the code is still good.
        """
        by = recovery_key(normalised_code(typed_code))
        with self.database.reading() as session:
            if find_wrap(session, by) is None:
                raise WrongRecoveryCode
        key = self._key(new.credentials)
        code = new_recovery_code()
        with self.database.writing() as session:
            vault = unwrap(session, by)
            if vault is None:
                raise WrongRecoveryCode
            lock_learner(session, vault.learner_id)
            drop_wraps(session, vault.learner_id, WrapKind)
            self._lock_with(session, vault, new, key, code)
            token = self._new_session(session, vault, now, ending)
        return Opened(vault, token, code)

    def change_passphrase(self, vault: Vault, current: Credentials, new: NewPassphrase, now: int) -> Opened:
        """Lock a vault with another passphrase and a new recovery code; every session ends but a new one.

        Raises WrongPassphrase, PassphraseTaken and HashingBusy.
        """
        old, key = self._key(current), self._key(new.credentials)
        code = new_recovery_code()
        with self.database.writing() as session:
            lock_learner(session, vault.learner_id)
            self._check(session, vault, old)
            drop_wraps(session, vault.learner_id, WrapKind)
            self._lock_with(session, vault, new, key, code)
            token = start_session(session, vault, self._host_secret, self._lifetimes, now, kept=True)
        return Opened(vault, token, code)

    def rekey(self, vault: Vault, current: Credentials, new: NewPassphrase, now: int) -> Opened:
        """Somebody may know the passphrase: a new data key, everything resealed, nothing old opens anything.

        Raises WrongPassphrase, PassphraseTaken and HashingBusy.
        """
        old, key = self._key(current), self._key(new.credentials)
        code = new_recovery_code()
        with self.database.writing() as session:
            lock_learner(session, vault.learner_id)
            self._check(session, vault, old)
            fresh = Vault(vault.learner_id, random_key())
            self._move(session, vault, fresh)
            drop_wraps(session, vault.learner_id, WrapKind)
            self._lock_with(session, fresh, new, key, code)
            token = start_session(session, fresh, self._host_secret, self._lifetimes, now, kept=True)
        return Opened(fresh, token, code)

    def absorb(self, vault: Vault, guest: OpenSession, resolve: Resolve) -> None:
        """Put a guest's records into a kept vault and delete the guest; `resolve` settles what both have."""
        with self.database.writing() as session:
            lock_learner(session, vault.learner_id)
            lock_learner(session, guest.vault.learner_id)
            notebook = Notebook(self.database, vault)
            kept = dict(notebook.entries(session)[0])
            for ref, value in Notebook(self.database, guest.vault).entries(session)[0]:
                joined = resolve(ref, kept[ref], value) if ref in kept else value
                notebook.put(session, Entry(ref, joined))
            delete_rows(session, [guest.vault.learner_id], finished=not self.database.is_sqlite)

    def sign_out(self, token: bytes) -> None:
        """End this session."""
        with self.database.writing() as session:
            end_session(session, token, self._host_secret)

    def pseudonym(self, vault: Vault) -> str:
        """The pseudonym that a kept vault opens with, or "" if its record can't be read."""
        try:
            return Notebook(self.database, vault).load(PSEUDONYM, str, "")
        except RecordDamaged:
            return ""

    def _key(self, credentials: Credentials) -> PassphraseKey:
        return self._hasher.key(self._installation_salt(), credentials.pseudonym, credentials.passphrase)

    def _installation_salt(self) -> bytes:
        if self._salt is None:
            with self.database.reading() as session:
                self._salt = session.scalars(select(Installation.salt)).one()
        return self._salt

    def _check(self, session: Session, vault: Vault, key: PassphraseKey) -> None:
        opened = unwrap(session, _passphrase_key(key))
        if opened is None or opened.learner_id != vault.learner_id:
            raise WrongPassphrase

    def _lock_with(
        self, session: Session, vault: Vault, new: NewPassphrase, key: PassphraseKey, code: str
    ) -> None:
        by = _passphrase_key(key)
        if find_wrap(session, by) is not None:
            raise PassphraseTaken
        wrap(session, vault, by)
        wrap(session, vault, recovery_key(normalised_code(code)))
        Notebook(self.database, vault).put(session, Entry(PSEUDONYM, new.pseudonym.strip()))

    def _new_session(self, session: Session, vault: Vault, now: int, ending: bytes | None) -> bytes:
        if ending is not None:
            end_session(session, ending, self._host_secret)
        return start_session(session, vault, self._host_secret, self._lifetimes, now, kept=True)

    def _move(self, session: Session, source: Vault, target: Vault) -> None:
        """Reseal everything that can be read under another key; what can't be read can't be kept either."""
        entries, _damaged = Notebook(self.database, source).entries(session)
        session.execute(delete(SealedRecord).where(SealedRecord.learner_id == source.learner_id))
        session.expunge_all()
        notebook = Notebook(self.database, target)
        for entry in entries:
            notebook.put(session, entry)
        session.flush()


def _passphrase_key(key: PassphraseKey) -> WrappingKey:
    return WrappingKey(WrapKind.PASSPHRASE, key.tag, key.key)
