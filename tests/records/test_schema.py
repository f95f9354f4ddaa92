"""Making and upgrading the tables: once, whoever starts at the same time, with a copy before."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text

from app.records import (
    action_tables,  # noqa: F401 - they declare their tables
    schema,
)
from app.records.cohorts import campaign_tables, tables  # noqa: F401 - they declare their tables
from app.records.database import Database
from app.records.failures import RecordsFailure, StatementRefused
from app.records.schema import SchemaNewer
from app.records.tables import Base, Installation, KeyWrap
from tests.records.conftest import People, people_of

ROOT = Path(__file__).parents[2]
#: The newest revision, before a test adds one of its own.
CURRENT = schema.HEAD
posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_the_migrated_tables_are_the_declared_ones(database: Database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_revision_is_the_one_that_a_start_expects():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_a_way_back_leaves_nothing_and_the_way_up_works_again(bare: Database):
    schema.prepare(bare)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with bare.upgrading() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with bare.reading() as session:
        assert set(inspect(session.connection()).get_table_names()) <= {"alembic_version"}

    schema.prepare(bare)

    people = people_of(bare)
    people.write(people.guest().vault, "phone", "prepaid")


EARLIER = ["0001", "0002", "0003"]


def test_every_earlier_revision_is_known():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert sorted(revisions) == sorted([*EARLIER, CURRENT])


@pytest.mark.parametrize("revision", EARLIER)
def test_records_of_every_earlier_schema_are_taken_up(bare: Database, revision: str, tmp_path: Path):
    schema.prepare(bare)
    people = people_of(bare)
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with bare.upgrading() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    backup = schema.prepare(bare, tmp_path / "backups")

    assert (backup is not None) == bare.is_sqlite
    assert people.read(people.sign_in().vault, "phone") == "prepaid"


def test_preparing_again_changes_nothing_and_copies_nothing(bare: Database, tmp_path: Path):
    backups = tmp_path / "backups"
    assert schema.prepare(bare, backups) is None
    with bare.reading() as session:
        salt = session.scalar(select(Installation.salt))

    for _ in range(3):
        assert schema.prepare(bare, backups) is None

    with bare.reading() as session:
        assert session.scalars(select(Installation.salt)).all() == [salt]
    assert not backups.exists()


def test_a_start_that_stopped_before_its_salt_was_made_is_taken_up_again(bare: Database):
    schema.prepare(bare)
    with bare.writing() as session:
        session.execute(Installation.__table__.delete())

    schema.prepare(bare)

    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Installation)) == 1


def test_tables_of_a_newer_kit_are_left_alone_and_push_no_backup_out(bare: Database, tmp_path: Path):
    schema.prepare(bare)
    with bare.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for _ in range(schema.BACKUPS_KEPT + 1):
        with pytest.raises(SchemaNewer):
            schema.prepare(bare, tmp_path / "backups")

    assert not (tmp_path / "backups").exists()


#: A revision that remakes the table that everything refers to, as adding a constraint does on SQLite.
NEXT = """
    import sqlalchemy as sa
    from alembic import op

    revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None


    def upgrade():
        how = "always" if op.get_bind().dialect.name == "sqlite" else "never"
        with op.batch_alter_table("learner", recreate=how) as batch:
            batch.add_column(sa.Column("extra", sa.Integer(), server_default="7", nullable=False))
        {more}


    def downgrade():
        op.drop_column("learner", "extra")
    """


def add_revision(folder: Path, monkeypatch: pytest.MonkeyPatch, more: str = "") -> None:
    """From here on the kit has one revision more, and what was prepared before is older."""
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    revision = textwrap.dedent(NEXT.format(head=schema.HEAD, more=more))
    (folder / "versions" / "next.py").write_text(revision)
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    monkeypatch.setattr(schema, "HEAD", "next")


@pytest.fixture
def older(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[People]:
    add_revision(tmp_path / "migrations", monkeypatch)
    yield people
    if not people.database.is_sqlite:
        # The tables are shared between tests: this one leaves them as it found them.
        with people.database.upgrading() as connection:
            connection.execute(text("ALTER TABLE learner DROP COLUMN extra"))
            connection.execute(text("UPDATE alembic_version SET version_num = :was"), {"was": CURRENT})


def test_an_upgrade_keeps_everybody_and_everything(older: People, tmp_path: Path):
    kept = older.kept()
    older.write(kept.vault, "phone", "prepaid")

    schema.prepare(older.database, tmp_path / "backups")

    assert older.read(older.sign_in().vault, "phone") == "prepaid"
    assert older.resume(kept.token).vault == kept.vault
    with older.database.reading() as session:
        assert schema.revision(session.connection()) == "next"
        assert session.scalar(text("SELECT extra FROM learner")) == 7


@posix
def test_before_an_upgrade_a_file_is_copied_without_live_sessions_for_its_owner_only(
    sqlite_people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add_revision(tmp_path / "migrations", monkeypatch)
    kept = sqlite_people.kept()
    sqlite_people.guest()
    sqlite_people.write(kept.vault, "phone", "prepaid")
    with sqlite_people.database.reading() as session:
        session_wraps = session.scalars(select(KeyWrap).where(KeyWrap.kind == "session")).all()

    before = os.umask(0)
    try:
        backup = schema.prepare(sqlite_people.database, tmp_path / "backups")
    finally:
        os.umask(before)

    assert backup is not None
    assert (mode(backup), mode(backup.parent)) == (0o600, 0o700)
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]
    content = backup.read_bytes()
    for wrap in session_wraps:
        assert wrap.tag not in content
        assert wrap.sealed not in content
    monkeypatch.undo()
    restored = people_of(Database(f"sqlite:///{backup}"))
    assert restored.read(restored.sign_in().vault, "phone") == "prepaid"
    restored.database.close()


def test_only_the_last_few_copies_are_kept(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    add_revision(tmp_path / "migrations", monkeypatch)
    made = []
    for _ in range(schema.BACKUPS_KEPT + 2):
        made.append(schema.prepare(sqlite, tmp_path / "backups"))
        with sqlite.upgrading() as connection:
            connection.execute(text("ALTER TABLE learner DROP COLUMN extra"))
            connection.execute(text("UPDATE alembic_version SET version_num = :was"), {"was": CURRENT})
        os.utime(str(made[-1]), (len(made), len(made)))

    assert set((tmp_path / "backups").iterdir()) == set(made[-schema.BACKUPS_KEPT :])


@pytest.mark.parametrize(
    "more",
    [
        "op.execute('no such statement')",
        "op.execute(\"INSERT INTO key_wrap (tag, learner_id, kind, sealed) VALUES ('t', 'nobody', 'x', 's')\")",
    ],
)
def test_an_upgrade_that_fails_changes_nothing(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
):
    add_revision(tmp_path / "migrations", monkeypatch, more)
    kept = people.kept()
    people.write(kept.vault, "phone", "prepaid")

    with pytest.raises(StatementRefused):
        schema.prepare(people.database)

    with people.database.reading() as session:
        connection = session.connection()
        assert schema.revision(connection) == CURRENT
        assert "extra" not in {column["name"] for column in inspect(connection).get_columns("learner")}
        if people.database.is_sqlite:
            assert session.scalar(text("PRAGMA foreign_keys")) == 1
    assert people.read(people.sign_in().vault, "phone") == "prepaid"


def test_a_copy_that_could_not_be_finished_is_not_left_lying(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    add_revision(tmp_path / "migrations", monkeypatch)
    monkeypatch.setattr(
        schema, "WrapKind", None
    )  # fails after the copying, before the sessions are taken out

    with pytest.raises(AttributeError):
        schema.prepare(sqlite, tmp_path / "backups")

    assert list((tmp_path / "backups").iterdir()) == []
    with sqlite.reading() as session:
        assert schema.revision(session.connection()) == CURRENT


PREPARE = """
import sys
sys.path.insert(0, sys.argv[1])
from app.records import schema
from app.records.database import Database
database = Database(sys.argv[2])
sys.stdin.read(1)
schema.prepare(database)
database.close()
"""


def test_several_that_start_at_once_prepare_once(bare: Database):
    url = bare.url.render_as_string(hide_password=False)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PREPARE, str(ROOT), url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"x")
        process.stdin.flush()
    said = [process.communicate(timeout=120) for process in running]

    assert [process.returncode for process in running] == [0] * 4, said
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Installation)) == 1
        assert schema.revision(session.connection()) == schema.HEAD
        if bare.is_sqlite:
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"


@posix
def test_the_files_are_for_their_owner_only_however_the_machine_is_set(tmp_path: Path):
    before = os.umask(0)
    try:
        database = Database(f"sqlite:///{tmp_path / 'new' / 'records.sqlite3'}")
        schema.prepare(database)
        people = people_of(database)
        people.write(people.guest().vault, "phone", "prepaid")
        files = sorted((tmp_path / "new").iterdir())
        modes = {file.name: mode(file) for file in files}
    finally:
        os.umask(before)
    database.close()

    assert modes == dict.fromkeys(["records.sqlite3", "records.sqlite3-shm", "records.sqlite3-wal"], 0o600)
    assert mode(tmp_path / "new") == 0o700


@posix
def test_a_file_that_others_could_read_is_closed_to_them(prepared_file: Path, tmp_path: Path):
    file = tmp_path / "records.sqlite3"
    shutil.copy(prepared_file, file)
    file.chmod(0o644)
    database = Database(f"sqlite:///{file}")

    schema.prepare(database)

    assert mode(file) == 0o600
    database.close()


def test_a_file_that_was_made_but_not_set_up_is_set_up(tmp_path: Path):
    file = tmp_path / "records.sqlite3"
    file.touch()
    database = Database(f"sqlite:///{file}")

    schema.prepare(database)

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path):
    file = tmp_path / "records.sqlite3"
    file.write_bytes(b"somebody's letter, kept under the wrong name" * 100)
    database = Database(f"sqlite:///{file}")

    with pytest.raises(RecordsFailure):
        schema.prepare(database)

    assert file.read_bytes() == b"somebody's letter, kept under the wrong name" * 100
    database.close()
