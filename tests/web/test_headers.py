"""What stands on every answer, whatever it is."""

import gzip
import re
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.web.conftest import MakeKit
from tests.web.readers import CHECKLIST, MODULE, PASSPHRASE, Reader

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
LESSON = f"/es/modules/{MODULE}/lessons/first-hours/"


def static(app: Flask, name: str = "resguardo.css") -> str:
    return str(app.jinja_env.globals["static_url"](name))  # type: ignore[operator]


def _defect(app: Flask) -> TestResponse:
    app.add_url_rule("/defect", "defect", lambda: 1 / 0)
    return app.test_client().get("/defect")


ANSWERS: dict[str, tuple[int, Callable[[Flask], TestResponse]]] = {
    "page": (200, lambda app: app.test_client().get(LESSON)),
    "page with a form": (200, lambda app: app.test_client().get(f"/es/{CHECKLIST}")),
    "help": (200, lambda app: app.test_client().get("/es/help/")),
    "neutral": (200, lambda app: app.test_client().get("/n/es/")),
    "redirect": (303, lambda app: app.test_client().get("/open/")),
    "slash": (308, lambda app: app.test_client().get("/es/modules")),
    "saved": (303, lambda app: Reader(app).answer().response),
    "json": (200, lambda app: (r := Reader(app)).send_by_script(r.checklist().forms[0], CHECKLIST).response),
    "forged": (400, lambda app: app.test_client().post("/es/account/keep/")),
    "elsewhere": (400, lambda app: app.test_client().post(LESSON, headers={"Origin": "http://x"})),
    "other name": (400, lambda app: app.test_client().get("/", headers={"Host": "elsewhere.example"})),
    "not found": (404, lambda app: app.test_client().get("/nothing")),
    "method": (405, lambda app: app.test_client().get("/es/account/sign-out/")),
    "too large": (413, lambda app: app.test_client().post(f"/es/{CHECKLIST}", data={"n": "x" * 300_000})),
    "refused": (422, lambda app: Reader(app).sign_in("", "").response),
    "defect": (500, _defect),
    "options": (200, lambda app: app.test_client().options("/es/")),
    "health": (200, lambda app: app.test_client().get("/healthz")),
    "static": (200, lambda app: app.test_client().get(static(app))),
    "no such file": (404, lambda app: app.test_client().get("/static/resguardo.css")),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_carries_every_header(kind: str, app: Flask) -> None:
    status, ask = ANSWERS[kind]

    answer = ask(app)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "Server" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers
    kept = "public, max-age=31536000, immutable" if kind == "static" else "no-store"
    assert answer.headers["Cache-Control"] == kept


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(reader: Reader) -> None:
    reader.answer()
    form = reader.get("account/keep/").form("passphrase")
    answers = [
        reader.send(form, pseudonym="Golondrina", passphrase=PASSPHRASE, again=PASSPHRASE),
        reader.get("account/"),
        reader.get("/n/es/"),
    ]

    set_now = [line for answer in answers for line in answer.headers.getlist("Set-Cookie")]

    assert {line.partition("=")[0] for line in set_now} == {"sid", "did", "fid", "left"}
    for line in set_now:
        parts = set(line.split("; ")[1:])
        assert {"HttpOnly", "Path=/", "SameSite=Strict"} <= parts
        assert not any(part.startswith(("Domain", "Secure")) for part in parts)
        assert not any(part.startswith("Expires") for part in parts) or "Max-Age=0" in parts


def test_over_https_cookies_are_bound_to_this_host_and_every_answer_asks_for_https(
    make_kit: MakeKit,
) -> None:
    app = make_kit(
        RESGUARDO_TRANSPORT="https", RESGUARDO_TRUSTED_HOSTS="localhost", RESGUARDO_ENROLMENT="open"
    )
    reader = Reader(app, environ={"base_url": "https://localhost"}, headers={"X-Forwarded-Proto": "https"})
    page = reader.answer()
    form = reader.get("account/keep/").form("passphrase")
    kept = reader.send(form, pseudonym="Golondrina", passphrase=PASSPHRASE, again=PASSPHRASE)
    left = reader.get("/n/es/")

    set_now = [line for answer in (page, kept, left) for line in answer.headers.getlist("Set-Cookie")]

    names = {line.partition("=")[0] for line in set_now}
    assert names == {"__Host-sid", "__Host-did", "__Host-fid", "__Host-left"}
    for line in set_now:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(line.split("; ")[1:])
        assert "Domain" not in line
    for path in ("/es/", "/nothing", static(app), "/healthz", "/es/modules"):
        assert reader.get(path).headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("name", ["resguardo.css", "resguardo.js", "icon.svg", "plain.css", "labs/lab.js"])
def test_files_are_named_after_what_they_hold_and_compressed_once(name: str, app: Flask) -> None:
    client = app.test_client()

    bodies = {
        encoding: client.get(static(app, name), headers={"Accept-Encoding": encoding})
        for encoding in ("br", "gzip", "identity", "gzip;q=0, br;q=0", "deflate", "")
    }

    stem, suffix = name.rsplit(".", 1)
    assert re.fullmatch(rf"/static/{stem}\.[0-9a-f]{{12}}\.{suffix}", static(app, name))
    assert brotli.decompress(bodies["br"].data) == bodies["identity"].data
    assert gzip.decompress(bodies["gzip"].data) == bodies["identity"].data
    for encoding in ("gzip;q=0, br;q=0", "deflate", ""):
        assert bodies[encoding].data == bodies["identity"].data
        assert "Content-Encoding" not in bodies[encoding].headers
    assert bodies["br"].headers["Vary"] == "Accept-Encoding"


def test_a_style_names_fonts_that_exist(app: Flask) -> None:
    style = app.test_client().get(static(app)).get_data(as_text=True)
    fonts = re.findall(r"url\(([^)]+)\)", style)

    assert fonts
    for font in fonts:
        answer = app.test_client().get(f"/static/{font.strip(chr(34))}")
        assert (answer.status_code, answer.content_type) == (200, "font/woff2")


@pytest.mark.parametrize(
    "name",
    [
        "../../config.py",
        "..%2f..%2fconfig.py",
        "%2e%2e/app/__init__.py",
        "/etc/passwd",
        "\\..\\x",
        "x\x00.css",
    ],
)
def test_no_other_file_is_served(name: str, app: Flask) -> None:
    assert app.test_client().get(f"/static/{name}").status_code in {308, 404}


@pytest.mark.parametrize(
    "path", [f"/es/{CHECKLIST}", LESSON, "/es/", "/es/modules/", "/es/progress/", "/es/account/"]
)
def test_a_page_with_something_personal_is_never_compressed(path: str, app: Flask) -> None:
    reader = Reader(app)
    reader.answer()
    reader.keep()

    page = reader.get(path, Accept_Encoding="br, gzip")

    assert page.status == 200
    assert "Content-Encoding" not in page.headers


def test_a_page_without_a_person_is_compressed_and_says_what_it_depends_on(app: Flask) -> None:
    client = app.test_client()

    for path in ("/es/help/", LESSON, "/es/about/"):
        small = client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
        assert small.headers["Content-Encoding"] == "br"
        assert {"Accept-Encoding", "Cookie"} <= set(small.vary)
        assert brotli.decompress(small.data) == client.get(path).data
