"""The arithmetic as docs/exposure.md tells it is the code's: its example and its numbers."""

from dataclasses import replace

import pytest

from app.learning.answers import Answer, Choice
from app.learning.audit import INTERVALS, SITTING
from app.learning.exposure import POINTS
from app.learning.plan import (
    BEGINNING,
    CRITICAL_LEVEL,
    CRITICAL_STRENGTH,
    MONTH_STEPS,
    WEEK_MINUTES,
    WEEK_STEPS,
    Step,
    worth,
)
from app.learning.situation import HIGHEST, LOWEST, Weight
from config import CHECKOUT
from tests.learning.people import TODAY, real
from tests.learning.plan_rules import Case
from tests.learning.test_three_people import REPORTER, before, levels_of

THREAT = "intimidation"
ANSWERS = {
    "in-red-line": Choice.NO,
    "in-five-steps": Choice.UNSURE,
    "in-capture": Choice.YES,
    "in-local-reader": None,
    "gc-style-rule": Choice.NOT_MINE,
}


@pytest.fixture(scope="module")
def document() -> str:
    return (CHECKOUT / "docs" / "exposure.md").read_text(encoding="utf-8")


@pytest.fixture
def example() -> Case:
    """The five measures of the example and its answers."""
    case = before(REPORTER)
    items = [item for item in case.items if item.id in ANSWERS]
    said = {name: Answer(choice, "", TODAY) for name, choice in ANSWERS.items() if choice}
    return replace(case, items=items, answers=said)


def steps() -> dict[str, Step]:
    return {step.item.id: step for step in before(REPORTER).plan().steps}


def test_the_example_is_about_the_reporter_as_she_is(document: str) -> None:
    assert levels_of(REPORTER) == {THREAT: 4, "kidnapping": 3, "distress": 2, "location": 2, "targeting": 2}
    assert real().threats_by_id[THREAT].name.in_language("en").lower() in document


def test_each_line_of_the_examples_exposure_is_what_the_code_counts(document: str, example: Case) -> None:
    [exposure] = [each for each in example.exposures() if each.threat == THREAT]
    shares = {share.item.id: share for share in exposure.shares}

    for item in example.items:
        strength, impact = item.threats[THREAT], POINTS[item.impact]
        choice, share = ANSWERS[item.id], shares.get(item.id)
        if share is None:
            points = "out of the sum"
        else:
            assert share.points == strength * impact
            points = f"{share.points} unknown" if choice is None else f"{share.points * share.is_open} open"
        said = choice.value if choice else "nothing yet"
        assert (
            f"| `{item.id}` | {strength} × {impact} = {strength * impact} | {said} | {points} |" in document
        )
    assert (
        f"**{exposure.open} of {exposure.total} points are open, {exposure.unknown} are unknown.**"
        in document
    )
    factor = exposure.weight.factor
    assert (
        f"each counts {factor}, so the threat ranks with {exposure.open} × {factor} = {exposure.rank}."
        in document
    )


@pytest.mark.parametrize(("name", "called"), [
    ("in-red-line", ""), ("in-five-steps", ""), ("rk-red-lines", " alone"),
])  # fmt: skip
def test_each_line_of_the_examples_worth_is_what_the_code_counts(
    document: str, name: str, called: str
) -> None:
    step = steps()[name]
    gains = " + ".join(str(each.gain) for each in step.against)

    assert (
        f"| `{name}`{called} | {gains} = {step.gain} | {step.item.minutes} + {BEGINNING} = {step.cost} "
        f"| {worth([step]):.2f} |"
    ) in document


def test_what_needs_something_is_worth_what_they_bring_together(document: str) -> None:
    card, page = steps()["rk-red-lines"], steps()["rk-three-actors"]

    assert page.needed_by == card.item
    assert (
        f"| {card.gain} + {page.gain} = {card.gain + page.gain} | {card.cost} + {page.cost} = "
        f"{card.cost + page.cost} | {worth([card, page]):.2f} |"
    ) in document


def test_the_example_ends_as_the_plan_does() -> None:
    order = list(steps())

    assert order.index("in-red-line") < order.index("in-five-steps") < order.index("rk-three-actors")
    assert order.index("rk-red-lines") == order.index("rk-three-actors") + 1


def test_the_numbers_of_the_rules_are_the_codes(document: str) -> None:
    table = {
        "Steps of a week, at most": WEEK_STEPS,
        "Minutes of a week, at most; a single longer step stands alone": WEEK_MINUTES,
        "Steps of the month after it, at most": MONTH_STEPS,
        "Minutes that beginning anything costs": BEGINNING,
        "Level from which a threat's strongest measures are critical": CRITICAL_LEVEL,
        "Strength of a critical measure, with high impact": CRITICAL_STRENGTH,
    }

    for rule, number in table.items():
        assert f"| {rule} | {number} |" in document
    assert f"from {LOWEST} (as for anybody) to {HIGHEST} (first of all)" in document
    factors = ", ".join(str(Weight(level).factor) for level in range(LOWEST, HIGHEST + 1))
    assert f"what points count: {factors}." in document
    assert (SITTING, INTERVALS) == (20, (30, 90, 180))


def test_the_sources_that_it_names_are_among_the_kits(document: str) -> None:
    for source in ("s78", "fld-risk", "kit", "s73a", "s17a", "s18"):
        assert f"`{source}`" in document
        assert source in real().sources_by_id
