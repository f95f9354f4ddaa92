"""Sealing: what opens with which key, and sizes, addresses and keys that tell nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.records.crypto import (
    SIZE_CLASSES,
    derive,
    joined,
    keyed_hash,
    padded,
    random_key,
    seal,
    unpadded,
    unseal,
)
from app.records.failures import RecordDamaged
from app.records.vault import Vault

names = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
bodies = st.binary(max_size=3000)
pure = settings(max_examples=150, deadline=None)


@pure
@given(bodies, st.binary(max_size=60))
def test_what_is_sealed_opens_with_the_same_key_and_binding(body: bytes, bound_to: bytes):
    key = random_key()

    assert unseal(key, seal(key, body, bound_to), bound_to) == body


@pure
@given(bodies, st.binary(min_size=32, max_size=32))
def test_no_other_key_opens_it(body: bytes, other: bytes):
    with pytest.raises(RecordDamaged):
        unseal(other, seal(random_key(), body, b"here"), b"here")


@pure
@given(bodies, st.data())
def test_a_change_of_any_byte_is_noticed(body: bytes, data: st.DataObject):
    key = random_key()
    sealed = bytearray(seal(key, body, b"here"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))

    with pytest.raises(RecordDamaged):
        unseal(key, bytes(sealed), b"here")


@pure
@given(bodies, st.data())
def test_a_cut_is_noticed_wherever_it_is(body: bytes, data: st.DataObject):
    key = random_key()
    sealed = seal(key, body, b"here")

    with pytest.raises(RecordDamaged):
        unseal(key, sealed[: data.draw(st.integers(0, len(sealed) - 1))], b"here")


@pure
@given(bodies, st.binary(max_size=60), st.binary(max_size=60))
def test_it_opens_only_where_it_was_bound_to(body: bytes, here: bytes, there: bytes):
    key = random_key()
    if here != there:
        with pytest.raises(RecordDamaged):
            unseal(key, seal(key, body, here), there)


@given(st.lists(st.binary(max_size=4), max_size=5), st.lists(st.binary(max_size=4), max_size=5))
def test_parts_never_run_into_each_other(some: list[bytes], others: list[bytes]):
    assert (joined(*some) == joined(*others)) == (some == others)


@given(st.lists(names, max_size=4), st.lists(names, max_size=4))
def test_addresses_differ_when_refs_do(some: list[str], others: list[str]):
    assert (keyed_hash(b"k", *some) == keyed_hash(b"k", *others)) == (some == others)


@pure
@given(st.integers(0, 200_000))
def test_a_body_has_one_of_few_sizes(length: int):
    whole = padded(b"x" * length)

    assert unpadded(whole) == b"x" * length
    assert len(whole) in SIZE_CLASSES or len(whole) % SIZE_CLASSES[-1] == 0
    assert len(whole) <= max(SIZE_CLASSES[0], 4 * (length + 4)) or len(whole) - length <= SIZE_CLASSES[-1]


def test_keys_for_different_purposes_have_nothing_in_common():
    secret = random_key()
    vault = Vault(b"i" * 16, secret)

    derived = [vault.address_key(), vault.body_key(), vault.key_check(), derive(secret, "x"), secret]

    assert len({key[:16] for key in derived}) == len(derived)
