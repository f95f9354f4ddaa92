"""A small whole curriculum about doors, copied for each test to change as it likes."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.curriculum import ContentError, load
from app.curriculum.checks.checking import check
from app.curriculum.model import Curriculum

SMALL = Path(__file__).parent / "small"
TODAY = date(2026, 12, 1)


@dataclass
class Content:
    """A folder of content that a test breaks, mends and reads."""

    root: Path

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, f"{old!r} isn't in {path}"
        self.write(path, text.replace(old, new, 1))

    def delete(self, path: str) -> None:
        (self.root / path).unlink()

    def load(self, cache: Path | None = None) -> Curriculum:
        return load(self.root, cache=cache)

    def check(self, today: date = TODAY) -> list[str]:
        return [str(problem) for problem in check(self.root, today).problems]

    def faults(self) -> list[str]:
        """What stops a start."""
        with pytest.raises(ContentError) as caught:
            self.load()
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def content(tmp_path: Path) -> Content:
    root = tmp_path / "content"
    shutil.copytree(SMALL, root)
    return Content(root)
