"""A learner's data key and the wraps that open it.

A learner has one random data key, which is stored only wrapped. Signing in *is* unwrapping:
authenticated decryption succeeds or it doesn't, and there is no separate password hash to leak.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.records.crypto import derive, random_id, random_key, seal, unseal
from app.records.failures import RecordDamaged, VaultGone
from app.records.tables import KeyWrap, Learner


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
    session.add(Learner(id=vault.learner_id))
    session.flush()
    return vault


def _binding(kind: WrapKind, learner_id: bytes, tag: bytes) -> bytes:
    return b"wrap:1:" + kind.encode() + b":" + learner_id + tag


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
    return session.scalar(select(KeyWrap).where(KeyWrap.tag == by.tag, KeyWrap.kind == by.kind.value))


def unwrap(session: Session, by: WrappingKey) -> Vault | None:
    """Open the vault that this key opens, or None if it opens none."""
    found = find_wrap(session, by)
    return open_wrap(found, by) if found else None


def open_wrap(found: KeyWrap, by: WrappingKey) -> Vault | None:
    """Open a wrap that was found by its tag, or None if it was damaged or moved."""
    try:
        data_key = unseal(by.key, found.sealed, _binding(by.kind, found.learner_id, found.tag))
    except RecordDamaged:
        return None
    return Vault(found.learner_id, data_key)


def drop_wraps(session: Session, learner_id: bytes, kinds: Iterable[WrapKind]) -> None:
    """Forget every way of these kinds to open a learner's vault."""
    names = [kind.value for kind in kinds]
    session.execute(delete(KeyWrap).where(KeyWrap.learner_id == learner_id, KeyWrap.kind.in_(names)))


def is_kept(session: Session, learner_id: bytes) -> bool:
    """Whether something other than a session opens this vault: a passphrase."""
    found = select(KeyWrap.tag).where(KeyWrap.learner_id == learner_id, KeyWrap.kind == WrapKind.PASSPHRASE)
    return session.scalar(found.limit(1)) is not None


def lock_learner(session: Session, learner_id: bytes) -> None:
    """Make this transaction the only writer of this learner's records. Raises VaultGone.

    On SQLite the transaction holds the write lock already; on PostgreSQL the row is locked.
    """
    row = session.scalar(select(Learner.id).where(Learner.id == learner_id).with_for_update())
    if row is None:
        raise VaultGone
