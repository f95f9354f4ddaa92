"""Ways through the curriculum for people of one role."""

from typing import Annotated

from pydantic import Field

from app.curriculum.model.modules import Lesson, Module, Part
from app.curriculum.model.texts import Id, Reviewed, Text, Value


class PathStep(Value):
    """A module to take, and why now: whole, or some of its parts, or some of its lessons.

    Without `parts`: what the module requires. With `lessons`: these alone of its lessons.
    """

    module: Id
    parts: tuple[Part, ...] = ()
    lessons: tuple[Id, ...] = ()
    why: Text

    def parts_of(self, module: Module) -> tuple[Part, ...]:
        """The parts to take, in the order in which people meet them."""
        chosen = self.parts or module.required
        return tuple(part for part in Part if part in chosen and module.has(part))

    def lessons_of(self, module: Module) -> tuple[Lesson, ...]:
        """The lessons to read, in the module's order."""
        if Part.LESSONS not in self.parts_of(module):
            return ()
        return tuple(lesson for lesson in module.lessons if not self.lessons or lesson.slug in self.lessons)

    def is_whole(self, module: Module) -> bool:
        """Whether nothing of the module is left out."""
        return not self.lessons and set(self.parts_of(module)) == {part for part in Part if module.has(part)}

    def minutes(self, module: Module) -> int:
        """Minutes that it takes, by the rules of `Module.minutes_of`."""
        others = (part for part in self.parts_of(module) if part is not Part.LESSONS)
        return sum(lesson.minutes for lesson in self.lessons_of(module)) + sum(map(module.minutes_of, others))


class LearningPath(Reviewed):
    """What to take, and in which order, for people of one role; and why in this order."""

    id: Id
    title: Text
    summary: Text
    why: Text
    steps: Annotated[tuple[PathStep, ...], Field(min_length=2)]
