"""The engine and its two kinds of transaction: reading, and writing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.records.failures import StorageBusy, StorageFull, StorageReadOnly, StorageUnavailable

#: How long a writer waits for another process, in seconds; within this process writers queue on a lock.
BUSY_TIMEOUT = 5.0
#: How long a writer waits for the others of its own process, in seconds.
QUEUE_TIMEOUT = 15.0


class Database:
    """SQLite in WAL mode, or PostgreSQL, by its address. Values never reach an error message."""

    def __init__(self, url: str, connections: int = 10):
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_size": connections, "max_overflow": connections}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": BUSY_TIMEOUT, "check_same_thread": False}
        else:
            options["pool_pre_ping"] = True
        self.engine: Engine = create_engine(self.url, hide_parameters=True, **options)
        self._writers = threading.Lock()
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._writing_engine = self.engine.execution_options(writes=True)

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on a server."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view, never committed."""
        with _named_failures(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that takes the write lock before it reads and commits at the end, or changes nothing.

        Writers of one process queue on a lock of ours: left to SQLite's own waiting, the slowest of
        eight waits many times longer than the median. Retries the beginning once when busy.
        """
        with _named_failures():
            self._queue()
            try:
                with self._begun() as session:
                    yield session
                    session.commit()
            finally:
                if self.is_sqlite:
                    self._writers.release()

    def _queue(self) -> None:
        if self.is_sqlite and not self._writers.acquire(timeout=QUEUE_TIMEOUT):
            raise StorageBusy

    @contextmanager
    def _begun(self) -> Iterator[Session]:
        session = Session(self._writing_engine, expire_on_commit=False)
        try:
            try:
                session.connection()
            except DBAPIError as failure:
                session.rollback()
                if not isinstance(_named(failure), StorageBusy):
                    raise
                session.connection()
            yield session
        finally:
            session.close()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions are begun by _begin_sqlite; the driver's own implicit ones are off.
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "wal_autocheckpoint=1000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Any) -> None:
    # BEGIN IMMEDIATE takes the write lock before the first read: upgrading a read lock later fails
    # at once with "database is locked", whatever the timeout.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except DBAPIError as failure:
        named = _named(failure)
        if named is None:
            raise
        raise named from None


def _named(failure: DBAPIError) -> Exception | None:
    """The failure by our name for it, or None when it is a defect of ours rather than of the storage."""
    name = getattr(failure.orig, "sqlite_errorname", "") or type(failure.orig).__name__
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageBusy()
    if name.startswith("SQLITE_FULL") or name == "DiskFull":
        return StorageFull()
    if name.startswith("SQLITE_READONLY") or name == "ReadOnlySqlTransaction":
        return StorageReadOnly()
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_NOTADB")) or (
        failure.connection_invalidated or name in {"OperationalError", "AdminShutdown", "ConnectionFailure"}
    ):
        return StorageUnavailable()
    return None
