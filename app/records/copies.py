"""An encrypted copy of a notebook, to carry to another machine's kit and open there with the same passphrase.

One JSON file: what it is, its version, how its key is derived, and one sealed body. The copy has a
salt of its own, so that it opens without the database it came from. Its header is bound into the
seal; a checksum tells a file that was damaged on its way from a passphrase that doesn't fit.
"""

import contextlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.records.crypto import padded, seal, unpadded, unseal
from app.records.failures import RecordDamaged, RecordsFailure, WrongPassphrase
from app.records.hashing import HashingCost
from app.records.notebook import Entry, Ref

FORMAT: Final = "resguardo-copy"
#: Goes up whenever a kit keeps something that the one before wouldn't know what to do with.
VERSION: Final = 1
#: Bytes that a copy may have; the whole curriculum with the longest notes fits.
LARGEST_COPY = 3 * 1024 * 1024
#: What a copy may ask of the machine that opens it: no more than signing in does. A forged header can't ask for more.
DEAREST = HashingCost()
SALT_BYTES = 32

#: Derives the key of a copy from its salt and at its cost.
KeyOfCopy = Callable[[bytes, HashingCost], bytes]


class CopyUnreadable(RecordsFailure):
    """The file is no copy of a kit, or it was changed or cut since it was made."""


class CopyNewer(RecordsFailure):
    """The copy was made by a newer version of the kit than this one."""


class CopyTooLarge(RecordsFailure):
    """There is more to copy than any kit would take."""


class _Cost(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    memory_kib: Annotated[int, Field(ge=8, le=DEAREST.memory_kib)]
    iterations: Annotated[int, Field(ge=1, le=DEAREST.iterations)]
    lanes: Annotated[int, Field(ge=1, le=DEAREST.lanes)]


class _File(BaseModel):
    """What stands in the file, of exactly these types: nothing is guessed from what almost fits."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal["resguardo-copy"]
    version: Literal[1]
    salt: Annotated[str, Field(pattern=rf"^[0-9a-f]{{{SALT_BYTES * 2}}}$")]
    cost: _Cost
    sealed: str
    sha256: str

    def bound(self) -> bytes:
        """The header, as the seal holds it fast."""
        return json.dumps(self.model_dump(exclude={"sealed", "sha256"}), sort_keys=True).encode()


_ENTRIES = TypeAdapter(list[tuple[str, str, Any]])


@dataclass(frozen=True)
class Copy:
    """A copy that is whole, not yet opened."""

    salt: bytes
    cost: HashingCost
    bound_to: bytes = field(repr=False)
    sealed: bytes = field(repr=False)

    def opened(self, key_of: KeyOfCopy) -> list[Entry]:
        """What is in it, each ref once. Raises WrongPassphrase, HashingBusy, and CopyUnreadable for a forgery."""
        try:
            body = unpadded(unseal(key_of(self.salt, self.cost), self.sealed, self.bound_to))
        except RecordDamaged:
            raise WrongPassphrase from None
        # The validator's error quotes what it read: it must not travel with ours.
        with contextlib.suppress(ValueError, RecursionError):
            entries = [Entry(Ref(kind, name), value) for kind, name, value in _ENTRIES.validate_json(body)]
            if len({entry.ref for entry in entries}) == len(entries):
                return entries
        raise CopyUnreadable


def packed(entries: list[Entry], cost: HashingCost, key_of: KeyOfCopy) -> bytes:
    """A file with these entries in it, at this cost or the dearest. Raises HashingBusy and CopyTooLarge."""
    salt = os.urandom(SALT_BYTES)
    cost = HashingCost(min(cost.memory_kib, DEAREST.memory_kib), min(cost.iterations, DEAREST.iterations))
    body = json.dumps(
        [[*entry.ref, entry.value] for entry in entries], ensure_ascii=False, separators=(",", ":")
    )
    file = _File(
        format=FORMAT, version=VERSION, salt=salt.hex(), cost=_Cost(**asdict(cost)), sealed="", sha256=""
    )
    sealed = seal(key_of(salt, cost), padded(body.encode()), file.bound())
    file.sealed, file.sha256 = b64encode(sealed).decode(), _checksum(file, sealed)
    whole = (file.model_dump_json(indent=1) + "\n").encode()
    if len(whole) > LARGEST_COPY:
        raise CopyTooLarge
    return whole


def read(file: bytes) -> Copy:
    """A copy from its file. Raises CopyUnreadable and CopyNewer; whether the passphrase fits is not known yet."""
    if len(file) > LARGEST_COPY:
        raise CopyUnreadable
    try:
        whole = json.loads(file)
    except (ValueError, RecursionError):
        raise CopyUnreadable from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise CopyUnreadable
    version = whole.get("version")
    if isinstance(version, int) and version > VERSION:
        raise CopyNewer
    try:
        return _checked(_File.model_validate(whole))
    except (ValidationError, ValueError):
        raise CopyUnreadable from None


def _checked(file: _File) -> Copy:
    sealed = b64decode(file.sealed, validate=True)
    if file.sha256 != _checksum(file, sealed):
        raise CopyUnreadable
    return Copy(bytes.fromhex(file.salt), HashingCost(**file.cost.model_dump()), file.bound(), sealed)


def _checksum(file: _File, sealed: bytes) -> str:
    return sha256(file.bound() + sealed).hexdigest()
