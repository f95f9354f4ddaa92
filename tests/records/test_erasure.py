"""Deleting for good: after "done" the bytes are gone, and before that nobody says it."""

import random
from collections.abc import Iterable

import pytest
from sqlalchemy import func, select, text

from app.records import erasure
from app.records.crypto import keyed_hash
from app.records.database import Database
from app.records.failures import SessionEnded, VaultGone, WrongPassphrase
from app.records.keyring import NewPassphrase
from app.records.notebook import Ref
from app.records.tables import Erasure, KeyWrap, Learner, SealedRecord
from app.records.vault import Vault
from tests.records.conftest import NOW, PASSPHRASE, People

SIZES = [5, 100, 300, 900, 1500, 3000, 5000, 20_000]
#: Records that share pages, which are moved when a page is full: without rewriting the file, one life in
#: five leaves copies.
SMALL_SIZES = [5, 300, 900]


def left(database: Database) -> bytes:
    assert database.file is not None
    wal = database.file.with_name(database.file.name + "-wal")
    return database.file.read_bytes() + (wal.read_bytes() if wal.exists() else b"")


class Life:
    """What a database has held of each learner, every old form included."""

    def __init__(self, people: People, seed: int):
        self.people = people
        self.random = random.Random(seed)  # noqa: S311 - the same life at every run
        self.vaults: list[Vault] = []
        self.traces: dict[bytes, set[bytes]] = {}

    def begin(self, learners: int) -> None:
        for number in range(learners):
            self.vaults.append(self.people.kept(f"learner {number}").vault)
            self.collect(self.vaults[-1])

    def write(self, times: int, sizes: list[int] = SIZES) -> None:
        for _ in range(times):
            vault = self.random.choice(self.vaults)
            name = str(self.random.randrange(12))
            self.people.write(vault, name, "x" * self.random.choice(sizes))
            with self.people.database.reading() as session:
                address = keyed_hash(vault.address_key(), "note", name)
                row = session.get_one(SealedRecord, (vault.learner_id, address))
            self.traces[vault.learner_id] |= {address, row.revision, *pieces(row.body)}

    def collect(self, vault: Vault) -> None:
        with self.people.database.reading() as session:
            found = self.traces.setdefault(vault.learner_id, {vault.learner_id})
            rows = session.execute(
                select(SealedRecord.address, SealedRecord.revision, SealedRecord.body).where(
                    SealedRecord.learner_id == vault.learner_id
                )
            )
            for address, revision, body in rows:
                found |= {address, revision, *pieces(body)}
            wraps = session.scalars(select(KeyWrap).where(KeyWrap.learner_id == vault.learner_id))
            for wrap in wraps:
                found |= {wrap.tag, *pieces(wrap.sealed)}

    def of(self, vaults: Iterable[Vault]) -> set[bytes]:
        return set().union(*(self.traces[vault.learner_id] for vault in vaults))


def pieces(body: bytes) -> set[bytes]:
    """Windows of a ciphertext, so that a part of it is found wherever it was cut off."""
    return {body[at : at + 16] for at in range(0, len(body) - 15, 16)}


def found_in(content: bytes, traces: set[bytes]) -> set[bytes]:
    """Which of many 16-byte windows (or longer) stand in the content: one pass over it, whatever their number."""
    heads = {trace[:16]: trace for trace in traces}
    return {
        heads[content[at : at + 16]]
        for at in range(len(content) - 15)
        if content[at : at + 16] in heads and content.startswith(heads[content[at : at + 16]], at)
    }


@pytest.mark.parametrize("seed", range(4))
def test_after_done_neither_file_nor_log_holds_anything_a_learner_ever_had(sqlite_people: People, seed: int):
    life = Life(sqlite_people, seed)
    life.begin(10)
    life.write(160)
    gone = life.random.sample(life.vaults, 4)
    stay = [vault for vault in life.vaults if vault not in gone]
    assert found_in(left(sqlite_people.database), life.of(gone))

    for vault in gone:
        assert erasure.delete_learner(sqlite_people.database, vault.learner_id)

    assert found_in(left(sqlite_people.database), life.of(gone)) == set()
    assert all(sqlite_people.notebook(vault).everything()[1] == 0 for vault in stay)
    assert not erasure.is_pending(sqlite_people.database)


@pytest.mark.parametrize("seed", range(10))
def test_a_copy_that_moving_left_behind_is_gone_even_when_the_deletion_is_finished_later(
    sqlite_people: People, seed: int
):
    life = Life(sqlite_people, seed)
    life.begin(14)
    life.write(250, SMALL_SIZES)
    gone = life.random.sample(life.vaults, 5)
    with sqlite_people.database.writing() as session:
        erasure.delete_rows(session, [vault.learner_id for vault in gone], finished=False)

    assert erasure.finish(sqlite_people.database)

    assert found_in(left(sqlite_people.database), life.of(gone)) == set()


def test_while_somebody_reads_it_is_finishing_and_afterwards_the_bytes_are_gone(sqlite_people: People):
    life = Life(sqlite_people, 7)
    life.begin(6)
    life.write(60)
    gone, stays = life.vaults[0], life.vaults[1]
    elsewhere = Database(sqlite_people.database.url.render_as_string())

    with elsewhere.reading() as reader:
        assert reader.scalar(select(func.count()).select_from(Learner)) == 6
        assert not erasure.delete_learner(sqlite_people.database, gone.learner_id)
        assert erasure.is_pending(sqlite_people.database)
        assert found_in(left(sqlite_people.database), life.of([gone]))
        assert not erasure.finish(sqlite_people.database)
        with sqlite_people.database.reading() as session:
            assert session.get(Learner, gone.learner_id) is None  # the rows are gone already
        sqlite_people.write(stays, "a", "others write on")

    assert erasure.finish(sqlite_people.database)
    assert not erasure.is_pending(sqlite_people.database)
    assert found_in(left(sqlite_people.database), life.of([gone])) == set()
    elsewhere.close()


def test_what_a_guest_wrote_leaves_the_files_after_keeping(sqlite_people: People):
    guest = sqlite_people.guest()
    life = Life(sqlite_people, 1)
    for number, size in enumerate(SIZES):
        sqlite_people.write(guest.vault, str(number), "x" * size)
    life.collect(guest.vault)
    sqlite_people.keyring.keep(guest, NewPassphrase("Golondrina", PASSPHRASE), NOW)

    assert erasure.is_pending(sqlite_people.database)
    assert erasure.finish(sqlite_people.database)

    assert found_in(left(sqlite_people.database), life.of([guest.vault])) == set()


def test_a_deleted_learner_is_gone_from_the_tables_and_opens_nowhere(people: People):
    kept, other = people.kept(), people.kept("Cenzontle")
    people.write(kept.vault, "phone", "prepaid")
    people.write(other.vault, "phone", "theirs")

    assert erasure.delete_learner(people.database, kept.vault.learner_id)

    assert people.rows(kept.vault) == []
    with pytest.raises(SessionEnded):
        people.resume(kept.token)
    with pytest.raises(WrongPassphrase):
        people.sign_in()
    with pytest.raises(VaultGone):
        people.write(kept.vault, "phone", "too late")
    assert people.read(other.vault, "phone") == "theirs"
    assert not erasure.is_pending(people.database)


def test_deleting_again_succeeds_again(people: People):
    kept = people.kept()

    assert erasure.delete_learner(people.database, kept.vault.learner_id)
    assert erasure.delete_learner(people.database, kept.vault.learner_id)

    with people.database.reading() as session:
        digests = session.scalars(select(Erasure.digest)).all()
    assert erasure.digest(kept.vault.learner_id) in digests
    assert kept.vault.learner_id not in b"".join(digests)


def test_a_deletion_that_stopped_after_the_keys_is_taken_up_again_and_remembered(people: People):
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    interrupted = people.database
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erasure, "delete_rows", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erasure.delete_learner(interrupted, kept.vault.learner_id)

    assert erasure.is_pending(people.database)
    with pytest.raises(WrongPassphrase):
        people.sign_in()
    assert len(people.rows(kept.vault)) == 2

    assert erasure.finish(people.database)

    assert people.rows(kept.vault) == []
    with people.database.reading() as session:
        assert session.get(Learner, kept.vault.learner_id) is None
        assert session.get(Erasure, erasure.digest(kept.vault.learner_id)) is not None
    assert not erasure.is_pending(people.database)


def test_a_deletion_that_comes_while_another_is_cleaned_up_is_not_called_done_with_it(sqlite_people: People):
    first, second = sqlite_people.kept("one").vault, sqlite_people.kept("two").vault
    database = sqlite_people.database
    real = erasure._truncate_log
    came: list[bytes] = []

    def truncate_then_another_deletes(which: Database) -> bool:
        cleaned = real(which)
        if not came:
            came.append(second.learner_id)
            with database.writing() as session:
                erasure.delete_rows(session, came, finished=False)
        return cleaned

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erasure, "_truncate_log", truncate_then_another_deletes)
        assert erasure.delete_learner(database, first.learner_id)

    assert erasure.is_pending(database)
    assert erasure.finish(database)
    assert not erasure.is_pending(database)


def test_a_large_file_is_written_anew_for_a_deletion_but_not_for_every_guest(
    sqlite_people: People, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(erasure, "SMALL", 0)
    monkeypatch.setattr(erasure, "SMALL_FOR_TRACES", 0)
    rebuilt: list[bool] = []
    real = erasure._rebuild
    monkeypatch.setattr(
        erasure, "_rebuild", lambda database, **how: rebuilt.append(True) or real(database, **how)
    )
    guest = sqlite_people.guest()
    sqlite_people.keyring.keep(guest, NewPassphrase("Golondrina", PASSPHRASE), NOW)
    assert erasure.finish(sqlite_people.database)
    assert rebuilt == []
    assert not erasure.is_pending(sqlite_people.database)

    kept = sqlite_people.sign_in().vault
    assert erasure.delete_learner(sqlite_people.database, kept.learner_id)
    assert rebuilt == [True]
    assert kept.learner_id not in left(sqlite_people.database)


def test_cleaning_leaves_the_database_whole_and_its_settings_as_they_were(sqlite_people: People):
    life = Life(sqlite_people, 3)
    life.begin(5)
    life.write(40)
    for vault in life.vaults[:3]:
        assert erasure.delete_learner(sqlite_people.database, vault.learner_id)

    with sqlite_people.database.reading() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert session.scalar(text("PRAGMA busy_timeout")) == 5000
        assert session.scalar(text("PRAGMA temp_store")) == 2
        assert session.scalar(text("PRAGMA secure_delete")) == 1
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA synchronous")) == 2


def test_no_row_is_left_that_refers_to_a_deleted_learner(people: People):
    kept = people.kept()
    with people.notebook(kept.vault).editing(Ref("a"), str, "") as editing:
        editing.value = "b"
    erasure.delete_learner(people.database, kept.vault.learner_id)

    with people.database.reading() as session:
        for table in (KeyWrap, SealedRecord):
            assert session.scalar(select(func.count()).where(table.learner_id == kept.vault.learner_id)) == 0
