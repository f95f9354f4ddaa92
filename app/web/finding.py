"""What an address names, or a friendly 404."""

from werkzeug.exceptions import NotFound

from app.curriculum.model import Lesson, Module
from app.web.kit import kit


def find_module(module_id: str) -> Module:
    """A module by its id. Raises NotFound."""
    found = kit().curriculum.modules_by_id.get(module_id)
    if found is None:
        raise NotFound
    return found


def find_lesson(module_id: str, slug: str) -> tuple[Module, Lesson]:
    """A module and one of its lessons. Raises NotFound."""
    found = find_module(module_id)
    this = found.lesson(slug)
    if this is None:
        raise NotFound
    return found, this
