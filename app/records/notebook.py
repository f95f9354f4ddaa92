"""A learner's opened vault as something to read and write: typed values, filed by kind and name."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import Row, bindparam, select, text
from sqlalchemy.orm import Session

from app.records.crypto import joined, keyed_hash, padded, random_id, seal, unpadded, unseal
from app.records.database import Database
from app.records.failures import RecordDamaged, ValueNotOfItsType
from app.records.tables import SealedRecord
from app.records.vault import Vault, lock_vault

T = TypeVar("T")

_record = SealedRecord.__table__.c
#: Made once, and of plain columns: every page of a learner's asks it.
_MANY = select(_record.address, _record.revision, _record.body).where(
    _record.learner_id == bindparam("learner"), _record.address.in_(bindparam("addresses", expanding=True))
)
#: Filing what is sealed already, under the learner's lock: replacing whatever stood there, else adding it.
_REPLACE = text(
    "UPDATE sealed_record SET revision = :revision, body = :body WHERE learner_id = :learner_id AND address = :address"
)
_ADD = text(
    "INSERT INTO sealed_record (learner_id, address, revision, body) VALUES (:learner_id, :address, :revision, :body)"
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

    def load(self, ref: Ref, kind: type[T], default: T) -> T:
        """The value filed here, or the default. Raises RecordDamaged."""
        with self._database.reading() as session:
            row = session.get(SealedRecord, (self.vault.learner_id, self._address(ref)))
        return self._value(row, kind) if row else default

    def load_many(self, refs: Iterable[Ref], kind: type[T]) -> Loaded[T]:
        """The values filed under these refs, in one query; refs without a value are left out."""
        by_address = {self._address(ref): ref for ref in refs}
        loaded: Loaded[T] = Loaded()
        with self._database.asking() as asking:
            asked = {"learner": self.vault.learner_id, "addresses": list(by_address)}
            rows = asking.execute(_MANY, asked).all()
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
        with self._database.writing() as session:
            lock_vault(session, self.vault)
            row = session.get(SealedRecord, (self.vault.learner_id, self._address(ref)))
            try:
                editing = Editing(self._value(row, kind) if row else default)
            except RecordDamaged:
                editing = Editing(default, replaces_damaged=True)
            yield editing
            self.put(session, Entry(ref, _plain(kind, editing.value)), row)

    def save(self, values: Mapping[Ref, Any]) -> None:
        """File several values in one transaction, whatever stood there. Raises VaultGone and the storage failures."""
        sealed = [self._sealed(entry) for entry in as_json(values)]
        with self._database.writing() as session:
            lock_vault(session, self.vault)
            connection = session.connection()
            for columns in sealed:
                if not connection.execute(_REPLACE, columns).rowcount:
                    connection.execute(_ADD, columns)

    def put(self, session: Session, entry: Entry, row: SealedRecord | None = None) -> None:
        """Seal a JSON value within a transaction that holds this learner's lock."""
        sealed = self._sealed(entry)
        row = row or session.get(SealedRecord, (self.vault.learner_id, sealed["address"]))
        if row is None:
            row = SealedRecord(learner_id=self.vault.learner_id, address=sealed["address"])
            session.add(row)
        row.revision, row.body = sealed["revision"], sealed["body"]

    def _sealed(self, entry: Entry) -> dict[str, bytes]:
        """A record's columns."""
        learner, address, revision = self.vault.learner_id, self._address(entry.ref), random_id()
        body = padded(json.dumps([*entry.ref, entry.value], separators=(",", ":")).encode())
        sealed = seal(self._bodies, body, _binding(learner, address, revision))
        return {"learner_id": learner, "address": address, "revision": revision, "body": sealed}

    def entries(self, session: Session) -> tuple[list[Entry], int]:
        """Everything in the notebook as JSON values, and how many records couldn't be read."""
        rows = session.scalars(
            select(SealedRecord).where(SealedRecord.learner_id == self.vault.learner_id)
        ).all()
        found: list[Entry] = []
        damaged = 0
        for row in rows:
            try:
                found.append(self._entry(row))
            except RecordDamaged:
                damaged += 1
        return found, damaged

    def everything(self) -> tuple[list[Entry], int]:
        """`entries` in a transaction of its own."""
        with self._database.reading() as session:
            return self.entries(session)

    def _address(self, ref: Ref) -> bytes:
        return keyed_hash(self._addresses, ref.kind, ref.name)

    def _entry(self, row: SealedRecord | Row[Any, Any, Any]) -> Entry:
        bound_to = _binding(self.vault.learner_id, row.address, row.revision)
        kind, name, value = json.loads(unpadded(unseal(self._bodies, row.body, bound_to)))
        return Entry(Ref(kind, name), value)

    def _value(self, row: SealedRecord | Row[Any, Any, Any], kind: type[T]) -> T:
        entry = self._entry(row)
        value: T
        # The validator's error quotes what it read, so it must not travel with ours, as cause or as context.
        with contextlib.suppress(ValidationError):
            value = _adapter(kind).validate_python(entry.value)
            return value
        raise RecordDamaged


def as_json(values: Mapping[Ref, Any]) -> list[Entry]:
    """Values as entries that can be put."""
    return [Entry(ref, _plain(type(value), value)) for ref, value in values.items()]
