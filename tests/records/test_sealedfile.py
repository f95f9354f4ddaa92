"""A sealed file: what was done to it shows, and is called by its name."""

import io
import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import count

import pytest

from app.records import sealedfile
from app.records.failures import RecordsFailure, WrongPassphrase
from app.records.hashing import HashingCost, PassphraseHasher
from app.records.sealedfile import PIECE, BackupCut, BackupDamaged, BackupNewer, NoBackup
from tests.records.conftest import CHEAP

TODAY = date(2026, 11, 24)
PASSPHRASE = "farol caracol ventana tormenta pincel arena"


def key_of(passphrase: str = PASSPHRASE) -> sealedfile.KeyOfFile:
    return lambda salt, cost: PassphraseHasher().backup_key(salt, passphrase, cost)


def lines_of(whole: bytes, passphrase: str = PASSPHRASE) -> Iterator[bytes]:
    file = io.BytesIO(whole)
    yield from sealedfile.lines_of(file, sealedfile.opened(file, key_of(passphrase)))


def large() -> bytes:
    """A file of four pieces."""
    file = io.BytesIO()
    lines = (b"%06d" % number + b"x" * 994 for number in range(1000))
    sealedfile.written(lines, file, TODAY, CHEAP, key_of())
    return file.getvalue()


LARGE = large()
BODY = LARGE.index(b"\n", LARGE.index(b"\n") + 1) + 1
SEALED = PIECE + 28


def pieces(*order: int) -> bytes:
    return LARGE[:BODY] + b"".join(LARGE[BODY + n * SEALED : BODY + (n + 1) * SEALED] for n in order)


def flipped(at: int) -> bytes:
    return LARGE[:at] + bytes([LARGE[at] ^ 1]) + LARGE[at + 1 :]


@pytest.mark.parametrize(
    ("place", "damaged", "failure"),
    [
        ("what it is", flipped(LARGE.index(b"resguardo-backup")), NoBackup),
        ("salt", flipped(LARGE.index(b'"salt"') + 12), BackupDamaged),
        ("cost", flipped(LARGE.index(b'"iterations"') + 14), BackupDamaged),
        ("day", LARGE.replace(b"2026-11-24", b"2027-11-24", 1), BackupDamaged),
        ("key check", flipped(LARGE.index(b'"key_check"') + 16), BackupDamaged),
        ("checksum", flipped(BODY - 5), BackupDamaged),
        ("nonce", flipped(BODY + SEALED + 3), BackupDamaged),
        ("body", flipped(BODY + SEALED + 5000), BackupDamaged),
        ("tag", flipped(BODY + 2 * SEALED - 1), BackupDamaged),
        ("last byte", flipped(len(LARGE) - 1), BackupDamaged),
        ("moved", pieces(1, 0, 2, 3), BackupDamaged),
        ("dropped in the middle", pieces(0, 2, 3), BackupDamaged),
        ("twice", pieces(0, 0, 1, 2, 3), BackupDamaged),
        ("added at the end", LARGE + LARGE[BODY : BODY + SEALED], BackupDamaged),
        ("last piece missing", pieces(0, 1, 2), BackupCut),
        ("cut within a piece", LARGE[:-100], BackupCut),
        ("cut after the header", LARGE[:BODY], BackupCut),
        ("cut within the checksum", LARGE[: BODY - 9], BackupCut),
        ("empty", b"", NoBackup),
        ("something else", b"\x89PNG\r\n" * 99, NoBackup),
        ("newer", LARGE.replace(b'"version": 1', b'"version": 2', 1), BackupNewer),
    ],
)
def test_what_was_done_to_a_file_is_found_and_named(
    place: str, damaged: bytes, failure: type[RecordsFailure]
) -> None:
    with pytest.raises(failure):
        list(lines_of(damaged))


@pytest.mark.parametrize("name", ["salt", "key_check"])
def test_a_header_that_was_made_up_is_damage_too(name: str) -> None:
    header = {**json.loads(LARGE[: LARGE.index(b"\n")]), name: "abc"}
    line = json.dumps(header, sort_keys=True).encode() + b"\n"

    with pytest.raises(BackupDamaged):
        list(lines_of(line + sha256(line).hexdigest().encode() + b"\n" + LARGE[BODY:]))


def test_an_unchanged_one_gives_its_lines() -> None:
    assert [line[:6] for line in lines_of(LARGE)] == [b"%06d" % number for number in range(1000)]


def test_a_header_can_ask_for_no_more_than_the_settings_allow() -> None:
    file = io.BytesIO()
    with pytest.raises(ValueError, match="memory_kib"):
        sealedfile.written([], file, TODAY, HashingCost(2**21, 3), lambda *_: b"\0" * 32)


def test_a_wrong_passphrase_is_called_one() -> None:
    with pytest.raises(WrongPassphrase):
        list(lines_of(LARGE, "otra cosa que no es la misma"))


def test_sealing_takes_lines_as_it_goes() -> None:
    taken = count()
    endless = (b"x" * 999 for _ in taken)
    sealed = sealedfile.sealed_pieces(endless, b"\0" * 32, b"")

    for _ in range(3):
        assert len(next(sealed)) == SEALED

    assert next(taken) < 3 * PIECE / 1000 + 2
