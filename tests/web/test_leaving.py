"""Leaving: a page of anywhere, and no way back but its own link."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.web.readers import CHECKLIST, MODULE, Reader, ReaderOf, kit_of, rows_of

KIT_WORDS = re.compile(
    r"resguard|safe|segur|threat|amenaz|priva|doxx|dox|kit|journalis|period|protec|proteg|crim|sign|sesi",
    re.IGNORECASE,
)
PAGES = (
    *("/", "/es/", "/en/modules/", f"/es/{CHECKLIST}", "/es/help/", "/es/about/", "/es/account/"),
    *("/es/progress/", f"/en/modules/{MODULE}/lessons/first-hours/", "/es/account/one-moment/"),
    *("/es/nothing/", "/nothing"),
)


def test_leaving_ends_the_kept_session_in_the_records(app: Flask, reader: Reader) -> None:
    reader.keep()
    token = str(reader.cookie("sid"))
    wraps = rows_of(app).wraps

    page = reader.get("/n/es/")

    assert page.status == 200
    assert reader.cookie("sid") is None
    assert reader.cookie("left") == "1"
    assert rows_of(app).wraps == wraps - 1
    thief = Reader(app)
    thief.set_cookie("sid", token)
    assert not thief.is_kept()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_the_neutral_one_until_it_is_opened_again(path: str, reader: Reader) -> None:
    reader.get("/n/es/")

    page = reader.get(path)

    assert page.status == 303
    assert re.fullmatch(r"/n/(en|es)/#top", page.headers["Location"])
    assert reader.follow(page).html == reader.get(page.headers["Location"].removesuffix("#top")).html


def test_the_neutral_page_opens_the_kit_again(reader: Reader) -> None:
    page = reader.get("/n/es/")

    back = reader.follow(reader.get(page.links[-1]))

    assert page.links == ["/open/"]
    assert back.status == 200
    assert reader.cookie("left") is None
    assert reader.get("help/").status == 200


def test_a_guests_answers_are_still_there_after_opening_again(reader: Reader) -> None:
    reader.answer(note="sigue")
    reader.get("/n/es/")
    reader.get("/open/")

    assert reader.note() == "sigue"


def test_what_was_on_its_way_is_still_saved(reader: Reader) -> None:
    reader.answer()
    page = reader.checklist()
    reader.get("/n/es/")

    assert reader.answer("dx-alerts", "no", "llegó", page).status == 303

    reader.get("/open/")
    assert reader.note() == "llegó"


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_on_the_neutral_page_or_in_its_source_names_the_kit(
    language: str, reader_of: ReaderOf
) -> None:
    page = reader_of(language).get(f"/n/{language}/")

    assert page.one("html").get("lang") == language
    assert KIT_WORDS.findall(page.html.replace("max-width", "")) == []
    assert page.all("script", "form", "style") == []
    for link in page.all("link"):
        style = reader_of(language).get(link.get("href")).html
        assert KIT_WORDS.findall(style) == []


def test_the_neutral_page_is_in_the_readers_language(reader_of: ReaderOf) -> None:
    english, spanish = reader_of("en").get("/n/en/"), reader_of("es").get("/n/es/")

    assert english.title != spanish.title
    assert len(english.all("li")) == len(spanish.all("li"))


def test_leaving_works_where_the_records_are_gone(app: Flask, reader: Reader, records_file: Path) -> None:
    reader.keep()
    kit_of(app).database.close()
    records_file.write_bytes(b"no database any more" * 500)

    page = reader.get("/n/es/")

    assert page.status == 200
    assert KIT_WORDS.findall(page.html.replace("max-width", "")) == []
    assert reader.cookie("sid") is None
    assert reader.cookie("left") == "1"


def test_whoever_signs_in_after_leaving_without_opening_leaves_at_once(app: Flask, reader: Reader) -> None:
    reader.keep()
    reader.sign_out()
    form = reader.get("account/sign-in/").form("passphrase")
    reader.get("/n/es/")

    page = reader.follow(
        reader.send(form, pseudonym="Golondrina", passphrase="nube tractor limon puente violin escarcha")
    )

    assert page.links == ["/open/"]
    assert reader.cookie("sid") is None
