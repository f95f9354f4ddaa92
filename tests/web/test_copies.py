"""An encrypted copy carried from one kit to another: all of it or nothing, by its passphrase alone."""

import pytest
from flask import Flask

from app.curriculum.model import Module
from tests.conftest import Clock
from tests.web.carrying import bring, copy_of, kept_here, taken
from tests.web.catalogue import said
from tests.web.practice import QUIZ, SCENARIO, live, take_quiz
from tests.web.readers import (
    ITEM,
    MODULE,
    OTHER_ITEM,
    PASSPHRASE,
    Reader,
    code_on,
    notebook_of,
    rows_of,
)

BOTH = pytest.mark.parametrize("language", ["en", "es"])


@BOTH
def test_everything_is_there_on_the_other_machine_under_the_same_passphrase(
    language: str, app: Flask, other_machine: Flask, module: Module
) -> None:
    here, there = Reader(app, language), Reader(other_machine, language)
    take_quiz(here, module)
    live(here, module)
    file = kept_here(here)

    page = bring(there, file)

    assert page.status == 200
    code = code_on(page)
    assert (there.choice(), there.note()) == ("no", "de allá")
    assert said("Quiz passed", language) in there.get("progress/").text
    assert there.get(QUIZ).text == here.get(QUIZ).text
    assert there.get(SCENARIO).text == here.get(SCENARIO).text
    there.sign_out()
    assert there.sign_in().status == 303
    assert there.note() == "de allá"
    assert len(code) == 29


def test_the_copy_is_a_download_that_says_nothing(reader: Reader) -> None:
    reader.answer(ITEM, "no", "mi prima Zoraida")
    reader.keep("Tecolotito")

    page = taken(reader, PASSPHRASE)

    assert page.headers["Content-Disposition"] == 'attachment; filename="resguardo.copy.json"'
    assert page.headers["Cache-Control"] == "no-store"
    for word in ("Zoraida", ITEM, "Tecolotito", MODULE, PASSPHRASE):
        assert word.encode() not in page.response.data


@BOTH
def test_what_both_machines_have_is_joined(
    language: str, app: Flask, other_machine: Flask, clock: Clock
) -> None:
    here, there = Reader(app, language), Reader(other_machine, language)
    file = kept_here(here)
    clock.turn(hours=1)
    there.answer(ITEM, "yes", "de aquí")
    there.answer(OTHER_ITEM, "not-sure", "solo aquí")
    there.keep()

    page = there.follow(bring(there, file))

    assert page.flashes == [said("What was in the copy is here now, with what you had.", language)]
    assert there.choice() == "no"
    assert set(there.note().split("\n\n")) == {"de aquí", "de allá"}
    assert there.note(OTHER_ITEM) == "solo aquí"


def test_bringing_the_same_copy_again_changes_nothing(app: Flask, other_machine: Flask) -> None:
    here, there = Reader(app), Reader(other_machine)
    file = kept_here(here)
    bring(there, file)
    before = notebook_of(there).everything()
    rows = rows_of(other_machine)

    bring(there, file)

    assert sorted(map(repr, notebook_of(there).everything()[0])) == sorted(map(repr, before[0]))
    assert rows_of(other_machine) == rows


def test_it_joins_the_vault_that_the_passphrase_opens_there(app: Flask, other_machine: Flask) -> None:
    here, there = Reader(app), Reader(other_machine)
    file = kept_here(here)
    there.answer(OTHER_ITEM, "yes", "de antes")
    there.keep()
    there.sign_out()

    page = there.follow(bring(there, file))

    assert page.flashes == [said("What was in the copy is here now, with what you had.")]
    assert (there.note(), there.note(OTHER_ITEM)) == ("de allá", "de antes")
    assert rows_of(other_machine).learners == 1


def test_what_a_guest_answered_there_is_joined_and_the_guest_is_gone(
    app: Flask, other_machine: Flask
) -> None:
    here, there = Reader(app), Reader(other_machine)
    file = kept_here(here)
    there.answer(OTHER_ITEM, "yes", "de esta visita")

    assert bring(there, file).status == 200

    assert (there.note(), there.note(OTHER_ITEM)) == ("de allá", "de esta visita")
    assert rows_of(other_machine).learners == 1


def test_a_module_that_both_machines_complete_together_is_complete(
    app: Flask, other_machine: Flask, module: Module
) -> None:
    here, there = Reader(app), Reader(other_machine)
    take_quiz(here, module)
    live(here, module)
    here.keep()
    file = copy_of(here)
    for lesson in module.lessons:
        address = f"modules/{MODULE}/lessons/{lesson.slug}/"
        there.send(there.get(address).forms[0], address)
    form = there.checklist().form(f"{ITEM}-shown")
    there.send(
        form, f"modules/{MODULE}/checklist/", **{f"{item.id}-choice": "yes" for item in module.checklist}
    )
    assert "25 de noviembre de 2026" not in there.get("progress/").text

    bring(there, file)

    assert "25 de noviembre de 2026" in there.get("progress/").text
