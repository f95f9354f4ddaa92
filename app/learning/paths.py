"""How far somebody is on a way through the curriculum."""

from app.curriculum.model import Module, Part, PathStep
from app.learning.progress import Done, module_progress


def step_progress(step: PathStep, module: Module, done: Done) -> tuple[int, int]:
    """How many pieces of a step are done, and how many it has: its lessons, statements, quiz and scenario."""
    lessons = step.lessons_of(module)
    read = sum(lesson.slug in done.lessons.read for lesson in lessons)
    parts = set(step.parts_of(module)) - {Part.LESSONS}
    others = [part for part in module_progress(module, done).parts if part.part in parts]
    return read + sum(part.done for part in others), len(lessons) + sum(part.total for part in others)


def assigned_parts(step: PathStep, module: Module) -> tuple[Part, ...]:
    """The parts that somebody is assigned who is to take a step; none stands for the whole module.

    What is shared is parts and modules, never lessons: a step with some lessons only is its module.
    """
    if step.lessons or not step.parts or step.is_whole(module):
        return ()
    return step.parts_of(module)
