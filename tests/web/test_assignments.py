"""Staff give a cohort something to take: modules, parts of them, a path; and take it back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.curriculum.model import Curriculum
from app.learning.paths import assigned_parts
from app.records import actions
from app.records.action_tables import DETAILS_LENGTH, Action
from app.records.cohorts import groups
from app.records.cohorts.groups import WHOLE
from tests.web.catalogue import said
from tests.web.pages import Page
from tests.web.readers import Reader, kit_of
from tests.web.staff import House, assign, house_of


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app)


def give(house: House, who: str = "trainer", **chosen: object) -> Page:
    """Send the form with these choices."""
    where = f"{house.base}assignments/"
    form = house[who].get(where).form("due_on")
    return house[who].post(where, {"csrf_token": form.value("csrf_token"), **chosen})


def assigned(house: House) -> set[tuple[str, str]]:
    with kit_of(house.app).database.asking() as asking:
        return {(each.module, each.part) for each in groups.assigned(asking, house.cohort)}


def log(house: House) -> list[tuple[str, bytes | None, str]]:
    with kit_of(house.app).database.asking() as asking:
        rows = asking.execute(select(Action.verb, Action.subject, Action.details).order_by(Action.number))
        return [tuple(row) for row in rows]


@pytest.mark.parametrize("who", ["trainer", "admin"])
def test_modules_are_assigned_by_a_day_and_shown(house: House, who: str) -> None:
    due = kit_of(house.app).today() + timedelta(days=9)

    page = house[who].follow(give(house, who, modules=["risk", "accounts"], due_on=due.isoformat()))

    assert page.flashes == [said("Assigned. Its learners see it the next time they open the kit.")]
    assert assigned(house) == {("risk", WHOLE), ("accounts", WHOLE)}
    rows = [row.words for row in page.all("tr")][1:]
    assert len(rows) == 2
    assert all(said("due on %(date)s", date="4 de diciembre de 2026") in row for row in rows)
    assert log(house) == [("assigned", house.cohort, "risk accounts")]


def test_parts_are_assigned_without_a_day(house: House) -> None:
    give(house, modules=["doxxing"], parts=["quiz", "checklist"])

    assert assigned(house) == {("doxxing", "quiz"), ("doxxing", "checklist")}
    assert said("no day set") in house["trainer"].get(f"{house.base}assignments/").text
    assert log(house) == [("assigned", house.cohort, "doxxing/checklist doxxing/quiz")]


@pytest.mark.parametrize("path_id", ["journalist", "editor", "staff", "family"])
def test_a_path_is_its_steps_and_one_with_some_lessons_its_module(
    path_id: str, house: House, curriculum: Curriculum
) -> None:
    wanted = set()
    for step in curriculum.paths_by_id[path_id].steps:
        whole = bool(step.lessons) or not step.parts
        wanted |= {(step.module, part) for part in ([WHOLE] if whole else step.parts)}

    give(house, path=path_id)

    assert assigned(house) == wanted
    entries = log(house)
    assert all(len(details) <= DETAILS_LENGTH for _, _, details in entries)
    assert len(" ".join(details for _, _, details in entries).split()) == len(wanted)


def test_a_step_with_all_parts_is_the_module(curriculum: Curriculum) -> None:
    module = curriculum.modules_by_id["doxxing"]
    step = curriculum.paths_by_id["editor"].steps[0]
    every = ("lessons", "checklist", "quiz", "scenario")

    assert assigned_parts(step.model_copy(update={"module": "doxxing", "parts": every}), module) == ()
    assert assigned_parts(step.model_copy(update={"parts": ("quiz",)}), module) == ("quiz",)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({}, "Choose a module or a path."),
        ({"parts": ["quiz"]}, "Choose a module or a path."),
        ({"modules": ["risk"], "due_on": "2026-11-24"}, "This day has passed. Choose today or a later day."),
        ({"modules": ["risk"], "due_on": "9999-12-31"}, "Choose a day within the next five years."),
    ],
    ids=str,
)
def test_what_cannot_be_assigned_is_said_and_nothing_is_done(
    chosen: dict[str, object], message: str, house: House
) -> None:
    page = give(house, **chosen)

    assert page.status == 422
    assert said(message) in page.text
    assert (assigned(house), log(house)) == (set(), [])


@pytest.mark.parametrize(
    "chosen",
    [
        {"modules": ["none-such"]},
        {"modules": ["risk"], "parts": ["module"]},
        {"modules": ["risk"], "path": "none-such"},
        {"modules": ["risk"], "due_on": "mañana"},
    ],
    ids=str,
)
def test_what_the_form_never_offered_is_refused(chosen: dict[str, object], house: House) -> None:
    assert give(house, **chosen).status == 422
    assert assigned(house) == set()


def test_it_is_taken_back_by_its_button(house: House) -> None:
    assign(house, "risk")
    assign(house, "doxxing", "quiz")
    where = f"{house.base}assignments/"
    page = house["trainer"].get(where)
    form = next(form for form in page.forms if form.action.endswith("/back/"))
    button = next(button for button in form.buttons if button.get("value") == "doxxing/quiz")

    answer = house["trainer"].send(form, assignment=button.get("value"))

    assert house["trainer"].follow(answer).flashes == [
        said("Taken back. What was shared because of it stays shared.")
    ]
    assert assigned(house) == {("risk", WHOLE)}
    assert log(house) == [("unassigned", house.cohort, "doxxing/quiz")]
    assert house["trainer"].send(form, assignment="doxxing/quiz").status == 404


def test_nothing_is_assigned_to_an_archived_cohort(house: House) -> None:
    token = house["admin"].token()
    with kit_of(house.app).database.changing() as connection:
        groups.archive(connection, house.cohort, kit_of(house.app).today())

    page = house["admin"].post(f"{house.base}assignments/", {"csrf_token": token, "modules": ["risk"]})

    assert page.status == 409
    assert said("This cohort is archived: nothing can be assigned to it.") in page.text
    assert assigned(house) == set()


def test_the_log_stays_whole(house: House) -> None:
    give(house, path="journalist")
    give(house, "admin", modules=["risk"], parts=["quiz"])
    kit = kit_of(house.app)

    with kit.database.reading() as session:
        kept = actions.kept_head(kit.config.actions_head)
        assert list(actions.faults(session.connection(), kit.log_key, kept)) == []


def test_a_page_asks_as_much_for_many_as_for_one(house: House, curriculum: Curriculum) -> None:
    assign(house, "risk")
    one = statements(house, house["trainer"], f"{house.base}assignments/")
    for module in curriculum.modules:
        assign(house, module.id, "quiz")

    assert statements(house, house["trainer"], f"{house.base}assignments/") == one


def statements(house: House, reader: Reader, path: str) -> int:
    """How many statements a page takes."""
    counted: list[str] = []
    engine = kit_of(house.app).database.engine

    def count(*about: object) -> None:
        counted.append(str(about[2]))

    event.listen(engine, "before_cursor_execute", count)
    assert reader.get(path).status == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(counted)
