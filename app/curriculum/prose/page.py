"""A document in one language while it is judged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from markdown_it.token import Token

from app.curriculum.problems import Problem
from app.curriculum.prose.origin import Origin
from app.curriculum.prose.targets import Targets
from app.curriculum.prose.terms import Terms


@dataclass
class Page:
    """One document in one language while it is judged: what it may refer to, and what it was found to use.

    `citations` is shared by the languages of a document, so that a source has one number in all. `terms` are
    the glossary's words to be linked in it, if any are.
    """

    language: str
    origin: Origin
    targets: Targets
    citations: list[str]
    problems: list[Problem]
    figures: dict[str, Callable[[Self], str]] = field(default_factory=dict)
    plain: bool = False
    cited: dict[str, Problem] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    words: int = 0
    terms: Terms | None = None

    def fault(self, token: Token, message: str, column: int = 0) -> None:
        """Report a problem at a block."""
        self.problems.append(self.origin.problem(token.map[0] if token.map else 0, column, message))

    def inline_fault(self, block: Token, offset: int, message: str) -> None:
        """Report a problem inside running text."""
        line = block.map[0] if block.map else 0
        self.problems.append(self.origin.within(line, block.content, offset, message))
