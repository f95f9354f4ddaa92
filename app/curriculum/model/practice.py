"""What people practise with: quizzes and scenarios."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.curriculum.model.texts import Audience, Id, Reviewed, Text, Value


class QuestionKind(StrEnum):
    """The six ways to ask."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true-false"
    ORDERING = "ordering"
    MATCHING = "matching"
    SPOT_THE_LEAK = "spot-the-leak"


class Option(Value):
    """One thing to choose, place or match, with feedback that teaches whether it was chosen or not.

    `right` is for single, multiple, true-false and spot-the-leak; ordering takes the order of the
    file as the right one; matching pairs each option with its `match`.
    """

    id: Id
    text: Text
    feedback: Text
    right: bool = False
    match: Text | None = None


class Question(Reviewed):
    """One question of a module's bank."""

    id: Id
    kind: QuestionKind
    prompt: Text
    post: Text | None = None
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=8)]
    lesson: Id
    myth: Text | None = None


class Quiz(Value):
    """A module's question bank."""

    module: Id
    ask: Annotated[int, Field(ge=1, le=20)] = 6
    pass_mark: Annotated[int, Field(ge=1, le=20)] = 5
    questions: tuple[Question, ...]


class Quality(StrEnum):
    """How well an ending turned out, or a choice served the person."""

    BEST = "best"
    MIDDLING = "middling"
    WORST = "worst"


class Choice(Value):
    """A turn the reader may take, and what follows from it."""

    id: Id
    text: Text
    consequence: Text
    to: Id
    quality: Quality


class Node(Value):
    """A moment of a scenario: choices to make, or an ending. `views` tells it differently by role."""

    id: Id
    text: Text
    views: dict[Audience, Text] = Field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    ending: Quality | None = None


class Scenario(Reviewed):
    """A made-up case with decisions, in the second person."""

    id: Id
    title: Text
    content_note: Text | None = None
    start: Id
    nodes: tuple[Node, ...]
