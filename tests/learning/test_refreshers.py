"""Refreshers: what was missed comes back on its day and not before, mixed, and the same way every time."""

import json
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import fsrs
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.curriculum.model import Curriculum
from app.learning import refreshers
from app.learning.quiz import ResponseIncomplete, solution
from app.learning.refreshers import (
    LONGEST,
    MOST,
    SET,
    Card,
    Refreshers,
    answer,
    bank_of,
    begin,
    draw,
    due,
    interleaved,
    next_day,
    note,
    set_of,
    to_look_at_again,
)
from tests.web.practice import wrong

DAY = date(2026, 11, 25)
KEPT = TypeAdapter(Refreshers)
#: What somebody does with one question: days later, right or not, sure or not.
TURNS = st.lists(st.tuples(st.integers(0, 400), st.booleans(), st.booleans()), max_size=30)
NAMES = st.sampled_from(["a", "b", "c"])


@pytest.fixture(scope="module")
def bank(curriculum: Curriculum) -> dict[str, refreshers.Asked]:
    return bank_of(curriculum.modules)


def played(
    turns: list[tuple[int, bool, bool]], name: str = "a", state: Refreshers | None = None
) -> Refreshers:
    day, state = DAY, state or Refreshers()
    for later, right, unsure in turns:
        day += timedelta(days=later)
        state = note(state, name, right=right, unsure=unsure, today=day)
    return state


def missed(names: list[str], day: date = DAY) -> Refreshers:
    state = Refreshers()
    for name in names:
        state = note(state, name, right=False, unsure=False, today=day)
    return state


def some_of(bank: dict[str, refreshers.Asked], each: int, *modules: str) -> list[str]:
    """The first questions of some modules."""
    found = []
    for module in modules:
        found += [name for name, asked in bank.items() if asked.module.id == module][:each]
    return found


def test_what_was_missed_is_due_the_next_day_and_not_before(bank) -> None:
    (name,) = some_of(bank, 1, "doxxing")
    state = missed([name])

    assert due(state, DAY, bank) == []
    assert due(state, DAY + timedelta(days=1), bank) == [name]
    assert next_day(state, bank) == DAY + timedelta(days=1)


def test_what_was_guessed_comes_back_sooner_than_what_was_known(bank) -> None:
    def comes_back(*, right: bool, unsure: bool) -> timedelta:
        state = played([(0, False, False), (1, True, False), (2, right, unsure)])
        return state.cards["a"].due_on - state.cards["a"].reviewed_on

    assert comes_back(right=False, unsure=False) < comes_back(right=True, unsure=True)
    assert comes_back(right=True, unsure=True) < comes_back(right=True, unsure=False)
    # Being unsure makes a wrong answer no worse.
    assert comes_back(right=False, unsure=True) == comes_back(right=False, unsure=False)


def test_known_each_time_it_comes_back_later_and_later_and_at_most_after_half_a_year() -> None:
    state, waits = missed(["a"]), []
    for _ in range(12):
        today = state.cards["a"].due_on
        state = note(state, "a", right=True, unsure=False, today=today)
        waits.append((state.cards["a"].due_on - today).days)

    assert waits == sorted(waits)
    assert waits[0] >= 2
    assert waits[-1] == LONGEST


@given(TURNS)
def test_every_review_is_of_whole_days_within_the_bounds_and_the_same_again(turns) -> None:
    state = played(turns)

    assert state == played(turns)
    for card in state.cards.values():
        assert 1 <= (card.due_on - card.reviewed_on).days <= LONGEST
        assert refreshers.STABILITY[0] <= card.stability <= refreshers.STABILITY[1]
        assert refreshers.DIFFICULTY[0] <= card.difficulty <= refreshers.DIFFICULTY[1]


@given(TURNS, TURNS)
def test_what_is_kept_is_read_back_as_it_was_and_goes_on_the_same(first, then) -> None:
    state = played(first)

    read = KEPT.validate_python(json.loads(json.dumps(KEPT.dump_python(state, mode="json"))))

    assert read == state
    assert played(then, "b", read) == played(then, "b", state)


@given(st.integers(0, 3000), st.integers(0, 3000), st.booleans(), st.booleans())
def test_on_one_day_a_question_counts_once(start, later, right, unsure) -> None:
    state = played([(start, False, False), (later, right, unsure)])
    today = state.cards["a"].reviewed_on

    assert note(state, "a", right=not right, unsure=not unsure, today=today) == state


def test_the_weights_are_the_librarys_own_and_nothing_is_left_to_chance() -> None:
    assert DEFAULT_PARAMETERS == refreshers.WEIGHTS
    scheduler = refreshers._SCHEDULER
    assert scheduler.desired_retention == refreshers.RETENTION == 0.9
    assert not scheduler.enable_fuzzing
    assert fsrs.Scheduler(refreshers.WEIGHTS).parameters == scheduler.parameters


@pytest.mark.parametrize(
    ("stability", "difficulty"),
    [(0.0, 5.0), (-1.0, 5.0), (float("nan"), 5.0), (float("inf"), 5.0), (1.0, 0.5), (1.0, 11.0)],
)
def test_a_card_that_no_review_leads_to_is_refused(stability, difficulty) -> None:
    with pytest.raises(ValueError, match="no review"):
        Card(stability, difficulty, DAY, DAY)
    raw = {
        "stability": stability,
        "difficulty": difficulty,
        "reviewed_on": "2026-11-25",
        "due_on": "2026-11-26",
    }
    with pytest.raises(ValidationError):
        KEPT.validate_python({"cards": {"a": raw}})


@given(st.dictionaries(NAMES, TURNS), st.dictionaries(NAMES, TURNS))
def test_joined_each_card_is_the_one_reviewed_later_whichever_comes_first(here, there) -> None:
    mine, theirs = Refreshers(), Refreshers()
    for name, turns in here.items():
        mine = played(turns, name, mine)
    for name, turns in there.items():
        theirs = played(turns, name, theirs)

    joined = mine.joined_with(theirs)

    assert joined.cards == theirs.joined_with(mine).cards
    assert joined.joined_with(theirs) == joined
    assert set(joined.cards) == {*mine.cards, *theirs.cards}
    for name, card in joined.cards.items():
        both = [state.cards[name] for state in (mine, theirs) if name in state.cards]
        assert card in both
        assert card.reviewed_on == max(each.reviewed_on for each in both)


def test_joined_the_set_under_way_is_gone_on_with(bank) -> None:
    names = some_of(bank, 1, "doxxing", "risk")
    tomorrow = DAY + timedelta(days=1)
    begun = begin(missed(names), "one", tomorrow, bank)
    ended = begin(missed(names), "two", tomorrow, bank)
    for name in names:
        question = bank[name].question
        ended = answer(ended, question, solution(question), unsure=False, today=tomorrow)

    assert ended.joined_with(begun).set == begun.joined_with(ended).set == begun.set
    assert ended.joined_with(Refreshers()).set == Refreshers().joined_with(ended).set == ended.set


def test_no_more_is_kept_than_fits_and_what_is_known_best_goes() -> None:
    weak = missed([f"weak-{number:03}" for number in range(MOST)])
    strong = played([(0, True, False), (3, True, False)], "strong")

    joined = weak.joined_with(strong)

    assert len(joined.cards) == MOST
    assert "strong" not in joined.cards
    assert len(note(weak, "another", right=False, unsure=False, today=DAY).cards) == MOST


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.text(max_size=8))
def test_a_set_mixes_modules_repeats_nothing_and_is_small(curriculum, modules, seed) -> None:
    bank = bank_of(curriculum.modules)
    ids = [module.id for module in curriculum.modules]
    wanted = Counter(ids["abcdefgh".index(letter)] for letter in modules)
    names = [name for module, many in wanted.items() for name in some_of(bank, many, module)]
    state = missed(names)
    tomorrow = DAY + timedelta(days=1)

    drawn = draw(state, seed, tomorrow, bank)

    assert drawn == draw(state, seed, tomorrow, bank)
    assert len(drawn) == len(set(drawn)) == min(SET, len(names))
    assert set(drawn) <= set(names)
    of = [bank[name].module.id for name in drawn]
    assert len(set(of)) == min(SET, len({bank[name].module.id for name in names}))
    most = max(Counter(of).values(), default=0)
    in_a_row = sum(one == other for one, other in pairwise(of))
    assert in_a_row == max(0, most - (len(of) - most) - 1)
    assert draw(state, seed, DAY, bank) == ()


def test_interleaving_keeps_them_apart_where_that_can_be(bank) -> None:
    names = some_of(bank, 3, "doxxing") + some_of(bank, 1, "risk", "accounts")

    of = [bank[name].module.id for name in interleaved(names, bank)]

    assert of[0::2] == ["doxxing"] * 3
    assert sorted(of[1::2]) == ["accounts", "risk"]


def test_what_has_been_due_longest_of_a_module_comes_first(bank) -> None:
    names = some_of(bank, 8, "doxxing")
    state = Refreshers()
    for number, name in enumerate(names):
        state = note(state, name, right=False, unsure=False, today=DAY - timedelta(days=number))

    drawn = draw(state, "seed", DAY + timedelta(days=1), bank)

    assert set(drawn) == set(names[-SET:])


def test_a_set_is_begun_gone_on_with_and_ended(bank) -> None:
    names = some_of(bank, 2, "doxxing", "risk")
    tomorrow = DAY + timedelta(days=1)
    before = missed(names)
    assert begin(before, "seed", DAY, bank) is before, "nothing is due"
    state = begin(before, "seed", tomorrow, bank)
    assert begin(state, "another seed", tomorrow, bank) is state, "one is under way"

    current = set_of(state, bank)
    assert current is not None
    first, second, *others = current.questions
    one = bank[first].question
    with pytest.raises(ResponseIncomplete):
        answer(state, one, {}, unsure=False, today=tomorrow)
    state = answer(state, one, wrong(one), unsure=False, today=tomorrow)
    assert answer(state, one, solution(one), unsure=False, today=tomorrow) == state, "what was given stands"
    two = bank[second].question
    state = answer(state, two, solution(two), unsure=True, today=tomorrow)
    for name in others:
        state = answer(
            state, bank[name].question, solution(bank[name].question), unsure=False, today=tomorrow
        )

    current = set_of(state, bank)
    assert current is not None
    assert current.finished
    assert [asked.question.id for _, asked in to_look_at_again(current, bank)] == [first, second]
    assert due(state, tomorrow, bank) == [], "nothing of it comes back on the same day"
    assert state.cards[first].due_on == tomorrow + timedelta(days=1)
    assert all(state.cards[name].due_on > state.cards[first].due_on for name in others)


def test_a_question_that_left_the_content_is_dropped(bank) -> None:
    names = some_of(bank, 1, "doxxing", "risk", "accounts")
    tomorrow = DAY + timedelta(days=1)
    state = begin(missed(names), "seed", tomorrow, bank)
    smaller = {name: asked for name, asked in bank.items() if name != names[0]}

    assert due(state, tomorrow, smaller) == sorted(names[1:])
    current = set_of(state, smaller)
    assert current is not None
    assert set(current.questions) == set(names[1:])
    for name in names[1:]:
        question = smaller[name].question
        state = answer(state, question, solution(question), unsure=False, today=tomorrow)
    left = begin(state, "next", tomorrow + timedelta(days=30), smaller)
    assert set(left.cards) == set(names[1:])
    assert next_day(missed(names), {}) is None
    assert set_of(state, {}) is None


def test_an_answer_outside_the_set_changes_nothing(bank) -> None:
    one, other = some_of(bank, 2, "doxxing")
    tomorrow = DAY + timedelta(days=1)
    state = begin(missed([one]), "seed", tomorrow, bank)
    question = bank[other].question

    assert answer(state, question, solution(question), unsure=False, today=tomorrow) is state
    assert answer(Refreshers(), question, solution(question), unsure=False, today=tomorrow) == Refreshers()
