"""Exposure: how much of what the checklists know against a threat somebody doesn't have yet.

A measure counts for a threat as many points as its strength against it (1 to 3) times its impact (low 1, medium 2,
high 3). Points are *open* where somebody answered "no" or "not sure", *unknown* where they didn't answer, and out of
the sum where they said "not for me". It is an ordering by the kit's own estimates and no probability; a measure that
comes into place never raises it. The rules stand in docs/exposure.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.curriculum.model import ChecklistItem, Impact
from app.learning.answers import Answer, Choice
from app.learning.situation import Weight

POINTS = {Impact.LOW: 1, Impact.MEDIUM: 2, Impact.HIGH: 3}


@dataclass(frozen=True)
class Share:
    """One measure's part in a threat's exposure. choice: what was answered; None is nothing yet."""

    item: ChecklistItem
    points: int
    choice: Choice | None

    @property
    def is_open(self) -> bool:
        """Whether it is known, or not known, to be missing."""
        return is_open(self.choice)


@dataclass(frozen=True)
class Exposure:
    """How exposed somebody is to one threat, and what that is made of."""

    threat: str
    weight: Weight
    shares: tuple[Share, ...]

    @property
    def open(self) -> int:
        """Points that are missing."""
        return sum(share.points for share in self.shares if share.is_open)

    @property
    def unknown(self) -> int:
        """Points that nothing was said of."""
        return sum(share.points for share in self.shares if share.choice is None)

    @property
    def total(self) -> int:
        """Points there are."""
        return sum(share.points for share in self.shares)

    @property
    def rank(self) -> int:
        """What threats are put in order by: what is missing, by how much the threat weighs."""
        return self.open * self.weight.factor


def is_open(choice: Choice | None) -> bool:
    """Whether an answer says that a measure is missing: "not sure" does, for what nobody knows of protects nobody."""
    return choice in (Choice.NO, Choice.UNSURE)


def points(item: ChecklistItem, threat: str) -> int:
    """What a measure counts against a threat."""
    return item.threats.get(threat, 0) * POINTS[item.impact]


def exposures(
    items: Iterable[ChecklistItem], answers: Mapping[str, Answer], weights: Mapping[str, Weight]
) -> list[Exposure]:
    """The exposure to each threat, from these measures: what weighs most and is most open first."""
    chosen = [(item, answers[item.id].choice if item.id in answers else None) for item in items]
    found = [
        Exposure(
            threat,
            weight,
            tuple(
                Share(item, points(item, threat), choice)
                for item, choice in chosen
                if threat in item.threats and choice is not Choice.NOT_MINE
            ),
        )
        for threat, weight in weights.items()
    ]
    return sorted(found, key=lambda each: (-each.rank, -each.weight.level))
