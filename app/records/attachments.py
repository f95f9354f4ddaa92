"""Files that a learner keeps: sealed in pieces, each in a commit of its own, and never in the clear on a disk.

A file has a random id and a random key. Both stand in a sealed record of its learner's, so that a new data key, and
a guest's vault becoming a kept one, carry the key along and leave the pieces where they are. Each piece is sealed with
AES-256-GCM and bound to the file, to its number and to the file's size, so that none can be changed, moved, swapped
or left out; the last is filled up. A copied database shows a number of pieces.

A file that is being added is nobody's to read until the record that names it is saved in the transaction that
`finish_adding`s it. What was given up, deleted, or left behind by its learner is nobody's (`learner_id` is empty), and
`sweep` removes its pieces, a few at a time, so that others can write in between.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.records.crypto import joined, random_id, random_key, seal, unseal
from app.records.database import Database
from app.records.failures import RecordDamaged, RecordsFailure, VaultGone
from app.records.tables import Attachment, AttachmentPiece
from app.records.vault import Vault, lock_vault

#: Bytes of a piece before it is sealed.
PIECE = 256 * 1024
#: Bytes that a file may have, and pieces that all files of one learner may have: 50 MB.
LARGEST_FILE = 10 * 1024 * 1024
ROOM = 50 * 1024 * 1024 // PIECE
#: Pieces that are removed in one transaction: a few milliseconds.
_AT_ONCE = 8

_file, _piece = Attachment.__table__.c, AttachmentPiece.__table__.c
_READ = (
    select(_piece.sealed)
    .join_from(AttachmentPiece.__table__, Attachment.__table__, _file.id == _piece.attachment_id)
    .where(
        _piece.attachment_id == bindparam("file"),
        _piece.number == bindparam("place"),
        _file.learner_id == bindparam("learner"),
        _file.until.is_(None),
    )
)


class NoRoom(RecordsFailure):
    """The learner's files would take more room than one learner may have."""


class AddingGivenUp(RecordsFailure):
    """The file took so long to be added that its pieces count as left behind."""


@dataclass(frozen=True)
class SealedFile:
    """What finds and opens a file: its id, its key and its size in bytes. For a sealed record alone."""

    id: bytes
    key: bytes = field(repr=False)
    size: int

    @property
    def pieces(self) -> int:
        """How many pieces it is in."""
        return pieces_of(self.size)


def pieces_of(size: int) -> int:
    """In how many pieces a file of this size is kept; an empty one has one as well."""
    return max(1, -(-size // PIECE))


def sealed_piece(file: SealedFile, number: int, body: bytes | memoryview) -> bytes:
    """One piece, filled up and sealed."""
    filled = bytes(body).ljust(PIECE, b"\0")
    return seal(file.key, filled, _binding(file, number))


def opened_piece(file: SealedFile, number: int, sealed: bytes) -> bytes:
    """What is in a piece. Raises RecordDamaged when it was changed, or is another piece or another file's."""
    return unseal(file.key, sealed, _binding(file, number))[: max(0, file.size - number * PIECE)]


def _binding(file: SealedFile, number: int) -> bytes:
    numbers = (each.to_bytes(8, "big") for each in (number, file.size))
    return b"piece:1:" + joined(file.id, *numbers)


def add(database: Database, vault: Vault, body: bytes, until: int) -> SealedFile:
    """Seal and store a file's pieces. It can't be seen until `finish_adding`, which must come before `until`.

    Raises NoRoom, VaultGone, SessionEnded when the vault was re-keyed meanwhile, and the storage failures.
    """
    file = SealedFile(random_id(), random_key(), len(body))
    with database.writing() as session:
        lock_vault(session, vault)
        _begin(session, vault.learner_id, file, until)
    view = memoryview(body)
    for number in range(file.pieces):
        sealed = sealed_piece(file, number, view[number * PIECE : (number + 1) * PIECE])
        with database.changing() as connection:
            _store(connection, vault.learner_id, file.id, number, sealed)
    return file


def _begin(session: Session, learner_id: bytes, file: SealedFile, until: int) -> None:
    if pieces_taken(session.connection(), learner_id) + file.pieces > ROOM:
        raise NoRoom
    session.add(Attachment(id=file.id, learner_id=learner_id, pieces=file.pieces, until=until))


def _store(connection: Connection, learner_id: bytes, file_id: bytes, number: int, sealed: bytes) -> None:
    mine = select(_file.id, literal(number), literal(sealed)).where(
        _file.id == file_id, _file.learner_id == learner_id
    )
    storing = insert(AttachmentPiece).from_select(["attachment_id", "number", "sealed"], mine)
    if connection.execute(storing.execution_options(preserve_rowcount=True)).rowcount < 1:
        raise VaultGone  # deleted, kept or joined from another window meanwhile


def finish_adding(connection: Connection, vault: Vault, file: SealedFile) -> None:
    """Let a file be read, within the transaction that saves the record which names it. Raises AddingGivenUp."""
    mine = (_file.id == file.id) & (_file.learner_id == vault.learner_id) & _file.until.is_not(None)
    if not connection.execute(update(Attachment).where(mine).values(until=None)).rowcount:
        raise AddingGivenUp


def pieces_taken(connection: Connection, learner_id: bytes) -> int:
    """How many pieces a learner's files have, with those that are being added."""
    taken = select(func.coalesce(func.sum(_file.pieces), 0)).where(_file.learner_id == learner_id)
    return int(connection.scalar(taken) or 0)


def read(database: Database, learner_id: bytes, file: SealedFile) -> Iterator[bytes]:
    """A file piece by piece, each in a statement of its own: no transaction waits for a slow reader.

    Raises RecordDamaged at the first piece that is missing or can't be opened.
    """
    for number in range(file.pieces):
        asked = {"file": file.id, "place": number, "learner": learner_id}
        with database.asking() as asking:
            sealed = asking.scalar(_READ, asked)
        if sealed is None:
            raise RecordDamaged
        yield opened_piece(file, number, sealed)


def let_go(connection: Connection, learner_id: bytes, file_ids: Iterable[bytes]) -> int:
    """Make files nobody's within a transaction that drops the records which name them; `sweep` removes the pieces."""
    mine = (_file.id.in_(list(file_ids))) & (_file.learner_id == learner_id)
    return int(connection.execute(update(Attachment).where(mine).values(learner_id=None)).rowcount)


def let_go_unfinished(connection: Connection, now: int) -> int:
    """Make nobody's what was never added whole. Returns how many files that were."""
    late = update(Attachment).where(_file.until <= now, _file.learner_id.is_not(None))
    return int(connection.execute(late.values(learner_id=None)).rowcount)


def hand_over(session: Session, before: bytes, after: bytes) -> None:
    """Give a learner's files to the one that their records move to, within that transaction."""
    session.execute(update(Attachment).where(_file.learner_id == before).values(learner_id=after))


def sweep(database: Database) -> None:
    """Remove the pieces of what is nobody's, a few in a transaction."""
    with database.asking() as asking:
        ids = list(asking.scalars(select(_file.id).where(_file.learner_id.is_(None))))
    for file_id in ids:
        while _removed_some(database, file_id):
            pass


def _removed_some(database: Database, file_id: bytes) -> bool:
    with database.changing() as connection:
        mine = _piece.attachment_id == file_id
        some = list(connection.scalars(select(_piece.number).where(mine).limit(_AT_ONCE)))
        if some:
            connection.execute(delete(AttachmentPiece).where(mine, _piece.number.in_(some)))
        else:
            connection.execute(delete(Attachment).where(_file.id == file_id, _file.learner_id.is_(None)))
    return bool(some)


def piece_bytes(connection: Connection) -> int:
    """Bytes that all pieces of all learners take in the file, about."""
    return int(connection.scalar(select(func.coalesce(func.sum(_file.pieces), 0))) or 0) * PIECE
