"""Exposure: what is missing against each threat, from answers and weights."""

from app.curriculum.model import Impact
from app.learning.answers import Choice
from app.learning.exposure import Exposure, exposures, points
from app.learning.situation import Weight
from tests.learning.people import answered, level, measure

LOCK = measure("lock", {"burglary": 3}, impact=Impact.HIGH)
ALARM = measure("alarm", {"burglary": 2, "fire": 1}, impact=Impact.MEDIUM)
LAMP = measure("lamp", {"burglary": 1}, impact=Impact.LOW)
BUCKET = measure("bucket", {"fire": 2}, impact=Impact.MEDIUM)
HOUSE = [LOCK, ALARM, LAMP, BUCKET]


def against(threat: str, *answers: dict, items=HOUSE, **levels: int) -> Exposure:
    said = {name: answer for each in answers for name, answer in each.items()}
    return next(each for each in exposures(items, said, level(**levels)) if each.threat == threat)


def test_a_measure_counts_its_strength_times_its_impact() -> None:
    assert [points(item, "burglary") for item in HOUSE] == [9, 4, 1, 0]


def test_what_is_not_in_place_and_what_nobody_knows_of_is_open() -> None:
    found = against("burglary", answered(Choice.NO, "lock"), answered(Choice.UNSURE, "alarm"))

    assert (found.open, found.unknown, found.total) == (13, 1, 14)


def test_what_is_in_place_is_neither_open_nor_unknown() -> None:
    found = against("burglary", answered(Choice.YES, "lock", "alarm", "lamp"))

    assert (found.open, found.unknown, found.total) == (0, 0, 14)


def test_what_isnt_theirs_is_no_part_of_the_sum() -> None:
    found = against("burglary", answered(Choice.NOT_MINE, "lock"), answered(Choice.NO, "lamp"))

    assert (found.open, found.unknown, found.total) == (1, 4, 5)


def test_an_answer_with_a_note_and_no_choice_is_unknown() -> None:
    assert against("burglary", answered(None, "lock")).unknown == 14


def test_each_part_of_the_number_can_be_shown() -> None:
    found = against("fire", answered(Choice.NO, "alarm"), answered(Choice.YES, "bucket"))

    assert [(each.item.id, each.points, each.choice, each.is_open) for each in found.shares] == [
        ("alarm", 2, Choice.NO, True),
        ("bucket", 4, Choice.YES, False),
    ]


def test_what_weighs_more_comes_before_what_is_more_open() -> None:
    everything = answered(Choice.NO, "lock", "alarm", "lamp", "bucket")

    def order(**levels: int) -> list[str]:
        return [each.threat for each in exposures(HOUSE, everything, level(**levels))]

    assert order() == ["burglary", "fire", "flood"]
    assert order(fire=2) == ["burglary", "fire", "flood"]
    assert order(fire=3) == ["fire", "burglary", "flood"]


def test_where_nothing_is_open_what_weighs_more_comes_first() -> None:
    found = exposures([], {}, {"fire": Weight(1), "flood": Weight(3)})

    assert [(each.threat, each.total) for each in found] == [("flood", 0), ("fire", 0)]
