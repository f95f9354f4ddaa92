"""Refreshers: questions that were missed or unsure come back, each when it is about to be forgotten.

The spacing is FSRS-6 (Free Spaced Repetition Scheduler), as the MIT-licensed library `fsrs` computes it. It rests on:
J. Ye, J. Su and Y. Cao, *A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling* (KDD 2022,
doi 10.1145/3534678.3539081). Its default weights stand below, so that a newer library spaces nothing otherwise. Nothing
of it is left to chance or to the hour: the library's fuzzing is off, it has no learning steps of minutes, and a day is
its midnight in UTC.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import NamedTuple

import fsrs

from app.curriculum.model import Module, Question
from app.learning.chance import shuffled
from app.learning.quiz import Answered, Attempt, Response, is_right

#: The default weights of FSRS-6, as `fsrs` 6.3 has them: nobody's own answers are fitted to.
WEIGHTS = (
    *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
    *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
)
#: A question comes back when the chance to know it has fallen to this: the authors' own default (the README of `fsrs`).
RETENTION = 0.9
#: Days after which a question comes back at the latest, however well it is known: advice is reviewed twice a year.
LONGEST = 180
#: Questions of a set: a question takes about a minute (see `Module.minutes_of`), and a set five.
SET = 5
#: Questions that are kept at most: more than any curriculum has, so that what is sealed stays small.
MOST = 500
#: The bounds of what FSRS remembers; its own lower ones, and a hundred years.
STABILITY, DIFFICULTY = (0.001, 36_500.0), (1.0, 10.0)

_SCHEDULER = fsrs.Scheduler(
    WEIGHTS, RETENTION, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False
)


class Asked(NamedTuple):
    """A question that can come back, with the module it belongs to."""

    module: Module
    question: Question


#: Every question that there is, by its id.
Bank = Mapping[str, Asked]


@dataclass(frozen=True)
class Card:
    """What FSRS remembers of one question: in days how stable it is, from 1 to 10 how hard, and when it comes back.

    Raises ValueError for what no review leads to.
    """

    stability: float
    difficulty: float
    reviewed_on: date
    due_on: date

    def __post_init__(self) -> None:
        for value, (least, most) in ((self.stability, STABILITY), (self.difficulty, DIFFICULTY)):
            if not least <= value <= most:
                raise ValueError("no review leads to this")


@dataclass(frozen=True)
class Refreshers:
    """What is kept: a card for each question that comes back, and the set under way or last ended."""

    cards: dict[str, Card] = field(default_factory=dict)
    set: Attempt | None = None

    def joined_with(self, other: "Refreshers") -> "Refreshers":
        """The card of each question that was reviewed later, of one day the one known less; the set under way."""
        cards = dict(self.cards)
        for name, card in other.cards.items():
            cards[name] = max(card, cards.get(name, card), key=_later)
        return _bounded(Refreshers(cards, max(self.set, other.set, key=_further)))


def _later(card: Card) -> tuple[date, int, float, float]:
    """What was reviewed later before what was earlier, and of one day what is known less."""
    return card.reviewed_on, -card.due_on.toordinal(), -card.stability, card.difficulty


def _further(attempt: Attempt | None) -> tuple[bool, int]:
    """What is under way before what is over, and the further one of two."""
    return (False, -1) if attempt is None else (not attempt.finished, len(attempt.answers))


def bank_of(modules: Iterable[Module]) -> dict[str, Asked]:
    """Every question of these modules."""
    return {
        question.id: Asked(module, question)
        for module in modules
        if module.quiz
        for question in module.quiz.questions
    }


def note(state: Refreshers, name: str, *, right: bool, unsure: bool, today: date) -> Refreshers:
    """The state after a question was answered, in a quiz or in a set: from now on it comes back.

    Wrong is FSRS's "again", right but unsure "hard", right "good". A question counts once a day: the second time
    one still has the feedback in one's ear.
    """
    known = state.cards.get(name)
    if known is not None and known.reviewed_on == today:
        return state
    rating = fsrs.Rating.Again if not right else fsrs.Rating.Hard if unsure else fsrs.Rating.Good
    return _bounded(replace(state, cards={**state.cards, name: _reviewed(known, rating, today)}))


def _reviewed(known: Card | None, rating: fsrs.Rating, today: date) -> Card:
    # The library would number a card by the clock. Ours are known by their question, so any number does.
    before = fsrs.Card(card_id=0, due=_midnight(today))
    if known is not None:
        before = fsrs.Card(
            0, fsrs.State.Review, None, known.stability, known.difficulty, _midnight(known.due_on),
            _midnight(known.reviewed_on),
        )  # fmt: skip
    after, _ = _SCHEDULER.review_card(before, rating, _midnight(today))
    stability, difficulty = after.stability or STABILITY[0], after.difficulty or DIFFICULTY[0]
    return Card(_within(stability, STABILITY), _within(difficulty, DIFFICULTY), today, after.due.date())


def _within(value: float, bounds: tuple[float, float]) -> float:
    least, most = bounds
    return min(max(value, least), most) if math.isfinite(value) else most


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _bounded(state: Refreshers) -> Refreshers:
    """Without what is known best, where there are more than are kept."""
    if len(state.cards) <= MOST:
        return state
    weakest = sorted(state.cards, key=lambda name: (state.cards[name].stability, name))[:MOST]
    return replace(state, cards={name: card for name, card in state.cards.items() if name in set(weakest)})


def due(state: Refreshers, today: date, bank: Bank) -> list[str]:
    """The questions that are due, those due longest first. One that left the content is due no more."""
    names = [name for name, card in state.cards.items() if card.due_on <= today and name in bank]
    return sorted(names, key=lambda name: (state.cards[name].due_on, name))


def next_day(state: Refreshers, bank: Bank) -> date | None:
    """The day on which the next question is due, or was; None if none comes back."""
    return min((card.due_on for name, card in state.cards.items() if name in bank), default=None)


def set_of(state: Refreshers, bank: Bank) -> Attempt | None:
    """The set under way or last ended, without the questions that left the content."""
    if state.set is None:
        return None
    left = tuple(name for name in state.set.questions if name in bank)
    return replace(state.set, questions=left) if left else None


def begin(state: Refreshers, seed: str, today: date, bank: Bank) -> Refreshers:
    """A new set from what is due, unless one is under way or nothing is due. Cards of what left the content go."""
    under_way = set_of(state, bank)
    if under_way is not None and not under_way.finished:
        return state
    drawn = draw(state, seed, today, bank)
    if not drawn:
        return state
    cards = {name: card for name, card in state.cards.items() if name in bank}
    return Refreshers(cards, Attempt(seed, drawn))


def draw(state: Refreshers, seed: str, today: date, bank: Bank) -> tuple[str, ...]:
    """The questions of a set, each once: from every module in turn the one due longest, then interleaved.

    Mixed practice is remembered better than practice in blocks, as far as that is known: D. Rohrer, *Interleaving Helps
    Students Distinguish among Similar Concepts* (Educational Psychology Review 24, 2012).
    """
    waiting = due(state, today, bank)
    by_chance = {name: place for place, name in enumerate(shuffled(seed, "draw", waiting))}
    waiting.sort(key=lambda name: (state.cards[name].due_on, by_chance[name]))
    queues = _by_module(waiting, bank)
    turns = (queue.popleft() for _ in waiting for queue in queues.values() if queue)
    chosen = [name for _, name in zip(range(SET), turns, strict=False)]
    return interleaved(shuffled(seed, "order", chosen), bank)


def interleaved(names: Iterable[str], bank: Bank) -> tuple[str, ...]:
    """The same questions, with no two of one module in a row where that can be."""
    queues = _by_module(names, bank)
    ordered: list[str] = []
    last = ""
    while any(queues.values()):
        left = [module for module, queue in queues.items() if queue]
        last = max([module for module in left if module != last] or left, key=lambda name: len(queues[name]))
        ordered.append(queues[last].popleft())
    return tuple(ordered)


def _by_module(names: Iterable[str], bank: Bank) -> dict[str, deque[str]]:
    queues: dict[str, deque[str]] = {}
    for name in names:
        queues.setdefault(bank[name].module.id, deque()).append(name)
    return queues


def answer(
    state: Refreshers, question: Question, response: Response, *, unsure: bool, today: date
) -> Refreshers:
    """The state with this answer of its set. An answer that was given stands: answering again changes nothing.

    Raises ResponseIncomplete.
    """
    current = state.set
    if current is None or question.id not in current.questions or question.id in current.answers:
        return state
    given = Answered(response, is_right(question, response), unsure)
    noted = note(state, question.id, right=given.right, unsure=unsure, today=today)
    return replace(noted, set=replace(current, answers={**current.answers, question.id: given}))


def to_look_at_again(current: Attempt, bank: Bank) -> list[tuple[int, Asked]]:
    """The questions of a set that were answered wrongly or unsurely, each with its place."""
    return [
        (place, bank[name])
        for place, name in enumerate(current.questions, 1)
        if name in bank and (given := current.answers.get(name)) and (given.unsure or not given.right)
    ]
