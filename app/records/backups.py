"""Backups: all records as rows, the same for SQLite and PostgreSQL, read in one state and put back in one transaction.

What is in a file of `sealedfile` stands in `backuplines`. Left out is what must not come back: the
wraps of live sessions, guests, slowed names; invitations, since codes that were used or taken back after the backup
would let people in again; files that are being added or removed; and campaigns that are open, with their slots, since
two backups and the secret key would show what changed between them, and a campaign could be closed twice and the
outcomes be subtracted.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.records import schema
from app.records.action_tables import Action
from app.records.backuplines import (
    LARGE_ROWS_AT_ONCE,
    ROWS_AT_ONCE,
    BackupOlder,
    Facts,
    Leaving,
    as_line,
    first,
    from_line,
    inward,
    outward,
)
from app.records.cohorts.campaign_tables import Slot
from app.records.cohorts.tables import Cohort, Invitation
from app.records.database import Database
from app.records.deletions import known
from app.records.erasure import TRACES, note_traces
from app.records.failures import RecordsFailure
from app.records.sealedfile import BackupDamaged
from app.records.tables import Base, Erasure, Installation, KeyWrap, Learner, SlowedName
from app.records.vault import WrapKind

#: What no backup holds.
LEFT_OUT = frozenset({SlowedName.__tablename__, Invitation.__tablename__, Slot.__tablename__})
#: Every table of a backup, each after those that it refers to.
TABLES: tuple[Table, ...] = tuple(
    table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT
)


class BackupExpired(RecordsFailure):
    """The backup's last day has passed: whoever deleted themselves since trusted that it would be gone."""


class NotEmpty(RecordsFailure):
    """There are records here already, which a restored backup would replace."""


@dataclass
class Restored:
    """What a backup brought back, and how many learners stayed away because they were deleted since."""

    facts: Facts
    rows: int = 0
    forgotten: int = 0


def expiry(today: date, days: int) -> date:
    """The last day on which a backup may be restored."""
    return today + timedelta(days=days)


def lines(connection: Connection, made_on: date, expires_on: date) -> Iterator[bytes]:
    """All records of a connection that sees one state, line by line."""
    yield as_line({"revision": schema.HEAD, "made_on": str(made_on), "expires_on": str(expires_on)})
    kept = select(KeyWrap.tag).where(KeyWrap.learner_id == Learner.id, KeyWrap.kind != WrapKind.SESSION.value)
    nobodys = connection.scalars(select(Learner.id).where(~kept.exists()))
    leaving, count = Leaving(set(nobodys)), 0
    for table in TABLES:
        yield as_line({"table": table.name, "columns": [column.name for column in table.columns]})
        at_once = LARGE_ROWS_AT_ONCE.get(table.name, ROWS_AT_ONCE)
        asked = select(table).execution_options(yield_per=at_once)
        if table is KeyWrap.__table__:
            asked = asked.where(KeyWrap.kind != WrapKind.SESSION.value)
        for row in connection.execute(asked):
            values = row._asdict()
            if leaving.takes(table, values) or (table is Erasure.__table__ and values["digest"] == TRACES):
                continue
            count += 1
            yield as_line([outward(column.type, values[column.name]) for column in table.columns])
    yield as_line({"rows": count})


def size(connection: Connection) -> int:
    """About how many lines there will be. One statement."""
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in TABLES]
    return sum(connection.execute(select(*counts)).one()) + len(TABLES) + 2


def facts_of(found: Iterable[bytes]) -> Facts:
    """What a backup says of itself. Reads all of it, so that damage shows before anything is touched.

    Raises BackupNewer, BackupDamaged, and what reading the file raises.
    """
    read = iter(found)
    facts = first(read)
    for _rest in read:
        pass
    return facts


def must_be_in_force(facts: Facts, today: date) -> None:
    """Raise BackupExpired where a backup's last day has passed."""
    if facts.expires_on < today:
        raise BackupExpired


def is_empty(connection: Connection) -> bool:
    """Whether nothing is here that a restored backup would replace."""
    return not any(connection.execute(select(each).limit(1)).first() for each in (Learner, Cohort, Action))


def restore(
    database: Database,
    found: Iterable[bytes],
    deleted: Collection[bytes],
    *,
    replacing: bool,
    also: Callable[[Connection], object] = bool,
) -> Restored:
    """Put a backup's records in the place of all that is here, but whoever was deleted from here or is in `deleted`.

    All of it or nothing. They are never written, so that no file has to be cleaned of them. `also` is done in the
    same transaction. Raises NotEmpty unless `replacing`, BackupOlder where it has to be `taken_up` first, BackupNewer,
    BackupDamaged, and what reading raises.
    """
    with database.writing() as session:
        connection = session.connection()
        if not (replacing or is_empty(connection)):
            raise NotEmpty
        gone = known(connection) | frozenset(deleted)
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
        read = iter(found)
        restored = Restored(first(read))
        if restored.facts.revision != schema.HEAD:
            raise BackupOlder
        _put_back(connection, read, Leaving(digests=gone), restored)
        _remember(session, gone)
        also(connection)
    return restored


def _put_back(connection: Connection, read: Iterator[bytes], leaving: Leaving, restored: Restored) -> None:
    table: Table | None = None
    while batch := list(islice(read, ROWS_AT_ONCE)):
        rows: list[dict[str, Any]] = []
        for line in batch:
            value = from_line(line)
            if isinstance(value, list) and table is not None:
                restored.rows += 1
                row = inward(tuple(table.columns), value)
                if not leaving.takes(table, row):
                    rows.append(row)
                continue
            _insert(connection, table, rows)
            rows = []
            table = _next_table(value, table, restored)
        _insert(connection, table, rows)
    if table is not None or connection.scalar(select(Installation.id)) is None:
        raise BackupDamaged  # there was no end, or nothing before it
    restored.forgotten = leaving.learners


def _next_table(value: object, after: Table | None, restored: Restored) -> Table | None:
    """The table whose rows follow, or None after the last one. Raises BackupDamaged."""
    if value == {"rows": restored.rows} and after is TABLES[-1]:
        return None
    following = TABLES[0] if after is None else TABLES[min(TABLES.index(after) + 1, len(TABLES) - 1)]
    if value == {"table": following.name, "columns": [column.name for column in following.columns]}:
        return following
    raise BackupDamaged


def _insert(connection: Connection, table: Table | None, rows: list[dict[str, Any]]) -> None:
    if table is not None and rows:
        connection.execute(insert(table), rows)


def _remember(session: Session, gone: Collection[bytes]) -> None:
    """Know everybody's deletion from now on: those of the backup, of what was here, and of the list."""
    new = frozenset(gone) - known(session.connection())
    if new:
        session.execute(insert(Erasure), [{"digest": each, "finished": True} for each in sorted(new)])
    session.execute(update(Erasure).values(finished=True))
    note_traces(session)  # what stood here before leaves the files
