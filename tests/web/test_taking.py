"""Everything to read and for a program, in both languages: all that somebody did, and nothing that runs."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.curriculum.model import Curriculum, Module, Quality, QuestionKind
from app.learning.answers import Answer, Choice
from app.learning.quiz import Attempt, QuizRecord
from app.records.notebook import Ref
from app.web.kept import QUIZ as QUIZ_RECORD
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.conftest import MakeKit
from tests.web.pages import Page
from tests.web.practice import QUIZ, bank_of, begin, case_of, live, reply, take_quiz, teaching, wrong
from tests.web.readers import ITEM, MODULE, Reader, ReaderOf, notebook_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
HTML, JSON = "account/take/everything.html", "account/take/everything.json"
LESSON = f"modules/{MODULE}/lessons/first-hours/"
NOTE = "mi prima\n\nZoraida <b>«ñ»</b> & 🐦"
HOSTILE = """</pre><script>alert(1)</script><img src=x onerror="alert(1)">{{ 7*7 }}<!--"""


def do_some_of_everything(reader: Reader, module: Module, note: str = NOTE) -> None:
    reader.answer(ITEM, "not-sure", note)
    reader.send(reader.get(LESSON).forms[0], LESSON)
    take_quiz(reader, module, right=5)
    live(reader, module, Quality.WORST)


def words(text: str) -> str:
    return " ".join(text.split())


def as_json(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.html)
    return found


@BOTH
def test_the_page_to_read_has_everything_and_says_that_it_is_not_encrypted(
    language: str, reader_of: ReaderOf, module: Module
) -> None:
    reader = reader_of(language)
    do_some_of_everything(reader, module)

    page = reader.get(HTML)

    assert page.headers["Content-Disposition"] == 'attachment; filename="resguardo.html"'
    assert page.one("html").get("lang") == language
    assert said("This file is not encrypted: whoever has it can read it.", language) in page.text
    item = module.item(ITEM)
    lesson = module.lesson("first-hours")
    assert item is not None
    assert lesson is not None
    for text in (module.title, item.text, lesson.title, case_of(module).title):
        assert words(text.in_language(language)) in page.text
    assert page.one("pre").text == f"\n{NOTE}"
    assert page.one("pre").get("translate") == "no"
    right = [part for part in page.all("li") if said("Right.", language) in part.words]
    assert len(right) == 5
    assert said("You passed on %(date)s.", language, date="").strip(" .") in page.text
    worst = next(choice for choice in case_of(module).nodes[0].choices if choice.quality is Quality.WORST)
    assert words(worst.text.in_language(language)) in page.text
    assert ("25 de noviembre de 2026" if language == "es" else "November 25, 2026") in page.text
    assert page.closed_wrongly == []


@BOTH
def test_the_file_for_a_program_has_everything_with_days_as_programs_write_them(
    language: str, reader_of: ReaderOf, module: Module
) -> None:
    reader = reader_of(language)
    do_some_of_everything(reader, module)

    page = reader.get(JSON)

    assert page.headers["Content-Type"] == "application/json"
    found = as_json(page)
    assert found["warning"] == said("This file is not encrypted: whoever has it can read it.", language)
    assert (found["made_on"], found["language"], found["unreadable"], found["other"]) == (
        "2026-11-25",
        language,
        0,
        [],
    )
    (account,) = found["modules"]
    item = module.item(ITEM)
    assert item is not None
    assert account["module"] == module.title.in_language(language)
    assert account["answers"] == [
        {
            "statement": item.text.in_language(language),
            "answer": "not-sure",
            "note": NOTE,
            "answered_on": "2026-11-25",
        }
    ]
    assert [entry["read_on"] for entry in account["lessons"]] == ["2026-11-25"]
    assert account["quiz"]["passed_on"] == "2026-11-25"
    assert sum(entry["right"] for entry in account["quiz"]["questions"]) == 5
    assert all(entry["answer"] for entry in account["quiz"]["questions"])
    assert account["scenario"]["finished_on"] == "2026-11-25"
    assert len(account["scenario"]["turns"]) >= 5


@pytest.mark.parametrize("kind", list(QuestionKind), ids=lambda kind: kind.value)
def test_what_was_answered_to_a_question_of_every_kind_is_there_in_words(
    kind: QuestionKind, reader: Reader, module: Module
) -> None:
    question = next(question for question in bank_of(module).questions if question.kind is kind)
    begin(reader)
    notebook_of(reader).save({Ref(QUIZ_RECORD, MODULE): QuizRecord(Attempt("s", (question.id,)))})
    given = wrong(question)
    reply(reader, reader.get(f"{QUIZ}1/"), question, given)

    (entry,) = as_json(reader.get(JSON))["modules"][0]["quiz"]["questions"]

    texts = {option.id: option.text.in_language("es") for option in question.options}
    matches = {option.id: option.match.in_language("es") for option in question.options if option.match}
    if kind is QuestionKind.ORDERING:
        assert entry["answer"] == [texts[name] for name in sorted(given, key=lambda name: given[name])]
    elif kind is QuestionKind.MATCHING:
        assert sorted(entry["answer"]) == sorted(f"{texts[name]} → {matches[given[name]]}" for name in given)
    else:
        assert entry["answer"] == [texts[name] for name in given]
    assert entry["right"] is False


def test_nothing_that_was_typed_runs_in_the_page_to_read(reader: Reader, module: Module) -> None:
    reader.answer(note=HOSTILE)

    page = reader.get(HTML)

    assert page.all("script", "img", "iframe", "link", "style", "form", "input") == []
    assert page.one("pre").text == f"\n{HOSTILE}"
    assert "49" not in page.html
    attributes = {name for part in page.elements for name in part.attributes}
    assert not [name for name in attributes if name.startswith("on") or name in {"src", "href"}]
    assert as_json(reader.get(JSON))["modules"][0]["answers"][0]["note"] == HOSTILE


def test_what_is_no_longer_taught_is_there_too(
    reader: Reader, curriculum: Curriculum, module: Module, make_kit: MakeKit
) -> None:
    reader.answer(note=HOSTILE)
    fewer = module.model_copy(update={"checklist": module.checklist[:0], "quiz": None, "required": ()})
    later = Reader(make_kit(taught=teaching(curriculum, fewer)))
    later.set_cookie("sid", str(reader.cookie("sid")))

    (left,) = as_json(later.get(JSON))["other"]
    page = later.get(HTML)

    assert (left["kind"], left["name"], left["value"]["note"]) == ("answer", ITEM, HOSTILE)
    assert said("About what the kit no longer has") in page.text
    assert ITEM in page.text
    assert page.all("script", "img") == []


def test_damaged_records_are_counted_and_the_rest_is_complete(reader: Reader) -> None:
    reader.answer(note="sana")
    notebook_of(reader).save({Ref(QUIZ_RECORD, MODULE): "no quiz"})

    found = as_json(reader.get(JSON))

    assert found["unreadable"] == 1
    assert found["modules"][0]["answers"][0]["note"] == "sana"
    assert "cambió o se dañó en el archivo" in reader.get(HTML).text


def test_an_answer_without_a_choice_or_a_note_is_shown_as_it_is(reader: Reader) -> None:
    reader.answer()
    notebook_of(reader).save({Ref("answer", ITEM): Answer(None, "solo una nota", date(2026, 11, 25))})
    notebook_of(reader).save({Ref("answer", "dx-documents"): Answer(Choice.YES, "", date(2026, 11, 25))})

    answers = as_json(reader.get(JSON))["modules"][0]["answers"]

    assert {(answer["answer"], answer["note"]) for answer in answers} == {
        (None, "solo una nota"),
        ("yes", ""),
    }
    assert reader.get(HTML).status == 200


def test_neither_the_pseudonym_nor_anything_of_the_account_is_in_either(reader: Reader) -> None:
    reader.answer()
    reader.keep("Tecolotito Nocturno")

    for path in (HTML, JSON):
        page = reader.get(path)
        assert page.status == 200
        assert "Tecolotito" not in page.html


def test_where_the_kit_has_a_neutral_name_so_have_the_files(make_kit: MakeKit) -> None:
    for name, file in (("Recetas de Casa", "recetas_de_casa"), ("¿…?", "progress"), ('a"b/../c', "ab_.._c")):
        reader = Reader(make_kit(RESGUARDO_SITE_NAME=name))
        reader.answer()

        page = reader.get(HTML)

        assert page.headers["Content-Disposition"] == f'attachment; filename="{file}.html"'
        assert "Resguardo" not in page.html


def test_the_page_that_offers_it_warns_and_keeps_what_needs_a_passphrase_for_whoever_has_one(
    reader: Reader,
) -> None:
    reader.answer()
    guest = reader.get("account/take/")
    reader.keep()
    kept = reader.get("account/take/")

    for page in (guest, kept):
        assert said("These files are not encrypted") in page.text
        assert {f"/es/{HTML}", f"/es/{JSON}", "/es/account/bring/"} <= set(page.links)
    assert "/es/account/keep/" in [link for link in guest.links if "keep" in link]
    assert not any("passphrase" in form.names() for form in guest.forms)
    assert any("passphrase" in form.names() for form in kept.forms)


def test_an_expired_session_takes_nothing(app: Flask, reader: Reader, clock: Clock) -> None:
    reader.answer()
    reader.keep()
    clock.turn(hours=2)

    assert reader.get(HTML).status == 303
    assert reader.get(JSON).status == 303
