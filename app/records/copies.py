"""An encrypted copy of a notebook, to carry to another machine's kit and open there with the same passphrase.

One JSON file: what it is, its version, how its key is derived, and one sealed body. The copy has a
salt of its own, so that it opens without the database it came from. Its header is bound into the seal.
"""

import json
import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from app.records.crypto import padded, seal, unpadded, unseal
from app.records.failures import RecordDamaged, RecordsFailure, WrongPassphrase
from app.records.hashing import HashingCost
from app.records.notebook import Entry, Ref

FORMAT = "resguardo-copy"
VERSION = 1
#: Bytes that a copy may have; the whole curriculum with the longest notes fits.
LARGEST_COPY = 3 * 1024 * 1024
#: What a copy may ask of the machine that opens it. A forged header can't ask for more.
DEAREST = HashingCost(memory_kib=256 * 1024, iterations=8, lanes=1)

#: Derives the key of a copy from its salt and at its cost.
KeyOfCopy = Callable[[bytes, HashingCost], bytes]


class CopyUnreadable(RecordsFailure):
    """The file is no copy of a kit, or it was changed or cut since it was made."""


class CopyNewer(RecordsFailure):
    """The copy was made by a newer version of the kit than this one."""


@dataclass(frozen=True)
class _Header:
    format: str
    version: int
    salt: str
    cost: dict[str, int]

    def bound(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()


@dataclass(frozen=True)
class Copy:
    """A copy that is whole, not yet opened."""

    salt: bytes
    cost: HashingCost
    bound_to: bytes = field(repr=False)
    sealed: bytes = field(repr=False)

    def opened(self, key_of: KeyOfCopy) -> list[Entry]:
        """What is in it. Raises WrongPassphrase and HashingBusy."""
        try:
            body = unseal(key_of(self.salt, self.cost), self.sealed, self.bound_to)
        except RecordDamaged:
            raise WrongPassphrase from None
        return [Entry(Ref(kind, name), value) for kind, name, value in json.loads(unpadded(body))]


def packed(entries: list[Entry], cost: HashingCost, key_of: KeyOfCopy) -> bytes:
    """A file with these entries in it. Raises HashingBusy."""
    salt = os.urandom(32)
    header = _Header(FORMAT, VERSION, salt.hex(), asdict(cost))
    body = json.dumps([[*entry.ref, entry.value] for entry in entries], separators=(",", ":")).encode()
    sealed = seal(key_of(salt, cost), padded(body), header.bound())
    whole = {**asdict(header), "sealed": b64encode(sealed).decode(), "sha256": sha256(sealed).hexdigest()}
    return (json.dumps(whole, indent=1) + "\n").encode()


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
        return _checked(whole)
    except (KeyError, TypeError, ValueError, NotBase64):
        raise CopyUnreadable from None


def _checked(whole: dict[str, Any]) -> Copy:
    cost = HashingCost(**{name: int(value) for name, value in whole["cost"].items()})
    sealed = b64decode(whole["sealed"], validate=True)
    salt = bytes.fromhex(whole["salt"])
    header = _Header(FORMAT, int(whole["version"]), whole["salt"], whole["cost"])
    affordable = (
        8 <= cost.memory_kib <= DEAREST.memory_kib  # noqa: PLR2004 - what Argon2 itself asks for
        and 1 <= cost.iterations <= DEAREST.iterations
        and cost.lanes == DEAREST.lanes
    )
    if whole["version"] != VERSION or not affordable or sha256(sealed).hexdigest() != whole["sha256"]:
        raise CopyUnreadable
    return Copy(salt, cost, header.bound(), sealed)
