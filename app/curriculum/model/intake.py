"""What the kit asks of somebody's situation, and what follows from the answers for the order of their plan."""

from typing import Annotated

from pydantic import Field

from app.curriculum.model.texts import Audience, Id, Reviewed, Text, Value

#: Two minutes: nobody who is afraid fills in more.
MOST_QUESTIONS = 8


class IntakeOption(Value):
    """Something that may be true of somebody.

    raises: by how many levels it raises a threat's weight. audience: whose measures concern them then.
    danger: it is happening now, so they are sent to the first steps before anything else.
    """

    id: Id
    text: Text
    raises: dict[Id, Annotated[int, Field(ge=1, le=2)]] = Field(default_factory=dict)
    audience: tuple[Audience, ...] = ()
    danger: bool = False


class IntakeQuestion(Reviewed):
    """One question, and why it is asked. many: more than one option may be true."""

    id: Id
    text: Text
    why: Text
    many: bool = False
    options: Annotated[tuple[IntakeOption, ...], Field(min_length=2, max_length=12)]

    def option(self, option_id: str) -> IntakeOption | None:
        """The option of this id, if there is one."""
        return next((option for option in self.options if option.id == option_id), None)


class LeftOut(Value):
    """Measures that don't concern somebody who answered a question with none of these options, and why.

    Where the question isn't answered, they stay.
    """

    items: Annotated[tuple[Id, ...], Field(min_length=1)]
    question: Id
    unless: Annotated[tuple[Id, ...], Field(min_length=1)]
    reason: Text


class Intake(Value):
    """Everything that is asked. Each question may be skipped."""

    questions: Annotated[tuple[IntakeQuestion, ...], Field(min_length=1, max_length=MOST_QUESTIONS)]
    left_out: tuple[LeftOut, ...] = ()

    def question(self, question_id: str) -> IntakeQuestion | None:
        """The question of this id, if there is one."""
        return next((question for question in self.questions if question.id == question_id), None)
