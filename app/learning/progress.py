"""How far somebody is: what is done, what is left, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.curriculum.model import Lesson, Module, Part
from app.learning.answers import Answer
from app.learning.quiz import QuizRecord
from app.learning.scenario import Walk


@dataclass(frozen=True)
class LessonsRead:
    """Which lessons of a module somebody has marked as read, and on which day."""

    read: dict[str, date] = field(default_factory=dict)

    def including(self, slug: str, today: date) -> "LessonsRead":
        """The same with this lesson read; a lesson that was read before keeps its day."""
        return LessonsRead({**self.read, slug: self.read.get(slug, today)})

    def joined_with(self, other: "LessonsRead") -> "LessonsRead":
        """What either has read, each on its first day."""
        both = {**other.read, **self.read}
        return LessonsRead({slug: min(day, other.read.get(slug, day)) for slug, day in both.items()})


@dataclass(frozen=True)
class Completion:
    """The day on which every required part of a module was done. It stays when the content changes later."""

    achieved_on: date


@dataclass(frozen=True)
class PartProgress:
    """How much of one part of a module is done."""

    part: Part
    done: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether nothing of this part is left."""
        return self.done >= self.total


@dataclass(frozen=True)
class ModuleProgress:
    """How far somebody is in one module."""

    module: Module
    parts: tuple[PartProgress, ...]
    completion: Completion | None = None

    @property
    def done(self) -> int:
        """Lessons, items and other pieces done."""
        return sum(part.done for part in self.parts)

    @property
    def total(self) -> int:
        """Lessons, items and other pieces there are."""
        return sum(part.total for part in self.parts)

    @property
    def complete_parts(self) -> set[Part]:
        """The parts of which nothing is left."""
        return {part.part for part in self.parts if part.complete}

    @property
    def requirements_met(self) -> bool:
        """Whether every part that the module requires is complete now; a part that isn't counted never is."""
        return set(self.module.required) <= self.complete_parts


@dataclass(frozen=True)
class NextStep:
    """What to do next: a lesson, or another part of a module."""

    module: Module
    part: Part
    lesson: Lesson | None = None


@dataclass(frozen=True)
class Done:
    """What somebody has done in one module; answers may hold those of other modules too."""

    lessons: LessonsRead = field(default_factory=LessonsRead)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    quiz: QuizRecord = field(default_factory=QuizRecord)
    scenario: Walk = field(default_factory=Walk)


def module_progress(module: Module, done: Done, completion: Completion | None = None) -> ModuleProgress:
    """How far somebody is in a module. What it no longer has doesn't count; a quiz and a scenario count as one each."""
    read = sum(lesson.slug in done.lessons.read for lesson in module.lessons)
    answers = (done.answers.get(item.id) for item in module.checklist)
    answered = sum(answer is not None and answer.choice is not None for answer in answers)
    parts = [
        PartProgress(Part.LESSONS, read, len(module.lessons)),
        PartProgress(Part.CHECKLIST, answered, len(module.checklist)),
    ]
    if module.quiz is not None:
        parts.append(PartProgress(Part.QUIZ, int(done.quiz.passed_on is not None), 1))
    if module.scenario is not None:
        parts.append(PartProgress(Part.SCENARIO, int(done.scenario.finished_on is not None), 1))
    return ModuleProgress(module, tuple(parts), completion)


def next_step(progress: Sequence[tuple[ModuleProgress, LessonsRead]]) -> NextStep | None:
    """The first thing left in the first module that was begun but isn't finished, else in the first one left."""
    left = [(module, read) for module, read in progress if module.done < module.total]
    begun = [(module, read) for module, read in left if module.done]
    for module, read in begun or left:
        part = next(part.part for part in module.parts if not part.complete)
        unread = (lesson for lesson in module.module.lessons if lesson.slug not in read.read)
        return NextStep(module.module, part, next(unread, None) if part is Part.LESSONS else None)
    return None
