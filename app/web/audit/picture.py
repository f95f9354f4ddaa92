"""The picture of exposure: for each threat a line from before to now, as numbers that a drawing is made of.

Every word of it stands in the table beside it, and on a text of its own size, so that nothing is spilled over the
page where drawings are switched off.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.learning.exposure import Exposure
from app.learning.history import Measured, Snapshot

#: In units of the drawing, which is as wide as the column of text: a row, where its line lies, and room around it.
WIDTH, ROW, LINE, MARGIN = 640, 66, 42, 14


@dataclass(frozen=True)
class Row:
    """One threat: its place, and how far along its line before and now lie. before: None where there is none."""

    threat: str
    text_at: int
    line_at: int
    now: float
    before: float | None


@dataclass(frozen=True)
class Picture:
    """All rows, and how high the drawing is."""

    rows: tuple[Row, ...]

    @property
    def height(self) -> int:
        """In its own units."""
        return len(self.rows) * ROW + MARGIN


def picture(exposures: Iterable[Exposure], before: Snapshot | None) -> Picture:
    """The picture of these exposures, in their order; threats that nothing counts against are left out."""
    counted = [each for each in exposures if each.total]
    return Picture(tuple(_row(place, each, before) for place, each in enumerate(counted)))


def _row(place: int, exposure: Exposure, before: Snapshot | None) -> Row:
    then = before.threats.get(exposure.threat) if before else None
    return Row(
        exposure.threat,
        place * ROW + 24,
        place * ROW + LINE + MARGIN // 2,
        _along(exposure.open, exposure.total),
        _then(then) if then else None,
    )


def _then(then: Measured) -> float | None:
    return _along(then.open, then.total) if then.total else None


def _along(part: int, whole: int) -> float:
    """Where a share lies on a line with room for a dot at each end."""
    return round(MARGIN + (WIDTH - 2 * MARGIN) * min(part, whole) / whole, 1)


@dataclass(frozen=True)
class Bar:
    """One threat in hundredths of what there is against it: missing now, and before."""

    threat: str
    now: int
    before: int | None


def bars(exposures: Iterable[Exposure], before: Snapshot | None) -> list[Bar]:
    """A bar for each threat of which something is missing, in their order."""
    found = []
    for each in exposures:
        then = before.threats.get(each.threat) if before else None
        earlier = _percent(then.open, then.total) if then and then.total else None
        found += [Bar(each.threat, _percent(each.open, each.total), earlier)] if each.open else []
    return found


def _percent(part: int, whole: int) -> int:
    return round(100 * min(part, whole) / whole)
