"""A plan: what somebody might do first, from their answers and from how much each threat weighs for them.

What is missing is put in order by how much exposure it takes away for the time that it costs; what is critical comes
before the rest, and what something needs comes before it. The same answers always give the same plan. The rules stand
in docs/exposure.md.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.curriculum.model import ChecklistItem, Impact
from app.learning.answers import Answer, Choice
from app.learning.exposure import is_open, points
from app.learning.situation import Weight

#: A week holds few things and little time, so that a busy and worried person does them: the kit's own rule.
WEEK_STEPS, WEEK_MINUTES = 3, 120
#: The rest of the month: three things in each of three weeks more.
MONTH_STEPS = 9
#: Minutes that beginning anything costs, added to each measure's own: else a trifle would come before what protects.
BEGINNING = 15
#: From this level of a threat's weight on, its strongest measures are critical.
CRITICAL_LEVEL, CRITICAL_STRENGTH = 3, 3


@dataclass(frozen=True)
class PutOff:
    """What somebody doesn't do now, and until when, by the measures' ids."""

    until: dict[str, date] = field(default_factory=dict)

    def including(self, item_id: str, until: date) -> "PutOff":
        """The same with this put off as well."""
        return PutOff({**self.until, item_id: until})

    def without(self, item_id: str) -> "PutOff":
        """The same with this taken up again."""
        return PutOff({name: until for name, until in self.until.items() if name != item_id})

    def joined_with(self, other: "PutOff") -> "PutOff":
        """What either put off, until the later day."""
        both = {**self.until, **other.until}
        return PutOff({name: max(day, self.until.get(name, day)) for name, day in both.items()})


@dataclass(frozen=True)
class Against:
    """A threat that a step works against: how strongly (1 to 3), how much it weighs, and the part of its gain."""

    threat: str
    strength: int
    weight: Weight
    gain: int


@dataclass(frozen=True)
class Step:
    """One measure of a plan, and why it stands where it stands.

    against: what it works against, most first. critical: the threat that makes it critical. unanswered, unsure:
    nothing was said of it, or that they don't know: the first thing to do is to look whether it is in place already.
    needed_by: what waits for it. until: the day to which it, or what it needs, was put off.
    """

    item: ChecklistItem
    against: tuple[Against, ...]
    critical: Against | None = None
    unanswered: bool = False
    unsure: bool = False
    needed_by: ChecklistItem | None = None
    until: date | None = None

    @property
    def gain(self) -> int:
        """Weighted points of exposure that it takes away."""
        return sum(each.gain for each in self.against)

    @property
    def cost(self) -> int:
        """Minutes that it costs, beginning included."""
        return self.item.minutes + BEGINNING


def worth(steps: Collection[Step]) -> float:
    """What steps bring together for each minute that they cost together; equal where the fractions are equal."""
    return sum(step.gain for step in steps) / sum(step.cost for step in steps)


@dataclass(frozen=True)
class Plan:
    """What to do this week, this month and later, each in its order; and what was put off, by the day."""

    week: tuple[Step, ...] = ()
    month: tuple[Step, ...] = ()
    later: tuple[Step, ...] = ()
    put_off: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything that can be done now, in its order."""
        return self.week + self.month + self.later


def make_plan(
    items: Iterable[ChecklistItem],
    answers: Mapping[str, Answer],
    weights: Mapping[str, Weight],
    put_off: PutOff,
    today: date,
) -> Plan:
    """The plan from these measures: those that concern somebody, in the order of the curriculum."""
    by_id = {item.id: item for item in items}
    missing = {name: item for name, item in by_id.items() if is_open(_choice(name, answers))}
    waiting = {
        name: day
        for name in by_id
        if (day := _waits_until(name, by_id, answers, put_off.until)) and day > today
    }
    now = _in_order(missing.keys() - waiting.keys(), by_id, answers, weights)
    later = _in_order(missing.keys() & waiting.keys(), by_id, answers, weights)
    week = _first(now)
    return Plan(
        tuple(now[:week]),
        tuple(now[week : week + MONTH_STEPS]),
        tuple(now[week + MONTH_STEPS :]),
        tuple(
            sorted(
                (replace(step, until=waiting[step.item.id]) for step in later if step.item.id in waiting),
                key=lambda step: waiting[step.item.id],
            )
        ),
    )


def _needed(
    item: ChecklistItem, by_id: Mapping[str, ChecklistItem], answers: Mapping[str, Answer]
) -> list[ChecklistItem]:
    """What a measure needs first and isn't in place: missing, or not looked at yet."""
    return [
        by_id[name]
        for name in item.needs
        if name in by_id and (_choice(name, answers) is None or is_open(_choice(name, answers)))
    ]


def _waits_until(
    name: str,
    by_id: Mapping[str, ChecklistItem],
    answers: Mapping[str, Answer],
    until: Mapping[str, date],
) -> date | None:
    """The last of the days to which a measure, or what it needs, was put off."""
    days = [_waits_until(needed.id, by_id, answers, until) for needed in _needed(by_id[name], by_id, answers)]
    return max((day for day in (*days, until.get(name)) if day), default=None)


def _choice(item_id: str, answers: Mapping[str, Answer]) -> Choice | None:
    return answers[item_id].choice if item_id in answers else None


def _first(steps: list[Step]) -> int:
    """How many of these a week holds: three at most, and no more than its minutes, but always one."""
    minutes = 0
    for number, step in enumerate(steps[:WEEK_STEPS]):
        minutes += step.item.minutes
        if number and minutes > WEEK_MINUTES:
            return number
    return min(len(steps), WEEK_STEPS)


def _in_order(
    wanted: Collection[str],
    by_id: Mapping[str, ChecklistItem],
    answers: Mapping[str, Answer],
    weights: Mapping[str, Weight],
) -> list[Step]:
    """Every wanted step, most worth first, and what each needs before it.

    A step is worth what it and what it needs bring together, for what they cost together: else something small would
    pull something long to the top.
    """
    together = [_with_needs(item, by_id, answers, weights) for name, item in by_id.items() if name in wanted]
    placed: dict[str, Step] = {}
    for steps in sorted(together, key=lambda steps: (not steps[-1].critical, -worth(steps))):
        for step in steps:
            placed.setdefault(step.item.id, step)
    return list(placed.values())


def _with_needs(
    item: ChecklistItem,
    by_id: Mapping[str, ChecklistItem],
    answers: Mapping[str, Answer],
    weights: Mapping[str, Weight],
) -> list[Step]:
    """The step for a measure, and before it those for everything that it needs and that isn't in place."""
    found: dict[str, Step] = {}
    for needed in _needed(item, by_id, answers):
        for step in _with_needs(needed, by_id, answers, weights):
            found.setdefault(step.item.id, replace(step, needed_by=step.needed_by or item))
    return [*found.values(), _step(item, answers, weights)]


def _step(item: ChecklistItem, answers: Mapping[str, Answer], weights: Mapping[str, Weight]) -> Step:
    against = sorted(
        (
            Against(threat, strength, weights[threat], points(item, threat) * weights[threat].factor)
            for threat, strength in item.threats.items()
            if threat in weights
        ),
        key=lambda each: -each.gain,
    )
    critical = next((each for each in against if _is_critical(item, each)), None)
    choice = _choice(item.id, answers)
    return Step(item, tuple(against), critical, choice is None, choice is Choice.UNSURE)


def _is_critical(item: ChecklistItem, against: Against) -> bool:
    return (
        item.impact is Impact.HIGH
        and against.strength >= CRITICAL_STRENGTH
        and against.weight.level >= CRITICAL_LEVEL
    )
