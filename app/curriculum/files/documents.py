"""YAML files as plain data that remembers where everything stood.

The subset is small on purpose: mappings, lists, texts, whole numbers, true and false, and dates as
`2026-11-24`. `yes`, `no`, times and versions stay the texts they look like.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from app.curriculum.problems import Problem

Loc = tuple[int | str, ...]

_WHOLE_NUMBER = re.compile(r"[-+]?\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOTHING = ("", "~", "null")


@dataclass
class Spot:
    """Where a value stands in its file, and where the keys and values inside it stand."""

    line: int
    column: int
    literal: bool = False
    indent: int = 0
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    children: "dict[str, Spot] | list[Spot]" = field(default_factory=dict)

    def child(self, step: int | str) -> "Spot | None":
        """The spot of a key's value or of a list's element, if it is there."""
        if isinstance(self.children, dict):
            return self.children.get(str(step))
        return self.children[step] if isinstance(step, int) and step < len(self.children) else None


@dataclass
class Document:
    """One YAML file: its data, and where each part of it stands."""

    path: str
    data: Any
    spot: Spot

    def nearest(self, loc: Loc) -> Spot:
        """The spot of the deepest part of `loc` that exists."""
        spot = self.spot
        for step in loc:
            below = spot.child(step)
            if below is None:
                break
            spot = below
        return spot

    def problem(self, loc: Loc, message: str) -> Problem:
        """A problem at the value that `loc` leads to, or at what is nearest to it."""
        spot = self.nearest(loc)
        return Problem(self.path, spot.line, spot.column, message)

    def problem_at_key(self, loc: Loc, message: str) -> Problem:
        """A problem at the key that ends `loc`."""
        line, column = self.nearest(loc[:-1]).keys.get(str(loc[-1]), (0, 0))
        return Problem(self.path, line, column, message) if line else self.problem(loc, message)

    def value(self, loc: Loc) -> Any:
        """The data that `loc` leads to, or None."""
        data = self.data
        for step in loc:
            if isinstance(data, dict):
                data = data.get(step)
            elif isinstance(data, list) and isinstance(step, int) and step < len(data):
                data = data[step]
            else:
                return None
        return data


def read_document(path: str, text: str, problems: list[Problem]) -> Document | None:
    """The file as a document; None, with a problem added, if it isn't YAML that can be read."""
    try:
        node = YAML(typ="safe").compose(text)
    except MarkedYAMLError as error:
        problems.append(_syntax_problem(path, error))
        return None
    except YAMLError as error:
        problems.append(Problem(path, 1, 1, f"this isn't YAML: {error}"))
        return None
    if node is None:
        problems.append(Problem(path, 1, 1, "this file is empty"))
        return None
    reader = _Reader(path, text, problems)
    data, spot = reader.read(node)
    return Document(path, data, spot)


#: What the parser says, and what a person can do about it; the first that fits is shown.
_SYNTAX_ADVICE = (
    (r"\\t|\t", "a tab stands here; YAML is indented with spaces only"),
    (
        r"mapping values are not allowed",
        "a colon stands where none can; put the whole text in quotes, or check the indentation",
    ),
    (r"could not find expected ':'", "a key without its colon stands just before this; write `key: value`"),
    (
        r"expected <block end>|did not find expected key",
        "the indentation, or a quote inside a quoted text, is wrong here or just above",
    ),
    (r"unexpected end of stream", "a quote or bracket is opened here and never closed"),
    (r"expected ',' or", "a comma or a closing bracket is missing here, or a text with a colon needs quotes"),
    (r"alias|anchor", "a text that begins with * or & must be in quotes"),
    (r"cannot start any token", "a text can't begin with this character; put it in quotes"),
    (r"another document", "a line of three hyphens starts a second document; a file holds only one"),
)


def _syntax_problem(path: str, error: MarkedYAMLError) -> Problem:
    what = str(error.problem or error.context or "")
    unclosed = "end of stream" in what
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    for pattern, advice in _SYNTAX_ADVICE:
        if re.search(pattern, what):
            return Problem(path, line, column, advice)
    return Problem(path, line, column, f"this isn't YAML that can be read ({what.strip()})")


class _Reader:
    """Turns the parsed nodes of one file into data and spots."""

    def __init__(self, path: str, text: str, problems: list[Problem]) -> None:
        self.path = path
        self.lines = text.split("\n")
        self.problems = problems

    def read(self, node: Node) -> tuple[Any, Spot]:
        spot = Spot(node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, spot), spot
        if isinstance(node, SequenceNode):
            pairs = [self.read(child) for child in node.value]
            spot.children = [below for _, below in pairs]
            return [data for data, _ in pairs], spot
        if not isinstance(node, ScalarNode):
            return None, spot
        spot.literal = node.style == "|"
        if spot.literal:
            first = self.lines[spot.line] if spot.line < len(self.lines) else ""
            spot.indent = len(first) - len(first.lstrip())
        return _scalar(node), spot

    def _mapping(self, node: MappingNode, spot: Spot) -> dict[str, Any]:
        data: dict[str, Any] = {}
        children: dict[str, Spot] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            position = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in data:
                first = spot.keys[key][0]
                message = f"'{key}' stands here a second time (first in line {first}); keep one of them"
                self.problems.append(Problem(self.path, *position, message))
                continue
            spot.keys[key] = position
            data[key], children[key] = self.read(value_node)
        spot.children = children
        return data


def _scalar(node: ScalarNode) -> Any:
    value = str(node.value)
    if node.style is not None:
        return value
    if value in _NOTHING:
        return None
    if value in ("true", "false"):
        return value == "true"
    if _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    return _date(value) if _DATE.fullmatch(value) else value


def _date(value: str) -> date | str:
    """The day; the text as it stands if it is no day of the calendar, for validation to say so."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value
