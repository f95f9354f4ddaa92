"""A backup of tables that were different is as good as records that were there all along: it is upgraded like them."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.records import backups, erasure, older, schema
from app.records.backuplines import BackupOlder
from app.records.database import Database
from app.records.failures import WrongPassphrase
from app.records.sealedfile import BackupDamaged
from app.records.tables import Learner
from tests.records.conftest import people_of
from tests.records.newsroom import (
    Newsroom,
    counted,
    earlier_revisions,
    everything,
    lines_of_then,
    newsroom_in,
    take_back,
)
from tests.records.test_schema import add_revision


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Database]:
    """The records that are backed up."""
    database = Database(f"sqlite:///{tmp_path / 'source.sqlite3'}")
    schema.prepare(database)
    yield database
    database.close()


@pytest.fixture
def newsroom(source: Database) -> Newsroom:
    return newsroom_in(source)


def restored(database: Database, lines: list[bytes], gone: frozenset[bytes] = frozenset()) -> int:
    """Take a backup up and restore it. Returns how many learners stayed away."""
    with older.taken_up(lines, gone) as found:
        again = backups.restore(database, found.lines(), gone, replacing=True)
        return found.forgotten + again.forgotten


@pytest.mark.parametrize("revision", earlier_revisions())
def test_a_backup_of_every_earlier_revision_comes_back_in_tables_of_now(
    database: Database, newsroom: Newsroom, revision: str
) -> None:
    take_back(newsroom.database, revision)
    lines = lines_of_then(newsroom.database)

    with pytest.raises(BackupOlder):
        backups.restore(database, lines, frozenset(), replacing=True)
    assert restored(database, lines) == 0

    people = people_of(database)
    for name, note in (("golondrina", "nota 0 «ñ» 语"), ("halcon", "nota 1 «ñ» 语")):
        assert people.read(people.sign_in(name).vault, "note") == note
    assert counted(database, Learner) == [3]
    with database.reading() as session:
        assert schema.revision(session.connection()) == schema.HEAD


def test_a_backup_from_before_the_next_upgrade_will_do(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, lines = everything(newsroom.database), lines_of_then(newsroom.database)
    add_revision(tmp_path / "migrations", monkeypatch)
    target = Database(f"sqlite:///{tmp_path / 'target.sqlite3'}")
    schema.prepare(target)

    restored(target, lines)

    after = everything(target)
    for table in set(before) - {"key_wrap", "learner", "sealed_record"}:
        assert after[table] == before[table], table
    assert len(after["learner"]) == 3
    with target.reading() as session:
        assert set(session.scalars(text("SELECT extra FROM learner"))) == {7}
    target.close()


@pytest.mark.parametrize("revision", earlier_revisions())
def test_who_was_deleted_since_is_not_even_put_into_the_tables_of_then(
    database: Database, newsroom: Newsroom, revision: str
) -> None:
    take_back(newsroom.database, revision)
    lines = lines_of_then(newsroom.database)
    gone = frozenset([erasure.digest(newsroom.golondrina.learner_id)])

    with older.taken_up(lines, gone) as found:
        rows = b"\n".join(found.lines())
    for vault, is_there in ((newsroom.golondrina, False), (newsroom.halcon, True)):
        assert (b64encode(vault.learner_id) in rows) is is_there
    assert restored(database, lines, gone) == 1

    assert counted(database, Learner) == [2]
    with pytest.raises(WrongPassphrase):
        people_of(database).sign_in("golondrina")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[:1],
        lambda lines: [*lines[:-2], lines[-1]],
        lambda lines: [line for line in lines if b'"table":"learner"' not in line],
        lambda lines: [*lines, lines[1]],
        lambda lines: [*lines[:-1], lines[1], lines[-1]],
        lambda lines: [line.replace(b'"learner"', b'"nothing"') for line in lines],
        lambda lines: [line.replace(b'"key_check"', b'"id"') for line in lines],
        lambda lines: [line.replace(b'"key_check"', b'"nothing"') for line in lines],
        lambda lines: [*lines[:3], b"[1]", *lines[3:]],
        lambda lines: [*lines[:3], b"nonsense", *lines[3:]],
    ],
)
def test_one_that_is_not_whole_changes_nothing(
    newsroom: Newsroom, sqlite: Database, spoil: Callable[[list[bytes]], list[bytes]]
) -> None:
    newsroom_in(sqlite)
    take_back(newsroom.database, earlier_revisions()[0])
    lines, before = spoil(lines_of_then(newsroom.database)), everything(sqlite)

    with pytest.raises(BackupDamaged):
        restored(sqlite, lines)

    assert everything(sqlite) == before
