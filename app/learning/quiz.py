"""Quizzes: which questions an attempt asks, in which order, and whether an answer is right."""

from dataclasses import dataclass, field, replace
from datetime import date

from app.curriculum.model import Question, QuestionKind, Quiz
from app.learning.chance import shuffled

#: What was answered to a question, by option: "chosen", a place from "1", or the option whose match was picked.
Response = dict[str, str]

CHOSEN = "chosen"
CHOICE_KINDS = frozenset(
    {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE, QuestionKind.SPOT_THE_LEAK}
)
ONE_CHOICE_KINDS = frozenset({QuestionKind.SINGLE, QuestionKind.TRUE_FALSE})


class ResponseIncomplete(Exception):
    """The response doesn't answer the question: nothing chosen, a place given twice, something left over."""


@dataclass(frozen=True)
class Answered:
    """What somebody answered to one question, whether it was right, and whether they said that they weren't sure."""

    response: Response
    right: bool
    unsure: bool = False


@dataclass(frozen=True)
class Attempt:
    """One go at a quiz: the questions drawn, the seed of every order in it, and the answers so far."""

    seed: str
    questions: tuple[str, ...]
    answers: dict[str, Answered] = field(default_factory=dict)

    @property
    def right(self) -> int:
        """How many answers were right."""
        return sum(answer.right for answer in self.answers.values())

    @property
    def finished(self) -> bool:
        """Whether every question has an answer."""
        return all(question in self.answers for question in self.questions)

    @property
    def next_place(self) -> int:
        """The place, from 1, of the first question without an answer; after the last if there is none."""
        open_places = (place for place, name in enumerate(self.questions, 1) if name not in self.answers)
        return next(open_places, len(self.questions) + 1)


@dataclass(frozen=True)
class QuizRecord:
    """What is kept of a quiz: the attempt under way or last ended, what was asked before it, and the day of a pass.

    `asked_before` begins with what was asked longest ago.
    """

    attempt: Attempt | None = None
    asked_before: tuple[str, ...] = ()
    passed_on: date | None = None

    def joined_with(self, other: "QuizRecord") -> "QuizRecord":
        """What either has: the further attempt, everything asked, the first pass."""
        further = max((self, other), key=lambda record: len(record.attempt.answers) if record.attempt else -1)
        asked = tuple(dict.fromkeys((*_asked(other), *_asked(self))))
        latest = further.attempt.questions if further.attempt else ()
        days = [day for day in (self.passed_on, other.passed_on) if day is not None]
        before = tuple(name for name in asked if name not in latest)
        return QuizRecord(further.attempt, before, min(days, default=None))


def begin(quiz: Quiz, record: QuizRecord, seed: str) -> QuizRecord:
    """A new attempt, unless one is under way: questions never asked first, then those that were asked longest ago."""
    under_way = whole(quiz, record.attempt)
    if under_way is not None and not under_way.finished:
        return record
    before = _asked(record)
    names = [question.id for question in quiz.questions]
    fresh = [name for name in shuffled(seed, "draw", names) if name not in before]
    again = [name for name in before if name in names]
    drawn = [*fresh, *again][: min(quiz.ask, len(names))]
    return replace(record, attempt=Attempt(seed, shuffled(seed, "order", drawn)), asked_before=before)


def _asked(record: QuizRecord) -> tuple[str, ...]:
    """Every question that was asked so far, the longest ago first, each at its latest time."""
    latest = record.attempt.questions if record.attempt else ()
    return (*(name for name in record.asked_before if name not in latest), *latest)


def answer(
    quiz: Quiz,
    record: QuizRecord,
    question: Question,
    response: Response,
    today: date,
    *,
    unsure: bool = False,
) -> QuizRecord:
    """The record with this answer in it. An answer that was given stands: answering again changes nothing.

    Being unsure counts the same. Raises ResponseIncomplete.
    """
    attempt = record.attempt
    if attempt is None or question.id not in attempt.questions or question.id in attempt.answers:
        return record
    given = Answered(response, is_right(question, response), unsure)
    attempt = replace(attempt, answers={**attempt.answers, question.id: given})
    passed = attempt.finished and is_passed(quiz, attempt)
    return replace(record, attempt=attempt, passed_on=record.passed_on or (today if passed else None))


def whole(quiz: Quiz, attempt: Attempt | None) -> Attempt | None:
    """The attempt, if all its questions are still in the bank; one that lost a question can't be gone on with."""
    names = {question.id for question in quiz.questions}
    return attempt if attempt is not None and names.issuperset(attempt.questions) else None


def asked_at(quiz: Quiz, attempt: Attempt, place: int) -> Question | None:
    """The question at a place of an attempt, from 1; None where there is none."""
    if not 1 <= place <= len(attempt.questions):
        return None
    return next(
        (question for question in quiz.questions if question.id == attempt.questions[place - 1]), None
    )


def is_passed(quiz: Quiz, attempt: Attempt) -> bool:
    """Whether enough answers of an attempt are right."""
    return attempt.right >= min(quiz.pass_mark, len(attempt.questions))


def options_in_order(question: Question, seed: str) -> tuple[str, ...]:
    """The order in which an attempt shows a question's options. An ordering never shows its solution."""
    names = [option.id for option in question.options]
    if question.kind is QuestionKind.TRUE_FALSE:
        return tuple(names)
    shown = shuffled(seed, question.id, names)
    if question.kind is QuestionKind.ORDERING and list(shown) == names:
        shown = (*shown[1:], shown[0])
    return shown


def matches_in_order(question: Question, seed: str) -> tuple[str, ...]:
    """The order in which the matches of a matching question are offered, by the option that each belongs to."""
    return shuffled(seed, f"{question.id} matches", [option.id for option in question.options])


def solution(question: Question) -> Response:
    """The response that is right."""
    if question.kind in CHOICE_KINDS:
        return {option.id: CHOSEN for option in question.options if option.right}
    if question.kind is QuestionKind.ORDERING:
        return {option.id: str(place) for place, option in enumerate(question.options, 1)}
    return {option.id: option.id for option in question.options}


def is_right(question: Question, response: Response) -> bool:
    """Whether a response is right, all of it. Raises ResponseIncomplete for one that doesn't answer the question."""
    _check(question, response)
    return response == solution(question)


def _check(question: Question, response: Response) -> None:
    names = {option.id for option in question.options}
    if not response or not set(response) <= names:
        raise ResponseIncomplete
    if question.kind in CHOICE_KINDS:
        complete = set(response.values()) == {CHOSEN} and (
            question.kind not in ONE_CHOICE_KINDS or len(response) == 1
        )
    elif question.kind is QuestionKind.ORDERING:
        complete = sorted(response.values()) == sorted(str(place) for place in range(1, len(names) + 1))
    else:
        complete = set(response) == names and set(response.values()) <= names
    if not complete:
        raise ResponseIncomplete


def to_look_at_again(quiz: Quiz, attempt: Attempt) -> list[tuple[int, Question]]:
    """The questions of an attempt that were answered wrongly, each with its place, in the order of the places."""
    by_id = {question.id: question for question in quiz.questions}
    return [
        (place, by_id[name])
        for place, name in enumerate(attempt.questions, 1)
        if name in by_id and name in attempt.answers and not attempt.answers[name].right
    ]
