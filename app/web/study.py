"""What a visitor has done so far: learning's values, loaded from and saved to their notebook."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.curriculum.model import Module, Part
from app.learning.answers import Answer, settled
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
from app.learning.scenario import Walk
from app.records.notebook import Notebook, Ref
from app.web.kit import kit
from app.web.visitor import notebook_to_write, say, visitor

T = TypeVar("T")

ANSWER, LESSONS, COMPLETION, QUIZ, SCENARIO = "answer", "lessons", "completion", "quiz", "scenario"

#: One query brings whatever a page needs, so a record is read as whichever of these its ref says.
_TYPES: dict[str, Any] = {
    ANSWER: Answer,
    LESSONS: LessonsRead,
    COMPLETION: Completion,
    QUIZ: QuizRecord,
    SCENARIO: Walk,
}


@dataclass(frozen=True)
class Study:
    """What one visitor has done in some modules, and what of it couldn't be read."""

    answers: dict[str, Answer] = field(default_factory=dict)
    lessons: dict[str, LessonsRead] = field(default_factory=dict)
    completions: dict[str, Completion] = field(default_factory=dict)
    quizzes: dict[str, QuizRecord] = field(default_factory=dict)
    walks: dict[str, Walk] = field(default_factory=dict)
    damaged: frozenset[Ref] = frozenset()

    def progress(self, module: Module) -> ModuleProgress:
        """How far they are in a module."""
        done = Done(
            self.lessons_read(module),
            self.answers,
            self.quizzes.get(module.id, QuizRecord()),
            self.walks.get(module.id, Walk()),
        )
        return module_progress(module, done, self.completions.get(module.id))

    def lessons_read(self, module: Module) -> LessonsRead:
        """Which of a module's lessons they have read."""
        return self.lessons.get(module.id, LessonsRead())

    def next_step(self, modules: Iterable[Module]) -> NextStep | None:
        """What they might do next."""
        return next_step([(self.progress(module), self.lessons_read(module)) for module in modules])


@dataclass(frozen=True)
class Saved:
    """What somebody has done in a module once something was saved, and whether that completed it."""

    study: Study
    completes: bool = False


def study_of(modules: Iterable[Module], notebook: Notebook | None = None) -> Study:
    """What this visitor, or a notebook's owner, has done in these modules. One query."""
    book = notebook or visitor().notebook
    if book is None:
        return Study()
    refs = [ref for module in modules for ref in refs_of(module)]
    loaded = book.load_many(refs, Any)
    found: dict[str, dict[str, Any]] = {kind: {} for kind in _TYPES}
    damaged = set(loaded.damaged)
    for ref, value in loaded.values.items():
        try:
            found[ref.kind][ref.name] = _adapters[ref.kind].validate_python(value)
        except ValidationError:
            damaged.add(ref)
    return Study(
        answers=found[ANSWER],
        lessons=found[LESSONS],
        completions=found[COMPLETION],
        quizzes=found[QUIZ],
        walks=found[SCENARIO],
        damaged=frozenset(damaged),
    )


_adapters = {kind: TypeAdapter(value) for kind, value in _TYPES.items()}


def refs_of(module: Module) -> list[Ref]:
    """Where everything that somebody does in a module is filed."""
    answers = [Ref(ANSWER, item.id) for item in module.checklist]
    return [*answers, *(Ref(kind, module.id) for kind in (LESSONS, COMPLETION, QUIZ, SCENARIO))]


def days_read(module: Module) -> dict[str, date]:
    """The days on which this visitor marked a module's lessons as read, by slug: one record, not the whole study."""
    book, ref = visitor().notebook, Ref(LESSONS, module.id)
    return book.load_many([ref], LessonsRead).values.get(ref, LessonsRead()).read if book else {}


def mark_read(module: Module, slug: str, today: date) -> bool:
    """Mark a lesson as read; a visitor without records becomes a guest. Returns whether the module is complete now."""
    kept = _changed(Ref(LESSONS, module.id), lambda lessons: lessons.including(slug, today), LessonsRead())
    return _reached(module, Part.LESSONS, Study(lessons={module.id: kept}), today).completes


def save_answers(module: Module, answers: Mapping[str, Answer], today: date) -> Saved:
    """Save answers to items of a module, all or none."""
    notebook = notebook_to_write()
    notebook.save({Ref(ANSWER, item_id): answer for item_id, answer in answers.items()})
    return _completed(module, notebook, today)


def quiz_record(module: Module) -> QuizRecord:
    """What this visitor has done in a module's quiz. A record that can't be read counts as none."""
    return _one(Ref(QUIZ, module.id), QuizRecord, QuizRecord())


def scenario_walk(module: Module) -> Walk:
    """Where this visitor stands in a module's scenario. A record that can't be read counts as none."""
    return _one(Ref(SCENARIO, module.id), Walk, Walk())


def _one(ref: Ref, kind: type[T], default: T) -> T:
    book = visitor().notebook
    return book.load_many([ref], kind).values.get(ref, default) if book else default


def change_quiz(module: Module, change: Callable[[QuizRecord], QuizRecord], today: date) -> Saved:
    """Change what is kept of a module's quiz, in one step; whatever the change raises leaves it as it was."""
    kept = _changed(Ref(QUIZ, module.id), change, QuizRecord())
    return _reached(module, Part.QUIZ, Study(quizzes={module.id: kept}), today)


def change_walk(module: Module, change: Callable[[Walk], Walk], today: date) -> Saved:
    """Change where this visitor stands in a module's scenario, in one step."""
    kept = _changed(Ref(SCENARIO, module.id), change, Walk())
    return _reached(module, Part.SCENARIO, Study(walks={module.id: kept}), today)


def _changed(ref: Ref, change: Callable[[T], T], default: T) -> T:
    with notebook_to_write().editing(ref, type(default), default) as editing:
        editing.value = change(editing.value)
    if editing.replaces_damaged:
        say("replaced-damaged")
    return editing.value


def _reached(module: Module, part: Part, saved: Study, today: date) -> Saved:
    """`_completed`, where the part that was saved is complete now: else nothing can be, and nothing is read."""
    if any(each.part is part and each.complete for each in saved.progress(module).parts):
        return _completed(module, notebook_to_write(), today)
    return Saved(saved)


def _completed(module: Module, notebook: Notebook, today: date) -> Saved:
    """Keep the day of a module's completion when it is reached."""
    study = study_of([module], notebook)
    progress = study.progress(module)
    if progress.completion is not None or not progress.requirements_met:
        return Saved(study)
    notebook.save({Ref(COMPLETION, module.id): Completion(today)})
    return Saved(study, completes=True)


def settle(ref: Ref, kept: Any, guest: Any) -> Any:
    """Which of two JSON values of one record stands when a guest's notebook joins a kept one.

    Where one of them isn't what it should be, the other stands: whoever signs in must not be kept out by it.
    """
    adapter = _adapters.get(ref.kind)
    if adapter is None:
        return kept
    try:
        theirs = adapter.validate_python(guest)
    except ValidationError:
        return kept
    try:
        mine = adapter.validate_python(kept)
    except ValidationError:
        return guest
    if ref.kind == ANSWER:
        joined: Any = settled(mine, theirs)
    elif ref.kind in {LESSONS, QUIZ, SCENARIO}:
        joined = mine.joined_with(theirs)
    else:
        joined = min(mine, theirs, key=lambda completion: completion.achieved_on)
    return adapter.dump_python(joined, mode="json")


def complete_what_joined(notebook: Notebook, today: date) -> None:
    """Keep the completion of each module that two visits completed together."""
    everything = kit().curriculum.modules
    study = study_of(everything, notebook)
    progress = [study.progress(module) for module in everything]
    reached = [each.module.id for each in progress if each.completion is None and each.requirements_met]
    if reached:
        notebook.save({Ref(COMPLETION, module_id): Completion(today) for module_id in reached})


def is_known(ref: Ref) -> bool:
    """Whether anything is kept here under such a ref."""
    return ref.kind in _adapters


def is_sound(ref: Ref, value: Any) -> bool:
    """Whether a JSON value is what is kept under such a ref: asked of what comes from outside."""
    try:
        _adapters[ref.kind].validate_python(value)
    except (KeyError, ValidationError):
        return False
    return True


def everything_done() -> Study:
    """What this visitor has done in the whole curriculum."""
    return study_of(kit().curriculum.modules)
