"""The second factor: a code that changes every half minute (TOTP, RFC 6238), sealed in the learner's own vault.

Its secret, the last step that was used and the hashes of the backup codes are one record of the smallest size, so that
a copied database doesn't tell who has one. It protects against a stolen passphrase. Whoever has passphrase *and*
database opens the vault without it: see the threat model.
"""

import contextlib
import hmac
import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import pyotp
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.records import throttle
from app.records.crypto import derive
from app.records.database import Database
from app.records.failures import (
    NoSecondFactor,
    RecordDamaged,
    SecondFactorNeeded,
    SecondFactorRefused,
    SecondFactorSet,
    SecondFactorWrong,
    TooSoon,
)
from app.records.notebook import Notebook, Ref, as_json
from app.records.passphrases import CODE_ALPHABET, CODE_GROUP, normalised_code
from app.records.sessions import OpenSession, end_other_sessions
from app.records.vault import Vault, lock_vault

#: Where it is filed. It is in no copy and in nothing that is taken away to read.
FACTOR = Ref("account", "second-factor")
#: RFC 6238 with what every app on a phone expects: SHA-1, six digits, half a minute, and one step either way.
STEP_SECONDS, DIGITS, WINDOW = 30, 6, 1
#: Base 32 of 160 random bits, as RFC 4226 recommends.
SECRET = re.compile(r"[A-Z2-7]{32}")
BACKUP_CODES, BACKUP_GROUPS = 10, 2
#: Of a code of 50 random bits: sealed, and tried a few times a minute. More bytes would make the record a larger one.
_HASH_BYTES = 6
#: More refusals than this are counted no further, which keeps the record's size.
_MOST_REFUSED = 999


class News(StrEnum):
    """What the owner of a vault should hear when it was opened."""

    REFUSED = "second-factor-refused"
    BACKUP_USED = "second-factor-backup"
    LOST = "second-factor-lost"


@dataclass(frozen=True)
class SecondFactor:
    """A second factor. last_step: half minutes since 1970; none up to it opens anything any more.

    refused: how many codes were wrong or missing since the last right one, though the passphrase was right.
    """

    secret: str = field(repr=False)
    last_step: int
    backup: tuple[str, ...] = field(repr=False)
    refused: int = 0

    def used(self, typed: str, now: int) -> "SecondFactor":
        """What is kept once this code was used. Raises SecondFactorNeeded for none, and SecondFactorWrong."""
        code = normalised_code(typed)
        if not code:
            raise SecondFactorNeeded
        step = self._step(code, now)
        if step is not None:
            return replace(self, last_step=step, refused=0)
        spent = _hash(code)
        if spent in self.backup:
            return replace(self, backup=tuple(kept for kept in self.backup if kept != spent), refused=0)
        raise SecondFactorWrong

    def once_more_refused(self) -> "SecondFactor":
        """What is kept after a code that was refused."""
        return replace(self, refused=min(self.refused + 1, _MOST_REFUSED))

    def _step(self, code: str, now: int) -> int | None:
        """The step that a code is of, if it is near and later than the last; the latest, if it is of several."""
        current, codes = now // STEP_SECONDS, pyotp.HOTP(self.secret, digits=DIGITS)
        near = range(max(0, current - WINDOW), current + WINDOW + 1)
        fitting = [step for step in near if hmac.compare_digest(codes.at(step).encode(), code.encode())]
        return max((step for step in fitting if step > self.last_step), default=None)


#: None where there is none.
_KIND: Any = SecondFactor | None


def new_secret() -> str:
    """A new secret, to be confirmed with a code before it is kept."""
    return pyotp.random_base32()


def _new_backup_codes() -> list[str]:
    """Ten codes of two groups of five: `7K2QX-9M3TD`."""
    return [
        "-".join(
            "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_GROUP)) for _ in range(BACKUP_GROUPS)
        )
        for _ in range(BACKUP_CODES)
    ]


def _hash(code: str) -> str:
    return b64encode(derive(code.encode(), "backup code", length=_HASH_BYTES)).decode()


def _hashes(codes: list[str]) -> tuple[str, ...]:
    return tuple(_hash(normalised_code(code)) for code in codes)


def factor_tag(host_secret: bytes, learner_id: bytes, device: str = "") -> bytes:
    """What wrong codes count against, whatever pseudonym was typed; device: one that has opened this vault before."""
    return throttle.name_tag(host_secret, learner_id.hex(), f"second factor{device}")


def second_factor_of(notebook: Notebook) -> SecondFactor | None:
    """A vault's second factor; one that can't be read counts as none."""
    with contextlib.suppress(RecordDamaged):
        found: SecondFactor | None = notebook.load(FACTOR, _KIND, None)
        return found
    return None


def _held(connection: Connection, notebook: Notebook) -> SecondFactor | None:
    """The same, within a transaction that holds the learner's lock. Raises RecordDamaged."""
    found: SecondFactor | None = notebook.read(connection, FACTOR, _KIND, None)
    return found


def admit(connection: Connection, notebook: Notebook, typed: str, now: int) -> frozenset[News]:
    """Use the code that a vault asks for, if it asks for one, in a transaction that holds its learner's lock.

    Every way into a vault that begins without a session goes through here. Raises SecondFactorNeeded and
    SecondFactorWrong; then the transaction is to be committed all the same, for the refusal was counted in it.
    """
    try:
        factor = _held(connection, notebook)
    except RecordDamaged:
        # Whoever can damage it could delete it as well, so refusing would keep out its owner alone.
        notebook.drop(connection, FACTOR)
        return frozenset({News.LOST})
    if factor is None:
        return frozenset()
    try:
        kept = factor.used(typed, now)
    except SecondFactorRefused:
        notebook.put(connection, as_json({FACTOR: factor.once_more_refused()}))
        raise
    notebook.put(connection, as_json({FACTOR: kept}))
    news = {News.REFUSED} if factor.refused else set()
    return frozenset(news | ({News.BACKUP_USED} if kept.backup != factor.backup else set()))


def admit_in_turn(
    session: Session, notebook: Notebook, slowed: bytes, typed: str, now: int
) -> frozenset[News]:
    """`admit`, where wrong codes of one vault slow each other, under whatever name and from whatever browser they come.

    Whoever knows the passphrase could else make a vault of their own under the same pseudonym, whose passphrase
    clears what their browser tried. A code that comes too soon isn't looked at, and is refused as if none had come:
    nobody is told so that the passphrase was right.
    """
    too_soon = False
    try:
        throttle.check(session, slowed, now)
    except TooSoon:
        too_soon = True
    try:
        news = admit(session.connection(), notebook, "" if too_soon else typed, now)
    except SecondFactorRefused:
        if not too_soon:
            throttle.count_failure(session, slowed, now)
        raise
    throttle.forgive(session, slowed)
    return news


def set_up(
    database: Database, host_secret: bytes, mine: OpenSession, secret: str, typed: str, now: int
) -> list[str]:
    """Switch a second factor on, once a code shows that its secret arrived; every other session ends.

    Returns the backup codes, which nobody can read again. The code that was typed is used. Raises SecondFactorNeeded,
    SecondFactorWrong, SecondFactorSet, VaultGone, and SessionEnded when the vault was re-keyed meanwhile.
    """
    codes = _new_backup_codes()
    factor = SecondFactor(secret, last_step=-1, backup=_hashes(codes)).used(typed, now)
    notebook = Notebook(database, mine.vault)
    with database.writing() as session:
        lock_vault(session, mine.vault)
        connection = session.connection()
        with contextlib.suppress(RecordDamaged):  # then another stands in its place
            if _held(connection, notebook) is not None:
                raise SecondFactorSet
        notebook.put(connection, as_json({FACTOR: factor}))
        end_other_sessions(session, mine, host_secret)
    return codes


def switch_off(database: Database, host_secret: bytes, vault: Vault, typed: str, now: int) -> None:
    """Forget a vault's second factor, for a code of it.

    Raises SecondFactorNeeded, SecondFactorWrong, NoSecondFactor, TooSoon, VaultGone and SessionEnded.
    """
    _change(Notebook(database, vault), database, host_secret, typed, now, lambda _factor: None)


def renew_backup_codes(
    database: Database, host_secret: bytes, vault: Vault, typed: str, now: int
) -> list[str]:
    """Ten new backup codes in place of the old, for a code; what it raises is the same as for switching off."""
    codes = _new_backup_codes()
    _change(
        Notebook(database, vault),
        database,
        host_secret,
        typed,
        now,
        lambda factor: replace(factor, backup=_hashes(codes)),
    )
    return codes


def _change(
    notebook: Notebook,
    database: Database,
    host_secret: bytes,
    typed: str,
    now: int,
    change: Callable[[SecondFactor], SecondFactor | None],
) -> None:
    slowed = factor_tag(host_secret, notebook.vault.learner_id)
    with throttle.counting(database, slowed, now, SecondFactorRefused) as session:
        lock_vault(session, notebook.vault)
        connection = session.connection()
        admit(connection, notebook, typed, now)
        throttle.forgive(session, slowed)
        factor = _held(connection, notebook)
        if factor is None:
            raise NoSecondFactor
        changed = change(factor)
        if changed is None:
            notebook.drop(connection, FACTOR)
        else:
            notebook.put(connection, as_json({FACTOR: changed}))
