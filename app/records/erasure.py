"""Deleting for good: the keys go first, then the rows, and "done" is said only when the files are clean.

SQLite keeps older pages in its write-ahead log until a checkpoint truncates it, and a truncating
checkpoint does nothing while another reader is open: so it is tried until the log is empty. And a
record that moved between pages can leave a copy of itself in the free space of the old one, which
`secure_delete` misses (after one deletion in forty, where people write a lot), and a deletion that is
finished later has only a digest left, by which nothing can be searched for: so the file is written anew.

Where attachments make the file large, everything but their pieces is: what a piece might leave behind is sealed
under a key that went with the record that named it.
"""

import mmap
import sqlite3
from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from app.records.attachments import piece_bytes, sweep
from app.records.database import BUSY_TIMEOUT, Database
from app.records.failures import RecordsFailure, VaultGone
from app.records.tables import Attachment, AttachmentPiece, Base, Erasure, KeyWrap, Learner, SealedRecord
from app.records.vault import lock_learner

#: Up to this size, in bytes, a file is written anew in well under a second, and in memory.
SMALL = 64 * 1024 * 1024
#: `TRACES` come as often as somebody keeps their progress, and writers wait meanwhile: for them, it is
#: written anew only up to this size. For a deletion that was asked for, always.
SMALL_FOR_TRACES = 8 * 1024 * 1024

#: Stands among the deletions for what was replaced rather than deleted on request: keys that were
#: changed, guests who kept their progress or left. It is the digest of no learner.
TRACES = sha256(b"traces").digest()


def digest(random_id: bytes) -> bytes:
    """What a deletion is remembered by: of a learner, or of a file that they kept."""
    return sha256(b"erased:" + random_id).digest()


def delete_learner(database: Database, learner_id: bytes) -> bool:
    """Delete a learner. Returns whether the files are clean of them already; if not, see `finish`."""
    with database.writing() as session:
        _lock(session, [learner_id])
        session.execute(delete(KeyWrap).where(KeyWrap.learner_id == learner_id))
        session.merge(Erasure(digest=digest(learner_id), finished=False))
    with database.writing() as session:
        delete_rows(session, [learner_id], finished=not database.is_sqlite)
    try:
        return finish(database, learner_id)
    except RecordsFailure:
        return False  # the rows are gone, and the files are still to be cleaned: that is tried again


def delete_rows(session: Session, learner_ids: Iterable[bytes], *, finished: bool) -> None:
    """Delete everything of these learners within a transaction, and remember that it was asked for."""
    ids = sorted(set(learner_ids))
    _lock(session, ids)
    for learner_id in ids:
        _delete_rows_of(session, learner_id)
        session.merge(Erasure(digest=digest(learner_id), finished=finished))


def forget_guest(session: Session, learner_id: bytes) -> None:
    """Delete a guest whose records live on elsewhere, within a transaction that holds their lock.

    Not among the deletions that a restored backup replays: no backup holds a session's wrap, so
    nothing opens a guest in one.
    """
    _delete_rows_of(session, learner_id)
    note_traces(session)


def note_traces(session: Session) -> None:
    """Remember that something was replaced whose older form should leave the files soon."""
    if session.get_bind().dialect.name == "sqlite":
        session.merge(Erasure(digest=TRACES, finished=False))


def note_deletions(session: Session, random_ids: Iterable[bytes]) -> None:
    """Remember that something of a learner's was deleted for good, by the random ids that nothing else has."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    for random_id in random_ids:
        session.merge(Erasure(digest=digest(random_id), finished=not sqlite))


def is_pending(database: Database) -> bool:
    """Whether some deletion is still finishing, or pieces of a file that is nobody's are still there."""
    nobodys = exists().where(Attachment.learner_id.is_(None))
    with database.reading() as session:
        return bool(session.scalar(select(or_(exists().where(~Erasure.finished), nobodys))))


def finish(database: Database, learner_id: bytes | None = None) -> bool:
    """Try to make the files clean of every deletion. Returns whether they are.

    With a learner's id, also searches the files for it. Called after each deletion, at start, and on
    writes while anything is pending.
    """
    pending = _resume_deletions(database)
    if database.is_sqlite and not _is_clean(database, pending, learner_id):
        return False
    if pending:
        with database.writing() as session:
            # Only what was pending when the cleaning began: a deletion that came since isn't clean yet.
            session.execute(update(Erasure).where(Erasure.digest.in_(pending)).values(finished=True))
    return True


def _lock(session: Session, learner_ids: Iterable[bytes]) -> None:
    for learner_id in learner_ids:
        try:
            lock_learner(session, learner_id)
        except VaultGone:
            continue  # deleted already: deleting again succeeds again


def _delete_rows_of(session: Session, learner_id: bytes) -> None:
    session.execute(delete(KeyWrap).where(KeyWrap.learner_id == learner_id))
    session.execute(delete(SealedRecord).where(SealedRecord.learner_id == learner_id))
    session.execute(delete(Learner).where(Learner.id == learner_id))


def _resume_deletions(database: Database) -> list[bytes]:
    """What is pending; where a deletion was interrupted after the keys, its rows go now, and nobody's pieces."""
    with database.reading() as session:
        pending = list(session.scalars(select(Erasure.digest).where(~Erasure.finished)))
        wraps = select(KeyWrap.tag).where(KeyWrap.learner_id == Learner.id)
        keyless = session.scalars(select(Learner.id).where(~wraps.exists())).all() if pending else []
    halfway = [learner_id for learner_id in keyless if digest(learner_id) in pending]
    if halfway:
        with database.writing() as session:
            delete_rows(session, halfway, finished=False)
    sweep(database)
    return pending


def _is_clean(database: Database, pending: Collection[bytes], learner_id: bytes | None) -> bool:
    if not _truncate_log(database):
        return False
    file = database.file
    if file is None or not (pending or learner_id):
        return True
    only_traces = learner_id is None and set(pending) <= {TRACES}
    whole, small = file.stat().st_size, SMALL_FOR_TRACES if only_traces else SMALL
    rest = _live_bytes(database)
    if only_traces and rest > small:
        return True
    cleaned = _rewrite(database) if rest <= small < whole else _rebuild(database, in_memory=whole <= SMALL)
    if not (cleaned and _truncate_log(database)):
        return False
    return learner_id is None or not _holds(file, learner_id)


def _truncate_log(database: Database) -> bool:
    with database.driver() as raw:
        raw.execute("PRAGMA busy_timeout=1000").close()
        try:
            busy, in_log, moved = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
        finally:
            raw.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT * 1000)}").close()
    return not busy and in_log == moved == 0


def _live_bytes(database: Database) -> int:
    """Bytes of the file that hold anything but pieces of attachments, about; free pages were overwritten already."""
    with database.asking() as asking:
        pieces = piece_bytes(asking)
    with database.driver() as raw:
        pages, free, size = (
            raw.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size) - pieces


def _rewrite(database: Database) -> bool:
    """Write every table anew but the pieces of attachments; pages that become free are overwritten."""
    tables = [table.name for table in Base.metadata.sorted_tables if table is not AttachmentPiece.__table__]
    with database.driver() as raw:
        try:
            raw.execute("PRAGMA foreign_keys=OFF").close()  # what is put back at once isn't deleted
            raw.execute("BEGIN IMMEDIATE").close()
            for name in tables:
                raw.execute(f'CREATE TEMP TABLE anew AS SELECT * FROM "{name}"').close()  # noqa: S608 - our own names
                raw.execute(f'DELETE FROM "{name}"').close()  # noqa: S608
                raw.execute(f'INSERT INTO "{name}" SELECT * FROM anew').close()  # noqa: S608
                raw.execute("DROP TABLE temp.anew").close()
            raw.execute("COMMIT").close()
        except sqlite3.OperationalError:
            if raw.in_transaction:
                raw.execute("ROLLBACK").close()
            return False
        finally:
            raw.execute("PRAGMA foreign_keys=ON").close()
    return True


def _rebuild(database: Database, *, in_memory: bool) -> bool:
    """Write the whole file anew. What SQLite puts aside meanwhile holds nothing but what is kept."""
    with database.driver() as raw:
        try:
            raw.execute(f"PRAGMA temp_store={'MEMORY' if in_memory else 'FILE'}").close()
            raw.execute("VACUUM").close()
        except sqlite3.OperationalError:
            return False
        finally:
            raw.execute("PRAGMA temp_store=MEMORY").close()
    return True


def _holds(file: Path, needle: bytes) -> bool:
    return any(_contains(part, needle) for part in (file, file.with_name(file.name + "-wal")))


def _contains(file: Path, needle: bytes) -> bool:
    if not file.exists() or file.stat().st_size == 0:
        return False
    with file.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.find(needle) >= 0
