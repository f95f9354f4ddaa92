"""Deleting for good: the keys go first, then the rows, and "done" is said only when the files are clean.

SQLite keeps older pages in its write-ahead log until a checkpoint truncates it, and a truncating
checkpoint does nothing while another reader is open: so it is tried until the log is empty, and
then the bytes of the file are searched for the random id that is gone.
"""

import mmap
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.records.database import Database
from app.records.tables import Erasure, KeyWrap, Learner, SealedRecord


def digest(learner_id: bytes) -> bytes:
    """What a deletion is remembered by."""
    return sha256(b"erased:" + learner_id).digest()


def delete_learner(database: Database, learner_id: bytes) -> bool:
    """Delete a learner. Returns whether the files are clean of them already; if not, see `finish`."""
    with database.writing() as session:
        session.execute(delete(KeyWrap).where(KeyWrap.learner_id == learner_id))
    with database.writing() as session:
        delete_rows(session, [learner_id], finished=not database.is_sqlite)
    return finish(database, learner_id)


def delete_rows(session: Session, learner_ids: Iterable[bytes], *, finished: bool) -> None:
    """Delete everything of these learners within a transaction, and remember that it was asked for."""
    for learner_id in learner_ids:
        session.execute(delete(KeyWrap).where(KeyWrap.learner_id == learner_id))
        session.execute(delete(SealedRecord).where(SealedRecord.learner_id == learner_id))
        session.execute(delete(Learner).where(Learner.id == learner_id))
        session.merge(Erasure(digest=digest(learner_id), finished=finished))


def is_pending(database: Database) -> bool:
    """Whether some deletion is still finishing."""
    with database.reading() as session:
        return bool(session.scalar(select(func.count()).where(~Erasure.finished)))


def finish(database: Database, learner_id: bytes | None = None) -> bool:
    """Try to make the files clean of every deletion. Returns whether they are.

    With a learner's id, also searches the files for it. Called after each deletion, at start, and
    on writes while anything is pending.
    """
    if not database.is_sqlite:
        return True
    if not _truncate_log(database):
        return False
    if (
        learner_id is not None
        and _holds(database.file, learner_id)
        and not _rebuilt_without(database, learner_id)
    ):
        return False
    with database.writing() as session:
        session.execute(update(Erasure).where(~Erasure.finished).values(finished=True))
    return True


def _truncate_log(database: Database) -> bool:
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101 - a pooled connection always has one
        raw.execute("PRAGMA busy_timeout=1000").close()
        try:
            busy, in_log, moved = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.execute("PRAGMA busy_timeout=5000").close()
    return not busy and in_log == moved == 0


def _rebuilt_without(database: Database, learner_id: bytes) -> bool:
    return _rebuild(database) and _truncate_log(database) and not _holds(database.file, learner_id)


def _rebuild(database: Database) -> bool:
    """Write the whole file anew: cells that moved between pages can leave copies that secure_delete misses."""
    try:
        with database.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None  # noqa: S101 - a pooled connection always has one
            raw.execute("VACUUM").close()
    except OperationalError:
        return False
    return True


def _holds(file: Path | None, needle: bytes) -> bool:
    if file is None:
        return False
    return any(_contains(part, needle) for part in (file, file.with_name(file.name + "-wal")))


def _contains(file: Path, needle: bytes) -> bool:
    if not file.exists() or file.stat().st_size == 0:
        return False
    with file.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.find(needle) >= 0
