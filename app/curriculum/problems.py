"""What is wrong with the content, said so that a trainer with a text editor can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `path` is relative to the content's folder; lines and columns count from 1."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"

    def saying(self, message: str) -> Self:
        """Another problem at the same place."""
        return replace(self, message=message)


class ContentError(Exception):
    """The content can't be used as it is. `problems` lists everything found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
