"""Every combination of role, past threats, trust and household: no plan is empty, contradicts itself or never ends."""

from itertools import product

import pytest

from app.curriculum.model import ChecklistItem
from app.learning.answers import Answer, Choice
from app.learning.plan import WEEK_STEPS
from app.learning.situation import Situation
from tests.learning.people import TODAY, answered, real, real_intake, theirs, told, weighed
from tests.learning.plan_rules import Case, check_plan, ids

HOUSEHOLDS = (
    [],
    ["alone"],
    ["children", "partner"],
    ["children", "partner", "elders", "home-staff", "shared-home"],
)


def one_or_none(question_id: str) -> list[list[str]]:
    """A question skipped, and each of its options alone."""
    asked = real_intake().question(question_id)
    assert asked
    return [[], *([option.id] for option in asked.options)]


def everybody() -> list[Situation]:
    return [
        told(role=role, threats=threats, trust=trust, home=home)
        for role, threats, trust, home in product(
            one_or_none("role"), one_or_none("threats"), one_or_none("trust"), HOUSEHOLDS
        )
    ]


def all_no(items: list[ChecklistItem]) -> dict[str, Choice]:
    return {item.id: Choice.NO for item in items}


def all_unsure(items: list[ChecklistItem]) -> dict[str, Choice]:
    return {item.id: Choice.UNSURE for item in items}


def every_other_one(items: list[ChecklistItem]) -> dict[str, Choice]:
    """Half answered, by turns yes and no; the rest not looked at yet."""
    return {
        item.id: (Choice.YES, Choice.NO)[number % 4 // 2] for number, item in enumerate(items) if number % 2
    }


@pytest.mark.parametrize(
    "answers", [all_no, all_unsure, every_other_one], ids=lambda answers: answers.__name__
)
def test_whoever_it_is_for_a_plan_is_whole_and_ends(answers) -> None:
    people = everybody()
    assert len(people) > 1000

    for situation in people:
        items = theirs(situation)
        said = {name: Answer(choice, "", TODAY) for name, choice in answers(items).items()}
        case = Case(items, said, weighed(situation))
        plan = case.plan()

        check_plan(case, plan)
        assert 1 <= len(plan.week) <= WEEK_STEPS
        assert plan.put_off == ()
        done = case.saying(Choice.YES, *ids(plan.steps))
        assert done.plan().steps == ()


def test_where_everything_is_in_place_there_is_nothing_to_do() -> None:
    for situation in everybody()[::20]:
        items = theirs(situation)
        case = Case(items, answered(Choice.YES, *ids_of(items)), weighed(situation))

        assert case.plan().steps == ()
        assert {each.open for each in case.exposures()} == {0}


def test_nobody_is_left_without_measures_against_any_threat() -> None:
    for situation in everybody()[::20]:
        working = {threat for item in theirs(situation) for threat in item.threats}

        assert working == set(real().threats_by_id)


def test_who_is_in_danger_now_is_told_from_everybody_else() -> None:
    in_danger = [each for each in everybody() if each.is_in_danger(real_intake())]

    assert {tuple(each.chosen["threats"]) for each in in_danger} == {("happening-now",)}


def ids_of(items: list[ChecklistItem]) -> list[str]:
    return [item.id for item in items]
