"""What holds for the first module holds for each: its quiz is passed and failed, its scenario lived to every ending."""

import pytest
from flask import Flask

from app.curriculum.model import Curriculum, Scenario
from app.learning.scenario import Turn, Walk, position
from tests.web.catalogue import said
from tests.web.practice import case_of, take_quiz, turn
from tests.web.readers import Reader

BOTH = pytest.mark.parametrize("language", ["en", "es"])


def words(text: str) -> str:
    return " ".join(text.split())


@BOTH
@pytest.mark.parametrize(("right", "passes"), [(5, True), (4, False)])
def test_every_quiz_is_passed_with_five_and_failed_with_four(
    right: int, passes: bool, language: str, app: Flask, curriculum: Curriculum
) -> None:
    for module in curriculum.modules:
        page = take_quiz(Reader(app, language), module, right)

        assert said("%(right)s of %(all)s as we would answer.", language, right=right, all=6) in page.text
        assert (said("Passed.", language) in page.text) is passes, module.id


@BOTH
def test_every_scenario_is_lived_to_each_of_its_endings(
    language: str, app: Flask, curriculum: Curriculum
) -> None:
    for module in curriculum.modules:
        case = case_of(module)
        endings = {node.id: node for node in case.nodes if node.ending}
        for name, ending in endings.items():
            reader, page = Reader(app, language), None
            for taken in way_to(case, name):
                page = turn(reader, taken.choice, f"modules/{module.id}/scenario/")
            assert page is not None
            for paragraph in ending.text.in_language(language).split("\n\n"):
                assert words(paragraph) in page.text, (module.id, name)


def way_to(case: Scenario, ending: str) -> tuple[Turn, ...]:
    """A way from the start to an ending."""
    ways: list[tuple[Turn, ...]] = [()]
    while True:
        way = ways.pop()
        node = position(case, Walk(turns=way)).node
        if node.id == ending:
            return way
        ways += [(*way, Turn(node.id, choice.id)) for choice in node.choices]
