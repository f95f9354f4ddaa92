"""Making and upgrading the tables: by Alembic only, with a backup before every upgrade of a file."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.records.database import Database
from app.records.tables import Installation
from app.records.vault import WrapKind

#: The newest revision in migrations/versions; a test holds the two together. Known here so that a
#: start with nothing to do needn't load Alembic.
HEAD = "0001"
MIGRATIONS = Path(__file__).parents[2] / "migrations"
BACKUPS_KEPT = 3


class SchemaNewer(Exception):
    """The records were written by a newer version of the kit than this one."""


def prepare(database: Database, backups: Path | None = None) -> Path | None:
    """Make or upgrade the tables. Returns the backup that was taken, if one was. Raises SchemaNewer."""
    if database.file is not None:
        _make_file(database.file)
    with _connection(database) as connection:
        current = revision(connection)
    if current == HEAD:
        return None
    backup = None
    if current is not None and database.file is not None and backups is not None:
        backup = _back_up(database.file, backups, current)
    _migrate(database)
    return backup


def revision(connection: Connection) -> str | None:
    """The revision of the tables as they stand, or None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        yield connection


def _make_file(file: Path) -> None:
    """Create the file with no rights for others and set WAL mode, which is kept in the file, once."""
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL").close()


def _migrate(database: Database) -> None:
    from alembic import command  # slow to load, and only needed when there is something to do
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as unknown:
            raise SchemaNewer from unknown
        connection.commit()
    with database.writing() as session:
        if session.get(Installation, 1) is None:
            session.add(Installation(id=1, salt=secrets.token_bytes(32)))


def _back_up(file: Path, folder: Path, from_revision: str) -> Path:
    """Copy the records as they are, without the wraps of live sessions, and keep only the last few copies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"before-upgrade-from-{from_revision}-{secrets.token_hex(4)}.sqlite3"
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").close()
        copy.execute("DELETE FROM key_wrap WHERE kind = ?", (WrapKind.SESSION.value,)).close()
        copy.commit()
        copy.execute("VACUUM").close()
    for old in sorted(folder.glob("before-upgrade-*.sqlite3"), key=lambda f: f.stat().st_mtime)[
        :-BACKUPS_KEPT
    ]:
        old.unlink()
    return target
