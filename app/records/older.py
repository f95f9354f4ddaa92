"""Backups of an older version of the tables, taken up: put into tables as they were then, and these upgraded.

So a backup is as good as records that were there all along: whatever an upgrade does to those, it does to these.
It happens in memory, so that no file has to be cleaned of it, and whoever was deleted since isn't even put there.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, insert

from app.records import backups, schema
from app.records.backuplines import ROWS_AT_ONCE, Facts, Leaving, first, from_line, inward
from app.records.database import Database
from app.records.failures import StatementRefused
from app.records.sealedfile import BackupDamaged
from app.records.tables import Installation, Learner

#: Tables without which it is no backup of any version.
_ALWAYS = frozenset({Installation.__tablename__, Learner.__tablename__})


@dataclass(frozen=True)
class TakenUp:
    """The records of an older backup in tables of now. forgotten: learners who stayed away."""

    facts: Facts
    forgotten: int
    _database: Database

    def lines(self) -> Iterator[bytes]:
        """The lines of a backup of them."""
        with self._database.reading() as session:
            yield from backups.lines(session.connection(), self.facts.made_on, self.facts.expires_on)


@contextmanager
def taken_up(found: Iterable[bytes], gone: Collection[bytes]) -> Iterator[TakenUp]:
    """An older backup's records, upgraded, but of those whose digests are in `gone`; for as long as the block runs.

    Takes as much memory as the records are long. Raises BackupNewer, BackupDamaged, and what reading raises.
    """
    read, leaving = iter(found), Leaving(digests=gone)
    facts = first(read)
    database = Database("sqlite://")
    try:
        schema.make_earlier(database, facts.revision)
        try:
            with database.changing() as connection:
                _fill(connection, read, leaving)
        except StatementRefused:
            raise BackupDamaged from None
        schema.prepare(database)
        yield TakenUp(facts, leaving.learners, database)
    finally:
        database.close()


@dataclass
class _Filling:
    """Lines on their way into tables of then. ended: the line with the number of rows was read."""

    connection: Connection
    then: MetaData
    leaving: Leaving
    table: Table | None = None
    columns: list[Column[Any]] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)
    rows: int = 0
    ended: bool = False

    def row(self, value: list[Any]) -> dict[str, Any] | None:
        """A row of the table that is being filled; None where it stays away. Raises BackupDamaged."""
        if self.table is None:
            raise BackupDamaged
        self.rows += 1
        row = inward(self.columns, value)
        return None if self.leaving.takes(self.table, row) else row

    def next(self, value: Any) -> None:
        """Go on to another table, or to the end. Raises BackupDamaged where there was no such table then."""
        if self.ended:
            raise BackupDamaged
        if value == {"rows": self.rows}:
            self.table, self.ended = None, True
            return
        try:
            self.table = self.then.tables[value["table"]]
            self.columns = [self.table.columns[name] for name in value["columns"]]
        except (KeyError, TypeError):
            raise BackupDamaged from None
        if set(self.columns) != set(self.table.columns) or self.table.name in self.filled:
            raise BackupDamaged
        self.filled.add(self.table.name)

    def insert(self, rows: list[dict[str, Any]]) -> None:
        """Insert what has been gathered."""
        if self.table is not None and rows:
            self.connection.execute(insert(self.table), rows)
            rows.clear()


def _fill(connection: Connection, read: Iterator[bytes], leaving: Leaving) -> None:
    filling = _Filling(connection, MetaData(), leaving)
    filling.then.reflect(connection)
    while batch := list(islice(read, ROWS_AT_ONCE)):
        rows: list[dict[str, Any]] = []
        for value in map(from_line, batch):
            if isinstance(value, list):
                row = filling.row(value)
                rows += [row] if row is not None else []
            else:
                filling.insert(rows)
                filling.next(value)
        filling.insert(rows)
    if not filling.ended or not filling.filled >= _ALWAYS:
        raise BackupDamaged
