"""A long text in a file that only a passphrase opens: sealed piece by piece, so that memory stays bounded.

A header in the clear (what it is, how its key is derived, when it expires), its checksum, then pieces of one size.
Each piece is sealed with AES-256-GCM and bound to the header, to its number and to whether it is the last, so that
changing, moving, dropping or adding one shows, and so does cutting the file (the construction called STREAM: Hoang,
Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015).
"""

import hmac
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Annotated, BinaryIO, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.records.crypto import ID_BYTES, NONCE_BYTES, derive, seal, unseal
from app.records.failures import RecordDamaged, RecordsFailure, WrongPassphrase
from app.records.hashing import HashingCost

FORMAT: Final = "resguardo-backup"
#: Goes up whenever what is in it changes so that the kit before couldn't read it.
VERSION: Final = 1
#: Bytes of a piece before it is sealed; the last is filled up, so that a file's length says little.
PIECE = 256 * 1024
SALT_BYTES = 32
_TAG_BYTES = 16
_SEALED_PIECE = NONCE_BYTES + PIECE + _TAG_BYTES
_LARGEST_HEADER = 2000
_HEX = Annotated[str, Field(pattern=r"^([0-9a-f]{2})+$", max_length=2 * SALT_BYTES)]

#: Derives the key from a salt, at a cost.
KeyOfFile = Callable[[bytes, HashingCost], bytes]
Progress = Callable[[int], object]


class NoBackup(RecordsFailure):
    """The file is no backup of a kit, or its beginning was changed."""


class BackupNewer(RecordsFailure):
    """The backup was made by a newer version of the kit than this one."""


class BackupDamaged(RecordsFailure):
    """Something in the backup was changed, moved, left out or added since it was made."""


class BackupCut(RecordsFailure):
    """The backup ends before its end: it wasn't copied whole."""


class _Cost(BaseModel):
    """What a key may cost: as much as the settings allow, so that a forged header can't ask for more."""

    model_config = ConfigDict(extra="forbid", strict=True)

    memory_kib: Annotated[int, Field(ge=8, le=1024 * 1024)]
    iterations: Annotated[int, Field(ge=1, le=HashingCost.iterations)]
    lanes: Annotated[int, Field(ge=1, le=HashingCost.lanes)]


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal["resguardo-backup"]
    version: Literal[1]
    expires_on: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    salt: _HEX
    cost: _Cost
    key_check: _HEX

    def line(self) -> bytes:
        return json.dumps(self.model_dump(), sort_keys=True).encode() + b"\n"


@dataclass(frozen=True)
class Opened:
    """A file that its passphrase opened; the lines in it have still to be read."""

    expires_on: date
    bound_to: bytes = field(repr=False)
    key: bytes = field(repr=False)


def written(
    lines: Iterable[bytes], to: BinaryIO, expires_on: date, cost: HashingCost, key_of: KeyOfFile
) -> None:
    """Seal lines, each without its end, into a file. Raises HashingBusy, OSError, and whatever the lines raise."""
    salt = os.urandom(SALT_BYTES)
    key = key_of(salt, cost)
    header = _Header(
        format=FORMAT,
        version=VERSION,
        expires_on=expires_on.isoformat(),
        salt=salt.hex(),
        cost=_Cost(**asdict(cost)),
        key_check=_key_check(key).hex(),
    ).line()
    checksum = sha256(header).hexdigest().encode() + b"\n"
    to.write(header + checksum)
    to.writelines(sealed_pieces(lines, key, sha256(header).digest()))


def sealed_pieces(lines: Iterable[bytes], key: bytes, bound_to: bytes) -> Iterator[bytes]:
    """Lines as sealed pieces, one after another: no more than a piece and a line is held at a time."""
    number, waiting = 0, bytearray()
    for line in lines:
        waiting += line + b"\n"
        while len(waiting) > PIECE:
            yield seal(key, bytes(waiting[:PIECE]), _place(bound_to, number, last=False))
            del waiting[:PIECE]
            number += 1
    yield seal(key, bytes(waiting.ljust(PIECE, b"\n")), _place(bound_to, number, last=True))


def opened(file: BinaryIO, key_of: KeyOfFile) -> Opened:
    """Read the header and try the passphrase.

    Raises NoBackup, BackupNewer, BackupDamaged, BackupCut, WrongPassphrase and HashingBusy.
    """
    line, checked, expires_on = _beginning(file)
    key = key_of(bytes.fromhex(checked.salt), HashingCost(**checked.cost.model_dump()))
    if not hmac.compare_digest(_key_check(key), bytes.fromhex(checked.key_check)):
        raise WrongPassphrase
    return Opened(expires_on, sha256(line).digest(), key)


def stated_expiry(file: BinaryIO) -> date:
    """The last day of a backup, as its beginning says, which nobody needs a passphrase to read.

    It isn't authenticated without one: good enough to delete by, not to restore by. Raises NoBackup, BackupNewer,
    BackupDamaged and BackupCut.
    """
    return _beginning(file)[2]


def lines_of(file: BinaryIO, found: Opened, progress: Progress = bool) -> Iterator[bytes]:
    """The lines of a file from where `opened` left it; `progress` is told how many bytes each piece had.

    Raises BackupCut and BackupDamaged, at the latest when the last line was read.
    """
    unfinished = bytearray()
    for piece in _pieces_of(file, found, progress):
        unfinished += piece
        *whole, rest = unfinished.split(b"\n")
        unfinished = bytearray(rest)
        yield from (bytes(line) for line in whole if line)
    if unfinished:
        raise BackupDamaged


def _pieces_of(file: BinaryIO, found: Opened, progress: Progress) -> Iterator[bytes]:
    sealed, number, last = file.read(_SEALED_PIECE), 0, False
    while not last:
        if len(sealed) < _SEALED_PIECE:
            raise BackupCut
        following = file.read(_SEALED_PIECE)
        last = not following
        yield _piece(sealed, found, number, last=last)
        progress(len(sealed))
        sealed, number = following, number + 1


def _piece(sealed: bytes, found: Opened, number: int, *, last: bool) -> bytes:
    try:
        return unseal(found.key, sealed, _place(found.bound_to, number, last=last))
    except RecordDamaged:
        pass
    try:  # a piece in its place that was never meant to be the last: the rest is missing
        unseal(found.key, sealed, _place(found.bound_to, number, last=not last))
    except RecordDamaged:
        raise BackupDamaged from None
    raise BackupCut if last else BackupDamaged


def _beginning(file: BinaryIO) -> tuple[bytes, _Header, date]:
    """The header's line, what it says, and the last day: of a file whose beginning is whole."""
    line = file.readline(_LARGEST_HEADER)
    header = _header_of(line)
    checksum = file.read(65)
    if len(checksum) < 65:  # noqa: PLR2004 - hexadecimal digits of SHA-256 and the end of the line
        raise BackupCut
    if checksum != sha256(line).hexdigest().encode() + b"\n":
        raise BackupDamaged
    try:
        checked = _Header.model_validate(header)
        expires_on = date.fromisoformat(checked.expires_on)
    except ValueError:  # of the validator, too, whose text quotes what it read
        raise BackupDamaged from None
    return line, checked, expires_on


def _header_of(line: bytes) -> object:
    try:
        header = json.loads(line)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise NoBackup
    version = header.get("version")
    if isinstance(version, int) and version > VERSION:
        raise BackupNewer
    return header


def _key_check(key: bytes) -> bytes:
    """What tells a wrong passphrase from damage; whoever guesses learns nothing from it that a piece wouldn't tell."""
    return derive(key, "backup key check", length=ID_BYTES)


def _place(bound_to: bytes, number: int, *, last: bool) -> bytes:
    return b"backup:1:" + bound_to + number.to_bytes(8, "big") + bytes([last])
