"""The sheets to print: nothing to type into, what never to write on them, and the way to them from where they help."""

from datetime import date

import pytest
from flask import Flask

from app.curriculum.model import Curriculum
from tests.conftest import Clock
from tests.web.readers import Reader

SHEETS = ("family-sheet", "first-hours")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sheet_id", SHEETS)
def test_a_sheet_has_nothing_to_type_into_and_nothing_that_could_be_sent(
    sheet_id: str, language: str, app: Flask
) -> None:
    page = Reader(app, language).get(f"help/sheets/{sheet_id}/")

    assert page.status == 200
    assert page.all("form", "input", "textarea", "select") == []
    assert page.with_attribute("contenteditable") == []
    assert [part.get("data-print") for part in page.all("button")] == [""]
    assert page.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sheet_id", SHEETS)
def test_all_of_it_is_shown_and_how_to_keep_it_stays_off_the_paper(
    sheet_id: str, language: str, app: Flask, curriculum: Curriculum
) -> None:
    sheet = curriculum.sheets_by_id[sheet_id]
    page = Reader(app, language).get(f"help/sheets/{sheet_id}/")

    [paper] = [part for part in page.all("section") if part.get("class").split()[:1] == ["paper"]]
    [screen] = [part for part in page.all("div") if part.get("class") == "screen"]
    for line in (*sheet.keep, *sheet.never):
        assert line.root[language] in screen.words
        assert line.root[language] not in paper.words
    for part in sheet.parts:
        for text in (*part.steps, *part.ticks, *part.columns, *part.lines):
            assert text.root[language] in paper.words
    cells = [part for part in page.all("td") if paper in part.inside]
    assert len(cells) == sum(part.rows * len(part.columns) for part in sheet.parts)
    assert {part.words for part in cells} <= {""}


def test_no_line_to_fill_in_asks_for_a_secret_or_a_place(curriculum: Curriculum) -> None:
    secrets = (
        "code word",
        "duress",
        "address",
        "password",
        "pin",
        "answer",
        "palabra clave",
        "auxilio",
        "direcci",
        "contraseña",
    )

    asked = [
        words.lower()
        for sheet in curriculum.sheets
        for part in sheet.parts
        for text in (*part.columns, *part.lines)
        for words in text.root.values()
    ]
    assert asked
    assert [
        line for line in asked for secret in secrets if secret in line and "don't answer" not in line
    ] == []


def test_sheets_are_linked_from_help_and_from_the_situations_they_name(
    app: Flask, curriculum: Curriculum
) -> None:
    reader = Reader(app, "en")
    everywhere = reader.get("help/").links

    assert [sheet.id for sheet in curriculum.sheets] == list(SHEETS)
    for sheet in curriculum.sheets:
        address = f"/en/help/sheets/{sheet.id}/"
        assert address in everywhere
        for situation in curriculum.situations:
            links = reader.get(f"help/{situation.id}/").links
            assert (address in links) == (situation.id in sheet.situations), situation.id


def test_a_sheet_that_is_due_says_so(app: Flask, curriculum: Curriculum, clock: Clock) -> None:
    sheet = curriculum.sheets_by_id["family-sheet"]
    reader = Reader(app, "en")
    assert "was due to be checked" not in reader.get("help/sheets/family-sheet/").text

    clock.turn(days=(sheet.review_by - date(2026, 11, 25)).days + 1)
    assert "was due to be checked" in reader.get("help/sheets/family-sheet/").text


def test_a_sheet_that_does_not_exist_is_not_found(reader: Reader) -> None:
    assert reader.get("help/sheets/nothing/").status == 404
