"""How far somebody is: what is done, what is left, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.curriculum.model import Lesson, Module, Part
from app.learning.answers import Answer


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
    def requirements_met(self) -> bool:
        """Whether every part that the module requires is complete now; a part that isn't counted never is."""
        return set(self.module.required) <= {part.part for part in self.parts if part.complete}


@dataclass(frozen=True)
class NextStep:
    """What to do next: a lesson, or a module's checklist."""

    module: Module
    part: Part
    lesson: Lesson | None = None


def module_progress(
    module: Module, lessons: LessonsRead, answers: Mapping[str, Answer], completion: Completion | None = None
) -> ModuleProgress:
    """How far somebody is in a module. Lessons and items that the module no longer has don't count."""
    read = sum(lesson.slug in lessons.read for lesson in module.lessons)
    answered = sum(item.id in answers and answers[item.id].choice is not None for item in module.checklist)
    parts = (
        PartProgress(Part.LESSONS, read, len(module.lessons)),
        PartProgress(Part.CHECKLIST, answered, len(module.checklist)),
    )
    return ModuleProgress(module, parts, completion)


def next_step(progress: Sequence[tuple[ModuleProgress, LessonsRead]]) -> NextStep | None:
    """The first thing left in the first module that was begun but isn't finished, else in the first one left."""
    left = [(module, read) for module, read in progress if module.done < module.total]
    begun = [(module, read) for module, read in left if module.done]
    for module, read in begun or left:
        lesson = next((lesson for lesson in module.module.lessons if lesson.slug not in read.read), None)
        return NextStep(module.module, Part.LESSONS if lesson else Part.CHECKLIST, lesson)
    return None
