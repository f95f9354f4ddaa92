"""Restoring: everything comes back but who was deleted, on either database."""

import pytest
from sqlalchemy import Connection, func, select

from app.records import actions, backups, deletions, erasure
from app.records.action_tables import Action
from app.records.backups import NotEmpty
from app.records.cohorts.tables import Certificate, Membership, Published
from app.records.database import Database
from app.records.failures import WrongPassphrase
from app.records.tables import Learner, SealedRecord
from tests.records.conftest import NOW, people_of
from tests.records.newsroom import (
    KEY,
    TODAY,
    Newsroom,
    backup,
    counted,
    destroy,
    everything,
    lines_of,
    newsroom_in,
    restore,
)


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return newsroom_in(database)


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
