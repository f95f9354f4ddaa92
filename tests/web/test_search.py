"""Searching: what was found leads where it says, and what was looked for stays with whoever looked."""

import logging

import pytest
from flask import Flask

from app.web.kit import kit_of
from tests.conftest import MakeConfig
from tests.web.catalogue import said
from tests.web.readers import Reader

ADDRESS = "search/"
QUERY = "mi vecino Anacleto me amenaza"


def look(reader: Reader, query: str) -> object:
    return reader.send(reader.get(ADDRESS).forms[0], q=query)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("query", ["doxeo", "extorsion", "palabra clave", "sim swap", "teléfono"])
def test_every_result_leads_to_a_place_on_a_page(app: Flask, language: str, query: str) -> None:
    reader = Reader(app, language)
    page = look(reader, query)
    results = [part.get("href") for part in page.all("a") if part.get("class") == "result"]

    assert results
    for address in results:
        path, _, anchor = address.partition("#")
        there = reader.get(path)
        assert there.status == 200, address
        assert not anchor or anchor in {part.get("id") for part in there.with_attribute("id")}, address


def test_the_words_found_are_marked_and_counted(app: Flask) -> None:
    page = look(Reader(app, "es"), "extorsion")
    results = [part for part in page.all("a") if part.get("class") == "result"]

    assert {part.words.lower() for part in page.all("mark")} >= {"extorsión"}
    assert page.one("h2").words == f"{len(results)} resultados"
    assert page.forms[0].value("q") == "extorsion"


def test_the_same_can_be_looked_for_in_the_other_language(app: Flask) -> None:
    page = look(Reader(app, "es"), "palabra clave")
    other = next(form for form in page.forms if form.action == "/en/search/")

    found = Reader(app, "en").send(other)

    assert "code word" in found.text
    assert found.forms[0].value("q") == "palabra clave"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Type a word or two."),
        ("  ", "Type a word or two."),
        ("a" * 101, "Use fewer words: 100 characters at most."),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_cannot_be_looked_for_is_said_and_kept_on_the_page(
    app: Flask, language: str, query: str, message: str
) -> None:
    page = look(Reader(app, language), query)

    assert page.status == 422
    wanted = said("Use fewer words: %(max)d characters at most.", language, max=100)
    assert (wanted if len(query) > 100 else said(message, language)) in page.text
    assert page.forms[0].value("q") == query


def test_nothing_found_says_where_else_to_look(app: Flask) -> None:
    page = look(Reader(app, "es"), "zzyzx")

    assert page.status == 200
    assert said("Nothing was found", "es") in page.text
    assert {"/es/glossary/", "/es/help/"} <= set(page.links)


def test_what_is_looked_for_is_shown_as_text_and_never_obeyed(app: Flask) -> None:
    page = look(Reader(app, "es"), '<script>alert(1)</script>" onfocus="x')

    assert page.forms[0].value("q") == '<script>alert(1)</script>" onfocus="x'
    assert [part.get("src") for part in page.all("script")] == [page.one("script").get("src")]


def test_a_search_leaves_no_trace(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reader = Reader(app)
    reader.keep()
    before = {cookie.key: cookie.value for cookie in reader.client._cookies.values()}

    page = look(reader, QUERY)
    reader.get(f"{ADDRESS}?q=Anacleto")

    assert page.forms[0].value("q") == QUERY
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert {cookie.key: cookie.value for cookie in reader.client._cookies.values()} == before
    file = kit_of(app).database.file
    assert file is not None
    stored = b"".join(each.read_bytes() for each in file.parent.rglob("*") if each.is_file())
    assert b"Anacleto" not in stored
    assert "Anacleto" not in caplog.text
    assert "Anacleto" not in reader.get(ADDRESS).text


def test_another_site_cannot_search_with_somebody_s_browser(app: Flask) -> None:
    page = Reader(app).post(ADDRESS, {"q": "doxeo"}, Origin="https://elsewhere.example")

    assert page.status == 400


def test_over_a_connection_that_others_can_read_nothing_is_asked_for(
    make_config: MakeConfig, app: Flask
) -> None:
    reader = Reader(app, "es", environ={"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}})

    assert reader.get(ADDRESS).status == 403
    assert reader.post(ADDRESS, {"q": "doxeo"}).status == 403
    assert "/es/search/" not in reader.get("modules/").links
