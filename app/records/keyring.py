"""What a learner does with their key: begin as a guest, keep, sign in, recover, change, re-key.

Hashing is always outside a transaction; every change is one transaction; every sign-in, recovery
and change of passphrase makes a new session and ends the old.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.records import throttle
from app.records.attachments import hand_over
from app.records.crypto import random_key
from app.records.database import Database
from app.records.devices import has_opened
from app.records.erasure import forget_guest
from app.records.failures import (
    RecordDamaged,
    SecondFactorRefused,
    WrongPassphrase,
    WrongRecoveryCode,
)
from app.records.hashing import HashingCost, PassphraseHasher, PassphraseKey
from app.records.joining import Resolve, absorb, join, must_be_a_guest
from app.records.locking import PSEUDONYM, drop_keys, fits, lock_with, move, passphrase_key
from app.records.notebook import Entry, Notebook
from app.records.passphrases import Credentials, new_recovery_code, normalised_code
from app.records.secondfactor import News, admit, admit_in_turn, factor_tag
from app.records.sessions import Lifetimes, OpenSession, end_session, start_session
from app.records.tables import Installation
from app.records.vault import (
    Vault,
    WrappingKey,
    change_data_key,
    create_vault,
    find_wrap,
    lock_vault,
    recovery_key,
    unwrap,
)

#: What is done with a new vault in the transaction that makes it.
Also = Callable[[Connection, Vault], object]


@dataclass(frozen=True)
class Opened:
    """A vault that was just opened, the new session's token, and the recovery code if there is a new one."""

    vault: Vault
    token: bytes = field(repr=False)
    recovery_code: str | None = field(default=None, repr=False)
    #: What its owner should hear of the second factor.
    news: frozenset[News] = frozenset()


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

    def keep(self, guest: OpenSession, new: NewPassphrase, now: int, also: Also | None = None) -> Opened:
        """Put a guest's records under a passphrase: a new key, everything resealed, the guest's session ended.

        `also` is done in the same transaction; what it raises undoes all of it. Raises PassphraseTaken, TooSoon,
        HashingBusy, AlreadyKept, and VaultGone when the guest was kept or deleted meanwhile.
        """
        must_be_a_guest(guest)
        self._count_choice(new, now)
        key = self._key(new.credentials)
        code = new_recovery_code()
        with self.database.writing() as session:
            lock_vault(session, guest.vault)
            vault = create_vault(session)
            move(session, self._notebook(guest.vault), self._notebook(vault))
            hand_over(session, guest.vault.learner_id, vault.learner_id)
            lock_with(session, self._notebook(vault), new.pseudonym, key, code)
            if also is not None:
                also(session.connection(), vault)
            token = start_session(session, vault, self._host_secret, self._lifetimes, now, kept=True)
            forget_guest(session, guest.vault.learner_id)
        return Opened(vault, token, code)

    def keep_from_nothing(self, new: NewPassphrase, now: int, also: Also | None = None) -> Opened:
        """A kept vault for somebody who has no records yet; `also` as for `keep`.

        Raises PassphraseTaken, TooSoon and HashingBusy.
        """
        self._count_choice(new, now)
        key = self._key(new.credentials)
        code = new_recovery_code()
        with self.database.writing() as session:
            vault = create_vault(session)
            lock_with(session, self._notebook(vault), new.pseudonym, key, code)
            if also is not None:
                also(session.connection(), vault)
            token = start_session(session, vault, self._host_secret, self._lifetimes, now, kept=True)
        return Opened(vault, token, code)

    def sign_in(
        self,
        credentials: Credentials,
        device: str,
        now: int,
        ending: bytes | None = None,
        second_factor: str = "",
    ) -> Opened:
        """Open the vault of a pseudonym and passphrase. One Argon2id, whether or not the name exists.

        device: what this browser *proved* as having opened a vault of this name before, or "": each device has
        tries of its own, but for codes of a vault that it didn't open. ending: the token of the session that
        this one replaces. Raises WrongPassphrase, SecondFactorNeeded, SecondFactorWrong (which count alike),
        TooSoon and HashingBusy.
        """
        slowed = throttle.name_tag(self._host_secret, credentials.pseudonym, device)
        with self.database.reading() as session:
            throttle.check(session, slowed, now)
        key = self._key(credentials)
        with throttle.counting(self.database, slowed, now, WrongPassphrase, SecondFactorRefused) as session:
            vault, news = self._admitted(session, passphrase_key(key), second_factor, now, device)
            if device:
                throttle.forgive(session, slowed)
            token = self._new_session(session, vault, now, ending)
        return Opened(vault, token, news=news)

    def _admitted(
        self, session: Session, by: WrappingKey, second_factor: str, now: int, device: str = ""
    ) -> tuple[Vault, frozenset[News]]:
        vault = unwrap(session, by)
        if vault is None:
            raise WrongPassphrase
        known = device if has_opened(vault, device) else ""
        slowed = factor_tag(self._host_secret, vault.learner_id, known)
        return vault, admit_in_turn(session, self._notebook(vault), slowed, second_factor, now)

    def recover(
        self,
        typed_code: str,
        new: NewPassphrase,
        now: int,
        ending: bytes | None = None,
        second_factor: str = "",
    ) -> Opened:
        """Open a vault by its recovery code, and lock it anew: the code is spent, every session ends.

        The recovery code stands in for the passphrase, not for the second factor, which stays. Raises
        WrongRecoveryCode, SecondFactorNeeded, SecondFactorWrong, PassphraseTaken, TooSoon and HashingBusy; then
        the code is still good.
        """
        by = recovery_key(normalised_code(typed_code))
        with self.database.reading() as session:
            found = find_wrap(session, by)
            if found is None:
                raise WrongRecoveryCode
            slowed = factor_tag(self._host_secret, found.learner_id)
            throttle.check(session, slowed, now)
        self._count_choice(new, now)
        key = self._key(new.credentials)
        code = new_recovery_code()
        with throttle.counting(self.database, slowed, now, SecondFactorRefused) as session:
            vault = unwrap(session, by)
            if vault is None:
                raise WrongRecoveryCode
            news = admit(session.connection(), self._notebook(vault), second_factor, now)
            throttle.forgive(session, slowed)
            drop_keys(session, vault)
            lock_with(session, self._notebook(vault), new.pseudonym, key, code)
            token = self._new_session(session, vault, now, ending)
        return Opened(vault, token, code, news)

    def change_passphrase(self, vault: Vault, current: Credentials, new: NewPassphrase, now: int) -> Opened:
        """Lock a vault with another passphrase and a new recovery code; every session ends but a new one.

        Raises WrongPassphrase, PassphraseTaken, TooSoon, HashingBusy, VaultGone, and SessionEnded when the vault
        was re-keyed meanwhile.
        """
        return self._locked_anew(vault, vault, current, new, now)

    def rekey(self, vault: Vault, current: Credentials, new: NewPassphrase, now: int) -> Opened:
        """Somebody may know the passphrase: a new data key, everything resealed, nothing old opens anything.

        Raises WrongPassphrase, PassphraseTaken, TooSoon, HashingBusy, VaultGone, and SessionEnded when the vault
        was re-keyed meanwhile.
        """
        return self._locked_anew(vault, Vault(vault.learner_id, random_key()), current, new, now)

    def _locked_anew(
        self, vault: Vault, fresh: Vault, current: Credentials, new: NewPassphrase, now: int
    ) -> Opened:
        self._count_choice(new, now)
        old, key = self._key(current), self._key(new.credentials)
        code = new_recovery_code()
        with self.database.writing() as session:
            lock_vault(session, vault)
            if not fits(session, vault, old):
                raise WrongPassphrase
            if fresh != vault:
                move(session, self._notebook(vault), self._notebook(fresh))
                change_data_key(session, fresh)
            drop_keys(session, vault)
            lock_with(session, self._notebook(fresh), new.pseudonym, key, code)
            token = start_session(session, fresh, self._host_secret, self._lifetimes, now, kept=True)
        return Opened(fresh, token, code)

    def absorb(self, vault: Vault, guest: OpenSession, resolve: Resolve) -> None:
        """Put a guest's records into a kept vault and delete the guest; `resolve` settles what both have.

        Raises AlreadyKept, VaultGone when either was deleted meanwhile, and SessionEnded when the vault
        was re-keyed.
        """
        must_be_a_guest(guest)
        with self.database.writing() as session:
            lock_vault(session, vault)
            absorb(session, self._notebook(vault), self._notebook(guest.vault), resolve)

    def take_in(
        self,
        entries: list[Entry],
        new: NewPassphrase,
        now: int,
        resolve: Resolve,
        guest: OpenSession | None = None,
        second_factor: str = "",
    ) -> Opened:
        """Put a copy's entries under the passphrase that opened it, and a guest's with them: all or none.

        They join the vault that it opens here, or make a new one with a recovery code. Slowed as choosing is:
        whoever makes copies of their own could else try passphrases here without waiting; and where that vault asks
        for a code, a wrong one counts as at signing in. Raises TooSoon, HashingBusy, PassphraseTaken when another
        request was quicker, SecondFactorNeeded, SecondFactorWrong, AlreadyKept and VaultGone.
        """
        if guest is not None:
            must_be_a_guest(guest)
        self._count_choice(new, now)
        key = self._key(new.credentials)
        code: str | None = None
        slowed = throttle.name_tag(self._host_secret, new.credentials.pseudonym, "")
        with throttle.counting(self.database, slowed, now, SecondFactorRefused) as session:
            try:
                vault, news = self._admitted(session, passphrase_key(key), second_factor, now)
            except WrongPassphrase:
                vault, news, code = create_vault(session), frozenset(), new_recovery_code()
                lock_with(session, self._notebook(vault), new.pseudonym, key, code)
            lock_vault(session, vault)
            join(session, self._notebook(vault), entries, resolve)
            if guest is not None:
                absorb(session, self._notebook(vault), self._notebook(guest.vault), resolve)
            token = self._new_session(session, vault, now, ending=None)
        return Opened(vault, token, code, news)

    def join(self, vault: Vault, entries: list[Entry], resolve: Resolve) -> None:
        """Put a copy's entries into an open vault, all or none. Raises VaultGone and SessionEnded."""
        with self.database.writing() as session:
            lock_vault(session, vault)
            join(session, self._notebook(vault), entries, resolve)

    @property
    def cost(self) -> HashingCost:
        """What a passphrase costs to try here."""
        return self._hasher.cost

    def copy_key(self, credentials: Credentials, salt: bytes, cost: HashingCost) -> bytes:
        """The key of an encrypted copy. Raises HashingBusy."""
        return self._hasher.copy_key(salt, credentials, cost)

    def check_passphrase(self, vault: Vault, credentials: Credentials, now: int) -> None:
        """Raises WrongPassphrase unless these open this vault, TooSoon after several that didn't, and HashingBusy."""
        slowed = throttle.name_tag(self._host_secret, credentials.pseudonym, vault.learner_id.hex())
        key = self._key(credentials)
        with throttle.counting(self.database, slowed, now, WrongPassphrase) as session:
            if not fits(session, vault, key):
                raise WrongPassphrase
            throttle.forgive(session, slowed)

    def sign_out(self, token: bytes) -> None:
        """End this session."""
        with self.database.writing() as session:
            end_session(session, token, self._host_secret)

    def pseudonym(self, vault: Vault) -> str:
        """The pseudonym that a kept vault opens with, or "" if its record can't be read."""
        try:
            return self._notebook(vault).load(PSEUDONYM, str, "")
        except RecordDamaged:
            return ""

    def _key(self, credentials: Credentials) -> PassphraseKey:
        return self._hasher.key(self._installation_salt(), credentials.pseudonym, credentials.passphrase)

    def _installation_salt(self) -> bytes:
        if self._salt is None:
            with self.database.reading() as session:
                self._salt = session.scalars(select(Installation.salt)).one()
        return self._salt

    def _count_choice(self, new: NewPassphrase, now: int) -> None:
        """Slow choosing like signing in: "taken" tells a guesser as much as a vault that opens. Raises TooSoon."""
        slowed = throttle.name_tag(self._host_secret, new.credentials.pseudonym, "choosing")
        with self.database.writing() as session:
            throttle.take_turn(session, slowed, now)
            throttle.count_failure(session, slowed, now)

    def _notebook(self, vault: Vault) -> Notebook:
        return Notebook(self.database, vault)

    def _new_session(self, session: Session, vault: Vault, now: int, ending: bytes | None) -> bytes:
        if ending is not None:
            end_session(session, ending, self._host_secret)
        return start_session(session, vault, self._host_secret, self._lifetimes, now, kept=True)
