"""A module and everything that belongs to it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.curriculum.model.labs import Lab
from app.curriculum.model.practice import Quiz, Scenario
from app.curriculum.model.texts import Audience, Id, Minutes, Prose, Reviewed, Text, Value


class Impact(StrEnum):
    """How much a measure helps: the kit's own estimate, for ordering only."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Figure(Value):
    """A drawing in the page's own colours, its short alternative, and a version that reads without it."""

    id: Id
    title: Text
    alt: Text
    in_words: Prose
    svg: Text


class Lesson(Reviewed):
    """One sitting of reading."""

    slug: Id
    title: Text
    minutes: Minutes
    content_note: Text | None = None
    prose: Prose


class ChecklistItem(Reviewed):
    """One statement about a person's own safety that is true, false, or not theirs."""

    id: Id
    text: Text
    why: Text
    how: Annotated[tuple[Text, ...], Field(min_length=2, max_length=5)]
    impact: Impact
    minutes: Minutes
    threats: dict[Id, Annotated[int, Field(ge=1, le=3)]]
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    needs: tuple[Id, ...] = ()


class Part(StrEnum):
    """What a module is made of, in the order in which people meet it."""

    LESSONS = "lessons"
    CHECKLIST = "checklist"
    QUIZ = "quiz"
    SCENARIO = "scenario"


class Module(Value):
    """A subject of the curriculum with everything that belongs to it."""

    id: Id
    order: Annotated[int, Field(ge=1)]
    title: Text
    summary: Text
    outcomes: Annotated[tuple[Text, ...], Field(min_length=2, max_length=6)]
    content_note: Text | None = None
    required: tuple[Part, ...] = (Part.LESSONS, Part.CHECKLIST)
    lessons: tuple[Lesson, ...]
    checklist: tuple[ChecklistItem, ...]
    figures: tuple[Figure, ...] = ()
    quiz: Quiz | None = None
    scenario: Scenario | None = None
    guide: Prose | None = None
    labs: tuple[Lab, ...] = ()
    cites: tuple[Id, ...] = ()

    @property
    def minutes(self) -> int:
        """Minutes to read every lesson once."""
        return sum(lesson.minutes for lesson in self.lessons)

    def has(self, part: Part) -> bool:
        """Whether the module has this part."""
        return bool(getattr(self, part.value))

    def minutes_of(self, part: Part) -> int:
        """Minutes that a part takes, by rules of the kit's own.

        Lessons say theirs; a statement takes half a minute to answer, a question one, and a scenario ten in all.
        """
        if part is Part.LESSONS:
            return self.minutes
        if part is Part.CHECKLIST:
            return (len(self.checklist) + 1) // 2
        if part is Part.QUIZ:
            return min(self.quiz.ask, len(self.quiz.questions)) if self.quiz else 0
        return 10 if self.scenario else 0

    @property
    def oldest_review(self) -> date:
        """The day of the least recently checked lesson, item, question, scenario or lab."""
        return min(self._review_days())

    @property
    def newest_review(self) -> date:
        """The day of the most recently checked one: who completed the module before it has seen an earlier state."""
        return max(self._review_days())

    def _review_days(self) -> list[date]:
        dated: list[Reviewed] = [*self.lessons, *self.checklist]
        dated += self.quiz.questions if self.quiz else ()
        dated += [self.scenario] if self.scenario else []
        dated += self.labs
        return [part.reviewed for part in dated]

    def lesson(self, slug: str) -> Lesson | None:
        """The lesson of this slug, if there is one."""
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def item(self, item_id: str) -> ChecklistItem | None:
        """The checklist item of this id, if there is one."""
        return next((item for item in self.checklist if item.id == item_id), None)

    def lab(self, lab_id: str) -> Lab | None:
        """The lab of this id, if there is one."""
        return next((lab for lab in self.labs if lab.id == lab_id), None)

    def labs_of(self, slug: str) -> tuple[Lab, ...]:
        """The labs that a lesson leads to."""
        return tuple(lab for lab in self.labs if lab.lesson == slug)
