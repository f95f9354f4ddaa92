"""Somebody's situation, and what follows from it: how much each threat weighs, and which measures concern them.

A weight is a level from 1 (as for anybody) to 4 (first of all). It orders; it is no probability. The rules stand in
docs/exposure.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.curriculum.model import ChecklistItem, Intake, IntakeOption, Text

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
        return [
            option
            for question in intake.questions
            for option in question.options
            if option.id in self.chosen.get(question.id, ())
        ]

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
    """The weight of each threat, by its id."""
    options = situation.options(intake)
    return {threat: _weight(threat, options, situation.levels.get(threat)) for threat in threats}


def _weight(threat: str, options: Iterable[IntakeOption], own: int | None) -> Weight:
    raising = tuple(option for option in options if threat in option.raises)
    derived = min(HIGHEST, LOWEST + sum(option.raises[threat] for option in raising))
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
    """The measures that concern somebody, and those that don't, each in the order given."""
    audience = {whose for option in situation.options(intake) for whose in option.audience}
    outside = _left_out(intake, situation.chosen)
    theirs: list[ChecklistItem] = []
    others: list[NotTheirs] = []
    for item in items:
        if audience and not audience.intersection(item.audience):
            others.append(NotTheirs(item, Outside.AUDIENCE))
        elif item.id in outside:
            others.append(NotTheirs(item, Outside.SITUATION, outside[item.id]))
        else:
            theirs.append(item)
    return theirs, others


def _left_out(intake: Intake, chosen: Mapping[str, list[str]]) -> dict[str, Text]:
    return {
        item: rule.reason
        for rule in intake.left_out
        if chosen.get(rule.question) and not set(rule.unless).intersection(chosen[rule.question])
        for item in rule.items
    }
