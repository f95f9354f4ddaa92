"""Who gets what from every address of the kit, in both languages."""

import re

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web import admin_routes
from tests.web.readers import Reader
from tests.web.routes import ENDED, GETS, GUEST, KEPT, NOBODY, ROWS, VISITORS, Row, path_of

#: Rules of cohorts have a table by role: see admin_routes.
ELSEWHERE = {(row.endpoint, row.method) for row in admin_routes.ROWS}


def static_file(app: Flask) -> str:
    return str(app.jinja_env.globals["static_url"]("icon.svg"))  # type: ignore[operator]


@pytest.fixture
def visitors(app: Flask, clock: Clock) -> dict[str, Reader]:
    """One browser of each kind, without form tokens. The kept one was kept on another that is closed now."""
    nobody, guest, kept, ended = (Reader(app) for _ in VISITORS)
    guest.answer()
    kept.keep()
    ended.keep("Colibrí")
    token = str(ended.cookie("sid"))
    ended.sign_out()
    ended.set_cookie("sid", token)
    for reader in (guest, kept, ended):
        reader.client.delete_cookie("fid")
        reader.client.delete_cookie("did")
    return {NOBODY: nobody, GUEST: guest, KEPT: kept, ENDED: ended}


def cookies_of(reader: Reader, row: Row, path: str) -> list[str]:
    answer = reader.client.open(path, method=row.method)
    changes: dict[str, str] = {}
    for header in answer.headers.getlist("Set-Cookie"):
        name = header.partition("=")[0]
        changes[name] = f"-{name}" if "Max-Age=0" in header else name
    where = answer.headers.get("Location", "")
    return [str(answer.status_code), where, *sorted(changes.values())]


def test_every_rule_has_a_row_and_every_row_a_rule(app: Flask) -> None:
    rules = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if (rule.endpoint, method) not in ELSEWHERE
    }

    assert rules == {(row.endpoint, row.method) for row in ROWS}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_address_answers_every_visitor_as_the_table_says(
    visitor: str, language: str, app: Flask, visitors: dict[str, Reader]
) -> None:
    found: dict[str, list[str]] = {}
    wanted: dict[str, list[str]] = {}
    before = visitors[visitor].client._cookies  # type: ignore[attr-defined]
    for row in ROWS:
        reader = Reader(app, language)
        for cookie in before.values():
            reader.set_cookie(cookie.key, cookie.value)
        path = path_of(row, language, static_file(app))
        if visitor == KEPT and row.endpoint == "leave.neutral":
            continue  # it ends the session that the other rows need: see test_leaving
        status, where, *cookies = cookies_of(reader, row, path)
        wanted_status, end, *wanted_cookies = row.answer(visitor)
        leads_there = bool(where) == bool(end) and where.endswith(end)
        found[f"{row.method} {path}"] = [status, end if leads_there else where, *cookies]
        wanted[f"{row.method} {path}"] = [wanted_status, end, *sorted(wanted_cookies)]

    assert found == wanted


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.endpoint)
def test_head_answers_like_get_without_a_body(row: Row, app: Flask) -> None:
    path = path_of(row, "es", static_file(app))

    head, get = app.test_client().head(path), app.test_client().get(path)

    assert (head.status_code, head.data) == (get.status_code, b"")


@pytest.mark.parametrize("path", ["/fr/", "/e/", "/enes/", "/ES/", "/es", "/es/modules/doxxing"])
def test_an_address_has_one_spelling(path: str, app: Flask) -> None:
    answer = app.test_client().get(path)

    assert answer.status_code in {308, 404}
    if answer.status_code == 308:
        assert re.fullmatch(r"http://localhost/es/[a-z/]*", answer.headers["Location"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_do_nothing_and_pretended_ones_neither(method: str, app: Flask) -> None:
    client = app.test_client()

    assert client.open("/es/account/", method=method).status_code == 405
    overridden = client.get("/es/account/sign-out/", headers={"X-HTTP-Method-Override": "POST"})
    assert overridden.status_code == 405
