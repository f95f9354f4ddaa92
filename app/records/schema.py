"""Making and upgrading the tables: by Alembic only, with a backup before every upgrade of a file."""

import contextlib
import os
import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, inspect, select, text

from app.records.database import Database, named_failures
from app.records.tables import Installation
from app.records.vault import WrapKind

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest revision in migrations/versions; a test holds the two together. Known here so that a
#: start with nothing to do needn't load Alembic.
HEAD = "0004"
MIGRATIONS = Path(__file__).parents[2] / "migrations"
BACKUPS_KEPT = 3
_WAL_ATTEMPTS = 50


class SchemaNewer(Exception):
    """The records were written by a newer version of the kit than this one."""


def prepare(database: Database, backups: Path | None = None) -> Path | None:
    """Make or upgrade the tables. Returns the backup that was taken, if one was.

    Several processes may start at once: one upgrades, the others wait for it. Raises SchemaNewer and
    the storage failures; then nothing has changed.
    """
    if database.file is not None:
        with named_failures():
            _make_file(database.file)
    with database.reading() as session:
        if _is_ready(session.connection()):
            return None
    with database.upgrading() as connection:
        return None if _is_ready(connection) else _upgrade(connection, database.file, backups)


def revision(connection: Connection) -> str | None:
    """The revision of the tables as they stand, or None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def knows(name: str) -> bool:
    """Whether a revision is this kit's own, of now or earlier."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_alembic(None))
    return any(script.revision == name for script in scripts.walk_revisions())


def make_earlier(database: Database, name: str) -> None:
    """Make the tables of an earlier revision in a database that has none, to be filled and then upgraded."""
    from alembic import command

    with database.upgrading() as connection:
        command.upgrade(_alembic(connection), name)


def _is_ready(connection: Connection) -> bool:
    return revision(connection) == HEAD and connection.scalar(select(Installation.id)) is not None


def _make_file(file: Path) -> None:
    """Create the file with no rights for others, and set WAL mode, which is kept in the file."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    # The log and its index get the file's rights. Where the file isn't ours to close, it stays as it is.
    if os.name == "posix" and file.stat().st_mode & 0o077:
        with contextlib.suppress(PermissionError, OSError):
            file.chmod(0o600)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        for attempt in range(_WAL_ATTEMPTS):
            if mode == "wal":
                return
            # Another process that starts now may be setting it, too, and then no timeout is waited.
            with contextlib.suppress(sqlite3.OperationalError):
                mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            time.sleep(0.01 * attempt)


def _alembic(connection: Connection | None) -> "Config":
    from alembic.config import Config  # slow to load, and only needed when there is something to do

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, file: Path | None, backups: Path | None) -> Path | None:
    from alembic import command

    current = revision(connection)
    if current is not None and not knows(current):
        raise SchemaNewer
    backup = None
    if current not in {None, HEAD} and file is not None and backups is not None:
        backup = _back_up(file, backups, str(current))
    command.upgrade(_alembic(connection), "head")
    if connection.scalar(select(Installation.id)) is None:
        connection.execute(insert(Installation).values(id=1, salt=secrets.token_bytes(32)))
    return backup


def _back_up(file: Path, folder: Path, from_revision: str) -> Path:
    """Copy the records as they are, without the wraps of live sessions, and keep only the last few copies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"before-upgrade-from-{from_revision}-{secrets.token_hex(4)}.sqlite3"
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").close()
            copy.execute("PRAGMA secure_delete=ON").close()
            copy.execute("DELETE FROM key_wrap WHERE kind = ?", (WrapKind.SESSION.value,)).close()
            copy.commit()
            copy.execute("VACUUM").close()
    except BaseException:
        target.unlink()  # half a backup still holds the sessions, and would be taken for a whole one
        raise
    for old in sorted(folder.glob("before-upgrade-*.sqlite3"), key=lambda f: f.stat().st_mtime)[
        :-BACKUPS_KEPT
    ]:
        old.unlink()
    return target
