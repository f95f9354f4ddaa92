"""Backups: everything comes back but who was deleted, on either database, and nothing that was changed, cut or old."""

import io
import os
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, delete, func, insert, inspect, select, update

from app.records import actions, backups, deletions, erasure, sealedfile
from app.records.action_tables import Action
from app.records.backups import BackupExpired, BackupNewer, BackupOlder, NotEmpty
from app.records.cohorts import groups, publishing
from app.records.cohorts.campaign_tables import Campaign, Slot
from app.records.cohorts.invitations import enrol, invite
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Certificate, Invitation, Membership, Published
from app.records.crypto import random_id
from app.records.database import Database
from app.records.failures import RecordsFailure, WrongPassphrase
from app.records.hashing import PassphraseHasher
from app.records.sealedfile import PIECE, BackupDamaged
from app.records.tables import Base, Erasure, Installation, KeyWrap, Learner, SealedRecord
from app.records.vault import Vault
from tests.records.conftest import CHEAP, NOW, People, people_of

TODAY = date(2026, 11, 24)
PASSPHRASE = "farol caracol ventana tormenta pincel arena"
KEY = actions.log_key("the secret key of these tests")


def key_of(passphrase: str = PASSPHRASE) -> sealedfile.KeyOfFile:
    return lambda salt, cost: PassphraseHasher().backup_key(salt, passphrase, cost)


def backup(database: Database, days: int = 30, passphrase: str = PASSPHRASE) -> bytes:
    file, until = io.BytesIO(), backups.expiry(TODAY, days)
    with database.reading() as session:
        lines = backups.lines(session.connection(), TODAY, until)
        sealedfile.written(lines, file, until, CHEAP, key_of(passphrase))
    return file.getvalue()


def lines_of(whole: bytes, passphrase: str = PASSPHRASE) -> Iterator[bytes]:
    file = io.BytesIO(whole)
    yield from sealedfile.lines_of(file, sealedfile.opened(file, key_of(passphrase)))


def restore(
    database: Database, whole: bytes, deleted: frozenset[bytes] = frozenset(), *, replacing: bool = False
) -> backups.Restored:
    return backups.restore(database, lines_of(whole), deleted, replacing=replacing)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as session:
        return {
            table.name: sorted(tuple(row) for row in session.execute(select(table)))
            if table is not Membership.__table__
            else sorted((tuple(row) for row in session.execute(select(table))), key=lambda row: row[0])
            for table in backups.TABLES
            if table not in {Erasure.__table__, Campaign.__table__}
        }


@dataclass
class Newsroom:
    """Two who learn in a cohort and one who doesn't, a guest, a campaign, an invitation and a log."""

    people: People
    golondrina: Vault
    halcon: Vault
    alone: Vault

    @property
    def database(self) -> Database:
        return self.people.database


def newsroom_in(database: Database) -> Newsroom:
    people = people_of(database)
    guest = people.guest()
    people.write(guest.vault, "guest", "nada de esto se guarda")
    vaults = [people.kept(name).vault for name in ("Golondrina", "Halcón", "Nadie")]
    for number, vault in enumerate(vaults):
        people.write(vault, "note", f"nota {number} «ñ» 语")
    with database.changing() as connection:
        cohort = groups.create(connection, "Taller de marzo", TODAY)
        groups.assign(connection, cohort, "doxxing", "module", TODAY, TODAY + timedelta(days=9))
        for vault, label in zip(vaults[:2], ("Folio 17", "Folio 18"), strict=True):
            place = enrol(connection, vault, new_code(connection, cohort), label, TODAY, shares_all=True)
            publishing.publish(connection, vault.learner_id, {("doxxing", "quiz"): TODAY})
            issued = {"id": random_id(), "membership_id": place, "module": "doxxing", "issued_on": TODAY}
            connection.execute(insert(Certificate).values(**issued))
        new_code(connection, cohort)
        campaign = random_id()
        connection.execute(
            insert(Campaign).values(
                id=campaign, cohort_id=cohort, module="doxxing", opened_on=TODAY, closes_on=TODAY
            )
        )
        over = {
            "id": random_id(),
            "opened_on": TODAY,
            "closes_on": TODAY,
            "closed_on": TODAY,
            "outcome": "{}",
        }
        connection.execute(insert(Campaign).values(cohort_id=cohort, module="doxxing", **over))
        slots = [
            {"campaign_id": campaign, "address": os.urandom(32), "body": os.urandom(99)} for _ in range(9)
        ]
        connection.execute(insert(Slot), slots)
        actions.note(connection, KEY, NOW, random_id(), "cohort-made", cohort)
    return Newsroom(people, *vaults)


def new_code(connection: Connection, cohort: bytes) -> str:
    return invite(connection, role=Role.LEARNER, cohort_id=cohort, today=TODAY, expires_on=TODAY)


def destroy(database: Database) -> None:
    with database.changing() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
        connection.execute(insert(Installation).values(id=1, salt=b"\6" * 32))


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return newsroom_in(database)


def counted(database: Database, *tables: type[Base]) -> list[int]:
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_every_table_is_in_a_backup_or_left_out_on_purpose(sqlite: Database) -> None:
    names = {table.name for table in backups.TABLES}

    assert names | backups.LEFT_OUT == set(inspect(sqlite.engine).get_table_names()) - {"alembic_version"}
    assert not names & backups.LEFT_OUT


def test_everything_comes_back_and_opens_with_its_passphrase(newsroom: Newsroom) -> None:
    database = newsroom.database
    whole = backup(database)
    before = everything(database)
    destroy(database)

    restored = restore(database, whole)

    people = people_of(database)
    vault = people.sign_in("halcon").vault
    assert people.read(vault, "note") == "nota 1 «ñ» 语"
    assert restored.forgotten == 0
    assert restored.facts.made_on == TODAY
    after = everything(database)
    for table in set(before) - {"key_wrap", "learner", "sealed_record"}:
        assert after[table] == before[table], table
    assert counted(database, Learner, SealedRecord) == [3, 6]


@pytest.mark.postgresql
@pytest.mark.parametrize("way", ["sqlite to postgres", "postgres to sqlite"])
def test_a_backup_of_one_database_restores_into_the_other(
    sqlite: Database, postgres: Database, way: str
) -> None:
    source, target = (sqlite, postgres) if way.startswith("sqlite") else (postgres, sqlite)
    newsroom_in(source)

    restore(target, backup(source))

    people = people_of(target)
    assert people.read(people.sign_in().vault, "note") == "nota 0 «ñ» 语"
    before, after = everything(source), everything(target)
    kept = {row[0] for row in after["learner"]}
    for table in set(before) - {"key_wrap", "learner", "sealed_record"}:
        assert after[table] == before[table], table
    assert after["sealed_record"] == [row for row in before["sealed_record"] if row[0] in kept]
    restore(source, backup(target), replacing=True)
    assert everything(source) == after | {"key_wrap": everything(source)["key_wrap"]}
    destroy(target)


def test_neither_sessions_nor_guests_nor_invitations_are_in_it(newsroom: Newsroom) -> None:
    database = newsroom.database
    assert counted(database, Learner, Invitation) == [4, 1]
    whole = backup(database)
    rows = b"\n".join(lines_of(whole))
    destroy(database)

    restore(database, whole)

    assert b'"session"' not in rows
    assert counted(database, Learner, Invitation) == [3, 0]
    with database.reading() as session:
        assert set(session.scalars(select(KeyWrap.kind))) == {"passphrase", "recovery"}


def test_a_campaign_that_is_open_is_not_in_it_nor_anything_that_was_contributed(newsroom: Newsroom) -> None:
    database = newsroom.database
    with database.reading() as session:
        slots = session.scalars(select(Slot.body)).all()
    whole = backup(database)
    rows = b"\n".join(lines_of(whole))
    destroy(database)

    restore(database, whole)

    assert len(slots) == 9
    assert not any(b64encode(slot) in rows for slot in slots)
    assert counted(database, Campaign, Slot) == [1, 0]
    with database.reading() as session:
        assert session.scalar(select(Campaign.outcome)) == "{}"


def test_nothing_can_be_read_in_the_file(newsroom: Newsroom) -> None:
    whole = backup(newsroom.database)

    for word in ("Folio", "Taller", "olondrina", "doxxing", "nota", "cohort", "passphrase", "learner"):
        assert word.encode() not in whole
    for vault in (newsroom.golondrina, newsroom.halcon):
        assert vault.learner_id not in whole
        assert vault.data_key not in whole
    first = whole.partition(b"\n")[0]
    assert b"expires_on" in first
    assert len(whole) - len(first) - 66 == PIECE + 12 + 16


def test_who_was_deleted_here_since_stays_away_with_all_that_was_theirs(newsroom: Newsroom) -> None:
    database = newsroom.database
    whole = backup(database)
    erasure.delete_learner(database, newsroom.golondrina.learner_id)

    restored = restore(database, whole, replacing=True)

    assert restored.forgotten == 1
    assert counted(database, Learner, SealedRecord, Membership, Published, Certificate) == [2, 4, 1, 1, 1]
    with pytest.raises(WrongPassphrase):
        people_of(database).sign_in("golondrina")
    with database.reading() as session:
        assert erasure.digest(newsroom.golondrina.learner_id) in deletions.known(session.connection())
    if database.file is not None:
        assert erasure.finish(database, newsroom.golondrina.learner_id)
        assert newsroom.golondrina.learner_id not in database.file.read_bytes()


def test_after_a_disaster_the_list_that_was_kept_apart_says_whom_to_forget(newsroom: Newsroom) -> None:
    database = newsroom.database
    whole = backup(database)
    erasure.delete_learner(database, newsroom.alone.learner_id)
    with database.reading() as session:
        text = deletions.listed(deletions.known(session.connection()))
    destroy(database)

    restored = restore(database, whole, deletions.read(text))

    assert restored.forgotten == 1
    assert counted(database, Learner) == [2]
    assert newsroom.alone.learner_id.hex() not in text
    later = backup(database)
    destroy(database)
    restore(database, later)
    with database.reading() as session:
        assert deletions.known(session.connection()) == deletions.read(text)


def test_a_list_that_was_cut_or_changed_is_refused() -> None:
    text = deletions.listed([b"\1" * 32, b"\2" * 32])
    lines = text.splitlines(keepends=True)

    assert deletions.read(text) == {b"\1" * 32, b"\2" * 32}
    for wrong in ("", "x", "".join(lines[:-1]), "".join(lines[:1] + lines[2:]), text.replace("01", "0x", 1)):
        with pytest.raises(deletions.DeletionsUnreadable):
            deletions.read(wrong)


def test_records_that_are_here_are_replaced_only_if_that_is_asked_for(newsroom: Newsroom) -> None:
    whole = backup(newsroom.database)
    before = everything(newsroom.database)

    with pytest.raises(NotEmpty):
        restore(newsroom.database, whole)

    assert everything(newsroom.database) == before


def test_an_expired_one_is_refused(newsroom: Newsroom) -> None:
    facts = backups.facts_of(lines_of(backup(newsroom.database, days=7)))

    backups.must_be_in_force(facts, TODAY + timedelta(days=7))
    with pytest.raises(BackupExpired):
        backups.must_be_in_force(facts, TODAY + timedelta(days=8))


def spoilt(whole: bytes, change: Callable[[list[bytes]], list[bytes]]) -> list[bytes]:
    return change(list(lines_of(whole)))


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        (lambda lines: [lines[0].replace(b"0002", b"0999"), *lines[1:]], BackupNewer),
        (lambda lines: [lines[0].replace(b"0002", b"0001"), *lines[1:]], BackupOlder),
        (lambda lines: lines[:-1], BackupDamaged),
        (lambda lines: [*lines[:-2], lines[-1]], BackupDamaged),
        (lambda lines: lines[:1], BackupDamaged),
        (lambda lines: [*lines[:-1], b"nonsense"], BackupDamaged),
        (lambda lines: [line.replace(b'"key_wrap"', b'"nothing"') for line in lines], BackupDamaged),
    ],
)
def test_what_is_not_a_whole_backup_inside_changes_nothing(
    newsroom: Newsroom, change: Callable[[list[bytes]], list[bytes]], failure: type[RecordsFailure]
) -> None:
    database = newsroom.database
    lines, before = spoilt(backup(database), change), everything(database)

    with pytest.raises(failure):
        backups.restore(database, lines, frozenset(), replacing=True)

    assert everything(database) == before


def test_a_backup_is_of_one_state_whatever_is_written_meanwhile(newsroom: Newsroom) -> None:
    database, file = newsroom.database, io.BytesIO()

    def interrupted(lines: Iterator[bytes]) -> Iterator[bytes]:
        yield next(lines)
        newsroom.people.kept("Recién llegada")
        with database.changing() as connection:
            connection.execute(update(Membership).values(shares_all=False))
        yield from lines

    with database.reading() as session:
        connection = session.connection()
        connection.execute(select(Installation.id)).all()
        lines = interrupted(backups.lines(connection, TODAY, TODAY))
        sealedfile.written(lines, file, TODAY, CHEAP, key_of())
    destroy(database)
    restore(database, file.getvalue())

    assert counted(database, Learner) == [3]
    with database.reading() as session:
        assert all(session.scalars(select(Membership.shares_all)))


def test_the_log_goes_on_after_a_restore_with_the_same_key_only(newsroom: Newsroom) -> None:
    whole = backup(newsroom.database)
    for key, is_ours in ((actions.log_key("another"), False), (KEY, True)):
        ends: list[tuple[actions.Head, bool]] = []

        def go_on(connection: Connection, key: bytes = key, ends: list = ends) -> None:
            ends.append(actions.note_restored(connection, key, NOW, str(TODAY)))

        backups.restore(newsroom.database, lines_of(whole), frozenset(), replacing=True, also=go_on)
        ((head, ours),) = ends
        assert ours is is_ours
        with newsroom.database.reading() as session:
            assert list(actions.faults(session.connection(), KEY, head)) == []
            assert session.scalar(select(func.max(Action.number))) == head.number == 1 + is_ours


def test_memory_stays_bounded_however_much_there_is(sqlite: Database, tmp_path) -> None:
    people = people_of(sqlite)
    learner = people.kept().vault.learner_id
    body = os.urandom(64 * 1024)
    with sqlite.changing() as connection:
        for _ in range(25):
            rows = [
                {"learner_id": learner, "address": os.urandom(32), "revision": b"\0" * 16, "body": body}
                for _ in range(20)
            ]
            connection.execute(insert(SealedRecord), rows)
    file = tmp_path / "large.backup"
    tracemalloc.start()
    with file.open("wb") as out, sqlite.reading() as session:
        sealedfile.written(backups.lines(session.connection(), TODAY, TODAY), out, TODAY, CHEAP, key_of())
    with file.open("rb") as read:
        backups.restore(
            sqlite, sealedfile.lines_of(read, sealedfile.opened(read, key_of())), frozenset(), replacing=True
        )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert file.stat().st_size > 40_000_000
    assert peak < 25_000_000
    assert counted(sqlite, SealedRecord) == [501]
