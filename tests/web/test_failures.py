"""When something fails: a page in the reader's language that holds what was typed, and a log that doesn't."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, g

from app.web.requests import LARGEST_BODY
from tests.records.test_concurrency import together
from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.pages import Page
from tests.web.readers import CHECKLIST, ITEM, MODULE, Reader, ReaderOf, kit_of

HOSTILE = "<script>alert('x')</script>\"'&{{7*7}}"
MARK = "marca-que-nadie-debe-ver"
ENGLISH = ("en-GB,en;q=0.8", "en", "fr, en;q=0.2", "en, es", "EN-us")
#: And where no language of the kit is asked for, the one that was configured.
SPANISH = ("es-MX", "es, en", "fr", "", "*", "\x7f;;q=x", "en;q=0,es", "en;q=0")
LESSON = f"modules/{MODULE}/lessons/first-hours/"


def _break(app: Flask) -> None:
    def view() -> str:
        raise ValueError(f"quoting {MARK}")

    app.add_url_rule("/<language:lang>/break/", "break", view, methods=["GET", "POST"])


ERRORS: dict[str, tuple[int, str, Callable[[Reader], Page]]] = {
    "form from elsewhere": (
        400,
        "That did not work",
        lambda r: r.post(LESSON, Origin="http://elsewhere.example"),
    ),
    "old page": (400, "Not saved yet", lambda r: r.post(CHECKLIST, {"csrf_token": "x"})),
    "no such page": (404, "There is no such page", lambda r: r.get("nothing/")),
    "no such lesson": (404, "There is no such page", lambda r: r.get(f"modules/{MODULE}/lessons/nothing/")),
    "no such module": (404, "There is no such page", lambda r: r.get("modules/nothing/")),
    "no such checklist": (404, "There is no such page", lambda r: r.get("modules/nothing/checklist/")),
    "method": (405, "That cannot be opened like this", lambda r: r.get("account/sign-out/")),
    "too large": (413, "That is too large", lambda r: r.post(CHECKLIST, {"note": "x" * (LARGEST_BODY + 1)})),
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", ERRORS)
def test_every_failure_is_a_page_in_the_readers_language_with_the_way_on(
    kind: str, language: str, reader_of: ReaderOf
) -> None:
    status, heading, ask = ERRORS[kind]

    page = ask(reader_of(language))

    assert page.status == status
    assert page.one("html").get("lang") == language
    assert page.one("h1").words == said(heading, language)
    assert f"/{language}/help/" in page.links
    assert f"/n/{language}/" in [link.partition("#")[0] for link in page.links]


def test_without_a_language_in_the_address_the_browsers_is_taken(app: Flask) -> None:
    pages = {
        wanted: Page(app.test_client().get("/nothing", headers={"Accept-Language": wanted}))
        for wanted in (*ENGLISH, *SPANISH)
    }

    languages = {wanted: page.one("html").get("lang") for wanted, page in pages.items()}

    assert languages == dict.fromkeys(ENGLISH, "en") | dict.fromkeys(SPANISH, "es")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_defect_is_a_page_in_both_languages_and_a_line_without_its_words(
    language: str, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    _break(app)
    caplog.set_level(logging.DEBUG)
    reader = Reader(app, language)

    page = reader.post("break/", {"csrf_token": reader.token(), "note": MARK})

    assert page.status == 500
    assert page.one("html").get("lang") == language
    assert "Something went wrong on our side" in page.text
    assert "Algo falló de nuestro lado" in page.text
    assert MARK not in page.html
    assert "Traceback" not in page.html
    assert MARK not in caplog.text
    assert re.search(r"ValueError at test_failures.py:\d+ view", caplog.text)
    assert "Traceback" not in caplog.text


def test_a_defect_while_an_answer_is_finished_is_logged_without_its_words_too(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def view() -> str:
        g.fails = True
        return "x"

    def fail(response: object) -> object:
        if g.pop("fails", False):
            raise ValueError(f"quoting {MARK}")
        return response

    app.add_url_rule("/late/", "late", view)
    app.after_request(fail)  # type: ignore[arg-type]
    caplog.set_level(logging.DEBUG)

    page = Reader(app).get("/late/")

    assert page.status == 500
    assert MARK not in page.html + caplog.text + "".join(capfd.readouterr())
    assert "ValueError at" in caplog.text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "path",
    [
        "{}",
        "modules/{}/",
        "help/{}/",
        "account/sign-in/?next={}",
        "?{}",
        "modules/doxxing/lessons/{}/",
        "account/{}",
    ],
)
def test_hostile_words_in_an_address_are_shown_nowhere_unescaped(
    path: str, language: str, reader_of: ReaderOf
) -> None:
    page = reader_of(language).get(path.format(HOSTILE.replace("/", "%2F")))

    assert HOSTILE not in page.html
    assert "<script>alert" not in page.html
    assert "49" not in [word for word in page.title.split() if word.isdigit()]


def test_hostile_words_in_forms_are_text(reader: Reader) -> None:
    reader.answer(note=HOSTILE)
    sign_in = reader.sign_in(HOSTILE[:40], HOSTILE)
    reader.client.delete_cookie("fid")
    unsaved = reader.post(CHECKLIST, {f"{ITEM}-note": HOSTILE, f'"><script>{MARK}': HOSTILE})

    assert reader.note() == HOSTILE
    for page in (reader.checklist(), sign_in, unsaved):
        assert [part.get("src").split(".")[0] for part in page.all("script")] == ["/static/resguardo"]
        assert "<script>alert" not in page.html
        assert f"<script>{MARK}" not in page.html


def test_nothing_that_anybody_typed_reaches_a_log(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], records_file: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    reader = Reader(app)
    reader.answer(note=f"{MARK} nota")
    reader.keep(f"{MARK} nombre", f"{MARK} tractor limon puente violin")
    reader.sign_out()
    reader.sign_in(f"{MARK} nombre", f"{MARK} mala")
    reader.get(f"nothing/{MARK}/?q={MARK}")
    reader.post(CHECKLIST, {f"{ITEM}-note": MARK})
    reader.post(CHECKLIST, {"note": MARK * 20_000})
    kit_of(app).database.close()
    records_file.write_bytes(b"\x00" * 5000)
    reader.post(CHECKLIST, {f"{ITEM}-note": MARK, "csrf_token": reader.token("account/recover/")})
    reader.sign_in(f"{MARK} nombre", f"{MARK} tractor limon puente violin")

    out, err = capfd.readouterr()
    for text in (caplog.text, out, err):
        assert "marca" not in text
        assert "Traceback" not in text
    assert "StorageUnavailable" in caplog.text


def multipart(fields: dict[str, str], file: bytes) -> bytes:
    parts = [f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="f.txt"\r\n\r\n'
    return "".join(parts).encode() + head.encode() + file + b"\r\n--b--\r\n"


@pytest.mark.parametrize("size", [LARGEST_BODY - 1000, LARGEST_BODY + 1, 3 * LARGEST_BODY])
def test_a_body_beyond_the_limit_is_refused_and_none_touches_the_disk(
    size: int, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(app)
    token = reader.token()
    reader.post(
        CHECKLIST, {"csrf_token": token, "note": "x" * (LARGEST_BODY + 1)}
    )  # the page is compiled now

    def no_file(*_args: object, **_more: object) -> None:
        pytest.fail("a body went to a file")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{name}", no_file)
        monkeypatch.setattr(f"werkzeug.formparser.{name}", no_file, raising=False)
    body = multipart({"csrf_token": token}, b"x" * size)

    page = Page(
        reader.client.post(f"/es/{CHECKLIST}", data=body, content_type="multipart/form-data; boundary=b")
    )

    assert page.status == (303 if size < LARGEST_BODY else 413)


def test_a_whole_checklist_of_the_longest_notes_in_any_script_fits(reader: Reader) -> None:
    form = reader.checklist().form(f"{ITEM}-shown")
    notes = {name: "语" * 2000 for name in form.names() if name.endswith("-note")}

    page = reader.send(form, CHECKLIST, **notes)

    assert page.status == 303
    assert reader.note() == "语" * 2000


def test_thousands_of_fields_are_refused_or_ignored_and_break_nothing(reader: Reader) -> None:
    fields = {f"f{number}": "x" for number in range(9000)}

    page = reader.post(CHECKLIST, {**fields, "csrf_token": reader.token(CHECKLIST)})

    assert page.status in {303, 413}


def test_a_failure_in_another_kit_is_not_this_ones(make_kit: MakeKit) -> None:
    one, other = make_kit(), make_kit()
    _break(one)

    assert Reader(one).get("break/").status == 500
    assert Reader(other).get("break/").status == 404


@pytest.mark.parametrize("saving", [CHECKLIST, LESSON])
def test_a_view_that_saves_waits_for_its_turn_and_pages_do_not(
    saving: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.records.database.QUEUE_TIMEOUT", 0.01)
    reader = Reader(app, "es")
    reader.answer()
    form = reader.get(saving).form("csrf_token")

    with kit_of(app).database.in_turn():
        waited, page = together(
            lambda: reader.send(form, saving).status, lambda: Reader(app).get(saving).status
        )

    assert (waited, page) == (503, 200)
    assert reader.send(form, saving).status in {200, 303}
