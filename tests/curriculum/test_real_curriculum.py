"""The kit's own content, as it is taught."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.curriculum import load
from app.curriculum.checks.checking import check
from app.curriculum.model import Curriculum, Part, Quality

CHECKOUT = Path(__file__).parents[2]
MODULES = {
    *(
        "risk",
        "doxxing",
        "oversharing",
        "kidnapping",
        "extortion",
        "intimidation",
        "impersonation",
        "accounts",
    ),
    *("lures", "graphic-content", "protocol"),
}


@pytest.fixture(scope="module")
def real() -> Curriculum:
    return load(CHECKOUT)


def test_nothing_is_wrong_with_it():
    today = datetime.now(UTC).date()

    assert [str(problem) for problem in check(CHECKOUT, today).problems] == []


def test_its_modules_are_those_of_the_curriculum_in_order(real):
    orders = [module.order for module in real.modules]

    assert {module.id for module in real.modules} == MODULES
    assert orders == sorted(set(orders))


def test_every_module_has_lessons_a_checklist_figures_and_a_guide(real):
    for module in real.modules:
        assert 3 <= len(module.lessons) <= 5, module.id
        assert 10 <= len(module.checklist) <= 12, module.id
        assert module.figures, module.id
        assert module.guide, module.id


def test_every_quiz_has_questions_enough_of_kinds_enough(real):
    for module in real.modules:
        assert module.quiz is not None, module.id
        assert len(module.quiz.questions) >= 12, module.id
        assert len({question.kind for question in module.quiz.questions}) >= 4, module.id


def test_every_scenario_has_turns_enough_and_ends_well_and_badly(real):
    for module in real.modules:
        assert module.scenario is not None, module.id
        assert sum(bool(node.choices) for node in module.scenario.nodes) >= 5, module.id
        endings = Counter(node.ending for node in module.scenario.nodes if node.ending)
        assert set(endings) == set(Quality), module.id
        assert sum(endings.values()) >= 3, module.id


def test_every_part_that_a_module_requires_is_there(real):
    for module in real.modules:
        there = {
            Part.LESSONS: module.lessons,
            Part.CHECKLIST: module.checklist,
            Part.QUIZ: module.quiz,
            Part.SCENARIO: module.scenario,
        }
        assert all(there[part] for part in module.required), module.id


def test_the_seven_situations_are_there_with_their_contacts(real):
    assert [situation.id for situation in real.situations] == [
        "address-published",
        "threatening-call",
        "relative-held",
        "missing-person",
        "account-taken",
        "public-threat",
        "device-taken",
    ]
    assert len(real.contacts.countries) >= 5


def test_numbers_to_call_stand_in_the_contacts_only(real):
    numbers = {contact.number for country in real.contacts.countries for contact in country.contacts}
    long_numbers = {number for number in numbers if sum(letter.isdigit() for letter in number) >= 7}
    for module in real.modules:
        for lesson in module.lessons:
            for html in lesson.prose.html.root.values():
                assert not [number for number in long_numbers if number in html], f"{module.id}/{lesson.slug}"
