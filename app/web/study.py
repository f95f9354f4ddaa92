"""What a visitor has done so far: learning's values, loaded from and saved to their notebook."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from app.curriculum.model import Module, Part
from app.learning.answers import Answer
from app.learning.drills import Drills
from app.learning.progress import (
    Completion,
    Done,
    LessonsRead,
    ModuleProgress,
    NextStep,
    module_progress,
    next_step,
)
from app.learning.quiz import QuizRecord
from app.learning.refreshers import Refreshers
from app.learning.scenario import Walk
from app.records.cohorts.groups import WHOLE
from app.records.cohorts.publishing import publish
from app.records.failures import RecordDamaged
from app.records.notebook import Notebook, Ref
from app.records.vault import Vault
from app.web import places
from app.web.kept import ANSWER, COMPLETION, DRILLS, LESSONS, QUIZ, REFRESHERS, SCENARIO, Filed, filed
from app.web.kit import kit
from app.web.visitor import notebook_to_write, say, visitor

T = TypeVar("T")

#: Where a part is filed that is one record: all but the checklist.
_KINDS = {Part.LESSONS: LESSONS, Part.QUIZ: QUIZ, Part.SCENARIO: SCENARIO}


#: Where what comes back is filed: it belongs to no module.
COMING_BACK = (Ref(REFRESHERS), Ref(DRILLS))


@dataclass(frozen=True)
class Study:
    """What one visitor has done in some modules, what of it comes back, and what couldn't be read."""

    answers: dict[str, Answer] = field(default_factory=dict)
    lessons: dict[str, LessonsRead] = field(default_factory=dict)
    completions: dict[str, Completion] = field(default_factory=dict)
    quizzes: dict[str, QuizRecord] = field(default_factory=dict)
    walks: dict[str, Walk] = field(default_factory=dict)
    refreshers: Refreshers = field(default_factory=Refreshers)
    drills: Drills = field(default_factory=Drills)
    damaged: frozenset[Ref] = frozenset()

    def progress(self, module: Module) -> ModuleProgress:
        """How far they are in a module."""
        return module_progress(module, self.done(module), self.completions.get(module.id))

    def done(self, module: Module) -> Done:
        """What they have done in a module."""
        return Done(
            self.lessons_read(module),
            self.answers,
            self.quizzes.get(module.id, QuizRecord()),
            self.walks.get(module.id, Walk()),
        )

    def lessons_read(self, module: Module) -> LessonsRead:
        """Which of a module's lessons they have read."""
        return self.lessons.get(module.id, LessonsRead())

    def next_step(self, modules: Iterable[Module]) -> NextStep | None:
        """What they might do next."""
        return next_step([(self.progress(module), self.lessons_read(module)) for module in modules])


def study_of(modules: Iterable[Module], notebook: Notebook | None = None) -> Study:
    """What this visitor, or a notebook's owner, has done in these modules. One query."""
    book = notebook or visitor().notebook
    if book is None:
        return Study()
    return _read(book, [ref for module in modules for ref in refs_of(module)])


def _read(book: Notebook, refs: list[Ref]) -> Study:
    return study_from(filed(book, refs))


def study_from(what: Filed) -> Study:
    """What was done, from what was found in a notebook."""
    found = what.values
    return Study(
        answers=found[ANSWER],
        lessons=found[LESSONS],
        completions=found[COMPLETION],
        quizzes=found[QUIZ],
        walks=found[SCENARIO],
        refreshers=what.one(REFRESHERS, Refreshers()),
        drills=what.one(DRILLS, Drills()),
        damaged=what.damaged,
    )


def coming_back(items: Iterable[str] = ()) -> Study:
    """What comes back to this visitor, and their answers to these items. One query."""
    book = visitor().notebook
    return _read(book, [*COMING_BACK, *(Ref(ANSWER, item) for item in items)]) if book else Study()


def refs_of(module: Module) -> list[Ref]:
    """Where everything that somebody does in a module is filed."""
    return [*(Ref(ANSWER, item.id) for item in module.checklist), *_refs_of_parts(module)]


def _refs_of_parts(module: Module) -> list[Ref]:
    """Where its completion is filed, and every part of it that is one record."""
    return [Ref(kind, module.id) for kind in (COMPLETION, *_KINDS.values())]


def days_read(module: Module) -> dict[str, date]:
    """The days on which this visitor marked a module's lessons as read, by slug: one record, not the whole study."""
    book, ref = visitor().notebook, Ref(LESSONS, module.id)
    return book.load_many([ref], LessonsRead).values.get(ref, LessonsRead()).read if book else {}


def mark_read(module: Module, slug: str, today: date) -> bool:
    """Mark a lesson as read; a visitor without records becomes a guest. Returns whether the module is complete now."""
    kept = _changed(Ref(LESSONS, module.id), lambda lessons: lessons.including(slug, today), LessonsRead())
    return _reached(module, Part.LESSONS, Study(lessons={module.id: kept}), today)


def save_answers(
    module: Module, answers: Mapping[str, Answer], today: date, also: Mapping[Ref, Any] | None = None
) -> bool:
    """Save answers to items of a module and what else follows from them, all or none.

    Returns whether the module is complete now.
    """
    notebook = notebook_to_write()
    # Without a record of each of the other parts it can't be complete, and nothing more is read.
    others = [Ref(_KINDS[part], module.id) for part in module.required if part in _KINDS]
    found = notebook.save(
        {**{Ref(ANSWER, item_id): answer for item_id, answer in answers.items()}, **(also or {})},
        beside=others,
    )
    completes = found == len(others) and _completed(module, notebook, today)
    if _is_enrolled():
        publish_done([module], today)
    return completes


def quiz_record(module: Module) -> QuizRecord:
    """What this visitor has done in a module's quiz. A record that can't be read counts as none."""
    return _one(Ref(QUIZ, module.id), QuizRecord, QuizRecord())


def scenario_walk(module: Module) -> Walk:
    """Where this visitor stands in a module's scenario. A record that can't be read counts as none."""
    return _one(Ref(SCENARIO, module.id), Walk, Walk())


def _one(ref: Ref, kind: type[T], default: T) -> T:
    book = visitor().notebook
    try:
        return book.load(ref, kind, default) if book else default
    except RecordDamaged:
        return default


def change_quiz(
    module: Module, change: Callable[[QuizRecord], QuizRecord], today: date
) -> tuple[QuizRecord, bool]:
    """Change what is kept of a module's quiz, in one step; whatever the change raises leaves it as it was.

    Returns what is kept now, and whether the module is complete now.
    """
    kept = _changed(Ref(QUIZ, module.id), change, QuizRecord())
    return kept, _reached(module, Part.QUIZ, Study(quizzes={module.id: kept}), today)


def change_walk(module: Module, change: Callable[[Walk], Walk], today: date) -> bool:
    """Change where this visitor stands in a module's scenario. Returns whether the module is complete now."""
    kept = _changed(Ref(SCENARIO, module.id), change, Walk())
    return _reached(module, Part.SCENARIO, Study(walks={module.id: kept}), today)


def change_refreshers(change: Callable[[Refreshers], Refreshers]) -> Refreshers:
    """Change which questions come back, and when; whatever the change raises leaves it as it was."""
    return _changed(Ref(REFRESHERS), change, Refreshers())


def change_drills(change: Callable[[Drills], Drills]) -> Drills:
    """Change which drills come back, and when."""
    return _changed(Ref(DRILLS), change, Drills())


def _changed(ref: Ref, change: Callable[[T], T], default: T) -> T:
    editing = notebook_to_write().change(ref, type(default), default, change)
    if editing.replaces_damaged:
        say("replaced-damaged")
    return editing.value


def _reached(module: Module, part: Part, saved: Study, today: date) -> bool:
    """`_completed`, where the part that was saved is complete now: else nothing can be, and nothing is read."""
    if part not in saved.progress(module).complete_parts:
        return False
    completes = _completed(module, notebook_to_write(), today)
    if _is_enrolled():
        publish_done([module], today)
    return completes


def _completed(module: Module, notebook: Notebook, today: date) -> bool:
    """Keep the day of a module's completion when it is reached. The answers are read only if all the rest is done."""
    parts = _read(notebook, _refs_of_parts(module)).progress(module)
    if parts.completion is not None or set(module.required) - parts.complete_parts - {Part.CHECKLIST}:
        return False
    if not study_of([module], notebook).progress(module).requirements_met:
        return False
    notebook.save({Ref(COMPLETION, module.id): Completion(today)})
    return True


def _is_enrolled() -> bool:
    session = visitor().session
    return session is not None and session.enrolled


def publish_done(modules: Iterable[Module], today: date, vault: Vault | None = None) -> int:
    """Share what is done of these modules with the cohorts that it is assigned in, or that everything is shared with.

    Of the visitor's own vault, or of one that was opened a moment ago. Returns how many completions are new to them.
    """
    session = visitor().session
    vault = vault or (session.vault if session else None)
    if vault is None:
        return 0
    modules = list(modules)
    achieved = achievements(study_of(modules, Notebook(kit().database, vault)), modules, today)
    if not achieved:
        return 0  # nothing is to be written, so nobody waits for a lock
    withheld = places.withheld(vault)
    with kit().database.changing() as connection:
        return publish(connection, vault.learner_id, achieved, withheld)


def achievements(study: Study, modules: Iterable[Module], today: date) -> dict[tuple[str, str], date]:
    """What is done of modules: each complete part as of today, and each completed module on its own day.

    A day to come was made up in a copy, or comes from a clock that was ahead: it counts as today.
    """
    done: dict[tuple[str, str], date] = {}
    for module in modules:
        progress = study.progress(module)
        done |= {(module.id, part.value): today for part in progress.complete_parts}
        if progress.completion is not None:
            done[module.id, WHOLE] = min(progress.completion.achieved_on, today)
    return done


def complete_what_joined(notebook: Notebook, today: date) -> None:
    """Keep the completion of each module that two visits completed together."""
    everything = kit().curriculum.modules
    study = study_of(everything, notebook)
    progress = [study.progress(module) for module in everything]
    reached = [each.module.id for each in progress if each.completion is None and each.requirements_met]
    if reached:
        notebook.save({Ref(COMPLETION, module_id): Completion(today) for module_id in reached})


def everything_done() -> Study:
    """What this visitor has done in the whole curriculum."""
    return study_of(kit().curriculum.modules)


def achieved_here() -> dict[tuple[str, str], date]:
    """What this visitor has done until now."""
    return achievements(everything_done(), kit().curriculum.modules, kit().today())
