"""How long and how often to measure, and what is measured on."""

from dataclasses import dataclass
from pathlib import Path

from app.curriculum.model import Curriculum


@dataclass(frozen=True)
class Settings:
    """One run: the folder it may write to, the curriculum it measures, and its rounds."""

    folder: Path
    content: Path
    curriculum: Curriculum
    rounds: int = 9
    seconds: float = 0.8
    people: int = 60

    def folder_for(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir(parents=True, exist_ok=True)
        return made
