"""Backups hold people's files, and bring back none that were deleted since, or were never whole."""

from sqlalchemy import select

from app.records import attachments, deletions, erasure
from app.records.attachments import PIECE
from app.records.tables import Attachment, AttachmentPiece
from tests.records.conftest import NOW, People
from tests.records.test_attachments import UNTIL, added, body, read, rows
from tests.records.test_backups import backup, restore


def test_files_come_back_with_a_backup(people: People):
    vault, guest = people.kept().vault, people.guest().vault
    file = added(people, vault, body(9 * PIECE))
    added(people, guest, body(PIECE))
    attachments.add(people.database, vault, body(2 * PIECE), UNTIL)
    whole = backup(people.database)

    restore(people.database, whole, replacing=True)

    assert rows(people.database) == (1, 9)  # none of a guest's, and none that was never whole
    assert read(people, people.sign_in().vault, file) == body(9 * PIECE)


def test_a_file_that_was_deleted_since_stays_away_and_so_do_a_deleted_learners(people: People):
    vault, gone = people.kept().vault, people.kept("Colibrí").vault
    files = [added(people, vault, body(PIECE)) for _ in range(2)]
    added(people, gone, body(PIECE))
    whole = backup(people.database)
    with people.database.writing() as session:
        attachments.let_go(session.connection(), vault.learner_id, [files[0].id])
        erasure.note_deletions(session, [files[0].id])
    erasure.finish(people.database)
    erasure.delete_learner(people.database, gone.learner_id)
    with people.database.reading() as session:
        listed = deletions.read(deletions.listed(deletions.known(session.connection())))

    restore(people.database, whole, listed, replacing=True)

    with people.database.reading() as session:
        assert list(session.scalars(select(Attachment.id))) == [files[1].id]
        assert set(session.scalars(select(AttachmentPiece.attachment_id))) == {files[1].id}
    assert read(people, people.sign_in(now=NOW).vault, files[1]) == body(PIECE)
