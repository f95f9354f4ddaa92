"""The kit's own content, as it is taught."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.curriculum import load
from app.curriculum.checking import check
from app.curriculum.model import Curriculum, Quality

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

    assert [str(problem) for problem in check(CHECKOUT, today)] == []


def test_all_eleven_modules_are_there_in_order(real):
    assert {module.id for module in real.modules} == MODULES
    assert [module.order for module in real.modules] == list(range(1, 12))


def test_every_module_has_all_its_parts(real):
    for module in real.modules:
        assert 3 <= len(module.lessons) <= 5, module.id
        assert 10 <= len(module.checklist) <= 12, module.id
        assert module.figures, module.id
        assert module.guide, module.id
        assert module.quiz, module.id
        assert len(module.quiz.questions) >= 12, module.id
        assert len({question.kind for question in module.quiz.questions}) >= 4, module.id
        assert module.scenario, module.id
        assert sum(bool(node.choices) for node in module.scenario.nodes) >= 5, module.id
        endings = Counter(node.ending for node in module.scenario.nodes if node.ending)
        assert set(endings) == set(Quality), module.id


def test_numbers_to_call_stand_in_the_contacts_only(real):
    numbers = {contact.number for country in real.contacts.countries for contact in country.contacts}
    long_numbers = {number for number in numbers if sum(letter.isdigit() for letter in number) >= 7}
    for module in real.modules:
        for lesson in module.lessons:
            for html in lesson.prose.html.root.values():
                assert not [number for number in long_numbers if number in html], f"{module.id}/{lesson.slug}"
