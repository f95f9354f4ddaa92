"""Drills: they begin with a yes, come back on their day, and are put off, put away and added."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.curriculum.model import Curriculum, Drill
from app.learning.answers import Answer, Choice
from app.learning.drills import (
    FURTHEST,
    Decided,
    Drills,
    Place,
    Standing,
    add,
    done,
    put_away,
    put_off,
    standing,
    standings,
)

DAY = date(2026, 11, 25)
DAYS = st.dates(DAY, DAY + timedelta(days=900))
DECIDED = st.builds(Decided, st.none() | DAYS, DAYS, st.none() | DAYS, st.booleans())
STATES = st.dictionaries(st.sampled_from(["a", "b", "c"]), DECIDED).map(Drills)


@pytest.fixture(scope="module")
def drill(curriculum: Curriculum) -> Drill:
    return curriculum.drills_by_id["dl-two-words"]


def answered(choice: Choice | None, day: date = DAY) -> Answer:
    return Answer(choice, "", day)


YES, NO = answered(Choice.YES), answered(Choice.NO)


def test_a_drill_is_ones_own_once_its_statement_is_true(drill: Drill) -> None:
    for answer in (None, NO, answered(None), answered(Choice.UNSURE), answered(Choice.NOT_MINE)):
        assert standing(drill, answer, Drills()) == Standing(drill, Place.OFFERED)

    mine = standing(drill, YES, Drills())

    assert (mine.place, mine.due_on) == (Place.MINE, DAY + timedelta(days=drill.days))
    assert not mine.is_due(DAY + timedelta(days=drill.days - 1))
    assert mine.is_due(DAY + timedelta(days=drill.days))


def test_removal_requests_are_looked_at_after_30_and_90_days(curriculum: Curriculum) -> None:
    requests = curriculum.drills_by_id["dl-requests"]

    first = standing(requests, YES, Drills())
    assert first.due_on == DAY + timedelta(days=30)
    state = done(Drills(), first, DAY + timedelta(days=30))
    assert standing(requests, YES, state).due_on == DAY + timedelta(days=90)


def test_done_it_comes_back_when_its_time_is_over(drill: Drill) -> None:
    late = DAY + timedelta(days=400)
    state = done(Drills(), standing(drill, YES, Drills()), late)

    again = standing(drill, YES, state)

    assert (again.due_on, again.done_on) == (late + timedelta(days=drill.days), late)
    assert done(state, again, late) == state, "pressed twice it is done once"


def test_not_now_is_in_a_week_or_on_a_day_within_a_year(drill: Drill) -> None:
    mine = standing(drill, YES, Drills())

    def until(day: date | None) -> date | None:
        return standing(drill, YES, put_off(Drills(), mine, day, DAY)).due_on

    assert until(None) == DAY + timedelta(days=7)
    assert until(DAY + timedelta(days=40)) == DAY + timedelta(days=40)
    assert until(DAY - timedelta(days=1)) == DAY
    assert until(DAY + timedelta(days=4000)) == DAY + FURTHEST


def test_put_away_it_stays_away_until_it_is_added(drill: Drill) -> None:
    state = done(Drills(), standing(drill, YES, Drills()), DAY)
    state = put_away(state, standing(drill, YES, state), DAY)
    away = standing(drill, YES, state)
    assert (away.place, away.due_on, away.done_on) == (Place.AWAY, None, DAY)

    state = add(state, away, DAY)

    mine = standing(drill, NO, state)
    assert (mine.place, mine.due_on, mine.done_on) == (Place.MINE, DAY, DAY)
    assert add(state, mine, DAY + timedelta(days=3)) is state


def test_what_is_no_longer_true_isnt_kept_alive_unless_it_was_added(drill: Drill) -> None:
    from_answer = done(Drills(), standing(drill, YES, Drills()), DAY)
    assert standing(drill, NO, from_answer).place is Place.OFFERED
    assert standing(drill, YES, from_answer).place is Place.MINE

    by_hand = add(Drills(), standing(drill, NO, Drills()), DAY)
    by_hand = done(by_hand, standing(drill, NO, by_hand), DAY)
    assert standing(drill, NO, by_hand).place is Place.MINE
    by_hand = put_off(by_hand, standing(drill, NO, by_hand), None, DAY)
    assert standing(drill, None, by_hand).place is Place.MINE


def test_ones_own_come_first_by_their_days(curriculum: Curriculum) -> None:
    taught = curriculum.drills
    answers = {
        "kd-two-words": answered(Choice.YES, DAY),
        "ac-chats-locked": answered(Choice.YES, DAY),
        "kd-one-line-rule": NO,
    }
    state = put_away(Drills(), standing(taught[0], answers["kd-two-words"], Drills()), DAY)

    found = standings(taught, answers, state)

    assert [each.drill.id for each in found[:2]] == ["dl-linked-devices", "dl-change-words"]
    assert [each.place for each in found].count(Place.MINE) == 2
    assert found[-1].drill.id == "dl-two-words"
    assert len(found) == len(taught)


@given(STATES, STATES)
def test_joined_what_was_decided_later_stands_and_no_day_is_lost(kept: Drills, guest: Drills) -> None:
    joined = kept.joined_with(guest)

    assert set(joined.decided) == {*kept.decided, *guest.decided}
    assert joined.joined_with(guest) == joined
    for name, decided in joined.decided.items():
        both = [state.decided[name] for state in (guest, kept) if name in state.decided]
        latest = max(both, key=lambda each: each.decided_on)
        assert (decided.due_on, decided.added) == (latest.due_on, latest.added)
        assert decided.done_on == max((each.done_on for each in both if each.done_on), default=None)
