"""The log of administrators' actions: chained with a key that isn't in the database, its head kept beside it.

Each entry carries a keyed hash over itself and the hash before it, so a changed, moved, added or removed entry breaks
the chain; the last hash stands in a file as well, so a shortened log shows. Whoever holds the key and the file can
write another log: it stops somebody who can reach the database alone.
"""

import hmac
import json
import os
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from app.records.action_tables import Action
from app.records.crypto import ID_BYTES, derive, joined

#: Stands before the first entry.
_BEGINNING = b"\0" * 32
#: Who acts where a command does: nobody who could sign in.
COMMAND_LINE = b"\0" * ID_BYTES
#: Who acts where nobody does, because a time that was announced is over.
KIT_ITSELF = b"\0" * (ID_BYTES - 1) + b"\1"
#: Writers of one process keep the head in turn, or an earlier end could overwrite a later one.
_keeping = threading.Lock()
#: A name that waits on PostgreSQL, where locks are numbers.
_LOG_LOCK = 0x616374696F6E7321
_COLUMNS = (Action.number, Action.at, Action.actor, Action.verb, Action.subject, Action.details, Action.chain)


class Fault(StrEnum):
    """What is wrong with a log."""

    CHANGED = "changed"  # an entry isn't what was written, or stands where another stood
    MISSING = "missing"  # a number is left out
    SHORTENED = "shortened"  # the log ends before the head that was kept
    HEAD_LOST = "head-lost"  # the file with the head is gone or can't be read
    HEAD_FOREIGN = "head-foreign"  # the head that was kept is of no entry here


@dataclass(frozen=True)
class Head:
    """The end of the log: the last entry's number and chain."""

    number: int = 0
    chain: bytes = _BEGINNING


@dataclass(frozen=True)
class Entry:
    """One entry, as it is shown: random ids, days and times, never a label."""

    number: int
    at: int
    actor: bytes
    verb: str
    subject: bytes | None
    details: str


def log_key(secret_key: str) -> bytes:
    """The key of the log, from the secret that this installation keeps beside its records."""
    return derive(secret_key.encode(), "action log")


def note(  # noqa: PLR0913, PLR0917 - what an entry is
    connection: Connection,
    key: bytes,
    at: int,
    actor: bytes,
    verb: str,
    subject: bytes | None,
    details: str = "",
) -> Head:
    """Add an entry within a transaction. Returns the log's new end, to be kept once it is committed."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOG_LOCK)))
    last = head_of(connection)
    entry = Entry(last.number + 1, at, actor, verb, subject, details)
    chain = _chained(key, entry, last.chain)
    connection.execute(insert(Action).values(**vars(entry), chain=chain))
    return Head(entry.number, chain)


def note_restored(connection: Connection, key: bytes, at: int, made_on: str) -> tuple[Head, bool]:
    """Add an entry after a restored log, within the transaction that restores it. made_on: the backup's day.

    Returns the log's end, and whether it was written with this key; if not, nothing is added, since an entry under
    another key would break it.
    """
    head = head_of(connection)
    if list(faults(connection, key, head, latest=1)):
        return head, False
    return note(connection, key, at, COMMAND_LINE, "records-restored", None, made_on), True


def head_of(connection: Connection) -> Head:
    """The end of the log as it stands in the database."""
    last = connection.execute(
        select(Action.number, Action.chain).order_by(Action.number.desc()).limit(1)
    ).first()
    return Head(*last) if last else Head()


def entries(connection: Connection, before: int | None, count: int) -> list[Entry]:
    """The latest entries, or the latest before a number; the newest first."""
    asked = select(*_COLUMNS[:-1]).order_by(Action.number.desc()).limit(count)
    if before is not None:
        asked = asked.where(Action.number < before)
    return [Entry(*row) for row in connection.execute(asked).all()]


def keep_head(file: Path, head: Head) -> None:
    """Write the log's end into its file, which never goes back: of two writers the later end stands."""
    with _keeping:
        kept = kept_head(file)
        if kept is None or kept.number < head.number:
            _write_head(file, head)


def replace_head(file: Path, head: Head) -> None:
    """Write the end of another log into the file, wherever the one before ended: after a backup was restored."""
    with _keeping:
        _write_head(file, head)


def _write_head(file: Path, head: Head) -> None:
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            json.dump({"number": head.number, "chain": head.chain.hex()}, handle)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def kept_head(file: Path) -> Head | None:
    """The log's end as its file says; None where there is none, or where it can't be read."""
    try:
        found = json.loads(file.read_text(encoding="ascii"))
        return Head(int(found["number"]), bytes.fromhex(found["chain"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def faults(
    connection: Connection, key: bytes, kept: Head | None, latest: int | None = None
) -> Iterator[tuple[Fault, int]]:
    """Everything that is wrong with the log, each with the number of the entry; nothing if it is whole.

    latest: how many entries to look at, from the end; all if None. What stands before them is taken for whole.
    """
    last = _before_latest(connection, latest)
    at_kept = last.chain if kept is not None and kept.number == last.number else None
    asked = select(*_COLUMNS).where(Action.number > last.number).order_by(Action.number)
    for row in connection.execute(asked.execution_options(yield_per=500)):
        entry, chain = Entry(*row[:-1]), row[-1]
        if entry.number != last.number + 1:
            yield Fault.MISSING, last.number + 1
        if not hmac.compare_digest(_chained(key, entry, last.chain), chain):
            yield Fault.CHANGED, entry.number
        last = Head(entry.number, chain)
        if kept is not None and entry.number == kept.number:
            at_kept = chain
    if kept is None:
        if last.number:
            yield Fault.HEAD_LOST, last.number
    elif kept.number > last.number:
        yield Fault.SHORTENED, last.number
    elif kept.number and (at_kept or _chain_at(connection, kept.number)) != kept.chain:
        yield Fault.HEAD_FOREIGN, kept.number


def _before_latest(connection: Connection, latest: int | None) -> Head:
    """The entry after which looking begins."""
    if latest is None:
        return Head()
    asked = select(Action.number, Action.chain).order_by(Action.number.desc()).offset(latest).limit(1)
    found = connection.execute(asked).first()
    return Head(*found) if found else Head()


def _chain_at(connection: Connection, number: int) -> bytes | None:
    return connection.scalar(select(Action.chain).where(Action.number == number))


def _chained(key: bytes, entry: Entry, before: bytes) -> bytes:
    parts = (
        str(entry.number).encode(),
        str(entry.at).encode(),
        entry.actor,
        entry.verb.encode(),
        entry.subject or b"",
        entry.details.encode(),
        before,
    )
    return hmac.digest(key, joined(*parts), sha256)
