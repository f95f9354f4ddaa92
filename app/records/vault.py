"""A learner's data key and the wraps that open it.

A learner has one random data key, which is stored only wrapped. Signing in *is* unwrapping:
authenticated decryption succeeds or it doesn't, and there is no separate password hash to leak.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.records.crypto import ID_BYTES, derive, joined, random_id, random_key, seal, unseal
from app.records.failures import RecordDamaged, SessionEnded, VaultGone
from app.records.tables import KeyWrap, Learner

#: Statements of every request, made once: making one costs several times what SQLite takes to run it.
_WRAP = (
    select(KeyWrap)
    .where(KeyWrap.tag == bindparam("tag"), KeyWrap.kind == bindparam("kind"))
    .execution_options(populate_existing=True)
)
_learner = Learner.__table__.c
_LOCKED_KEY_CHECK = select(_learner.key_check).where(_learner.id == bindparam("learner")).with_for_update()


class WrapKind(StrEnum):
    """What opens a wrap."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a kind, not a secret
    RECOVERY = "recovery"
    SESSION = "session"


@dataclass(frozen=True)
class Vault:
    """An open vault: whose it is and the key to it. Lives in memory only, for one request."""

    learner_id: bytes
    data_key: bytes = field(repr=False)

    def address_key(self) -> bytes:
        """The key under which records are found."""
        return derive(self.data_key, "record addresses")

    def body_key(self) -> bytes:
        """The key under which records are sealed."""
        return derive(self.data_key, "record bodies")

    def key_check(self) -> bytes:
        """What tells whether this data key is the one in force."""
        return derive(self.data_key, "key check", length=ID_BYTES)


@dataclass(frozen=True)
class WrappingKey:
    """One way to open a vault: the tag its wrap is found by, and the key that opens it."""

    kind: WrapKind
    tag: bytes
    key: bytes = field(repr=False)


def recovery_key(code: str) -> WrappingKey:
    """The wrapping key of a normalised recovery code. Its 125 random bits need no slow hash."""
    secret = code.encode()
    return WrappingKey(WrapKind.RECOVERY, derive(secret, "recovery tag"), derive(secret, "recovery key"))


def session_key(token: bytes, host_secret: bytes) -> WrappingKey:
    """The wrapping key of a session: needs the browser's token *and* this machine's secret.

    The table holds only a hash of the token. The host secret is gone at power-off, so a copied
    database with the browser's cookies opens nothing.
    """
    return WrappingKey(
        WrapKind.SESSION,
        derive(token, "session tag"),
        derive(token, "session key", salt=host_secret),
    )


def create_vault(session: Session) -> Vault:
    """A new learner with a new data key, not yet wrapped."""
    vault = Vault(random_id(), random_key())
    session.add(Learner(id=vault.learner_id, key_check=vault.key_check()))
    session.flush()
    return vault


def _binding(kind: WrapKind, learner_id: bytes, tag: bytes) -> bytes:
    return b"wrap:1:" + joined(kind.encode(), learner_id, tag)


def wrap(
    session: Session, vault: Vault, by: WrappingKey, expires_at: int | None = None, ends_at: int | None = None
) -> None:
    """Store the vault's data key so that this key opens it."""
    session.add(
        KeyWrap(
            tag=by.tag,
            learner_id=vault.learner_id,
            kind=by.kind.value,
            sealed=seal(by.key, vault.data_key, _binding(by.kind, vault.learner_id, by.tag)),
            expires_at=expires_at,
            ends_at=ends_at,
        )
    )


def find_wrap(session: Session, by: WrappingKey) -> KeyWrap | None:
    """The wrap that this key might open."""
    return session.scalar(_WRAP, {"tag": by.tag, "kind": by.kind.value})


def unwrap(session: Session, by: WrappingKey) -> Vault | None:
    """Open the vault that this key opens and lock its learner, or None if it opens none.

    The wrap is looked for again once the learner is locked: whoever held the lock may have spent
    this recovery code, or changed this passphrase.
    """
    found = find_wrap(session, by)
    if found is None:
        return None
    try:
        lock_learner(session, found.learner_id)
    except VaultGone:
        return None
    found = find_wrap(session, by)
    return open_wrap(found, by) if found else None


def open_wrap(found: KeyWrap, by: WrappingKey) -> Vault | None:
    """Open a wrap that was found by its tag, or None if it was damaged or moved."""
    return open_sealed(found.learner_id, found.sealed, by) if found.tag == by.tag else None


def open_sealed(learner_id: bytes, sealed: bytes, by: WrappingKey) -> Vault | None:
    """Open what a wrap holds that was found by this key's tag, or None if it was damaged or moved."""
    try:
        return Vault(learner_id, unseal(by.key, sealed, _binding(by.kind, learner_id, by.tag)))
    except RecordDamaged:
        return None


def drop_wraps(session: Session, learner_id: bytes, kinds: Iterable[WrapKind]) -> None:
    """Forget every way of these kinds to open a learner's vault."""
    names = [kind.value for kind in kinds]
    session.execute(delete(KeyWrap).where(KeyWrap.learner_id == learner_id, KeyWrap.kind.in_(names)))


def lock_learner(session: Session | Connection, learner_id: bytes) -> None:
    """Make this transaction the only writer of this learner's records. Raises VaultGone.

    On SQLite the transaction holds the write lock already; on PostgreSQL the row is locked.
    """
    _locked_key_check(session, learner_id)


def lock_vault(session: Session | Connection, vault: Vault) -> None:
    """`lock_learner`, and make sure that this data key is still in force.

    Raises VaultGone, and SessionEnded when the vault was re-keyed since it was opened.
    """
    must_be_in_force(_locked_key_check(session, vault.learner_id), vault)


def lock_on_server(connection: Connection, learner_id: bytes) -> None:
    """`lock_learner` where that takes a statement: on SQLite the next one may already look. Raises VaultGone.

    What is read in the statement that locks would be as old as the beginning of the wait for the lock.
    """
    if connection.dialect.name != "sqlite":
        _locked_key_check(connection, learner_id)


def must_be_in_force(found: bytes | None, vault: Vault) -> None:
    """Raise VaultGone where a locked learner's key check wasn't found, and SessionEnded where it is another key's."""
    if found is None:
        raise VaultGone
    if found != vault.key_check():
        raise SessionEnded


def change_data_key(session: Session, vault: Vault) -> None:
    """Put a vault's new data key in force: nothing is written under the old one from now on."""
    session.execute(update(Learner).where(Learner.id == vault.learner_id).values(key_check=vault.key_check()))


def _locked_key_check(session: Session | Connection, learner_id: bytes) -> bytes:
    found: bytes | None = session.scalar(_LOCKED_KEY_CHECK, {"learner": learner_id})
    if found is None:
        raise VaultGone
    return found
