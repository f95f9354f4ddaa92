"""What must hold of every plan, whoever it is for: each rule of docs/exposure.md as a check of one case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.curriculum.model import ChecklistItem
from app.learning.answers import Answer, Choice
from app.learning.exposure import Exposure, exposures, is_open
from app.learning.plan import MONTH_STEPS, WEEK_MINUTES, WEEK_STEPS, Plan, PutOff, Step, make_plan
from app.learning.situation import Weight
from tests.learning.people import TODAY


@dataclass(frozen=True)
class Case:
    """Somebody's measures, answers and weights, and what they put off."""

    items: list[ChecklistItem]
    answers: Mapping[str, Answer]
    weights: Mapping[str, Weight]
    put_off: PutOff = field(default_factory=PutOff)

    def plan(self) -> Plan:
        return make_plan(self.items, self.answers, self.weights, self.put_off, TODAY)

    def exposures(self) -> list[Exposure]:
        return exposures(self.items, self.answers, self.weights)

    def choice(self, name: str) -> Choice | None:
        return self.answers[name].choice if name in self.answers else None

    def saying(self, choice: Choice, *names: str) -> "Case":
        """The same, with these answered so."""
        said = {name: Answer(choice, "", TODAY) for name in names}
        return replace(self, answers={**self.answers, **said})

    def is_missing(self, name: str) -> bool:
        """Whether a measure isn't in place as far as anybody knows."""
        return self.choice(name) is None or is_open(self.choice(name))


def ids(steps: Iterable[Step]) -> list[str]:
    return [step.item.id for step in steps]


def check_plan(case: Case, plan: Plan) -> None:
    """Every rule of a plan but its end."""
    _holds_what_is_open(case, plan)
    _has_room(plan)
    _needs_come_first(case, plan)
    _critical_comes_first(case, plan)
    _waits_as_told(case, plan)


def _holds_what_is_open(case: Case, plan: Plan) -> None:
    """Each thing once: what is open, and what wasn't looked at and something open needs; nothing else."""
    everything = [*plan.steps, *plan.put_off]
    names = ids(everything)
    mine = {item.id for item in case.items}
    open_ones = {name for name in mine if is_open(case.choice(name))}

    assert len(names) == len(set(names))
    assert open_ones <= set(names) <= mine
    needed = {need for step in everything for need in step.item.needs}
    for step in everything:
        assert step.unanswered == (case.choice(step.item.id) is None)
        assert step.unsure == (case.choice(step.item.id) is Choice.UNSURE)
        assert step.item.id in open_ones or (step.unanswered and step.item.id in needed)
        assert step.needed_by is None or step.item.id in step.needed_by.needs
        assert step.gain >= 0


def _has_room(plan: Plan) -> None:
    """A week of three things at most, within its minutes unless it is a single one; then a month, then the rest."""
    minutes = sum(step.item.minutes for step in plan.week)

    assert len(plan.week) <= WEEK_STEPS
    assert len(plan.week) == 1 or minutes <= WEEK_MINUTES
    assert len(plan.month) <= MONTH_STEPS
    assert plan.week or not plan.month
    assert len(plan.month) == MONTH_STEPS or not plan.later


def _needs_come_first(case: Case, plan: Plan) -> None:
    mine = {item.id for item in case.items}
    before: set[str] = set()
    for step in plan.steps:
        assert {need for need in step.item.needs if need in mine and case.is_missing(need)} <= before
        before.add(step.item.id)


def _critical_comes_first(case: Case, plan: Plan) -> None:
    """Before the last critical step that is known to be missing stands only what such a one needs, and such ones."""
    needed: set[str] = set()
    last_was_seen = False
    for step in reversed(plan.steps):
        is_critical = bool(step.critical) and not step.unanswered
        last_was_seen = last_was_seen or is_critical
        assert is_critical or not last_was_seen or step.item.id in needed
        if is_critical or step.item.id in needed:
            needed |= set(step.item.needs)


def _waits_as_told(case: Case, plan: Plan) -> None:
    """Put off is what was put off to a day to come, and what needs it; until the last of those days."""
    by_id = {item.id: item for item in case.items}

    def day(name: str) -> list[object]:
        days: list[object] = [case.put_off.until[name]] if name in case.put_off.until else []
        needs = [need for need in by_id[name].needs if need in by_id and case.is_missing(need)]
        return days + [each for need in needs for each in day(need)]

    days = [step.until for step in plan.put_off]
    assert days == sorted(days)  # type: ignore[type-var]
    for step in plan.put_off:
        assert step.until == max(day(step.item.id))  # type: ignore[type-var]
        assert step.until
        assert step.until > TODAY
    for step in plan.steps:
        assert step.until is None
        assert all(each <= TODAY for each in day(step.item.id))  # type: ignore[operator]


def check_that_it_ends(case: Case) -> None:
    """Doing the first step again and again: each comes once, and in the end there is nothing left to do."""
    case = replace(case, put_off=PutOff())
    done: list[str] = []
    while plan := case.plan().steps:
        done.append(plan[0].item.id)
        assert len(done) <= len(case.items)
        case = case.saying(Choice.YES, done[-1])

    assert len(done) == len(set(done))
    assert not any(is_open(case.choice(item.id)) for item in case.items)


def check_that_doing_never_harms(case: Case, name: str) -> None:
    """Whatever comes into place: no threat's exposure rises, with or without what nothing was said of."""
    before = {each.threat: each for each in case.exposures()}
    after = {each.threat: each for each in case.saying(Choice.YES, name).exposures()}

    assert set(after) == set(before) == set(case.weights)
    for threat, each in after.items():
        assert each.open <= before[threat].open
        assert each.open + each.unknown <= before[threat].open + before[threat].unknown
        assert 0 <= each.open + each.unknown <= each.total
        assert each.rank <= before[threat].rank
