"""Slowing repeated wrong passphrases, without locking anybody out by name and without storing addresses.

A class shares one address, and a hash of an address is reversible, so none is kept. Wrong
passphrases count against a keyed hash of the pseudonym; the wait doubles and is capped; a browser
that has opened this vault before is not slowed by what others do. On an unknown browser a right
passphrase clears nothing: two vaults may share a pseudonym, and whoever opens one could clear
what they tried against the other.

Codes of invitations have no name to count against, so wrong ones count against all of them together: many are free,
and the wait is short, or whoever sends wrong ones would keep everybody out. 75 random bits need no more.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.records.crypto import derive, keyed_hash
from app.records.database import Database
from app.records.failures import RecordsFailure, TooSoon
from app.records.tables import SlowedName

FREE_TRIES = 3
LONGEST_WAIT = 30
FREE_CODES = 30
LONGEST_CODE_WAIT = 4
FORGET_AFTER = 60 * 60
#: Seconds to which a time is rounded down while nobody has to wait: a row says little about when somebody was here.
ROUNDED = 15 * 60


def name_tag(host_secret: bytes, pseudonym: str, device: str) -> bytes:
    """What failures count against: the pseudonym as tried from this known device, or from any unknown one."""
    return keyed_hash(derive(host_secret, "slowed names"), pseudonym, device)


def codes_tag(host_secret: bytes) -> bytes:
    """What wrong codes of invitations count against."""
    return keyed_hash(derive(host_secret, "slowed codes"), "invitations")


def check(session: Session, tag: bytes, now: int) -> None:
    """Raises TooSoon while this name has to wait. A try that is refused doesn't lengthen the wait."""
    slowed = session.get(SlowedName, tag)
    # A wait longer than the longest comes from a clock that was ahead.
    if slowed is not None and now < slowed.retry_at <= now + LONGEST_WAIT:
        raise TooSoon(slowed.retry_at - now)


def take_turn(session: Session, tag: bytes, now: int) -> None:
    """`check` once more, when the passphrase is about to be tried in this transaction, one of a name at a time.

    However many tries passed the first check together while they hashed, those that come after the
    free ones learn nothing. Raises TooSoon.
    """
    if session.get_bind().dialect.name == "postgresql":
        turn = int.from_bytes(tag[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(turn)))
    check(session, tag, now)


def count_failure(
    session: Session, tag: bytes, now: int, free: int = FREE_TRIES, longest: int = LONGEST_WAIT
) -> None:
    """Count a wrong passphrase: the first few are free, then the wait doubles up to its cap, in seconds."""
    slowed = session.get(SlowedName, tag)
    if slowed is None:
        slowed = SlowedName(tag=tag, failures=0, retry_at=now)
        session.add(slowed)
    if slowed.retry_at < now - FORGET_AFTER:
        slowed.failures = 0
    slowed.failures = min(slowed.failures + 1, free + 16)
    over = slowed.failures - free
    slowed.retry_at = now + min(2**over, longest) if over > 0 else now - now % ROUNDED


@contextmanager
def counting(database: Database, tag: bytes, now: int, *failures: type[RecordsFailure]) -> Iterator[Session]:
    """A transaction to try a secret in: where it fails so, that is counted and committed, and only then raised.

    Whatever was changed before the failure is committed with it, so the secret is tried first. Raises TooSoon.
    """
    failed: RecordsFailure | None = None
    with database.writing() as session:
        take_turn(session, tag, now)
        try:
            yield session
        except failures as failure:
            count_failure(session, tag, now)
            failed = failure
    if failed is not None:
        raise failed


def forgive(session: Session, tag: bytes) -> None:
    """Forget the failures of a name that has signed in."""
    session.execute(delete(SlowedName).where(SlowedName.tag == tag))


def drop_old(session: Session, now: int) -> None:
    """Forget what is old enough not to matter."""
    old = select(SlowedName.tag).where(SlowedName.retry_at < now - FORGET_AFTER)
    session.execute(delete(SlowedName).where(SlowedName.tag.in_(old.with_for_update(skip_locked=True))))
