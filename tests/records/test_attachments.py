"""Files that a learner keeps: sealed in pieces, whole or not at all, and gone when they are deleted."""

import random
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from app.records import attachments, erasure
from app.records.attachments import (
    LARGEST_FILE,
    PIECE,
    ROOM,
    AddingGivenUp,
    NoRoom,
    SealedFile,
    opened_piece,
    sealed_piece,
)
from app.records.crypto import KEY_BYTES, random_id, random_key
from app.records.database import Database
from app.records.failures import RecordDamaged, SessionEnded, VaultGone
from app.records.keyring import NewPassphrase
from app.records.passphrases import Credentials
from app.records.tables import Attachment, AttachmentPiece, Learner
from app.records.vault import Vault
from tests.records.conftest import NOW, PASSPHRASE, People
from tests.records.test_at_rest import files_of, forms
from tests.records.test_erasure import SMALL_SIZES, Life, found_in, left

UNTIL = NOW + 900
MARK = "una voz marcada en la nota"


def body(size: int, mark: str = MARK) -> bytes:
    """So many bytes that hold a mark at every turn, and are different everywhere."""
    turn = b"".join(sha256(bytes([n])).digest() + mark.encode() for n in range(200))
    return (turn * (size // len(turn) + 1))[:size]


def added(people: People, vault: Vault, content: bytes) -> SealedFile:
    file = attachments.add(people.database, vault, content, UNTIL)
    with people.database.changing() as connection:
        attachments.finish_adding(connection, vault, file)
    return file


def read(people: People, vault: Vault, file: SealedFile) -> bytes:
    return b"".join(attachments.read(people.database, vault.learner_id, file))


def rows(database: Database) -> tuple[int, int]:
    """How many files and how many pieces there are."""
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(t)) for t in (Attachment, AttachmentPiece)]
    return counts[0] or 0, counts[1] or 0


# Pieces by themselves.

FILES = st.builds(
    SealedFile,
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES),
    st.integers(0, 5 * PIECE),
)


@settings(max_examples=60, deadline=None)
@given(FILES, st.data())
def test_every_piece_opens_in_its_place_and_nowhere_else(file: SealedFile, data: st.DataObject):
    content = random.Random(data.draw(st.integers(0, 999))).randbytes(file.size)  # noqa: S311 - invented bytes
    sealed = [sealed_piece(file, n, content[n * PIECE : (n + 1) * PIECE]) for n in range(file.pieces)]

    assert b"".join(opened_piece(file, n, piece) for n, piece in enumerate(sealed)) == content
    assert {len(piece) for piece in sealed} == {PIECE + 28}
    number, other = data.draw(st.integers(0, file.pieces - 1)), data.draw(st.integers(0, file.pieces))
    for elsewhere in (
        (SealedFile(random_id(), file.key, file.size), number),
        (SealedFile(file.id, random_key(), file.size), number),
        (SealedFile(file.id, file.key, file.size + 1), number),
        *([(file, other)] if other != number else []),
    ):
        with pytest.raises(RecordDamaged):
            opened_piece(*elsewhere, sealed[number])


@settings(max_examples=60, deadline=None)
@given(FILES, st.data())
def test_no_bit_and_no_byte_of_a_piece_can_be_changed_cut_or_added(file: SealedFile, data: st.DataObject):
    sealed = bytearray(sealed_piece(file, 0, b"\1" * min(file.size, PIECE)))
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytes(sealed[:place]) + bytes([sealed[place] ^ (1 << data.draw(st.integers(0, 7)))])
    changed += bytes(sealed[place + 1 :])

    for wrong in (changed, bytes(sealed[:place]), bytes(sealed) + b"\0"):
        with pytest.raises(RecordDamaged):
            opened_piece(file, 0, wrong)


# Files in the records.


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, LARGEST_FILE])
def test_a_file_comes_back_as_it_was_added(people: People, size: int):
    vault = people.kept().vault

    file = added(people, vault, body(size))

    assert read(people, vault, file) == body(size)
    assert rows(people.database) == (1, file.pieces)
    assert attachments.pieces_of(LARGEST_FILE) <= ROOM


def test_nothing_of_a_file_stands_in_the_clear_anywhere(sqlite_people: People):
    vault = sqlite_people.kept().vault

    file = added(sqlite_people, vault, body(3 * PIECE + 17))

    for name, content in files_of(sqlite_people.database).items():
        assert not [form for form in forms(MARK) if form in content], name
        assert file.key not in content
        assert sha256(body(3 * PIECE + 17)).digest() not in content


def test_two_files_of_different_sizes_that_take_as_many_pieces_look_alike(people: People):
    vault = people.kept().vault
    for size in (1, PIECE - 1):
        added(people, vault, body(size))

    with people.database.reading() as session:
        sizes = {len(sealed) for sealed in session.scalars(select(AttachmentPiece.sealed))}
        assert len(sizes) == 1
        assert set(session.scalars(select(Attachment.pieces))) == {1}


def test_until_it_is_whole_nobody_reads_it(people: People):
    vault = people.kept().vault
    file = attachments.add(people.database, vault, body(2 * PIECE), UNTIL)

    with pytest.raises(RecordDamaged):
        read(people, vault, file)


def test_what_was_never_whole_is_given_up_and_swept_away(people: People):
    vault = people.kept().vault
    file = attachments.add(people.database, vault, body(20 * PIECE), UNTIL)
    stays = added(people, vault, body(PIECE))

    with people.database.changing() as connection:
        assert attachments.let_go_unfinished(connection, UNTIL - 1) == 0
        assert attachments.let_go_unfinished(connection, UNTIL) == 1
    assert erasure.is_pending(people.database)
    assert erasure.finish(people.database)

    assert rows(people.database) == (1, 1)
    assert read(people, vault, stays) == body(PIECE)
    with pytest.raises(AddingGivenUp), people.database.changing() as connection:
        attachments.finish_adding(connection, vault, file)


def test_another_learner_reads_it_under_no_circumstances(people: People):
    vault, other = people.kept().vault, people.kept("Colibrí").vault
    file = added(people, vault, body(100))

    with pytest.raises(RecordDamaged):
        read(people, other, file)
    with people.database.changing() as connection:
        assert attachments.let_go(connection, other.learner_id, [file.id]) == 0
    assert read(people, vault, file) == body(100)


@pytest.fixture
def damaged(people: People) -> tuple[People, Vault, SealedFile, SealedFile]:
    """Two files of three pieces each."""
    vault = people.kept().vault
    files = [added(people, vault, body(2 * PIECE + 5, mark)) for mark in ("uno", "dos")]
    return people, vault, files[0], files[1]


def pieces(people: People, file: SealedFile) -> dict[int, bytes]:
    with people.database.reading() as session:
        found = session.execute(
            select(AttachmentPiece.number, AttachmentPiece.sealed).where(
                AttachmentPiece.attachment_id == file.id
            )
        )
        return {row.number: row.sealed for row in found}


def put(people: People, file: SealedFile, number: int, sealed: bytes) -> None:
    with people.database.writing() as session:
        session.execute(
            update(AttachmentPiece)
            .where(AttachmentPiece.attachment_id == file.id, AttachmentPiece.number == number)
            .values(sealed=sealed)
        )


@pytest.mark.parametrize("how", ["changed", "dropped", "swapped", "another file's", "cut off"])
def test_a_piece_that_was_tampered_with_shows_and_the_other_file_is_unharmed(
    damaged: tuple[People, Vault, SealedFile, SealedFile], how: str
):
    people, vault, file, other = damaged
    found = pieces(people, file)
    if how == "changed":
        put(people, file, 1, found[1][:-1] + bytes([found[1][-1] ^ 1]))
    elif how == "swapped":
        put(people, file, 0, found[1])
        put(people, file, 1, found[0])
    elif how == "another file's":
        put(people, file, 1, pieces(people, other)[1])
    else:
        number = 1 if how == "dropped" else 2
        with people.database.writing() as session:
            session.delete(session.get_one(AttachmentPiece, (file.id, number)))

    with pytest.raises(RecordDamaged):
        read(people, vault, file)
    assert read(people, vault, other) == body(2 * PIECE + 5, "dos")


def test_there_is_room_for_so_much_and_no_more_until_something_goes(people: People):
    vault = people.kept().vault
    each = LARGEST_FILE // PIECE
    with people.database.writing() as session:
        session.add_all(
            Attachment(id=random_id(), learner_id=vault.learner_id, pieces=each, until=None)
            for _ in range(ROOM // each - 1)
        )
    file = added(people, vault, body(LARGEST_FILE))

    with pytest.raises(NoRoom):
        attachments.add(people.database, vault, b"x", UNTIL)
    with people.database.changing() as connection:
        attachments.let_go(connection, vault.learner_id, [file.id])

    assert read(people, vault, added(people, vault, b"x")) == b"x"


def test_a_guests_files_go_along_when_they_keep_their_progress(people: People):
    guest = people.guest()
    file = added(people, guest.vault, body(2 * PIECE))
    under_way = attachments.add(people.database, guest.vault, b"x", UNTIL)

    kept = people.keyring.keep(guest, NewPassphrase("Golondrina", PASSPHRASE), NOW)

    assert read(people, kept.vault, file) == body(2 * PIECE)
    with pytest.raises(VaultGone), people.database.changing() as connection:
        attachments._store(connection, guest.vault.learner_id, under_way.id, 1, b"x")


def test_and_when_they_sign_in_and_add_what_they_have(people: People):
    kept, guest = people.kept(), people.guest()
    file = added(people, guest.vault, body(PIECE))

    people.keyring.absorb(kept.vault, guest, lambda _ref, mine, _theirs: mine)

    assert read(people, kept.vault, file) == body(PIECE)


def test_after_a_new_data_key_what_was_opened_before_adds_nothing(people: People):
    old = people.kept().vault
    file = added(people, old, body(PIECE))
    fresh = people.keyring.rekey(
        old, Credentials.typed("Golondrina", PASSPHRASE), NewPassphrase("Golondrina", PASSPHRASE), NOW
    ).vault

    with pytest.raises(SessionEnded):
        attachments.add(people.database, old, b"x", UNTIL)
    assert read(people, fresh, file) == body(PIECE)


def test_deleting_a_learner_takes_the_files_along(people: People):
    gone, stays = people.kept().vault, people.kept("Colibrí").vault
    for size in (20 * PIECE, 3):
        added(people, gone, body(size))
    file = added(people, stays, body(PIECE))

    assert erasure.delete_learner(people.database, gone.learner_id)

    assert rows(people.database) == (1, 1)
    assert not erasure.is_pending(people.database)
    assert read(people, stays, file) == body(PIECE)


def test_a_guest_who_expires_leaves_no_piece(people: People):
    from app.records.sessions import drop_expired

    guest = people.guest()
    added(people, guest.vault, body(2 * PIECE))

    with people.database.writing() as session:
        drop_expired(session, NOW + people.lifetimes.guest + 1000)
    assert erasure.finish(people.database)

    assert rows(people.database) == (0, 0)


def test_after_deleting_no_window_of_a_sealed_piece_is_left_in_file_or_log(sqlite_people: People):
    vault = sqlite_people.kept().vault
    file = added(sqlite_people, vault, body(3 * PIECE))
    windows = [
        sealed[at : at + 64] for sealed in pieces(sqlite_people, file).values() for at in range(0, PIECE, 999)
    ]
    before = b"".join(files_of(sqlite_people.database).values())
    assert sum(window in before for window in windows) > len(windows) * 0.9

    assert erasure.delete_learner(sqlite_people.database, vault.learner_id)

    left = b"".join(files_of(sqlite_people.database).values())
    assert not [window for window in windows if window in left]


def test_where_files_make_the_records_large_deleting_leaves_nothing_of_the_records_either(
    sqlite_people: People, monkeypatch: pytest.MonkeyPatch
):
    """Then everything is written anew but the pieces."""
    monkeypatch.setattr(erasure, "SMALL", 2 * 1024 * 1024)
    big = sqlite_people.kept("big").vault
    file = added(sqlite_people, big, body(12 * PIECE))
    life = Life(sqlite_people, 3)
    life.begin(10)
    life.write(250, SMALL_SIZES)
    gone, stay = life.vaults[:4], life.vaults[4:]

    for vault in gone:
        assert erasure.delete_learner(sqlite_people.database, vault.learner_id)

    assert found_in(left(sqlite_people.database), life.of(gone)) == set()
    assert all(sqlite_people.notebook(vault).everything()[1] == 0 for vault in [big, *stay])
    assert read(sqlite_people, big, file) == body(12 * PIECE)
    with sqlite_people.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Learner)) == 7
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
