"""A learner's opened vault as something to read and write: typed values, filed by kind and name."""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import Connection, Select, TextClause, bindparam, delete, func, select, text

from app.records.crypto import joined, keyed_hash, padded, random_id, seal, unpadded, unseal
from app.records.database import Database
from app.records.failures import RecordDamaged, ValueNotOfItsType
from app.records.tables import Learner, SealedRecord
from app.records.vault import Vault, lock_on_server, lock_vault, must_be_in_force

T = TypeVar("T")

#: A record's address, revision and body, perhaps among others.
_Columns = Any
_record, _learner = SealedRecord.__table__.c, Learner.__table__.c
#: Made once, and of plain columns: every page of a learner's asks for many.
_ALL = select(_record.address, _record.revision, _record.body).where(
    _record.learner_id == bindparam("learner")
)
_DROP = delete(SealedRecord).where(
    SealedRecord.learner_id == bindparam("learner"), SealedRecord.address == bindparam("address")
)
_ONE = _ALL.where(_record.address == bindparam("address"))
_MANY = _ALL.where(_record.address.in_(bindparam("addresses", expanding=True)))
#: Whether a data key is in force and, in the same breath, one record.
_CHECK_AND_READ = (
    select(_learner.key_check, _record.address, _record.revision, _record.body)
    .join_from(
        Learner.__table__,
        SealedRecord.__table__,
        (_record.learner_id == _learner.id) & (_record.address == bindparam("address")),
        isouter=True,
    )
    .where(_learner.id == bindparam("learner"))
)


#: Filing what is sealed already, under the learner's lock: in place of whatever stood there, else as a new row.
_FILE = text(
    "INSERT INTO sealed_record (learner_id, address, revision, body) VALUES (:learner_id, :address, :revision, :body)"
    " ON CONFLICT (learner_id, address) DO UPDATE SET revision = excluded.revision, body = excluded.body"
)
#: The same of one record and in one statement, but only if the data key that sealed it is in force.
_FILE_IN_FORCE = text(
    "INSERT INTO sealed_record (learner_id, address, revision, body)"
    " SELECT :learner_id, :address, :revision, :body FROM learner WHERE id = :learner_id AND key_check = :key_check"
    " ON CONFLICT (learner_id, address) DO UPDATE SET revision = excluded.revision, body = excluded.body"
)
#: The same, but only in place of the record that was read.
_REPLACE = text(
    "UPDATE sealed_record SET revision = :revision, body = :body"
    " WHERE learner_id = :learner_id AND address = :address AND revision = :seen"
)


class Ref(NamedTuple):
    """Where a value is filed: its kind, and its name among that kind."""

    kind: str
    name: str = ""


class Entry(NamedTuple):
    """A value as it is sealed: with its own ref, so that a whole vault can be read without knowing what to ask for."""

    ref: Ref
    value: Any


@dataclass
class Loaded(Generic[T]):
    """Values that could be read, and the refs whose record could not."""

    values: dict[Ref, T] = field(default_factory=dict)
    damaged: set[Ref] = field(default_factory=set)


@dataclass
class Editing(Generic[T]):
    """A value to change; `replaces_damaged` if the record that stood here couldn't be read."""

    value: T
    replaces_damaged: bool = False


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    # A pure cache: what it holds follows from the type alone.
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _plain(kind: Any, value: Any) -> Any:
    """A value as JSON can hold it, made sure to be of the type that it will be read as."""
    # Errors and warnings of the serializer quote the value: none of them may leave this function.
    with contextlib.suppress(PydanticSerializationError, UnicodeError, ValidationError):
        plain = _adapter(kind).dump_python(value, mode="json", warnings="error")
        _adapter(kind).validate_python(plain)
        return plain
    raise ValueNotOfItsType


def _binding(learner_id: bytes, address: bytes, revision: bytes) -> bytes:
    return b"record:1:" + joined(learner_id, address, revision)


class Notebook:
    """The records of one open vault. Each is sealed by itself: damage to one leaves the rest."""

    def __init__(self, database: Database, vault: Vault):
        self._database = database
        self.vault = vault
        self._addresses = vault.address_key()
        self._bodies = vault.body_key()
        self._seen: dict[Ref, tuple[bytes, Any]] = {}  # what `load` read, with its record's revision

    def load(self, ref: Ref, kind: type[T], default: T) -> T:
        """The value filed here, or the default. Raises RecordDamaged."""
        with self._database.asking() as asking:
            row = self._row(asking, ref)
        if row is None:
            return default
        value = self._value(row, kind)
        self._seen[ref] = row.revision, value
        return value

    def read(self, connection: Connection, ref: Ref, kind: type[T], default: T) -> T:
        """`load`, within a transaction that holds this learner's lock. Raises RecordDamaged."""
        row = self._row(connection, ref)
        return default if row is None else self._value(row, kind)

    def load_many(self, refs: Iterable[Ref], kind: type[T]) -> Loaded[T]:
        """The values filed under these refs, in one query; refs without a value are left out."""
        by_address = {self._address(ref): ref for ref in refs}
        loaded: Loaded[T] = Loaded()
        with self._database.asking() as asking:
            rows = self._rows(asking, list(by_address))
        for row in rows:
            ref = by_address[row.address]
            try:
                loaded.values[ref] = self._entry(row).value if kind is Any else self._value(row, kind)
            except RecordDamaged:
                loaded.damaged.add(ref)
        return loaded

    @contextmanager
    def editing(self, ref: Ref, kind: type[T], default: T) -> Iterator[Editing[T]]:
        """Change a value in one transaction: locked, read, given to be changed, sealed, committed.

        A record that can't be read is replaced, and the editing says so. Writing the same value
        again succeeds again. Raises VaultGone, SessionEnded when the vault was re-keyed meanwhile, the
        storage failures, and ValueNotOfItsType; then nothing has changed.
        """
        with (
            self._database.changing() as connection,
            self.editing_within(connection, ref, kind, default) as editing,
        ):
            yield editing

    @contextmanager
    def editing_within(
        self, connection: Connection, ref: Ref, kind: type[T], default: T
    ) -> Iterator[Editing[T]]:
        """`editing` as a part of a transaction, with whatever else it changes."""
        asked = {"learner": self.vault.learner_id, "address": self._address(ref)}
        lock_on_server(connection, self.vault.learner_id)
        found = connection.execute(_CHECK_AND_READ, asked).first()
        must_be_in_force(found.key_check if found else None, self.vault)
        row = found if found and found.body is not None else None
        try:
            editing = Editing(self._value(row, kind) if row else default)
        except RecordDamaged:
            editing = Editing(default, replaces_damaged=True)
        yield editing
        self.put(connection, [Entry(ref, _plain(kind, editing.value))])

    def change(self, ref: Ref, kind: type[T], default: T, change: Callable[[T], T]) -> Editing[T]:
        """`editing` by a function. It may be called twice: with what `load` read and, if that was replaced, anew."""
        if ref in self._seen:
            revision, value = self._seen.pop(ref)
            changed = change(value)
            columns = self._sealed(Entry(ref, _plain(kind, changed)))
            # No row has this revision when the record was replaced, or the vault re-keyed: see below.
            if self._at_once(_REPLACE, {**columns, "seen": revision}) is not None:
                return Editing(changed)
        with self.editing(ref, kind, default) as editing:
            editing.value = change(editing.value)
        return editing

    def save(self, values: Mapping[Ref, Any], beside: Iterable[Ref] = ()) -> int:
        """File several values in one transaction, whatever stood there. Returns how many of `beside` have a record.

        Raises VaultGone, SessionEnded when the vault was re-keyed meanwhile, and the storage failures.
        """
        sealed = [self._sealed(entry) for entry in as_json(values)]
        others = [self._address(ref) for ref in beside]
        if len(sealed) == 1:
            asked = {**sealed[0], "key_check": self.vault.key_check()}
            found = self._at_once(_FILE_IN_FORCE, asked, others)
            if found is not None:
                return found
        with self._database.changing() as connection:
            lock_vault(connection, self.vault)
            _file(connection, sealed)
            return self._count(connection, others)

    def _at_once(
        self, statement: TextClause, asked: dict[str, Any], others: Sequence[bytes] = ()
    ) -> int | None:
        """Write a record by one statement. Returns how many of the others there are, or None if it wrote nothing."""
        with self._database.changing_at_once() as connection:
            lock_on_server(connection, self.vault.learner_id)
            if not self._database.change_at_once(connection, statement, asked):
                return None
            return self._count(connection, others)

    def _count(self, connection: Connection, addresses: Sequence[bytes]) -> int:
        if not addresses:
            return 0
        asked = {f"address_{place}": address for place, address in enumerate(addresses)}
        return int(connection.scalar(_counting(len(asked)), {"learner": self.vault.learner_id, **asked}) or 0)

    def put(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """Seal JSON values within a transaction that holds this learner's lock, whatever stood there."""
        _file(connection, [self._sealed(entry) for entry in entries])

    def drop(self, connection: Connection, ref: Ref) -> None:
        """Forget what is filed here, within a transaction that holds this learner's lock."""
        connection.execute(_DROP, {"learner": self.vault.learner_id, "address": self._address(ref)})

    def _sealed(self, entry: Entry) -> dict[str, bytes]:
        """A record's columns."""
        learner, address, revision = self.vault.learner_id, self._address(entry.ref), random_id()
        body = padded(json.dumps([*entry.ref, entry.value], separators=(",", ":")).encode())
        sealed = seal(self._bodies, body, _binding(learner, address, revision))
        return {"learner_id": learner, "address": address, "revision": revision, "body": sealed}

    def entries(self, connection: Connection) -> tuple[list[Entry], int]:
        """Everything in the notebook as JSON values, and how many records couldn't be read."""
        found: list[Entry] = []
        damaged = 0
        for row in connection.execute(_ALL, {"learner": self.vault.learner_id}).all():
            try:
                found.append(self._entry(row))
            except RecordDamaged:
                damaged += 1
        return found, damaged

    def everything(self) -> tuple[list[Entry], int]:
        """`entries` in a transaction of its own."""
        with self._database.asking() as asking:
            return self.entries(asking)

    def _row(self, connection: Connection, ref: Ref) -> _Columns | None:
        asked = {"learner": self.vault.learner_id, "address": self._address(ref)}
        return connection.execute(_ONE, asked).first()

    def _rows(self, connection: Connection, addresses: list[bytes]) -> Sequence[_Columns]:
        return connection.execute(_MANY, {"learner": self.vault.learner_id, "addresses": addresses}).all()

    def _address(self, ref: Ref) -> bytes:
        return keyed_hash(self._addresses, ref.kind, ref.name)

    def _entry(self, row: _Columns) -> Entry:
        bound_to = _binding(self.vault.learner_id, row.address, row.revision)
        kind, name, value = json.loads(unpadded(unseal(self._bodies, row.body, bound_to)))
        return Entry(Ref(kind, name), value)

    def _value(self, row: _Columns, kind: type[T]) -> T:
        entry = self._entry(row)
        value: T
        # The validator's error quotes what it read, so it must not travel with ours, as cause or as context.
        with contextlib.suppress(ValidationError):
            value = _adapter(kind).validate_python(entry.value)
            return value
        raise RecordDamaged


@cache
def _counting(number: int) -> Select[Any]:
    """How many of that many addresses have a record.

    Each address is a parameter of its own: a list, which SQLAlchemy writes out at every use, costs as much again.
    """
    addresses: list[Any] = [bindparam(f"address_{place}") for place in range(number)]
    return select(func.count()).where(
        _record.learner_id == bindparam("learner"), _record.address.in_(addresses)
    )


def _file(connection: Connection, sealed: list[dict[str, bytes]]) -> None:
    if sealed:
        connection.execute(_FILE, sealed if len(sealed) > 1 else sealed[0])


def as_json(values: Mapping[Ref, Any]) -> list[Entry]:
    """Values as entries that can be put."""
    return [Entry(ref, _plain(type(value), value)) for ref, value in values.items()]
