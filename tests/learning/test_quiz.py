"""Quizzes: what an attempt asks, in which order, and whether an answer is right, over the real bank and any seed."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.curriculum import load
from app.curriculum.model import Question, QuestionKind, Quiz
from app.learning.chance import shuffled
from app.learning.quiz import (
    CHOICE_KINDS,
    CHOSEN,
    ONE_CHOICE_KINDS,
    Answered,
    Attempt,
    QuizRecord,
    Response,
    ResponseIncomplete,
    answer,
    asked_at,
    begin,
    is_passed,
    is_right,
    matches_in_order,
    options_in_order,
    solution,
    to_look_at_again,
    whole,
)
from config import CHECKOUT

TODAY = date(2026, 11, 25)


@cache
def banks() -> tuple[Quiz, ...]:
    """Every module's bank."""
    return tuple(module.quiz for module in load(CHECKOUT).modules if module.quiz)


def bank() -> Quiz:
    """One of them, where it is an attempt that is looked at and not the questions."""
    return banks()[0]


def names() -> list[str]:
    return [question.id for question in bank().questions]


questions = st.deferred(lambda: st.sampled_from([each for quiz in banks() for each in quiz.questions]))
seeds = st.text(max_size=20)


@st.composite
def complete(draw: st.DrawFn, question: Question) -> Response:
    """Any response that answers the question."""
    options = [option.id for option in question.options]
    if question.kind in ONE_CHOICE_KINDS:
        return {draw(st.sampled_from(options)): CHOSEN}
    if question.kind in CHOICE_KINDS:
        return dict.fromkeys(draw(st.sets(st.sampled_from(options), min_size=1)), CHOSEN)
    if question.kind is QuestionKind.ORDERING:
        places = draw(st.permutations(range(1, len(options) + 1)))
        return {name: str(place) for name, place in zip(options, places, strict=True)}
    return {name: draw(st.sampled_from(options)) for name in options}


@st.composite
def answered(draw: st.DrawFn) -> tuple[Question, Response]:
    question = draw(questions)
    return question, draw(complete(question))


@given(questions)
def test_the_solution_is_right(question: Question) -> None:
    assert is_right(question, solution(question))


@given(answered())
def test_any_other_complete_response_is_wrong(given_answer: tuple[Question, Response]) -> None:
    question, response = given_answer

    assert is_right(question, response) is (response == solution(question))


@given(answered(), st.randoms(use_true_random=False))
def test_in_whatever_order_the_options_are_given(
    given_answer: tuple[Question, Response], random: st.random_module
) -> None:
    question, response = given_answer
    entries = list(response.items())
    random.shuffle(entries)  # type: ignore[attr-defined]

    assert is_right(question, dict(entries)) is is_right(question, response)


@given(questions, st.dictionaries(st.text(max_size=12), st.text(max_size=3), max_size=6))
def test_what_is_made_up_answers_nothing(question: Question, response: Response) -> None:
    with pytest.raises(ResponseIncomplete):
        is_right(question, response)


@given(answered(), st.data())
def test_a_response_that_lacks_or_doubles_something_is_refused(
    given_answer: tuple[Question, Response], data: st.DataObject
) -> None:
    question, response = given_answer
    name = data.draw(st.sampled_from(sorted(response)))
    faulty: list[Response] = [{}, {**response, "no-such-option": CHOSEN}, {**response, name: "no-such-value"}]
    if question.kind in ONE_CHOICE_KINDS:
        faulty.append({option.id: CHOSEN for option in question.options})
    if question.kind not in CHOICE_KINDS:
        faulty.append({key: value for key, value in response.items() if key != name})
    if question.kind is QuestionKind.ORDERING:
        other = next(key for key in response if key != name)
        faulty.append({**response, name: response[other]})
        faulty.append({**response, name: "0"})

    for wrong in faulty:
        with pytest.raises(ResponseIncomplete):
            is_right(question, wrong)


@given(seeds, st.text(max_size=10), st.lists(st.text(max_size=8), unique=True))
def test_the_same_seed_gives_the_same_order_wherever_one_begins(
    seed: str, purpose: str, ids: list[str]
) -> None:
    once = shuffled(seed, purpose, ids)

    assert once == shuffled(seed, purpose, reversed(ids))
    assert sorted(once) == sorted(ids)


def test_the_order_is_the_same_on_any_machine_and_in_any_year() -> None:
    assert shuffled("seed", "order", "abcdef") == tuple("afdceb")


@given(questions, seeds)
def test_options_are_shown_all_of_them_and_never_in_an_order_that_is_the_solution(
    question: Question, seed: str
) -> None:
    shown, written = options_in_order(question, seed), tuple(option.id for option in question.options)

    assert sorted(shown) == sorted(written)
    assert sorted(matches_in_order(question, seed)) == sorted(written)
    assert options_in_order(question, seed) == shown
    if question.kind is QuestionKind.ORDERING:
        assert shown != written
    if question.kind is QuestionKind.TRUE_FALSE:
        assert shown == written


def test_over_many_seeds_the_right_option_stands_in_every_place_as_often() -> None:
    tries = 1200
    for question in (each for quiz in banks() for each in quiz.questions):
        if question.kind is not QuestionKind.SINGLE:
            continue
        (right,) = solution(question)
        places = [options_in_order(question, str(seed)).index(right) for seed in range(tries)]
        fair = tries / len(question.options)
        for place in range(len(question.options)):
            assert 0.8 * fair < places.count(place) < 1.2 * fair, (question.id, place)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("pick", [max, min])
def test_whoever_always_takes_the_longest_or_the_shortest_option_is_right_half_the_time_at_most(
    pick: Callable[[list[int]], int], language: str
) -> None:
    for quiz in banks():
        hits = []
        for question in quiz.questions:
            if question.kind is QuestionKind.SINGLE:
                lengths = {option.id: len(option.text.in_language(language)) for option in question.options}
                (right,) = solution(question)
                hits.append(lengths[right] == pick(list(lengths.values())))
        assert sum(hits) <= len(hits) / 2, quiz.questions[0].id


def test_over_many_seeds_every_question_is_asked_first_as_often() -> None:
    tries = 1800
    drawn = [name for seed in range(tries) for name in drawn_by(begin(bank(), QuizRecord(), str(seed)))]

    fair = tries * bank().ask / len(names())
    assert {name for name in names() if not 0.8 * fair < drawn.count(name) < 1.2 * fair} == set()


def drawn_by(record: QuizRecord) -> tuple[str, ...]:
    assert record.attempt is not None
    return record.attempt.questions


def finished(record: QuizRecord, *, right: int = 99, today: date = TODAY) -> QuizRecord:
    """The attempt under way answered to its end, the first `right` of them rightly."""
    by_id = {question.id: question for question in bank().questions}
    for place, name in enumerate(drawn_by(record)):
        response = solution(by_id[name]) if place < right else wrong(by_id[name])
        record = answer(bank(), record, by_id[name], response, today)
    return record


def wrong(question: Question) -> Response:
    """A complete response that isn't right."""
    options = [option.id for option in question.options]
    if question.kind in CHOICE_KINDS:
        return {next(option.id for option in question.options if not option.right): CHOSEN}
    if question.kind is QuestionKind.ORDERING:
        return {name: str(place) for place, name in enumerate(reversed(options), 1)}
    return dict.fromkeys(options, options[0])


@given(st.lists(seeds, min_size=1, max_size=12), st.integers(1, 7))
def test_no_attempt_repeats_a_question_while_there_is_one_that_was_never_asked(
    drawn: list[str], ask: int
) -> None:
    quiz = bank().model_copy(update={"ask": ask})
    record, seen = QuizRecord(), list[str]()
    for seed in drawn:
        record = begin(quiz, record, seed)
        asked = drawn_by(record)
        assert len(set(asked)) == len(asked) == ask
        repeated, unseen = [name for name in asked if name in seen], set(names()) - set(seen)
        assert not repeated or unseen <= set(asked)
        longest_ago = list(dict.fromkeys(reversed(seen)))[::-1][: len(repeated)]
        assert set(repeated) == set(longest_ago), "what was asked longest ago comes again first"
        seen += asked
        record = finished(record)


@given(seeds, seeds, st.integers(0, 5))
def test_an_attempt_under_way_is_gone_on_with(one: str, other: str, so_far: int) -> None:
    record = begin(bank(), QuizRecord(), one)
    by_id = {question.id: question for question in bank().questions}
    for name in drawn_by(record)[:so_far]:
        record = answer(bank(), record, by_id[name], solution(by_id[name]), TODAY)

    assert begin(bank(), record, other) == record


@given(seeds, st.sets(st.integers(0, 5)))
def test_the_next_place_is_the_first_without_an_answer(seed: str, answered_places: set[int]) -> None:
    record = begin(bank(), QuizRecord(), seed)
    by_id = {question.id: question for question in bank().questions}
    for place in answered_places:
        name = drawn_by(record)[place]
        record = answer(bank(), record, by_id[name], solution(by_id[name]), TODAY)

    attempt = record.attempt
    assert attempt is not None
    assert attempt.next_place == min({*range(6)} - answered_places, default=6) + 1
    assert attempt.finished is (len(answered_places) == 6)


@given(answered(), st.data(), seeds)
def test_an_answer_that_was_given_stands(
    given_answer: tuple[Question, Response], data: st.DataObject, seed: str
) -> None:
    question, response = given_answer
    record = QuizRecord(Attempt(seed, (question.id,)))

    once = answer(bank(), record, question, response, TODAY)
    again = answer(bank(), once, question, data.draw(complete(question)), TODAY + timedelta(1))

    assert again == once
    assert once.attempt is not None
    assert once.attempt.answers == {question.id: Answered(response, response == solution(question))}


def test_a_question_of_another_attempt_is_not_answered() -> None:
    first, second = bank().questions[:2]
    record = QuizRecord(Attempt("s", (first.id,)))

    assert answer(bank(), record, second, solution(second), TODAY) == record
    assert answer(bank(), QuizRecord(), second, solution(second), TODAY) == QuizRecord()


@given(seeds, st.integers(0, 6))
def test_five_of_six_pass_and_the_first_day_of_a_pass_stays(seed: str, right: int) -> None:
    record = finished(begin(bank(), QuizRecord(), seed), right=right)

    attempt = record.attempt
    assert attempt is not None
    assert attempt.right == right
    assert is_passed(bank(), attempt) is (right >= 5)
    assert record.passed_on == (TODAY if right >= 5 else None)
    assert [place for place, _ in to_look_at_again(bank(), attempt)] == list(range(right + 1, 7))
    later = finished(begin(bank(), record, seed + "x"), right=6, today=TODAY + timedelta(9))
    assert later.passed_on == (record.passed_on or TODAY + timedelta(9))


@given(seeds)
def test_an_attempt_that_lost_a_question_is_begun_anew_and_what_was_asked_is_remembered(seed: str) -> None:
    record = begin(bank(), QuizRecord(), seed)
    lost = drawn_by(record)[0]
    smaller = bank().model_copy(
        update={"questions": tuple(question for question in bank().questions if question.id != lost)}
    )

    assert whole(smaller, record.attempt) is None
    anew = begin(smaller, record, seed)
    assert lost not in drawn_by(anew)
    assert not set(drawn_by(anew)) & set(drawn_by(record))


def test_there_is_a_question_at_every_place_and_none_beside() -> None:
    attempt = Attempt("s", tuple(names()[:6]))

    found = [asked_at(bank(), attempt, place) for place in range(-1, 9)]

    assert [question.id if question else None for question in found] == [None, None, *names()[:6], None, None]


@st.composite
def records(draw: st.DrawFn) -> QuizRecord:
    """What somebody may have done: some attempts, the last of them perhaps not to its end."""
    record, day = QuizRecord(), TODAY
    for seed in draw(st.lists(seeds, max_size=3)):
        day += timedelta(1)
        record = finished(begin(bank(), record, seed), right=draw(st.integers(0, 6)), today=day)
    if draw(st.booleans()):
        record = begin(bank(), record, draw(seeds))
    return record


@given(records(), records())
def test_two_records_joined_lose_no_pass_no_further_attempt_and_nothing_that_was_asked(
    one: QuizRecord, other: QuizRecord
) -> None:
    joined = one.joined_with(other)

    days = [day for day in (one.passed_on, other.passed_on) if day]
    assert joined.passed_on == min(days, default=None)
    lengths = [len(record.attempt.answers) if record.attempt else -1 for record in (one, other)]
    assert (len(joined.attempt.answers) if joined.attempt else -1) == max(lengths)
    asked = {name for record in (one, other) for name in everything_asked(record)}
    assert set(everything_asked(joined)) == asked
    assert len(everything_asked(joined)) == len(asked)
    itself = one.joined_with(one)
    assert (itself.attempt, itself.passed_on) == (one.attempt, one.passed_on)
    assert everything_asked(itself) == everything_asked(one)


def everything_asked(record: QuizRecord) -> list[str]:
    """What was asked, longest ago first, each at its latest time."""
    latest = record.attempt.questions if record.attempt else ()
    return [*(name for name in record.asked_before if name not in latest), *latest]
