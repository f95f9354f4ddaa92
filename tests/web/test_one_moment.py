"""When too many passphrases are checked at once: nobody waits without a word, and nobody types twice."""

import json

import pytest
from flask import Flask

from app.records.crypto import derive, padded, seal
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.conftest import Busy, MakeKit
from tests.web.pages import Page
from tests.web.readers import (
    ANOTHER,
    ITEM,
    PASSPHRASE,
    PSEUDONYM,
    Reader,
    ReaderOf,
    Rows,
    code_on,
    kit_of,
    rows_of,
)


def wait_on(page: Page) -> str:
    """The value of the cookie that holds what waits."""
    (line,) = [line for line in page.headers.getlist("Set-Cookie") if line.startswith("wait=")]
    return line.partition("=")[2].partition(";")[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_signing_in_answers_at_once_and_goes_through_without_retyping(
    language: str, app: Flask, reader: Reader, reader_of: ReaderOf, busy: Busy
) -> None:
    reader.answer(note="mía")
    reader.keep()
    other = reader_of(language)

    with busy():
        page = other.sign_in()
        again = other.get("account/one-moment/")

    for waiting in (page, again):
        assert waiting.status == 503
        assert waiting.one("h1").words == said("One moment", language)
        seconds = waiting.headers["Retry-After"]
        assert seconds in {"1", "2", "3"}
        assert waiting.headers["Refresh"] == f"{seconds}; url=/{language}/account/one-moment/"
        assert f"/{language}/account/one-moment/" in waiting.links
    done = other.get("account/one-moment/")
    assert done.status == 303
    assert other.cookie("wait") is None
    assert other.note() == "mía"


def test_the_passphrase_stands_in_no_page_and_can_t_be_read_in_the_cookie(
    reader: Reader, reader_of: ReaderOf, busy: Busy
) -> None:
    reader.keep()
    other = reader_of()

    with busy():
        page = other.sign_in()

    sealed = bytes.fromhex(wait_on(page))
    (line,) = [line for line in page.headers.getlist("Set-Cookie") if line.startswith("wait=")]
    for text in (PASSPHRASE, PSEUDONYM, "passphrase", "submit_sign_in"):
        assert text not in page.html.replace('"/es/account/', "")
        assert text.encode() not in sealed
    assert "HttpOnly" in line
    assert "SameSite=Strict" in line
    assert "Max-Age=300" in line
    assert len(line) < 4096


def test_how_long_a_passphrase_is_can_t_be_seen_from_the_cookie(
    reader: Reader, reader_of: ReaderOf, busy: Busy
) -> None:
    with busy():
        short = reader_of().sign_in("a", "b" * 12)
        long = reader_of().sign_in("a", "b" * 60)

    assert len(wait_on(short)) == len(wait_on(long))


def test_keeping_waits_too_and_then_shows_the_code(reader: Reader, busy: Busy) -> None:
    reader.answer(note="mía")
    form = reader.get("account/keep/").form("passphrase")

    with busy():
        assert reader.send(form, pseudonym=PSEUDONYM, passphrase=PASSPHRASE, again=PASSPHRASE).status == 503

    assert code_on(reader.get("account/one-moment/"))
    assert reader.is_kept()
    assert reader.note() == "mía"


def test_a_wrong_passphrase_is_told_afterwards_and_nothing_waits_any_more(
    reader: Reader, reader_of: ReaderOf, busy: Busy
) -> None:
    reader.keep()
    other = reader_of()
    with busy():
        other.sign_in(PSEUDONYM, ANOTHER)

    page = other.get("account/one-moment/")

    assert page.status == 422
    assert ANOTHER not in page.html
    assert other.cookie("wait") is None


def test_readers_read_on_meanwhile(reader: Reader, busy: Busy) -> None:
    reader.keep()
    with busy():
        assert reader.answer(note="sigue").status == 303
        assert reader.note() == "sigue"
        assert reader.get("help/").status == 200


def test_what_was_typed_and_carried_on_is_not_lost_when_it_is_too_much_for_a_cookie(
    reader: Reader, reader_of: ReaderOf, clock: Clock, busy: Busy
) -> None:
    typed = "larga " * 300
    reader.keep()
    page = reader.checklist()
    clock.turn(hours=2)
    ended = reader.answer(ITEM, "no", typed, page)
    resume = next(form for form in ended.forms if form.action.endswith("/resume/"))
    form = reader.send(resume).form("passphrase")

    with busy():
        answer = reader.send(form, pseudonym=PSEUDONYM, passphrase=PASSPHRASE)

    assert answer.status == 503
    assert typed.strip() in answer.html
    assert PASSPHRASE not in answer.html
    assert (
        said("Many people are signing in at this moment. Go back, wait some seconds, and try again.")
        in answer.text
    )
    save = next(form for form in answer.forms if form.action.endswith("/checklist/"))
    assert reader.send(save).status == 303
    assert reader.note() == typed.strip()


@pytest.mark.parametrize(
    "value", ["", "00", "zz", "0" * 2104, "é", "f" * 3700, "' OR 1=1", "\x00", "00" * 12, "ff " * 20]
)
def test_a_made_up_cookie_leads_to_the_form_and_goes(value: str, app: Flask, reader: Reader) -> None:
    reader.set_cookie("wait", value)

    page = reader.get("account/one-moment/")

    assert (page.status, page.headers["Location"]) == (303, "/es/account/sign-in/")
    assert reader.cookie("wait") is None
    assert rows_of(app) == Rows(0, 0, 0)


@pytest.fixture
def waiting(reader: Reader, reader_of: ReaderOf, busy: Busy) -> Reader:
    """Somebody whose right passphrase waits to be checked."""
    reader.keep()
    other = reader_of()
    with busy():
        assert other.sign_in().status == 503
    return other


def test_after_five_minutes_it_is_good_for_nothing(waiting: Reader, clock: Clock) -> None:
    value = str(waiting.cookie("wait"))
    clock.turn(seconds=301)
    waiting.set_cookie("wait", value)

    assert waiting.get("account/one-moment/").headers["Location"] == "/es/account/sign-in/"
    assert waiting.cookie("sid") is None


def test_changed_by_one_bit_it_is_good_for_nothing(waiting: Reader) -> None:
    sealed = bytearray.fromhex(str(waiting.cookie("wait")))
    for place in (0, 12, 20, len(sealed) - 1):
        changed = bytes(byte ^ (i == place) for i, byte in enumerate(sealed))
        waiting.set_cookie("wait", changed.hex())
        assert waiting.get("account/one-moment/").headers["Location"] == "/es/account/sign-in/"
    assert waiting.cookie("sid") is None


@pytest.mark.parametrize("away", ["/n/es/", "sign-out"])
def test_whoever_leaves_while_waiting_signs_nobody_in(away: str, waiting: Reader) -> None:
    if away == "sign-out":
        waiting.post("account/sign-out/", {"csrf_token": waiting.token()})
    else:
        waiting.get(away)
        waiting.get("/open/")

    assert waiting.cookie("wait") is None
    assert waiting.get("account/one-moment/").headers["Location"] == "/es/account/sign-in/"
    assert waiting.cookie("sid") is None


def test_what_waits_beside_one_session_does_nothing_beside_another(app: Flask, waiting: Reader) -> None:
    """A program on another port of this machine may set cookies: it must not get this visit's answers."""
    victim = Reader(app)
    victim.answer(note="mía")
    victim.set_cookie("wait", str(waiting.cookie("wait")))

    victim.get("account/one-moment/")

    assert not victim.is_kept()
    assert victim.note() == "mía"


def test_a_cookie_of_another_machine_does_nothing(waiting: Reader, make_kit: MakeKit) -> None:
    elsewhere = Reader(make_kit(RESGUARDO_HOST_SECRET="ab" * 32))
    elsewhere.set_cookie("wait", str(waiting.cookie("wait")))

    assert elsewhere.get("account/one-moment/").headers["Location"] == "/es/account/sign-in/"


def test_nothing_sealed_for_another_purpose_is_taken_up(app: Flask, reader: Reader) -> None:
    secret = kit_of(app).host_secret
    body = padded(json.dumps(["account.submit_delete", kit_of(app).now(), [["sure", "y"]]]).encode())
    for key in (secret, derive(secret, "slowed names"), derive(secret, "session key")):
        reader.set_cookie("wait", seal(key, body, b"wait:1:").hex())
        assert reader.get("account/one-moment/").status == 303


def test_only_forms_that_check_a_passphrase_can_wait(app: Flask) -> None:
    may_wait = {name for name, view in app.view_functions.items() if _waits(view)}

    assert may_wait == {
        "account.submit_sign_in",
        "account.submit_recover",
        "account.submit_keep",
        "join.enter",
        "account.submit_change_passphrase",
        "account.submit_exposed",
    }


def _waits(view: object) -> bool:
    while view is not None:
        if getattr(view, "__code__", None) is not None and view.__code__.co_name == "patient":  # type: ignore[attr-defined]
            return True
        view = getattr(view, "__wrapped__", None)
    return False
