"""How exposure was before: what a finished look at oneself came to, kept to be put beside what it comes to now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from app.learning.exposure import Exposure

#: Looks that are kept: the first, and the latest ones.
MOST = 24


@dataclass(frozen=True)
class Measured:
    """One threat's points on a day: missing, unknown and in all; and the level of its weight."""

    open: int
    unknown: int
    total: int
    level: int


@dataclass(frozen=True)
class Snapshot:
    """What a look came to, by threat."""

    on: date
    threats: dict[str, Measured]


def snapshot(exposures: Iterable[Exposure], today: date) -> Snapshot:
    """What exposures come to on a day."""
    return Snapshot(
        today,
        {each.threat: Measured(each.open, each.unknown, each.total, each.weight.level) for each in exposures},
    )


@dataclass(frozen=True)
class History:
    """Every look that is kept, the oldest first."""

    snapshots: list[Snapshot] = field(default_factory=list)

    @property
    def first(self) -> Snapshot | None:
        """Where somebody began."""
        return self.snapshots[0] if self.snapshots else None

    def before(self, today: date) -> Snapshot | None:
        """The latest look before this day."""
        return next((each for each in reversed(self.snapshots) if each.on < today), None)

    def including(self, new: Snapshot) -> "History":
        """The same with this look; of one day only the last is kept, and of many the first and the latest."""
        kept = sorted(
            [each for each in self.snapshots if each.on != new.on] + [new], key=lambda each: each.on
        )
        return History(kept if len(kept) <= MOST else [kept[0], *kept[-(MOST - 1) :]])

    def joined_with(self, other: "History") -> "History":
        """Both, as if each look had been kept here."""
        joined = self
        for each in other.snapshots:
            joined = joined.including(each)
        return joined
