"""Over a connection that others can read, lessons and help are served, and nothing personal."""

import pytest
from flask import Flask

from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.pages import Page
from tests.web.readers import MODULE, Reader, rows_of
from tests.web.routes import ROWS, Row, path_of

NAME = "kit.example"
LESSON = f"modules/{MODULE}/lessons/first-hours/"
OPEN = {"learn", "help", "leave", "healthz", "static"}
REFUSED = tuple(
    row for row in ROWS if row.endpoint.partition(".")[0] not in OPEN and row.endpoint != "account.sign_out"
)
REASON = (
    "Others on this network could read what you send and what you see, "
    "so nothing personal is asked for or shown here."
)
FAR, NEAR = "192.0.2.7", "127.0.0.1"


@pytest.fixture
def plain(make_kit: MakeKit) -> Flask:
    return make_kit(RESGUARDO_TRANSPORT="plain", RESGUARDO_TRUSTED_HOSTS=NAME)


def phone(app: Flask, language: str = "es", host: str = NAME, address: str = FAR) -> Reader:
    return Reader(app, language, {"environ_base": {"REMOTE_ADDR": address}}, {"Host": host})


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row.method} {row.endpoint}")
def test_everything_private_is_refused_with_the_reason(row: Row, language: str, plain: Flask) -> None:
    reader = phone(plain, language)
    token = _token_of(reader) if row.method == "POST" else ""

    page = ask(reader, row, token)

    assert page.status == 403
    assert said(REASON, language) in page.text
    assert page.all("form") == []
    assert rows_of(plain).learners == 0


def _token_of(reader: Reader) -> str:
    """A form token as this reader could have got it on the machine itself: with the same cookie."""
    here = Reader(reader.app)
    token = here.token()
    reader.client.set_cookie("fid", str(here.cookie("fid")), domain=NAME)
    return token


def ask(reader: Reader, row: Row, token: str) -> Page:
    path = path_of(row, reader.language)
    return reader.get(path) if row.method == "GET" else reader.post(path, {"csrf_token": token})


@pytest.mark.parametrize(
    "where",
    [{"host": NAME}, {"host": "localhost"}, {"address": NEAR}, {"host": "127.0.0.1:8000", "address": "::ffff:10.0.0.1"},
     {"host": "localhost", "address": "not an address"}, {"host": "localhost", "address": ""}],
    ids=str,
)  # fmt: skip
def test_it_takes_the_address_and_the_name_of_this_machine(where: dict[str, str], plain: Flask) -> None:
    assert phone(plain, **where).get("account/sign-in/").status == 403


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000"])
def test_on_the_machine_itself_everything_is_open(host: str, address: str, plain: Flask) -> None:
    assert phone(plain, host=host, address=address).get("account/sign-in/").status == 200


def test_lessons_and_help_are_read_as_ever_and_offer_no_form(plain: Flask) -> None:
    reader = phone(plain)

    for path in (
        "",
        "modules/",
        f"modules/{MODULE}/",
        LESSON,
        "help/",
        "help/contacts/",
        "about/",
        "progress/",
    ):
        page = reader.get(path)
        assert page.status == 200
        assert page.all("form", "input", "textarea", "button") == [
            part for part in page.all("button") if part.get("type") == "button"
        ]
        header = [
            part.get("href") for part in page.all("a") if "header" in {outer.name for outer in part.inside}
        ]
        assert [link for link in header if "/account/" in link or "/progress/" in link] == []
        assert page.headers.getlist("Set-Cookie") == []


def test_a_cookie_that_travelled_in_the_clear_opens_nothing(plain: Flask) -> None:
    here = phone(plain, host="localhost", address=NEAR)
    here.answer(note="secreta")
    stolen = phone(plain)
    stolen.client.set_cookie("sid", str(here.cookie("sid")), domain=NAME)

    assert "1 de 12" not in stolen.get("progress/").text
    assert stolen.post(LESSON).status in {400, 403}


def test_marking_a_lesson_read_is_refused_too(plain: Flask) -> None:
    assert phone(plain).post(LESSON).status == 403
    assert rows_of(plain).learners == 0


@pytest.mark.parametrize(
    ("forwarded", "open_there"),
    [({"X-Forwarded-Proto": "https"}, True), ({"X-Forwarded-Proto": "http"}, False), ({}, False),
     ({"X-Forwarded-Proto": "https, http"}, False), ({"X-Forwarded-Ssl": "on"}, False),
     ({"Forwarded": "proto=https"}, False)],
    ids=str,
)  # fmt: skip
def test_behind_a_proxy_it_is_private_only_if_the_proxy_says_https(
    forwarded: dict[str, str], open_there: bool, make_kit: MakeKit
) -> None:
    app = make_kit(RESGUARDO_TRANSPORT="https", RESGUARDO_TRUSTED_HOSTS=NAME)
    reader = phone(app, address=NEAR)
    reader.headers |= forwarded

    page = reader.get("account/sign-in/")

    assert page.status == (200 if open_there else 403)


def test_over_https_a_visit_from_answer_to_sign_out_works_without_any_referrer(make_kit: MakeKit) -> None:
    app = make_kit(
        RESGUARDO_TRANSPORT="https", RESGUARDO_TRUSTED_HOSTS="localhost", RESGUARDO_ENROLMENT="open"
    )
    reader = Reader(app, environ={"base_url": "https://localhost"}, headers={"X-Forwarded-Proto": "https"})

    reader.answer(note="cifrada")
    assert reader.note() == "cifrada"
    reader.keep()
    assert reader.follow(reader.sign_out()).status == 200
    assert reader.sign_in().status == 303
