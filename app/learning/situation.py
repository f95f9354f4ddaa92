"""Somebody's situation, and what follows from it: how much each threat weighs, and which measures concern them.

A weight is a level from 1 (as for anybody) to 4 (first of all). It orders; it is no probability. The rules stand in
docs/exposure.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.curriculum.model import ChecklistItem, Intake, IntakeOption, IntakeQuestion, Text

#: Levels of a threat's weight. Nothing weighs nothing: a situation changes the order and hides no threat.
LOWEST, HIGHEST = 1, 4


@dataclass(frozen=True)
class Situation:
    """What somebody told of themselves. chosen: option ids by question. levels: weights that they set themselves."""

    chosen: dict[str, list[str]] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    told_on: date | None = None

    def options(self, intake: Intake) -> list[IntakeOption]:
        """The chosen options that are still asked about, in the order in which they are asked."""
        return [option for question in intake.questions for option in _chosen(question, self.chosen)]

    def joined_with(self, other: "Situation") -> "Situation":
        """What was told later, and what only the earlier told."""
        later, earlier = (
            (other, self) if (other.told_on or date.min) >= (self.told_on or date.min) else (self, other)
        )
        return Situation(
            {**earlier.chosen, **later.chosen},
            {**earlier.levels, **later.levels},
            later.told_on or earlier.told_on,
        )

    def is_in_danger(self, intake: Intake) -> bool:
        """Whether they said that it is happening now."""
        return any(option.danger for option in self.options(intake))


def _chosen(question: IntakeQuestion, chosen: Mapping[str, list[str]]) -> list[IntakeOption]:
    return [option for option in question.options if option.id in chosen.get(question.id, ())]


@dataclass(frozen=True)
class Weight:
    """How much a threat weighs for somebody. raised_by: what of their situation raised it. own: they set it."""

    level: int
    raised_by: tuple[IntakeOption, ...] = ()
    own: bool = False

    @property
    def factor(self) -> int:
        """What points count by: each level doubles it."""
        return 1 << (self.level - 1)


def weights(intake: Intake, threats: Iterable[str], situation: Situation) -> dict[str, Weight]:
    """The weight of each threat, by its id.

    Of one question only the strongest of its chosen options counts: ticking more of a list is no greater danger.
    """
    asked = [_chosen(question, situation.chosen) for question in intake.questions]
    return {threat: _weight(threat, asked, situation.levels.get(threat)) for threat in threats}


def _weight(threat: str, asked: Iterable[list[IntakeOption]], own: int | None) -> Weight:
    by_question = [[option for option in options if threat in option.raises] for options in asked]
    raising = tuple(option for options in by_question for option in options)
    strongest = [max(option.raises[threat] for option in options) for options in by_question if options]
    derived = min(HIGHEST, LOWEST + sum(strongest))
    if own is None or own == derived:
        return Weight(derived, raising)
    return Weight(max(LOWEST, min(HIGHEST, own)), raising, own=True)


class Outside(StrEnum):
    """Why a measure doesn't concern somebody."""

    AUDIENCE = "audience"
    SITUATION = "situation"


@dataclass(frozen=True)
class NotTheirs:
    """A measure that is left out, and why; `reason` where the intake says it in words."""

    item: ChecklistItem
    why: Outside
    reason: Text | None = None


def concerning(
    intake: Intake, items: Iterable[ChecklistItem], situation: Situation
) -> tuple[list[ChecklistItem], list[NotTheirs]]:
    """The measures that concern somebody, and those that don't, each in the order given.

    What one of theirs needs is theirs too, whomever it was written for: it has to come first.
    """
    every = list(items)
    audience = {whose for option in situation.options(intake) for whose in option.audience}
    outside = _left_out(intake, situation.chosen)
    staying = [item for item in every if item.id not in outside]
    theirs = _with_needs(
        [item for item in staying if not audience or audience.intersection(item.audience)], staying
    )
    others = [
        NotTheirs(item, Outside.SITUATION, outside[item.id])
        if item.id in outside
        else NotTheirs(item, Outside.AUDIENCE)
        for item in every
        if item.id not in theirs
    ]
    return [item for item in every if item.id in theirs], others


def _with_needs(wanted: Iterable[ChecklistItem], items: Iterable[ChecklistItem]) -> set[str]:
    by_id = {item.id: item for item in items}
    found: set[str] = set()
    pending = [item.id for item in wanted]
    while pending:
        name = pending.pop()
        if name not in found and name in by_id:
            found.add(name)
            pending += by_id[name].needs
    return found


def _left_out(intake: Intake, chosen: Mapping[str, list[str]]) -> dict[str, Text]:
    return {
        item: rule.reason
        for rule in intake.left_out
        if chosen.get(rule.question) and not set(rule.unless).intersection(chosen[rule.question])
        for item in rule.items
    }
