"""Where progress is kept by invitation only: who comes without a code reads and answers, and keeps nothing."""

from io import BytesIO

import pytest
from flask import Flask

from app.records.cohorts import groups
from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.inviting import KEY, code_of, join
from tests.web.readers import PASSPHRASE, PSEUDONYM, Reader, kit_of, rows_of


@pytest.fixture
def cohort(app: Flask) -> bytes:
    with kit_of(app).database.changing() as connection:
        return groups.create(connection, "Taller de marzo", kit_of(app).today())


@pytest.fixture
def app(make_kit: MakeKit) -> Flask:
    return make_kit(RESGUARDO_ENROLMENT="invitation")


def test_keeping_leads_to_the_code_and_says_why(reader: Reader) -> None:
    page = reader.get("account/keep/")

    assert (page.status, page.headers["Location"]) == (303, "/es/join/")
    assert "/es/join/" in reader.get("").links
    assert "/es/account/keep/" not in reader.get("").links
    words = said(
        "Here progress is kept by invitation only: with a code from the people who run the training. You can "
        "read and answer without one; what you answer is gone when this visit ends."
    )
    assert words in reader.follow(page).text


def test_nothing_is_kept_without_one_in_whatever_way_it_is_sent(reader: Reader) -> None:
    reader.answer(note="mía")

    page = reader.post("account/keep/", {"csrf_token": reader.token(), **KEY})

    assert (page.status, page.headers["Location"]) == (303, "/es/join/")
    assert not reader.is_kept()
    assert reader.note() == "mía"


def test_an_encrypted_copy_is_no_way_in(app: Flask, reader: Reader) -> None:
    form = reader.get("account/bring/").form("pseudonym")
    data = {
        **dict(form.fields),
        "pseudonym": PSEUDONYM,
        "passphrase": PASSPHRASE,
        "copy": (BytesIO(b"{}"), "copy.json"),
    }
    page = reader.post("account/bring/", data)

    assert page.status == 422
    assert (
        said("Here progress is kept by invitation: join, or sign in, and then bring the copy.") in page.text
    )
    assert rows_of(app).learners == 0


def test_with_a_code_one_keeps_what_one_answered(app: Flask, cohort: bytes, reader: Reader) -> None:
    reader.answer(note="mía")
    join(reader, code_of(app, cohort))

    assert reader.is_kept()
    assert reader.note() == "mía"


def test_where_anybody_may_keep_progress_nobody_is_sent_for_a_code(make_kit: MakeKit) -> None:
    reader = Reader(make_kit())

    assert "/es/account/keep/" in reader.get("").links
    assert reader.get("account/keep/").status == 200
    assert reader.get("join/").status == 200
