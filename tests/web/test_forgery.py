"""No other site, and no other name of this machine, makes the kit do anything."""

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.unsaved import is_own_address
from tests.web.conftest import MakeKit
from tests.web.readers import CHECKLIST, ITEM, MODULE, PASSPHRASE, Reader, rows_of
from tests.web.routes import POSTS, Row, path_of

LESSON = f"modules/{MODULE}/lessons/first-hours/"
ELSEWHERE = (
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://localhost:9999"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)


@pytest.fixture
def guest(reader: Reader) -> Reader:
    reader.answer()
    return reader


#: What only looks something up: see test_search and test_certificates, which make sure that it changes nothing.
HARMLESS = {"search.results", "verify.check"}


@pytest.mark.parametrize(
    "row", [row for row in POSTS if row.endpoint not in HARMLESS], ids=lambda row: row.endpoint
)
def test_every_form_of_somebody_with_a_session_needs_its_token(row: Row, guest: Reader) -> None:
    before = rows_of(guest.app)
    for token in (None, "", "x", "ImFiYyI.abc.def", guest.token() + "x", Reader(guest.app).token()):
        data = {} if token is None else {"csrf_token": token}
        assert guest.post(path_of(row, "es"), data).status == 400

    assert rows_of(guest.app) == before


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.endpoint)
@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_no_form_is_taken_from_elsewhere_even_with_the_right_token(
    headers: dict[str, str], row: Row, app: Flask
) -> None:
    reader = Reader(app)
    token = reader.token()

    page = reader.post(path_of(row, "es"), {"csrf_token": token}, **headers)

    assert page.status == 400
    assert page.headers.getlist("Set-Cookie") == []
    assert rows_of(app).learners == 0


def test_the_reason_is_told_in_both_languages(reader: Reader) -> None:
    spanish = reader.post(LESSON, Origin="https://elsewhere.example")
    reader.language = "en"
    english = reader.post(LESSON, Origin="https://elsewhere.example")

    assert "This form was sent from another site, so it was refused." in english.text
    assert spanish.one("html").get("lang") == "es"
    assert spanish.text != english.text


def test_a_form_of_this_site_is_taken_with_or_without_what_browsers_add(reader: Reader) -> None:
    for headers in (
        {},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ):
        assert reader.post(LESSON, {"csrf_token": reader.token()}, **headers).status == 303


def test_only_somebody_without_a_session_marks_a_lesson_without_a_token(reader: Reader) -> None:
    assert reader.post(LESSON).status == 303
    assert reader.cookie("sid") is not None

    assert reader.post(LESSON).status == 400


@pytest.mark.parametrize("value", ["x", "", "0" * 64])
def test_even_a_broken_session_cookie_asks_for_the_token(value: str, reader: Reader) -> None:
    reader.set_cookie("sid", value)

    assert reader.post(LESSON).status in {400, 409}


def test_the_scripts_way_of_saving_skips_no_check(guest: Reader) -> None:
    form = guest.checklist().form(f"{ITEM}-shown")

    untokened = guest.send_by_script(form, CHECKLIST, csrf_token="x", **{f"{ITEM}-choice": "no"})
    guest.headers = {"Origin": "https://elsewhere.example"}
    assert guest.post(CHECKLIST, dict(form.fields), X_Requested_With="fetch").status == 400
    guest.headers = {}

    assert untokened.status == 400
    assert guest.choice() == "yes"


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "127.0.0.1.elsewhere.example",
        "localhost.",
        "169.254.1.1",
        "[::2]",
        "",
        "a b",
        "x:y:z",
    ],
)
@pytest.mark.parametrize(
    "path", ["/", "/es/", "/es/help/", "/static/none.css", "/es/nothing/", "/es/modules", "/healthz"]
)
def test_under_another_name_nothing_answers_and_nothing_says_what_this_is(
    path: str, host: str, app: Flask
) -> None:
    client = app.test_client()
    client.set_cookie("left", "1")

    for answer in (client.get(path, headers={"Host": host}), client.post(path, headers={"Host": host})):
        assert answer.status_code == 400
        assert b"esguardo" not in answer.data
        assert b"<" not in answer.data
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_every_name_of_this_machine_answers(host: str, app: Flask) -> None:
    assert app.test_client().get("/es/", headers={"Host": host}).status_code == 200


def test_names_that_were_configured_answer_with_any_port_and_no_others(make_kit: MakeKit) -> None:
    client = make_kit(
        RESGUARDO_TRANSPORT="plain", RESGUARDO_TRUSTED_HOSTS="kit.example:8080, .red.example, [fd00::1]"
    ).test_client()

    def status(host: str) -> int:
        return client.get("/es/help/", headers={"Host": host}).status_code

    assert [status(host) for host in ("kit.example", "kit.example:9", "a.red.example", "[fd00::1]:80")] == [
        200
    ] * 4
    assert [status(host) for host in ("red.example", "xkit.example", "xred.example", "[fd00::2]")] == [
        400
    ] * 4


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-Host": "elsewhere.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-Prefix": "/elsewhere"},
        {"Forwarded": "host=elsewhere.example"},
        {"X-Original-URL": "/es/account/"},
        {"X-Rewrite-URL": "/es/account/"},
    ],
    ids=str,
)
def test_what_a_proxy_would_say_is_not_believed_on_loopback(header: dict[str, str], app: Flask) -> None:
    plain, forwarded = (
        app.test_client().get("/es/modules"),
        app.test_client().get("/es/modules", headers=header),
    )

    assert forwarded.headers["Location"] == plain.headers["Location"] == "http://localhost/es/modules/"
    page = app.test_client().get("/es/help/", headers=header)
    assert page.data == app.test_client().get("/es/help/").data


FOREIGN = (
    *("//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example", "https://elsewhere.example/"),
    *("https:elsewhere.example", "javascript:alert(1)", "data:text/html,x", "///elsewhere.example/es/"),
    *("/\t/elsewhere.example", "/es/\n//elsewhere.example", "\t//elsewhere.example", " //elsewhere.example"),
    *(
        "/es/../..//elsewhere.example",
        "/%2f/elsewhere.example",
        "/es//elsewhere.example/",
        "/n/es/",
        "/open/",
    ),
    *(
        "/static/icon.svg",
        "/fr/",
        "es/progress/",
        "?next=//elsewhere.example",
        "",
        "/es/progress",
        "/es/\u200b",
    ),
)


@pytest.mark.parametrize("target", FOREIGN)
def test_signing_in_never_leads_elsewhere(target: str, app: Flask) -> None:
    reader = Reader(app)
    form = reader.get(f"account/sign-in/?next={target}").form("passphrase")

    assert "next" not in form.names()
    with app.test_request_context():
        assert not is_own_address(target)


def test_a_place_of_the_kit_is_led_to_after_signing_in(app: Flask, reader: Reader) -> None:
    reader.keep()
    reader.sign_out()
    form = reader.get("account/sign-in/?next=/es/help/?from=here").form("next")
    assert (
        reader.send(form, pseudonym="Golondrina", passphrase=PASSPHRASE).headers["Location"]
        == "/es/help/?from=here"
    )
    reader.sign_out()

    forged = reader.sign_in(next="//elsewhere.example")

    assert forged.headers["Location"] == "/es/progress/"


@pytest.mark.parametrize("target", [*FOREIGN, "/es/account/", "/es/help/"])
def test_what_was_typed_is_never_offered_to_another_address(target: str, app: Flask) -> None:
    reader = Reader(app)
    fields = {"csrf_token": reader.token(), "typed-to": target, "typed:note": "secreto"}

    page = reader.post("account/sign-in/resume/", fields)

    assert page.status == 200
    assert "typed-to" not in page.form("passphrase").names()
    assert all(form.action.startswith("/es/") for form in page.forms)


@given(st.text(max_size=30) | st.text("/\\.:@?#%\t\n\r \x00\x85\u2028enshlpio", max_size=30).map("/".__add__))
@settings(max_examples=400, deadline=None)
def test_an_own_address_is_one_of_this_site_however_it_is_written(target: str) -> None:
    with _APP.test_request_context():
        own = is_own_address(target)

    if own:
        assert target.startswith("/")
        assert target[1:2] not in {"/", "\\"}
        assert target.isprintable()
        assert target.split("?", maxsplit=1)[0].split("/")[1] in {"", "es", "en", "healthz"}


@pytest.fixture(autouse=True)
def _app_for_properties(app: Flask) -> None:
    global _APP  # noqa: PLW0603 - hypothesis runs its examples within one test
    _APP = app


_APP: Flask
