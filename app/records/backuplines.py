"""The lines of a backup: what each says, how values are written, and whom a copy leaves out.

One line says what it is, then for each table a line with its name and columns and a line for each row, and at the end
how many rows there were. Tables are known by their names: those of an older backup are others than those of now.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, LargeBinary, Table

from app.records import schema
from app.records.erasure import digest
from app.records.failures import RecordsFailure
from app.records.sealedfile import BackupDamaged, BackupNewer

#: Rows that are in memory at a time, on the way out and on the way in.
ROWS_AT_ONCE = 64
#: The same of tables whose rows are large.
LARGE_ROWS_AT_ONCE = {"attachment_piece": 4}


class BackupOlder(RecordsFailure):
    """The backup is of tables that were different: it has to be taken up first, see `older`."""


@dataclass(frozen=True)
class Facts:
    """What a backup says of itself, in its sealed part. revision: of the tables."""

    revision: str
    made_on: date
    expires_on: date


@dataclass
class Leaving:
    """Whom a copy leaves out, and so every row that refers to them, and every row that refers to those."""

    ids: set[bytes] = field(default_factory=set)
    digests: Collection[bytes] = ()
    learners: int = 0
    _keys: dict[str, set[object]] = field(default_factory=dict)

    def takes(self, table: Table, row: dict[str, Any]) -> bool:
        """Whether a row is left out. Tables must come after those that they refer to."""
        if table.name == "learner":
            left = row["id"] in self.ids or (bool(self.digests) and digest(row["id"]) in self.digests)
            self.learners += left
        elif self._is_unsettled(table, row):
            left = True
        else:
            left = any(
                row[column.name] in self._keys.get(reference.column.table.name, ())
                for column in table.columns
                for reference in column.foreign_keys
            )
        if left and len(table.primary_key.columns) == 1:
            (key,) = table.primary_key.columns
            self._keys.setdefault(table.name, set()).add(row[key.name])
        return left

    def _is_unsettled(self, table: Table, row: dict[str, Any]) -> bool:
        """A campaign that is open; an attachment that is being added or removed, or was deleted since."""
        if table.name == "campaign":
            return row["closed_on"] is None
        if table.name != "attachment":
            return False
        coming_or_going = row["learner_id"] is None or row["until"] is not None
        return coming_or_going or (bool(self.digests) and digest(row["id"]) in self.digests)


def first(read: Iterator[bytes]) -> Facts:
    """What a backup says of itself, by its first line. Raises BackupNewer and BackupDamaged."""
    found = from_line(next(read, b""))
    try:
        facts = Facts(
            found["revision"], date.fromisoformat(found["made_on"]), date.fromisoformat(found["expires_on"])
        )
    except (TypeError, KeyError, ValueError):
        raise BackupDamaged from None
    if facts.revision != schema.HEAD and not schema.knows(facts.revision):
        raise BackupNewer
    return facts


def as_line(said: object) -> bytes:
    """One line."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def from_line(written: bytes) -> Any:
    """What a line says. Raises BackupDamaged."""
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        raise BackupDamaged from None


def outward(kind: object, stored: Any) -> Any:
    """A value of a column as it is written."""
    if stored is None:
        return None
    if isinstance(kind, LargeBinary):
        return b64encode(stored).decode()
    return stored.isoformat() if isinstance(kind, Date) else stored


def inward(columns: Sequence[Column[Any]], written: list[Any]) -> dict[str, Any]:
    """A row as it is stored. Raises BackupDamaged."""
    try:
        pairs = zip(columns, written, strict=True)
        return {column.name: _stored(column.type, each) for column, each in pairs}
    except (ValueError, TypeError):
        raise BackupDamaged from None


def _stored(kind: object, written: Any) -> Any:
    if written is None:
        return None
    if isinstance(kind, LargeBinary):
        return b64decode(written, validate=True)
    return date.fromisoformat(written) if isinstance(kind, Date) else written
