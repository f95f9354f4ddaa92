"""What a fault did: its figures, and what was lost by it."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.curriculum.model import Curriculum


@dataclass(frozen=True)
class Finding:
    """One fault's outcome. `wrong`: everything that was lost or should not have happened; empty when it held."""

    name: str
    figures: str
    wrong: tuple[str, ...] = ()
    skipped: bool = False

    def __str__(self) -> str:
        verdict = "skipped" if self.skipped else "LOST" if self.wrong else "held"
        return "\n".join(
            [f"{self.name:<28} {verdict:<8} {self.figures}", *(f"    {what}" for what in self.wrong)]
        )


@dataclass(frozen=True)
class Settings:
    """One run: its folder, the content, and how long to go on."""

    folder: Path
    content: Path
    curriculum: Curriculum
    kills: int = 100
    seconds: float = 60.0
    restarts: int = 6

    def folder_for(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir(parents=True, exist_ok=True)
        return made


Fault = Callable[[Settings], Iterator[Finding]]


def damage(database: Path) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        broken = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    return [f"integrity_check: {line}" for line in found if line != "ok"] + (
        [f"{broken} rows refer to nothing"] if broken else []
    )
