"""Copies that are refused, each with its reason, and nothing of them taken over."""

import json
from io import BytesIO

import pytest
from flask import Flask

from app.records import copies
from app.records.hashing import HashingCost
from app.records.notebook import Entry, Ref
from app.records.passphrases import Credentials
from tests.conftest import Clock
from tests.web.carrying import bring, copy_of, kept_here, taken
from tests.web.catalogue import said
from tests.web.conftest import Busy
from tests.web.pages import Page
from tests.web.practice import QUIZ
from tests.web.readers import (
    ANOTHER,
    ITEM,
    MODULE,
    OTHER_ITEM,
    PASSPHRASE,
    PSEUDONYM,
    Reader,
    Rows,
    kit_of,
    rows_of,
)

BOTH = pytest.mark.parametrize("language", ["en", "es"])


@BOTH
@pytest.mark.parametrize(
    ("pseudonym", "passphrase"),
    [(PSEUDONYM, ANOTHER), ("Colibrí", PASSPHRASE), (PSEUDONYM, PASSPHRASE + "x")],
)
def test_with_another_passphrase_or_pseudonym_nothing_is_taken_over(
    pseudonym: str, passphrase: str, language: str, app: Flask, other_machine: Flask
) -> None:
    here, there = Reader(app, language), Reader(other_machine, language)
    file = kept_here(here)

    page = bring(there, file, pseudonym, passphrase)

    assert page.status == 422
    assert (
        said("The copy doesn't open with this pseudonym and passphrase. Nothing was taken over.", language)
        in page.text
    )
    assert page.form("pseudonym").value("pseudonym") == pseudonym
    assert passphrase not in page.html
    assert rows_of(other_machine) == Rows(0, 0, 0)


@BOTH
def test_a_copy_that_was_damaged_anywhere_is_refused_and_nothing_is_taken_over(
    language: str, app: Flask, other_machine: Flask
) -> None:
    here, there = Reader(app, language), Reader(other_machine, language)
    file = kept_here(here)
    token = there.get("account/bring/").form("pseudonym").value("csrf_token")
    content = json.loads(file)
    regions = {
        name: file.index(str(value).encode()) for name, value in content.items() if isinstance(value, str)
    }
    places = {
        **regions,
        "beginning": 0,
        "cost": file.index(b"19456"),
        "end of the body": file.rindex(b'"') - 70,
    }
    damaged = {
        name: file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :] for name, place in places.items()
    }
    damaged |= {"half of it": file[: len(file) // 2], "nothing": b"", "twice": file * 2}

    for name, changed in damaged.items():
        page = bring(there, changed, token=token)
        assert page.status == 422, name
        refusal = (
            "This file is no encrypted copy of the kit, or it was changed or cut. Nothing was taken over."
        )
        assert said(refusal, language) in page.text, name

    assert rows_of(other_machine) == Rows(0, 0, 0)


@BOTH
def test_a_copy_of_a_newer_kit_is_refused_with_the_reason(
    language: str, app: Flask, other_machine: Flask
) -> None:
    here, there = Reader(app, language), Reader(other_machine, language)
    newer = json.dumps({**json.loads(kept_here(here)), "version": copies.VERSION + 1}).encode()

    page = bring(there, newer)

    assert page.status == 422
    said_so = "This copy was made by a newer version of the kit. Update this one and bring it again."
    assert said(said_so, language) in page.text
    assert rows_of(other_machine) == Rows(0, 0, 0)


def made(app: Flask, entries: list[Entry]) -> bytes:
    """A copy that somebody made who knows the passphrase."""
    credentials = Credentials.typed(PSEUDONYM, PASSPHRASE)
    keyring = kit_of(app).keyring
    return copies.packed(entries, HashingCost(memory_kib=64), lambda *by: keyring.copy_key(credentials, *by))


SOUND = Entry(Ref("answer", ITEM), {"choice": "yes", "note": "n", "answered_on": "2026-11-25"})


@pytest.mark.parametrize(
    "faulty",
    [
        Entry(Ref("answer", OTHER_ITEM), {"choice": "perhaps", "note": "", "answered_on": "2026-11-25"}),
        Entry(Ref("answer", OTHER_ITEM), "text"),
        Entry(Ref("lessons", MODULE), {"read": {"x": "no day"}}),
        Entry(Ref("quiz", MODULE), {"attempt": 5}),
        Entry(Ref("scenario", MODULE), {"turns": [["a"]]}),
        Entry(Ref("completion", MODULE), None),
        Entry(Ref("account", "pseudonym"), "Colibrí"),
        Entry(Ref("plan", MODULE), {}),
    ],
    ids=lambda entry: f"{entry.ref.kind} {str(entry.value)[:20]}",
)
def test_nothing_is_taken_over_of_a_copy_in_which_one_thing_is_not_as_it_should_be(
    faulty: Entry, other_machine: Flask
) -> None:
    there = Reader(other_machine)

    page = bring(there, made(other_machine, [SOUND, faulty]))

    assert page.status == 422
    assert rows_of(other_machine) == Rows(0, 0, 0)
    there.answer(OTHER_ITEM, "no")
    there.keep()
    before = rows_of(other_machine)
    assert bring(there, made(other_machine, [SOUND, faulty])).status == 422
    assert rows_of(other_machine) == before
    assert there.choice() == ""


def test_a_copy_with_what_only_a_newer_kit_keeps_says_so(other_machine: Flask) -> None:
    page = bring(Reader(other_machine), made(other_machine, [SOUND, Entry(Ref("plan", "x"), {})]))

    assert (
        said("This copy was made by a newer version of the kit. Update this one and bring it again.")
        in page.text
    )


def test_notes_of_a_forged_copy_are_shown_as_text(other_machine: Flask) -> None:
    there = Reader(other_machine)
    note = "</textarea><script>alert(1)</script>"
    hostile = Entry(SOUND.ref, {**SOUND.value, "note": note})

    assert bring(there, made(other_machine, [hostile])).status == 200

    assert there.note() == note
    assert [part for part in there.checklist().all("script") if part.text] == []


def test_passphrases_can_t_be_tried_by_making_copies_of_one_s_own(other_machine: Flask, clock: Clock) -> None:
    victim, guesser = Reader(other_machine), Reader(other_machine)
    victim.answer(note="de otra persona")
    victim.keep()
    statuses = []
    for number in range(6):
        guess = f"{ANOTHER} {number}"
        credentials = Credentials.typed(PSEUDONYM, guess)
        keyring = kit_of(other_machine).keyring

        def key_of(salt: bytes, cost: HashingCost, credentials: Credentials = credentials) -> bytes:
            return kit_of(other_machine).keyring.copy_key(credentials, salt, cost)

        guesser.client.delete_cookie("sid")
        page = bring(guesser, copies.packed([SOUND], keyring.cost, key_of), PSEUDONYM, guess)
        statuses.append(page.status)

    assert 429 in statuses
    assert statuses[-1] == 429


def test_nor_by_asking_for_copies_of_what_is_open(reader: Reader, clock: Clock) -> None:
    reader.answer()
    reader.keep()

    statuses = [taken(reader, f"{ANOTHER} {number}").status for number in range(5)]
    right = taken(reader, PASSPHRASE)
    clock.turn(seconds=31)

    assert statuses == [422] * 4 + [429]
    assert right.status == 429
    assert PASSPHRASE not in right.html
    assert taken(reader, PASSPHRASE).status == 200


@BOTH
def test_while_many_sign_in_a_page_says_so_and_nothing_is_done(
    language: str, app: Flask, other_machine: Flask, busy: Busy
) -> None:
    here = Reader(app, language)
    file = kept_here(here)
    here.sign_out()
    here.sign_in()

    with busy():
        taking = taken(here, PASSPHRASE)
        bringing = bring(here, file)

    for page in (taking, bringing):
        assert page.status == 503
        assert page.headers["Retry-After"] == "5"
        told = "Many people are signing in at this moment, and nothing was done. Try again in some seconds."
        assert said(told, language) in page.text
        assert PASSPHRASE not in page.html
        assert here.cookie("wait") is None
    assert bringing.form("pseudonym").value("pseudonym") == PSEUDONYM
    assert copy_of(here)


MULTIPART = {"Content-Type": "multipart/form-data; boundary=part"}


def multipart(fields: dict[str, str], file: bytes) -> bytes:
    """What a browser sends. The test client would write a large one to a file and leave it open."""
    parts = [
        f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = b'--part\r\nContent-Disposition: form-data; name="copy"; filename="copy.json"\r\n\r\n'
    return b"".join([*parts, head, file, b"\r\n--part--\r\n"])


@pytest.mark.parametrize("size", [copies.LARGEST_COPY + 1, copies.LARGEST_COPY + 512 * 1024])
def test_a_file_that_is_too_large_gets_a_page_that_says_so(size: int, app: Flask) -> None:
    reader = Reader(app)
    fields = {"csrf_token": reader.token("account/bring/"), "pseudonym": PSEUDONYM, "passphrase": PASSPHRASE}

    body = multipart(fields, b"x" * size)
    page = Page(reader.client.post("/es/account/bring/", data=body, headers=MULTIPART))

    assert page.status in {413, 422}
    assert page.one("h1").words in {said("That is too large"), said("Bring a copy")}
    assert rows_of(app) == Rows(0, 0, 0)


def test_no_other_address_takes_so_much(reader: Reader) -> None:
    for path in ("account/sign-in/", f"modules/{MODULE}/checklist/", QUIZ, "account/take/copy/"):
        assert reader.post(path, {"copy": (BytesIO(b"x" * 300_000), "copy.json")}).status == 413


def test_a_form_without_a_file_names_what_is_missing(reader: Reader) -> None:
    form = reader.get("account/bring/").form("pseudonym")

    page = reader.send(form, pseudonym="", passphrase="")

    assert page.status == 422
    assert said("Choose the file of the copy.") in page.text
    assert {"#copy", "#pseudonym", "#passphrase"} <= set(page.links)


def test_a_copy_needs_the_page_s_token_like_any_form(app: Flask, other_machine: Flask) -> None:
    here, there = Reader(app), Reader(other_machine)
    file = kept_here(here)
    there.answer()

    assert bring(there, file, token="forged").status == 400
    assert rows_of(other_machine).learners == 1


def test_a_guest_is_asked_to_keep_before_a_copy_is_made(reader: Reader) -> None:
    reader.answer()
    token = reader.token("account/take/") if reader.get("account/take/").forms else reader.token()

    page = reader.post("account/take/copy/", {"csrf_token": token, "passphrase": PASSPHRASE})

    assert page.status == 303
    assert page.headers["Location"].endswith("/account/take/")
