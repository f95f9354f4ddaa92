"""Plans and exposure over ten thousand made-up people and curricula, and over thousands in front of the real one."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.curriculum.model import Impact
from app.learning.answers import Choice
from app.learning.situation import HIGHEST, LOWEST, Outside, Weight, concerning, weights
from tests.learning.people import (
    any_answers,
    any_measures,
    any_situation,
    any_weights,
    anything_put_off,
    measure,
    real,
    real_intake,
    theirs,
    weighed,
)
from tests.learning.plan_rules import Case, check_plan, check_that_doing_never_harms, check_that_it_ends, ids

MADE_UP, REAL = 10_000, 2_000

#: Draws that Hypothesis remembers and makes smaller when a rule is broken.
chances = st.randoms(use_true_random=False)
several = settings(max_examples=150, deadline=None)


def chance(seed: int) -> Random:
    """The same draws each time for the same seed: nothing of it is a secret."""
    return Random(seed)  # noqa: S311


def made_up(random: Random) -> Case:
    items = any_measures(random)
    return Case(items, any_answers(items, random), any_weights(random), anything_put_off(items, random))


def in_earnest(random: Random) -> Case:
    """Anybody, in front of the real curriculum."""
    situation = any_situation(real_intake(), random)
    items = theirs(situation)
    return Case(items, any_answers(items, random), weighed(situation), anything_put_off(items, random))


def check(case: Case, random: Random) -> None:
    plan = case.plan()
    check_plan(case, plan)
    shuffled = random.sample(sorted(case.answers), len(case.answers))
    assert replace(case, answers={name: case.answers[name] for name in shuffled}).plan() == plan
    check_that_doing_never_harms(case, random.choice(case.items).id)


def test_every_rule_holds_for_ten_thousand_made_up_people() -> None:
    for seed in range(MADE_UP):
        random = chance(seed)
        case = made_up(random)
        check(case, random)
        check_that_it_ends(case)


def test_every_rule_holds_for_thousands_in_front_of_the_real_curriculum() -> None:
    for seed in range(REAL):
        random = chance(seed)
        check(in_earnest(random), random)


def test_a_real_plan_ends_whichever_way_its_weeks_are_done() -> None:
    for seed in range(30):
        random = chance(seed)
        case = replace(in_earnest(random), put_off=made_up(random).put_off)
        weeks = 0
        while week := case.plan().week:
            case = case.saying(random.choice([Choice.YES, Choice.NOT_MINE]), *ids(week))
            weeks += 1
            assert weeks <= len(case.items)


@given(chances)
@several
def test_every_rule_holds_for_whomever_is_hardest_to_plan_for(random: Random) -> None:
    case = made_up(random)
    check(case, random)
    check_that_it_ends(case)


@given(chances)
@several
def test_a_threat_that_weighs_more_never_falls_and_moves_no_other(random: Random) -> None:
    case = made_up(random)
    heavier = random.choice(sorted(case.weights))
    raised = {**case.weights, heavier: Weight(random.randint(case.weights[heavier].level, HIGHEST))}

    before = [each.threat for each in case.exposures()]
    after = [each.threat for each in replace(case, weights=raised).exposures()]

    assert after.index(heavier) <= before.index(heavier)
    assert [each for each in after if each != heavier] == [each for each in before if each != heavier]


@given(chances)
@several
def test_a_threat_that_weighs_more_moves_no_step_that_it_isnt_about(random: Random) -> None:
    """Needs tie steps to others, so they are left away here."""
    loose = [
        measure(item.id, item.threats, impact=item.impact, minutes=item.minutes)
        for item in any_measures(random)
    ]
    case = Case(loose, any_answers(loose, random), any_weights(random))
    heavier = random.choice(sorted(case.weights))
    raised = replace(case, weights={**case.weights, heavier: Weight(HIGHEST)})

    def others(case: Case) -> list[str]:
        return [step.item.id for step in case.plan().steps if heavier not in step.item.threats]

    assert others(raised) == others(case)


@given(chances)
@several
def test_what_costs_less_and_brings_more_never_comes_later(random: Random) -> None:
    case = made_up(random)
    lesser, better = (
        measure("lesser", {"fire": 1}, impact=Impact.LOW, minutes=60),
        measure("better", {"fire": 2}, impact=Impact.MEDIUM, minutes=30),
    )
    both = replace(case, items=[lesser, *case.items, better]).saying(Choice.NO, "lesser", "better")

    names = ids(both.plan().steps)

    assert names.index("better") < names.index("lesser")


@given(chances)
@several
def test_weights_stay_within_their_levels_and_more_that_is_true_never_lowers_one(random: Random) -> None:
    intake = real_intake()
    situation = any_situation(intake, random)
    asked = random.choice([each for each in intake.questions if each.many])
    more = random.choice(asked.options).id
    fuller = replace(
        situation, chosen={**situation.chosen, asked.id: [*situation.chosen.get(asked.id, []), more]}
    )
    threats = sorted(
        {threat for each in intake.questions for option in each.options for threat in option.raises}
    )

    before, after = (weights(intake, threats, each) for each in (situation, fuller))

    for threat in threats:
        assert LOWEST <= before[threat].level <= after[threat].level <= HIGHEST


@given(chances)
@several
def test_every_measure_is_somebodys_or_not_and_what_theirs_need_is_theirs(random: Random) -> None:
    situation = any_situation(real_intake(), random)
    mine, others = concerning(real_intake(), real().items, situation)

    assert sorted([item.id for item in mine] + [each.item.id for each in others]) == sorted(
        item.id for item in real().items
    )
    assert not {need for item in mine for need in item.needs} & {each.item.id for each in others}
    audience = {whose for option in situation.options(real_intake()) for whose in option.audience}
    needed = {need for item in mine for need in item.needs}
    for item in mine:
        assert not audience or audience.intersection(item.audience) or item.id in needed
    for each in others:
        assert (each.reason is not None) == (each.why is Outside.SITUATION)
