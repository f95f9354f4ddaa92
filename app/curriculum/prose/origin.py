"""Where a piece of Markdown came from, so that a place in it can be shown in its file."""

from dataclasses import dataclass
from typing import Self

from app.curriculum.files.documents import Document, Loc
from app.curriculum.problems import Problem


@dataclass(frozen=True)
class Origin:
    """The file of a piece of Markdown, its lines, and how they map to the file's own.

    `first_line` and `indent` are the file's line and the spaces before it of the piece's first line.
    Folded text loses its lines, and then everything is shown at its beginning (`exact` is false).
    """

    path: str
    lines: tuple[str, ...]
    first_line: int = 1
    indent: int = 0
    exact: bool = True

    @classmethod
    def of_file(cls, path: str, text: str) -> Self:
        """A whole file."""
        return cls(path, tuple(text.split("\n")))

    @classmethod
    def in_yaml(cls, document: Document, loc: Loc, text: str) -> Self:
        """A text inside a YAML file: exact where it is written with `|`."""
        spot = document.nearest(loc)
        if spot.literal:
            return cls(document.path, tuple(text.split("\n")), spot.line + 1, spot.indent)
        return cls(document.path, tuple(text.split("\n")), spot.line, spot.column - 1, exact=False)

    def problem(self, line: int, column: int, message: str) -> Problem:
        """A problem at a line and column of the piece, both counted from 0."""
        if not self.exact:
            return Problem(self.path, self.first_line, self.indent + 1, message)
        return Problem(self.path, self.first_line + line, self.indent + column + 1, message)

    def within(self, line: int, content: str, offset: int, message: str) -> Problem:
        """A problem at an offset into the running text that begins in this line of the piece."""
        before = content[:offset]
        number = before.count("\n")
        start = before.rfind("\n") + 1
        shown = content[start:].split("\n", 1)[0].strip()
        source = self.lines[line + number] if line + number < len(self.lines) else ""
        column = max(source.find(shown), 0) + len(content[start:offset].lstrip())
        return self.problem(line + number, column, message)
