"""An encrypted copy: opened by its passphrase alone, and never half, whatever became of the file."""

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.records import copies
from app.records.copies import DEAREST, LARGEST_COPY, CopyNewer, CopyTooLarge, CopyUnreadable
from app.records.crypto import padded, seal
from app.records.failures import WrongPassphrase
from app.records.hashing import HashingCost
from app.records.notebook import Entry, Ref

COST = HashingCost(memory_kib=64)
ENTRIES = [
    Entry(
        Ref("answer", "dx-alerts"), {"choice": "yes", "note": "mi prima Zoraida «ñ» 🐦", "on": "2026-11-25"}
    ),
    Entry(Ref("lessons", "doxxing"), {"read": {}}),
    Entry(Ref("answer", "dx-documents"), None),
]
names = st.text(st.characters(codec="utf-8"), max_size=12)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8"), max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=8,
)
entries = st.dictionaries(st.builds(Ref, names, names), values, max_size=8).map(
    lambda found: [Entry(ref, value) for ref, value in found.items()]
)


def key_for(passphrase: str) -> copies.KeyOfCopy:
    """A key that differs by salt, cost and passphrase; what Argon2id adds is tried elsewhere."""

    def key_of(salt: bytes, cost: HashingCost) -> bytes:
        return sha256(salt + repr(cost).encode() + passphrase.encode()).digest()

    return key_of


KEY = key_for("nube tractor limon")


def packed(found: list[Entry] = ENTRIES) -> bytes:
    return copies.packed(found, COST, KEY)


def opened(file: bytes) -> list[Entry]:
    return copies.read(file).opened(KEY)


def changed(file: bytes, **fields: Any) -> bytes:
    """A file with other fields, and a checksum that fits them as far as one can be made."""
    whole = {**json.loads(file), **fields}
    header = {name: whole.get(name) for name in ("format", "version", "salt", "cost")}
    if "sha256" not in fields and isinstance(whole["sealed"], str):
        bound = json.dumps(header, sort_keys=True).encode()
        try:
            whole["sha256"] = sha256(bound + b64decode(whole["sealed"], validate=True)).hexdigest()
        except ValueError:
            whole["sha256"] = "0" * 64
    return json.dumps(whole).encode()


@given(entries)
def test_what_was_packed_is_what_is_opened(found: list[Entry]) -> None:
    assert opened(packed(found)) == found


def test_the_file_says_nothing_of_what_is_in_it() -> None:
    file = packed()

    for word in (
        "Zoraida",
        "dx-alerts",
        "lessons",
        "yes",
        "2026",
        "Zoraida".encode("utf-16-le").decode("latin-1"),
    ):
        assert word.encode("latin-1") not in file
    assert set(json.loads(file)) == {"format", "version", "salt", "cost", "sealed", "sha256"}


def test_its_size_says_little() -> None:
    sizes = {len(packed([Entry(Ref("answer", "x"), "n" * length)])) for length in range(300, 900, 50)}

    assert len(sizes) == 1


def test_two_copies_of_the_same_share_nothing() -> None:
    one, other = json.loads(packed()), json.loads(packed())

    assert one["salt"] != other["salt"]
    assert one["sealed"][:40] != other["sealed"][:40]


@given(st.text(min_size=1, max_size=20))
def test_another_passphrase_opens_nothing(passphrase: str) -> None:
    with pytest.raises(WrongPassphrase):
        copies.read(packed()).opened(key_for("another " + passphrase))


FILE = packed()


@settings(max_examples=400)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
@example(0, 1)
@example(len(FILE) - 1, 128)
def test_a_byte_changed_anywhere_opens_all_of_it_or_nothing(place: int, by: int) -> None:
    damaged = bytearray(FILE)
    damaged[place] ^= by

    try:
        found = opened(bytes(damaged))
    except (CopyUnreadable, CopyNewer):
        return  # a damaged copy is never taken for a passphrase that doesn't fit
    assert found == ENTRIES, "only what holds no content, such as a space, may be another"


@given(st.integers(0, len(FILE) - 2))
def test_a_file_that_was_cut_is_no_copy(length: int) -> None:
    with pytest.raises(CopyUnreadable):
        copies.read(FILE[:length])


@given(st.binary(max_size=200))
@example(b"")
@example(b"null")
@example(b"[]")
@example(b"{}")
@example(b'{"format": "resguardo-copy"}')
@example(b'{"format": "resguardo-copy", "version": 1, "cost": [], "salt": 5, "sealed": {}, "sha256": null}')
@example(b"[" * 100_000)
@example(b"\xff\xfe")
@example(b'{"format": "resguardo-copy", "version": ' + b"9" * 5000 + b"}")
def test_any_other_file_is_no_copy(file: bytes) -> None:
    with pytest.raises(CopyUnreadable):
        copies.read(file)


@pytest.mark.parametrize("version", [2, 3, 10**9])
def test_a_newer_version_says_so_whatever_else_is_in_it(version: int) -> None:
    for file in (
        changed(FILE, version=version),
        json.dumps({"format": copies.FORMAT, "version": version}).encode(),
    ):
        with pytest.raises(CopyNewer):
            copies.read(file)


@pytest.mark.parametrize("version", [0, -1, "1", "2", 1.0, 1.5, True, None, [], float("inf"), float("nan")])
def test_what_is_no_version_is_refused(version: Any) -> None:
    with pytest.raises(CopyUnreadable):
        copies.read(changed(FILE, version=version))


def cost(**other: Any) -> dict[str, Any]:
    return {"memory_kib": 64, "iterations": 3, "lanes": 1, **other}


@pytest.mark.parametrize(
    "forged",
    [
        cost(memory_kib=DEAREST.memory_kib + 1),
        cost(memory_kib=2**40),
        cost(memory_kib=7),
        cost(memory_kib=-1),
        cost(memory_kib="64"),
        cost(memory_kib=64.5),
        cost(memory_kib=True),
        cost(memory_kib=float("inf")),
        cost(iterations=DEAREST.iterations + 1),
        cost(iterations=0),
        cost(iterations=10**9),
        cost(lanes=2),
        cost(lanes=0),
        cost(more=1),
        {"memory_kib": 64},
        {},
        [],
        None,
        "64",
    ],
    ids=str,
)
def test_a_forged_header_can_t_ask_for_more_than_signing_in_costs(forged: Any) -> None:
    def never(_salt: bytes, _cost: HashingCost) -> bytes:
        raise AssertionError("nothing may be hashed for it")

    with pytest.raises(CopyUnreadable):
        copies.read(changed(FILE, cost=forged)).opened(never)


def test_a_cheaper_cost_in_the_header_opens_nothing() -> None:
    with pytest.raises(WrongPassphrase):
        opened(changed(FILE, cost=cost(memory_kib=32)))


@pytest.mark.parametrize("salt", ["", "00", "zz" * 32, "AB" * 32, "00" * 33, 5, None, ["00"]])
def test_a_salt_has_its_size(salt: Any) -> None:
    with pytest.raises(CopyUnreadable):
        copies.read(changed(FILE, salt=salt))


@pytest.mark.parametrize("sealed", ["", "!", "AAA", "ñ", 5, None, "A" * 8, b64encode(b"x" * 11).decode()])
def test_a_body_that_is_none_opens_nothing(sealed: Any) -> None:
    with pytest.raises((CopyUnreadable, WrongPassphrase)):
        opened(changed(FILE, sealed=sealed))


def sealed_by_hand(body: bytes) -> bytes:
    """A copy whose content was made by somebody who knows the passphrase."""
    whole = json.loads(FILE)
    header = {name: whole[name] for name in ("format", "version", "salt", "cost")}
    bound = json.dumps(header, sort_keys=True).encode()
    body = seal(KEY(bytes.fromhex(whole["salt"]), COST), padded(body), bound)
    return changed(FILE, sealed=b64encode(body).decode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b'[["answer", "x"]]',
        b'[["answer", "x", 1, 2]]',
        b'[[1, "x", 1]]',
        b'[["answer", null, 1]]',
        b'[[["answer"], "x", 1]]',
        b'[["answer", "x", 1], ["answer", "x", 2]]',
        b"\xff",
        b"[" * 50_000,
        b'["abc"]',
    ],
)
def test_content_of_another_shape_and_a_ref_that_stands_twice_are_refused(body: bytes) -> None:
    with pytest.raises(CopyUnreadable):
        opened(sealed_by_hand(body))


def test_what_was_sealed_by_hand_as_it_should_be_opens() -> None:
    """Otherwise the test before this one would prove nothing."""
    assert opened(sealed_by_hand(b'[["answer", "x", {"note": "n"}]]')) == [
        Entry(Ref("answer", "x"), {"note": "n"})
    ]


def test_a_file_that_is_too_large_is_not_even_read() -> None:
    with pytest.raises(CopyUnreadable):
        copies.read(FILE + b" " * LARGEST_COPY)


def test_no_copy_is_made_that_no_kit_would_take() -> None:
    with pytest.raises(CopyTooLarge):
        packed([Entry(Ref("answer", "x"), "n" * LARGEST_COPY)])
    longest_notes = [Entry(Ref("answer", f"item-{n}"), {"note": "🐦" * 2000}) for n in range(132)]
    assert opened(packed(longest_notes)) == longest_notes


def test_a_kit_whose_own_cost_is_dearer_makes_copies_that_others_can_open() -> None:
    file = copies.packed(ENTRIES, HashingCost(memory_kib=1024 * 1024, iterations=9), KEY)

    assert copies.read(file).cost == DEAREST
