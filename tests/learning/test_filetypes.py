"""What is taken as evidence, by what is in a file, and what isn't, whatever it is called."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.learning.filetypes import FileKind, kind_of
from tests.evidence import GOOD, HOSTILE, INERT, m4a, mp3


@pytest.mark.parametrize("kind", FileKind)
def test_a_file_of_each_kind_is_known_by_what_is_in_it(kind: FileKind) -> None:
    assert kind_of(GOOD[kind]) is kind


@pytest.mark.parametrize("name", HOSTILE)
def test_what_only_pretends_is_not_taken(name: str) -> None:
    assert kind_of(HOSTILE[name]) is None


@pytest.mark.parametrize("name", INERT)
def test_what_hides_something_is_taken_for_what_it_is(name: str) -> None:
    assert kind_of(INERT[name]) in {FileKind.PNG, FileKind.JPEG, FileKind.PDF}


def test_sound_as_several_programs_make_it() -> None:
    assert kind_of(mp3(tag=False)) is FileKind.MP3
    assert kind_of(m4a(b"mp42")) is kind_of(m4a(b"3gp4")) is FileKind.M4A
    assert kind_of(mp3(frames=2)) is None


def test_nothing_is_no_file() -> None:
    assert kind_of(b"") is None


@settings(max_examples=400)
@given(st.binary(max_size=400))
def test_chance_is_nearly_never_a_file_and_never_an_error(body: bytes) -> None:
    assert kind_of(body) is None


@settings(max_examples=300)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_beginning_of_a_file_or_a_changed_one_is_never_an_error(kind: str, data: st.DataObject) -> None:
    whole = bytearray(GOOD[kind])
    place = data.draw(st.integers(0, len(whole) - 1))

    kind_of(bytes(whole[:place]))
    whole[place] = data.draw(st.integers(0, 255))

    assert kind_of(bytes(whole)) in {None, FileKind(kind)}


@pytest.mark.parametrize(
    "beginning",
    [
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a" + b"\0" * 7 + b"!\xff",
        b"RIFF\xff\xff\xff\xffWAVE",
        b"\0\0\0\x08ftyp",
    ],
    ids=repr,
)
@pytest.mark.parametrize("filling", [b"\xff", b"\0", b"\1", b"\0\0\0\x08free"], ids=repr)
def test_a_file_made_to_keep_the_machine_busy_is_left_after_so_many_parts(
    beginning: bytes, filling: bytes
) -> None:
    assert kind_of(beginning + filling * (4_000_000 // len(filling))) is None


def test_ten_megabytes_of_chance_after_each_beginning_are_not_taken() -> None:
    chance = random.Random(1).randbytes(10_000_000)  # noqa: S311 - invented bytes
    for good in GOOD.values():
        assert kind_of(good[:12] + chance) is None
