"""The engine and its kinds of transaction: reading, and writing, each with or without objects for rows."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Executable, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app.records.failures import (
    RecordsFailure,
    StatementRefused,
    StorageBusy,
    StorageFull,
    StorageReadOnly,
    StorageUnavailable,
)

#: How long a writer waits for another process, in seconds; within this process writers queue on a lock.
BUSY_TIMEOUT = 5.0
#: How long a writer waits for the others of its own process, and on PostgreSQL for any other, in seconds.
QUEUE_TIMEOUT = 15.0
#: How long a start waits for another that is upgrading the tables, in seconds.
UPGRADE_TIMEOUT = 60.0
#: Names that wait on PostgreSQL, where locks are numbers.
_UPGRADE_LOCK = 0x7265736775617264


class Database:
    """SQLite in WAL mode, or PostgreSQL, by its address. Values never reach an error message.

    `sqlite://` is a database in memory, for one thread and one transaction at a time.
    """

    def __init__(self, url: str, connections: int = 10):
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_size": connections, "max_overflow": connections}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": BUSY_TIMEOUT, "check_same_thread": False}
            if not self.url.database:  # in memory, where each connection would be a database of its own
                options = {"poolclass": StaticPool, "connect_args": options["connect_args"]}
        else:
            options["pool_pre_ping"] = True
        self.engine: Engine = create_engine(self.url, hide_parameters=True, **options)
        self._writers = threading.RLock()
        self._reading_engine = self._writing_engine = self._asking_engine = self.engine
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            # Only these two begin transactions: a statement without one is one by itself, and costs a third less.
            self._reading_engine = self.engine.execution_options()
            self._writing_engine = self.engine.execution_options()
            event.listen(self._reading_engine, "begin", _begin_to_read)
            event.listen(self._writing_engine, "begin", _begin_to_write)
        else:
            event.listen(self.engine, "connect", _prepare_postgresql)
            self._asking_engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            # PostgreSQL's default shows each statement of a reading a newer state.
            self._reading_engine = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on a server and in memory."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view, never committed."""
        with named_failures(), Session(self._reading_engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For one statement that reads: alone, it needs no transaction to see one state."""
        with named_failures(), self._asking_engine.connect() as connection:
            yield connection

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """One transaction that takes the write lock before it reads and commits at the end, or changes nothing.

        Writers of one process queue on a lock of ours: left to SQLite's own waiting, the slowest of
        eight waits many times longer than the median. Retries the beginning once when busy.
        """
        # In this order, as whoever has the lock should do nothing but write: a connection is free for each thread.
        with named_failures(), self._writing_engine.connect() as connection, self._queued():
            self._begin(connection)
            try:
                yield connection
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """One who saves after the other, from the beginning of their work, in this process and on SQLite.

        They would queue for the write lock in the midst of it, and Python runs one thread at a time: to let eight take
        turns statement by statement costs a third of what they do. Readers go on meanwhile.
        """
        with self._queued():
            yield

    @contextmanager
    def changing_at_once(self) -> Iterator[Connection]:
        """`changing` for one statement that changes something, and whatever reads after it.

        On SQLite a statement is a transaction by itself, which takes the write lock first and commits as it ends: to
        begin and commit around it would hold others up for longer than what it does.
        """
        if not self.is_sqlite:
            with self.changing() as connection:
                yield connection
            return
        with named_failures(), self._asking_engine.connect() as connection, self._queued():
            yield connection

    def change_at_once(self, connection: Connection, statement: Executable, asked: dict[str, Any]) -> int:
        """Change rows within `changing_at_once`, and return how many. Retries once when busy, as `changing` does."""
        try:
            return connection.execute(statement, asked).rowcount
        except DBAPIError as failure:
            if not self.is_sqlite or _name(failure) is not StorageBusy:
                raise
            return connection.execute(statement, asked).rowcount

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """`changing`, with objects for rows."""
        joining: Any = {"expire_on_commit": False, "join_transaction_mode": "rollback_only"}
        with self.changing() as connection, Session(connection, **joining) as session:
            yield session
            session.commit()  # writes what changed; the connection commits it

    @contextmanager
    def upgrading(self) -> Iterator[Connection]:
        """A transaction that changes tables: alone among all processes, committed at the end or not at all.

        On SQLite foreign keys are off meanwhile, since remaking a table drops the old one, and that
        would delete whatever refers to it; they are checked before the commit.
        """
        with named_failures(), self._queued(), self._writing_engine.connect() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{UPGRADE_TIMEOUT:.0f}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
                yield connection
                connection.commit()
                return
            raw: Any = connection.connection.driver_connection
            _set(raw, "foreign_keys=OFF", f"busy_timeout={int(UPGRADE_TIMEOUT * 1000)}")
            try:
                with connection.begin() as transaction:
                    yield connection
                    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                        transaction.rollback()
                        raise StatementRefused("foreign_key_check", "")
            finally:
                _set(raw, "foreign_keys=ON", f"busy_timeout={int(BUSY_TIMEOUT * 1000)}")

    @contextmanager
    def driver(self) -> Iterator[sqlite3.Connection]:
        """SQLite's own connection, outside any transaction, while the writers of this process wait."""
        with named_failures(), self._queued(), self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - SQLite only, and always pooled
            yield raw

    @contextmanager
    def _queued(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._writers.acquire(timeout=QUEUE_TIMEOUT):
            raise StorageBusy
        try:
            yield
        finally:
            self._writers.release()

    def _begin(self, connection: Connection) -> None:
        try:
            connection.begin()
        except (DBAPIError, sqlite3.Error) as failure:
            connection.rollback()
            if _name(failure) is not StorageBusy:
                raise
            connection.begin()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions are begun by _begin_to_read and _begin_to_write; the driver's own implicit ones are off.
    connection.isolation_level = None
    _set(
        connection,
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "wal_autocheckpoint=1000",
    )


def _set(connection: sqlite3.Connection, *pragmas: str) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # By default a lock is waited for without end, and held as long as a worker hangs.
    connection.execute(f"SET lock_timeout = '{QUEUE_TIMEOUT:.0f}s'")
    connection.execute(f"SET idle_in_transaction_session_timeout = '{UPGRADE_TIMEOUT:.0f}s'")
    connection.commit()


def _begin_to_read(connection: Any) -> None:
    connection.connection.driver_connection.execute("BEGIN").close()


def _begin_to_write(connection: Any) -> None:
    # IMMEDIATE takes the write lock before the first read: upgrading a read lock later fails
    # at once with "database is locked", whatever the timeout.
    connection.connection.driver_connection.execute("BEGIN IMMEDIATE").close()


@contextmanager
def named_failures() -> Iterator[None]:
    """Give the drivers' errors our names, and nothing of what they quote."""
    try:
        yield
    except (DBAPIError, NoConnectionFree, sqlite3.Error) as failure:
        named = _named(failure)
        try:
            raise named.with_traceback(failure.__traceback__)
        except RecordsFailure:
            # PostgreSQL's DETAIL line and SQLAlchemy's text quote values: not even a log of the
            # whole chain of causes may reach them.
            named.__context__ = None
            raise


#: What the drivers' errors mean, by the beginning of SQLite's name or the name of psycopg's class.
_NAMES: tuple[tuple[tuple[str, ...], type[RecordsFailure]], ...] = (
    (("SQLITE_BUSY", "SQLITE_LOCKED", "DeadlockDetected", "SerializationFailure"), StorageBusy),
    (("LockNotAvailable", "QueryCanceled", "TooManyConnections"), StorageBusy),
    (("SQLITE_FULL", "DiskFull"), StorageFull),
    (("SQLITE_READONLY", "ReadOnlySqlTransaction"), StorageReadOnly),
    (("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_NOTADB"), StorageUnavailable),
)


def _named(failure: Exception) -> RecordsFailure:
    """The failure by our name for it, without anything of what was asked."""
    name = _name(failure)
    if name is StatementRefused:
        return StatementRefused(_driver_name(failure), _constraint(failure))
    return name()


def _name(failure: Exception) -> type[RecordsFailure]:
    if isinstance(failure, NoConnectionFree):
        return StorageBusy
    driver_name = _driver_name(failure)
    for signs, name in _NAMES:
        if driver_name.startswith(signs):
            return name
    lost = isinstance(failure, DBAPIError) and failure.connection_invalidated
    # SQLite calls a mistake in a statement operational, too: SQLITE_ERROR.
    if lost or (isinstance(failure, OperationalError) and not driver_name.startswith("SQLITE_")):
        return StorageUnavailable
    return StatementRefused


def _driver_name(failure: Exception) -> str:
    original = failure.orig if isinstance(failure, DBAPIError) else failure
    return getattr(original, "sqlite_errorname", "") or type(original).__name__


def _constraint(failure: Exception) -> str:
    """The constraint that was violated; SQLite tells table and columns instead, in its text."""
    original = failure.orig if isinstance(failure, DBAPIError) else failure
    if isinstance(original, sqlite3.IntegrityError):
        return str(original).partition(": ")[2]
    return str(getattr(getattr(original, "diag", None), "constraint_name", None) or "")
