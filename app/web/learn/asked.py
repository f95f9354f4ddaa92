"""What a visitor's cohorts ask of them, beside what they have done of it: records and learning in one value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.curriculum.model import Module
from app.records.cohorts.due import Asked, asked_of
from app.records.cohorts.publishing import KeptBack
from app.web import places
from app.web.kit import kit
from app.web.study import Study, achievements, study_of
from app.web.visitor import visitor


@dataclass(frozen=True)
class Task:
    """Something that is asked of a visitor. done: by their own study, whatever is shared."""

    asked: Asked
    module: Module
    done: bool

    @property
    def part(self) -> str:
        """The part of the module that it is, or `WHOLE`."""
        return self.asked.part

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed, done or not."""
        return self.asked.due_on is not None and self.asked.due_on < today


def asked_here() -> list[Asked]:
    """What is asked of the visitor. One statement, and none for whoever is in no cohort."""
    session = visitor().session
    if session is None or not session.enrolled:
        return []
    with kit().database.asking() as asking:
        asked = asked_of(asking, session.vault.learner_id)
    return [each for each in asked if each.module in kit().curriculum.modules_by_id]


def modules_of(asked: Iterable[Asked]) -> list[Module]:
    """The modules that are asked for, each once."""
    wanted = {each.module for each in asked}
    return [module for module in kit().curriculum.modules if module.id in wanted]


def tasks(asked: list[Asked], study: Study | None = None) -> list[Task]:
    """What is asked, and whether it is done."""
    modules = modules_of(asked)
    done = achievements(study or study_of(modules), modules, kit().today())
    by_id = kit().curriculum.modules_by_id
    return [Task(each, by_id[each.module], (each.module, each.part) in done) for each in asked]


def unshared(asked: list[Asked], study: Study) -> set[tuple[bytes, str, str]]:
    """What is done and asked for, and isn't shared there, nor kept back: by place, module and part."""
    session = visitor().session
    waiting = {
        (each.membership_id, module, part)
        for module, part in achievements(study, modules_of(asked), kit().today())
        for each in _askers(asked, module, part)
        if part not in each.shared
    }
    if not waiting or session is None:
        return set()
    kept_back = places.withheld(session.vault)
    return {
        (place, module, part)
        for place, module, part in waiting
        if (module, part) not in kept_back.get(place, KeptBack()).always
    }


def _askers(asked: Iterable[Asked], module: str, part: str) -> Iterator[Asked]:
    return (each for each in asked if each.module == module and each.covers(part))
