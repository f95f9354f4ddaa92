"""What was measured, in rows: ours, the floor, their ratio, and the bar it was to meet."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median


class Sense(StrEnum):
    """Which side of its bar a row has to be on."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    REPORTED = "–"


@dataclass(frozen=True)
class Bar:
    """A limit, and the side of it that is good."""

    sense: Sense
    value: float = 0.0

    def is_met(self, ratio: float) -> bool:
        if self.sense is Sense.REPORTED:
            return True
        return ratio >= self.value if self.sense is Sense.AT_LEAST else ratio <= self.value

    def __str__(self) -> str:
        return "reported" if self.sense is Sense.REPORTED else f"{self.sense} {self.value:g}"


def at_least(value: float) -> Bar:
    return Bar(Sense.AT_LEAST, value)


def at_most(value: float) -> Bar:
    return Bar(Sense.AT_MOST, value)


REPORTED = Bar(Sense.REPORTED)


@dataclass(frozen=True)
class Row:
    """One bar: `ratio` is ours over the floor's, or ours itself where there is no floor."""

    name: str
    ours: float
    floor: float | None
    unit: str
    bar: Bar
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.floor if self.floor else self.ours

    @property
    def met(self) -> bool:
        return self.bar.is_met(self.ratio)


def against(
    name: str, ours: Sequence[float], floor: Sequence[float], unit: str, bar: Bar, note: str = ""
) -> Row:
    """A row of medians: what was measured in turn, a round each."""
    pairs = sorted(mine / theirs for mine, theirs in zip(ours, floor, strict=True) if theirs)
    spread = f"rounds {pairs[0]:.2f}–{pairs[-1]:.2f}" if len(pairs) > 1 else ""
    return Row(name, median(ours), median(floor), unit, bar, "; ".join(filter(None, (note, spread))))


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def line(row: Row) -> str:
    """A row as it is printed."""
    verdict = "" if row.bar.sense is Sense.REPORTED else "met" if row.met else "MISSED"
    ratio = f"{row.ratio:.2f}" if row.floor else ""
    return (
        f"{row.name:<46} {_number(row.ours):>8} {_number(row.floor):>8} {row.unit:<7} {ratio:>6} {row.bar!s:>9} "
        f"{verdict:<7}{row.note}"
    ).rstrip()


HEADING = f"{'what':<46} {'ours':>8} {'floor':>8} {'unit':<7} {'ratio':>6} {'bar':>9}"


def summary(rows: Sequence[Row]) -> str:
    """The misses by name, or that there are none."""
    missed = [row.name for row in rows if not row.met]
    barred = sum(row.bar.sense is not Sense.REPORTED for row in rows)
    if missed:
        return f"{len(missed)} of {barred} bars MISSED: " + ", ".join(missed)
    return f"All {barred} bars met."


def write(file: Path, rows: Sequence[Row], rounds: int) -> None:
    """The rows as JSON, for a program to compare."""
    file.parent.mkdir(parents=True, exist_ok=True)
    found = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "rounds": rounds,
        "rows": [{**asdict(row), "ratio": row.ratio, "bar": str(row.bar), "met": row.met} for row in rows],
    }
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
