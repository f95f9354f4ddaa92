"""Wrong passphrases are slowed by name, never by address, and never for a browser that has opened the vault."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from app.records.secondfactor import STEP_SECONDS
from tests.conftest import Clock
from tests.web.readers import ANOTHER, PASSPHRASE, PSEUDONYM, Reader, ReaderOf
from tests.web.test_second_factor import DIGITS, switch_on


def slow_down(reader: Reader, tries: int = 4) -> None:
    for _ in range(tries):
        assert reader.sign_in(PSEUDONYM, ANOTHER).status == 422


@pytest.mark.parametrize(
    ("language", "words"), [("es", ("2 segundos",)), ("en", ("Wait 2 seconds and try again.",))]
)
def test_after_some_wrong_tries_one_must_wait_and_is_told_how_long(
    language: str, words: tuple[str, ...], reader: Reader, reader_of: ReaderOf
) -> None:
    reader.keep()
    stranger = reader_of(language)
    slow_down(stranger)

    page = stranger.sign_in()

    assert page.status == 429
    for word in words:
        assert word in page.text
    assert PASSPHRASE not in page.html


def test_even_the_right_passphrase_waits_and_then_opens(
    reader: Reader, reader_of: ReaderOf, clock: Clock
) -> None:
    reader.keep()
    stranger = reader_of()
    slow_down(stranger)
    assert stranger.sign_in().status == 429

    clock.turn(seconds=2)

    assert stranger.sign_in().status == 303


def test_a_browser_that_has_opened_the_vault_is_not_slowed_by_others(
    reader: Reader, reader_of: ReaderOf
) -> None:
    reader.keep()
    reader.sign_out()
    slow_down(reader_of())

    assert reader.sign_in().status == 303


@pytest.mark.parametrize("mark", ["forged", "WyJhIiwiYiJd.x", "", "\x00", "é" * 50])
def test_the_mark_of_a_known_browser_can_t_be_made_up(mark: str, reader: Reader, reader_of: ReaderOf) -> None:
    reader.keep()
    stranger = reader_of()
    slow_down(stranger)
    stranger.set_cookie("did", mark)

    assert stranger.sign_in().status == 429


def test_nor_does_the_mark_of_another_name_help(reader: Reader, reader_of: ReaderOf) -> None:
    reader.keep()
    other = reader_of()
    other.keep("Colibrí", ANOTHER)
    other.sign_out()
    slow_down(reader_of())

    assert other.sign_in(PSEUDONYM, PASSPHRASE).status == 429


def test_whoever_knows_the_passphrase_guesses_no_faster_beside_a_vault_of_their_own(
    reader: Reader, reader_of: ReaderOf, clock: Clock
) -> None:
    reader.keep()
    phone, thief = switch_on(reader, clock), reader_of()
    thief.keep(PSEUDONYM, ANOTHER)
    reader.sign_out()
    for _ in range(4):
        thief.sign_out()
        assert thief.sign_in(second_factor=DIGITS).status == 422
        assert thief.sign_in(PSEUDONYM, ANOTHER).status == 303
    thief.sign_out()
    code = phone.next_code()
    phone.clock.turn(seconds=-STEP_SECONDS + 1)  # within the wait, and near enough for the code

    assert thief.sign_in(second_factor=code).status == 422
    assert reader.sign_in(second_factor=code).status == 303


def test_no_address_and_no_browser_is_stored(app: Flask, reader: Reader, records_file: Path) -> None:
    reader.environ = {"environ_base": {"REMOTE_ADDR": "127.0.0.77"}}
    reader.headers = {"User-Agent": "Mozilla/9.9 (marked)"}
    slow_down(reader)
    reader.answer()

    with sqlite3.connect(records_file) as raw:
        columns = {name for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                   for _, name, *_ in raw.execute(f'PRAGMA table_info("{table}")')}  # fmt: skip
    raw.close()

    everything = b"".join(file.read_bytes() for file in records_file.parent.glob("resguardo*"))
    assert b"127.0.0.77" not in everything
    assert bytes([127, 0, 0, 77]) not in everything
    assert b"marked" not in everything
    assert not {name for name in columns if "addr" in name or "agent" in name} - {"address"}
