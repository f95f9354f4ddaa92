"""Backups: of one state, with nothing in them that must not come back; and none that was changed, cut or is old."""

import io
import os
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import insert, inspect, select, update

from app.records import backups, schema, sealedfile
from app.records.backuplines import BackupOlder
from app.records.backups import BackupExpired
from app.records.cohorts.campaign_tables import Campaign, Slot
from app.records.cohorts.tables import Invitation, Membership
from app.records.database import Database
from app.records.failures import RecordsFailure
from app.records.sealedfile import PIECE, BackupDamaged, BackupNewer
from app.records.tables import Installation, KeyWrap, Learner, SealedRecord
from tests.records.conftest import CHEAP, people_of
from tests.records.newsroom import (
    TODAY,
    Newsroom,
    backup,
    counted,
    destroy,
    everything,
    key_of,
    lines_of,
    newsroom_in,
    restore,
)

#: The revision of now, as the first line has it.
NOW = f'"{schema.HEAD}"'.encode()


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return newsroom_in(database)


def test_every_table_is_in_a_backup_or_left_out_on_purpose(sqlite: Database) -> None:
    names = {table.name for table in backups.TABLES}

    assert names | backups.LEFT_OUT == set(inspect(sqlite.engine).get_table_names()) - {"alembic_version"}
    assert not names & backups.LEFT_OUT


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
        (lambda lines: [lines[0].replace(NOW, b'"0999"'), *lines[1:]], BackupNewer),
        (lambda lines: [lines[0].replace(NOW, b'"0001"'), *lines[1:]], BackupOlder),
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
