"""Which lesson explains a measure: the one of its module that stands on most of the same sources."""

from app.curriculum.model import ChecklistItem, Evidence, Lesson, Module
from app.web.kit import kit


def lesson_about(module: Module, item: ChecklistItem) -> Lesson | None:
    """The first of the lessons with most sources in common, the kit's own reasoning aside; None where there is none."""
    sources = {name for name in item.sources if _is_of_others(name)}
    shared = [
        (len(sources.intersection((*lesson.sources, *lesson.prose.citations))), lesson)
        for lesson in module.lessons
    ]
    most, lesson = max(shared, key=lambda each: each[0], default=(0, None))
    return lesson if most else None


def _is_of_others(source: str) -> bool:
    found = kit().curriculum.sources_by_id.get(source)
    return found is not None and found.evidence is not Evidence.KIT
