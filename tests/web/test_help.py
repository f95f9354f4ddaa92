"""It's happening now: no session is read, no cookie set, nothing needed but the kit itself."""

from pathlib import Path

import pytest
from flask import Flask

from app.curriculum.model import Curriculum
from tests.web.readers import Reader, kit_of

COOKIES = {"valid": "", "broken": "zz", "unknown": "0" * 64, "long": "f" * 3000}


def every_page(curriculum: Curriculum) -> list[str]:
    ids = [situation.id for situation in curriculum.situations]
    return [
        "help/",
        "help/contacts/",
        "about/",
        "glossary/",
        *(f"help/sheets/{sheet.id}/" for sheet in curriculum.sheets),
        *(f"help/{i}/" for i in ids),
        *(f"help/{i}/card/" for i in ids),
    ]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", COOKIES)
def test_whoever_asks_gets_the_same_page_and_no_cookie(
    kind: str, language: str, app: Flask, curriculum: Curriculum
) -> None:
    nobody, known = Reader(app, language), Reader(app, language)
    known.keep()
    if kind != "valid":
        known.set_cookie("sid", COOKIES[kind])
        known.set_cookie("fid", COOKIES[kind])

    for path in every_page(curriculum):
        page = known.get(path)
        assert page.status == 200
        assert page.html == nobody.get(path).html
        assert page.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("how", ["deleted", "unreadable", "not a database"])
def test_all_of_it_works_with_the_records_gone(
    how: str, app: Flask, curriculum: Curriculum, records_file: Path
) -> None:
    reader = Reader(app)
    reader.keep()
    whole = {path: reader.get(path).html for path in every_page(curriculum)}
    kit_of(app).database.close()
    for file in records_file.parent.glob("resguardo.sqlite3*"):
        file.unlink()
    if how == "unreadable":
        records_file.mkdir()
    elif how == "not a database":
        records_file.write_bytes(b"\x00" * 9000)

    for path, html in whole.items():
        assert reader.get(path).html == html


def test_first_steps_come_before_anything_else_and_need_no_script(app: Flask, curriculum: Curriculum) -> None:
    for situation in curriculum.situations:
        page = Reader(app).get(f"help/{situation.id}/")
        main = next(part for part in page.all("ol") if "help-steps" in part.get("class"))
        assert page.all("form", "noscript") == []
        assert page.all("h1")[0].words == situation.title.in_language("es")
        assert situation.steps[0].text.in_language("es") in main.words


def test_a_situation_that_does_not_exist_is_a_page_with_the_way_to_help(reader: Reader) -> None:
    page = reader.get("help/nothing/")

    assert page.status == 404
    assert "/es/help/" in page.links
