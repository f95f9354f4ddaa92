"""A scenario over HTTP: every turn shows what follows, one can go back, and the end shows the way with better turns."""

import pytest
from flask import Flask

from app.curriculum.model import Audience, Module, Quality
from app.learning.scenario import Turn, Walk, position
from app.records.notebook import Ref
from app.web.kept import SCENARIO as RECORD
from tests.conftest import Clock
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.practice import SCENARIO, case_of, live, turn
from tests.web.readers import MODULE, Reader, ReaderOf, Rows, notebook_of, rows_of

BOTH = pytest.mark.parametrize("language", ["en", "es"])
ENDS = {
    Quality.BEST: "This ended as well as it could.",
    Quality.MIDDLING: "This could have ended worse, and better.",
    Quality.WORST: "This ended badly. It is not a verdict on you: now you know where it turned.",
}


def words(text: str) -> str:
    return " ".join(text.split())


def walk_of(reader: Reader) -> Walk:
    return notebook_of(reader).load(Ref(RECORD, MODULE), Walk, Walk())


def form_with(page: Page, button: str) -> dict[str, str]:
    """The fields that pressing a button sends."""
    form = next(form for form in page.forms if any(part.get("name") == button for part in form.buttons))
    pressed = next(part for part in form.buttons if part.get("name") == button)
    return {**dict(form.fields), button: pressed.get("value")}


@BOTH
def test_it_begins_with_its_note_and_records_nothing(
    language: str, app: Flask, reader_of: ReaderOf, module: Module
) -> None:
    page = reader_of(language).get(SCENARIO)
    case = case_of(module)

    assert case.content_note is not None
    assert words(case.content_note.in_language(language)) in page.text
    assert page.one("h1").words == words(case.title.in_language(language))
    assert len(page.all("p")) > 3
    assert rows_of(app) == Rows(0, 0, 0)


@BOTH
@pytest.mark.parametrize("quality", list(Quality))
def test_every_turn_shows_what_follows_and_the_end_shows_the_way_and_the_better_turns(
    quality: Quality, language: str, reader_of: ReaderOf, module: Module
) -> None:
    reader = reader_of(language)
    case = case_of(module)
    page = reader.get(SCENARIO)
    while any("at" in form.names() for form in page.forms):
        here = position(case, walk_of(reader) if reader.cookie("sid") else Walk())
        choices = {choice.quality: choice for choice in here.node.choices}
        choice = choices.get(quality) or here.node.choices[0]
        page = turn(reader, choice.id)
        assert page.status == 200
        assert words(choice.consequence.in_language(language)) in page.text
        other = "es" if language == "en" else "en"
        assert words(choice.consequence.in_language(other)) not in page.text

    here = position(case, walk_of(reader))
    assert here.node.ending is not None
    assert said(ENDS[here.node.ending], language) in page.text
    (path,) = [part for part in page.all("ol") if part.get("class") == "path"]
    steps = [part for part in page.all("li") if path in part.inside]
    assert len(steps) == len(here.path)
    for step, taken in zip(steps, here.path, strict=True):
        assert words(taken.choice.text.in_language(language)) in step.words
        assert (step.get("class") == "turn") is (taken.better is not None)
        if taken.better:
            assert words(taken.better.text.in_language(language)) in step.words
    assert said("Scenario lived to an end", language) in reader.get("progress/").text


@BOTH
@pytest.mark.parametrize("view", [Audience.JOURNALIST, Audience.OFFICIAL])
def test_the_role_that_was_chosen_is_who_it_is_told_to(
    view: Audience, language: str, reader_of: ReaderOf, module: Module
) -> None:
    reader = reader_of(language)
    case = case_of(module)
    form = next(form for form in reader.get(SCENARIO).forms if "at" not in form.names())

    page = reader.follow(reader.send(form, SCENARIO, view=view.value))

    nodes = {node.id: node for node in case.nodes}
    while True:
        node = position(case, walk_of(reader)).node
        told = node.views.get(view, node.text).in_language(language)
        assert words(told) in page.text
        for other, text in node.views.items():
            if other is not view and text != node.views.get(view):
                assert words(text.in_language(language)) not in page.text
        if node.ending:
            break
        page = turn(reader, nodes[node.id].choices[0].id)
    again = reader.follow(reader.post(SCENARIO, form_with(page, "again")))
    assert words(nodes[case.start].views[view].in_language(language)) in again.text


def test_one_may_go_back_at_any_moment_and_take_another_turn(reader: Reader, module: Module) -> None:
    case = case_of(module)
    first, second, *_ = case.nodes[0].choices
    before = reader.get(SCENARIO).text
    page = turn(reader, first.id)

    back = reader.follow(reader.post(SCENARIO, form_with(page, "back")))

    assert words(case.nodes[0].text.in_language("es")) in back.text
    assert [part.get("value") for part in back.all("button") if part.get("name") == "choice"] == [
        choice.id for choice in case.nodes[0].choices
    ]
    assert before is not None
    assert words(second.consequence.in_language("es")) in turn(reader, second.id).text


def test_going_back_from_the_end_keeps_that_it_was_reached(
    reader: Reader, module: Module, clock: Clock
) -> None:
    live(reader, module)
    reader.keep()
    day = walk_of(reader).finished_on
    clock.turn(days=3)
    reader.sign_in()
    page = reader.get(SCENARIO)

    reader.post(SCENARIO, form_with(page, "back"))
    live(reader, module, Quality.WORST)

    assert day is not None
    assert walk_of(reader).finished_on == day


def test_a_turn_that_is_sent_twice_or_from_an_old_page_changes_nothing(
    reader: Reader, module: Module
) -> None:
    case = case_of(module)
    first, second, *_ = case.nodes[0].choices
    old = next(form for form in reader.get(SCENARIO).forms if "at" in form.names())
    turn(reader, first.id)
    stood = walk_of(reader)
    old.fields = [
        (name, reader.token(SCENARIO) if name == "csrf_token" else value) for name, value in old.fields
    ]

    for choice in (first.id, second.id, "none", ""):
        assert reader.send(old, SCENARIO, choice=choice).status == 303

    assert walk_of(reader) == stood
    assert stood.turns == (Turn(case.start, first.id),)


@pytest.mark.parametrize(
    "sent", [{}, {"at": "x"}, {"choice": "x"}, {"view": "x"}, {"again": "1", "view": "x"}]
)
def test_what_is_made_up_takes_no_turn(sent: dict[str, str], reader: Reader, module: Module) -> None:
    token = reader.token(SCENARIO)

    page = reader.follow(reader.post(SCENARIO, {"csrf_token": token, **sent}))

    assert page.status == 200
    assert walk_of(reader) == Walk()


def test_the_language_switched_in_the_middle_shows_the_same_moment(reader: Reader, module: Module) -> None:
    case = case_of(module)
    turn(reader, case.nodes[0].choices[0].id)
    reader.language = "en"

    page = reader.get(SCENARIO)

    node = position(case, walk_of(reader)).node
    assert words(node.text.in_language("en")) in page.text
    values = [part.get("value") for part in page.all("button") if part.get("name") == "choice"]
    assert values == [choice.id for choice in node.choices]


def test_somebody_goes_on_where_they_stood_after_signing_in_again(reader: Reader, module: Module) -> None:
    turn(reader, case_of(module).nodes[0].choices[0].id)
    reader.keep()
    stood = walk_of(reader)
    reader.sign_out()
    assert not any(part.get("name") == "back" for part in reader.get(SCENARIO).all("button"))

    reader.sign_in()

    assert walk_of(reader) == stood
    assert any(part.get("name") == "back" for part in reader.get(SCENARIO).all("button"))


def test_paragraphs_of_a_text_are_paragraphs_of_the_page(reader: Reader, module: Module) -> None:
    text = case_of(module).nodes[0].text.in_language("es")
    parts = [words(part) for part in text.splitlines() if part.strip()]
    assert len(parts) > 1

    shown = [part.words for part in reader.get(SCENARIO).all("p")]

    assert [part for part in shown if part in parts] == parts


def test_a_turn_sent_after_the_session_ended_is_held(reader: Reader, module: Module, clock: Clock) -> None:
    turn(reader, case_of(module).nodes[0].choices[0].id)
    reader.keep()
    page = reader.get(SCENARIO)
    clock.turn(hours=2)

    held = reader.post(SCENARIO, form_with(page, "choice"))

    assert held.status == 409
    assert said("Your session ended before this was saved. What you typed is still here.") in held.text
