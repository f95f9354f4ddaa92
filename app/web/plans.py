"""What a visitor's audit comes to: situation, answers, what is asked, exposure and plan; and what they change of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from app.curriculum.model import ChecklistItem, Intake
from app.learning import exposure
from app.learning.answers import Answer, Choice
from app.learning.audit import Again, Asked, Review, Sitting, matters, sitting, to_ask
from app.learning.exposure import Exposure
from app.learning.history import History, snapshot
from app.learning.lately import Deed, Lately
from app.learning.plan import Plan, PutOff, make_plan
from app.learning.situation import NotTheirs, Situation, Weight, concerning, weights
from app.records.failures import RecordDamaged
from app.records.notebook import Notebook, Ref
from app.web.kept import ANSWER, HISTORY, LATELY, PUT_OFF, REVIEW, SITTING, SITUATION, Filed, filed
from app.web.kit import kit
from app.web.study import COMING_BACK, Study, refs_of, save_answers, study_from
from app.web.visitor import notebook_to_write, say, visitor

T = TypeVar("T")

#: Where the audit is filed besides its answers.
OF_AUDIT = tuple(Ref(kind) for kind in (SITUATION, SITTING, REVIEW, HISTORY, PUT_OFF, LATELY))
#: Where nothing is asked of anybody's situation, nothing follows from it.
_NOTHING_ASKED = Intake.model_construct(questions=(), left_out=())


def intake() -> Intake:
    """What is asked of somebody's situation."""
    return kit().curriculum.intake or _NOTHING_ASKED


@dataclass(frozen=True)
class Audit:
    """What one visitor told and answered, and what of it couldn't be read; all else follows from it."""

    situation: Situation = field(default_factory=Situation)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    sitting: Sitting = field(default_factory=Sitting)
    review: Review = field(default_factory=Review)
    history: History = field(default_factory=History)
    put_off: PutOff = field(default_factory=PutOff)
    lately: Lately = field(default_factory=Lately)
    damaged: frozenset[Ref] = frozenset()

    @cached_property
    def weights(self) -> dict[str, Weight]:
        """How much each threat weighs for them."""
        return weights(intake(), kit().curriculum.threats_by_id, self.situation)

    @property
    def derived_weights(self) -> dict[str, Weight]:
        """What the weights would be if they had set none themselves."""
        return weights(intake(), kit().curriculum.threats_by_id, replace(self.situation, levels={}))

    @cached_property
    def _concerning(self) -> tuple[list[ChecklistItem], list[NotTheirs]]:
        return concerning(intake(), kit().curriculum.items, self.situation)

    @property
    def theirs(self) -> list[ChecklistItem]:
        """The measures that concern them."""
        return self._concerning[0]

    @property
    def not_theirs(self) -> list[NotTheirs]:
        """The measures that don't, and why."""
        return self._concerning[1]

    @property
    def is_in_danger(self) -> bool:
        """Whether they said that it is happening now."""
        return self.situation.is_in_danger(intake())

    @property
    def has_situation(self) -> bool:
        """Whether they told anything of it."""
        return bool(self.situation.chosen or self.situation.levels)

    @cached_property
    def answered(self) -> int:
        """How many of the measures that concern them they said something of."""
        return sum(self.choice(item) is not None for item in self.theirs)

    def choice(self, item: ChecklistItem) -> Choice | None:
        """What they answered to a measure."""
        answer = self.answers.get(item.id)
        return answer.choice if answer else None

    def is_damaged(self, ref: Ref) -> bool:
        """Whether this couldn't be read."""
        return ref in self.damaged

    def exposures(self) -> list[Exposure]:
        """Their exposure to each threat, the most pressing first."""
        return exposure.exposures(self.theirs, self.answers, self.weights)

    def plan(self, today: date) -> Plan:
        """What they might do first."""
        return make_plan(self.theirs, self.answers, self.weights, self.put_off, today)

    def asked(self, today: date) -> list[Asked]:
        """What is to be asked now."""
        return to_ask(self.theirs, self.answers, self.weights, today, self.review)

    def sat_through(self, left: list[Asked]) -> list[Asked]:
        """What of this is left of the sitting under way, in its order."""
        by_id = {each.item.id: each for each in left}
        return [by_id[name] for name in self.sitting.items if name in by_id]

    def may_finish(self, left: list[Asked]) -> bool:
        """Whether everything was asked once: what is left was answered before, or was on a page of this sitting."""
        new = {each.item.id for each in left if each.why is Again.NEW}
        return self.answered > 0 and new <= set(self.sitting.items)

    def next_sitting(self, today: date) -> Sitting:
        """Ten minutes more; what this sitting asked without an answer comes after what it didn't ask."""
        left, before = self.asked(today), set(self.sitting.items)
        return sitting(sorted(left, key=lambda each: each.item.id in before), today)

    def knowing(self, answers: Mapping[str, Answer]) -> "Audit":
        """The same with these answers."""
        return replace(self, answers={**self.answers, **answers})

    def matters(self, item: ChecklistItem) -> int:
        """How much a measure can take away in their situation."""
        return matters(item, self.weights)


def audit_of(notebook: Notebook | None = None) -> Audit:
    """What this visitor's audit comes to, or a notebook's owner's. One query."""
    refs = [*OF_AUDIT, *(Ref(ANSWER, item.id) for item in kit().curriculum.items)]
    return _audit_from(filed(notebook or visitor().notebook, refs))


def study_and_audit(notebook: Notebook | None = None) -> tuple[Study, Audit]:
    """What this visitor has done in the whole curriculum, and what their audit comes to, or a notebook's owner.

    One query for both.
    """
    refs = [*COMING_BACK, *OF_AUDIT, *(ref for module in kit().curriculum.modules for ref in refs_of(module))]
    what = filed(notebook or visitor().notebook, refs)
    return study_from(what), _audit_from(what)


def _audit_from(what: Filed) -> Audit:
    return Audit(
        situation=what.one(SITUATION, Situation()),
        answers=what.values[ANSWER],
        sitting=what.one(SITTING, Sitting()),
        review=what.one(REVIEW, Review()),
        history=what.one(HISTORY, History()),
        put_off=what.one(PUT_OFF, PutOff()),
        lately=what.one(LATELY, Lately()),
        damaged=what.damaged,
    )


def look_due(notebook: Notebook) -> date | None:
    """The day of the next look at everything; None before the first was finished, or where it can't be read."""
    try:
        return notebook.load(Ref(REVIEW), Review, Review()).due_on
    except RecordDamaged:
        return None


def tell_situation(chosen: dict[str, list[str]], today: date) -> Situation:
    """Keep what somebody told of their situation; the weights that they set themselves stay."""
    return _change(SITUATION, Situation(), lambda old: replace(old, chosen=chosen, told_on=today))


def set_levels(levels: dict[str, int]) -> None:
    """Keep the weights that somebody set themselves, and no others."""
    _change(SITUATION, Situation(), lambda old: replace(old, levels=levels))


def begin_sitting(audit: Audit, today: date) -> Sitting:
    """Keep what is asked in the next ten minutes."""
    return _change(SITTING, Sitting(), lambda _old: audit.next_sitting(today))


def save_sitting(audit: Audit, answers: Mapping[str, Answer], today: date) -> tuple[bool, bool]:
    """Save what was answered on a page of a sitting.

    Returns whether a module is complete because of it, and whether nothing is left to ask: then the look is kept.
    """
    taught = kit().curriculum.module_of_item
    modules = {taught[name].id: taught[name] for name in answers}
    completes = [
        save_answers(module, {name: answers[name] for name in answers if taught[name] is module}, today)
        for module in modules.values()
    ]
    now = audit.knowing(answers)
    over = bool(answers) and not now.asked(today)
    if over:
        finish_look(now, today)
    return any(completes), over


def finish_look(audit: Audit, today: date) -> None:
    """Keep what a finished look came to, and that it was finished."""
    notebook_to_write().save(
        {
            Ref(HISTORY): audit.history.including(snapshot(audit.exposures(), today)),
            Ref(REVIEW): replace(audit.review, done_on=today),
            Ref(SITTING): Sitting(),
        }
    )


def look_again_every(days: int) -> None:
    """Keep after how many days everything is looked at again."""
    _change(REVIEW, Review(), lambda old: replace(old, every=days))


def note_incident(day: date, threats: list[str]) -> None:
    """Keep that something happened, and what it was about: what may have changed is asked first from now on."""
    _change(REVIEW, Review(), lambda old: replace(old, incident_on=day, threats=threats))
    _change(SITTING, Sitting(), lambda _old: Sitting())


def answer_step(audit: Audit, item: ChecklistItem, deed: Deed, today: date) -> bool:
    """Keep that a step is done, or isn't theirs. Returns whether its module is complete now."""
    choice = Choice.YES if deed is Deed.DONE else Choice.NOT_MINE
    before = audit.answers.get(item.id)
    if before is not None and before.choice is choice:
        return False  # sent twice: what stood before the first must not be forgotten
    also = {
        Ref(LATELY): Lately(deed, item.id, before, audit.put_off.until.get(item.id), today),
        Ref(PUT_OFF): audit.put_off.without(item.id),
    }
    answer = Answer(choice, before.note if before else "", today)
    return save_answers(kit().curriculum.module_of_item[item.id], {item.id: answer}, today, also)


def put_off(audit: Audit, item: ChecklistItem, until: date, today: date) -> None:
    """Keep that a step is put off."""
    before = audit.put_off.until.get(item.id)
    if before == until:
        return
    notebook_to_write().save(
        {
            Ref(PUT_OFF): audit.put_off.including(item.id, until),
            Ref(LATELY): Lately(Deed.PUT_OFF, item.id, audit.answers.get(item.id), before, today),
        }
    )


def take_up(item: ChecklistItem) -> None:
    """Keep that a step is put off no more."""
    _change(PUT_OFF, PutOff(), lambda old: old.without(item.id))


def take_back(audit: Audit, today: date) -> bool:
    """Undo what was done last with a step. Returns whether there was anything to undo."""
    last, module = audit.lately, kit().curriculum.module_of_item.get(audit.lately.item)
    if last.deed is None or module is None:
        return False
    waiting = audit.put_off.without(last.item)
    if last.until is not None:
        waiting = waiting.including(last.item, last.until)
    also = {Ref(LATELY): Lately(on=today), Ref(PUT_OFF): waiting}
    if last.deed is Deed.PUT_OFF:
        notebook_to_write().save(also)
    else:
        now = audit.answers.get(last.item)
        before = last.answer or Answer(None, "", today)
        kept = replace(
            before, note=now.note if now else before.note
        )  # a note written since is nothing to undo
        save_answers(module, {last.item: kept}, today, also)
    return True


def _change(kind: str, default: T, change: Callable[[T], T]) -> T:
    editing = notebook_to_write().change(Ref(kind), type(default), default, change)
    if editing.replaces_damaged:
        say("replaced-damaged")
    return editing.value
