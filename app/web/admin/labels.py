"""A list of what people are called, as a CSV file says it: read, and checked line by line before anything is done."""

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from app.records.cohorts.groups import LabelUnusable, label_key, visible

#: People whom one list may bring.
MOST_LINES = 500
#: What a heading says, as labels are compared; and how a spreadsheet tells its separator.
_HEADINGS = frozenset(
    {"label", "labels", "name", "pseudonym", "staff number", "number", "id", "learner", "participant",
     "etiqueta", "nombre", "seudónimo", "seudonimo", "número", "numero", "número de personal", "folio",
     "participante", "clave", "sep="}
)  # fmt: skip


class ListUnreadable(Exception):
    """The file is no text."""


class ListTooLong(Exception):
    """The list has more than `MOST_LINES` lines."""


class Problem(StrEnum):
    """Why a line can't be taken over."""

    EMPTY = "empty"
    LONG = "long"
    MORE = "more"  # more than one column: perhaps names, which nobody shall bring here by mistake
    TWICE = "twice"
    TAKEN = "taken"


@dataclass(frozen=True)
class Line:
    """One line of a list: its number in the file, what it says, and what is wrong with it if anything is."""

    number: int
    label: str
    problem: Problem | None = None


def read(content: bytes, taken: Collection[str]) -> list[Line]:
    """The lines of a file, without its heading and the empty lines at its end.

    taken: the labels of the cohort, as they are compared. Raises ListUnreadable and ListTooLong.
    """
    text = _text(content)
    separator = next((each for each in ";\t" if each in text), ",")
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error:
        raise ListUnreadable from None
    while rows and label_key(next(iter(rows[0][1]), "")) in _HEADINGS:
        rows.pop(0)
    while rows and not any(rows[-1][1]):
        rows.pop()
    if len(rows) > MOST_LINES:
        raise ListTooLong
    return check(rows, taken)


def check(rows: Iterable[tuple[int, list[str]]], taken: Collection[str]) -> list[Line]:
    """Lines of cells, each with what is wrong with it."""
    seen: set[str] = set()
    lines = []
    for number, cells in rows:
        label, problem = _judged(cells, taken, seen)
        seen.add(label_key(label))
        lines.append(Line(number, label, problem))
    return lines


def _judged(cells: list[str], taken: Collection[str], seen: Collection[str]) -> tuple[str, Problem | None]:
    said = next(iter(cells), "")
    try:
        label = visible(said)
    except LabelUnusable:
        return said[:20], Problem.LONG if said else Problem.EMPTY
    if any(cells[1:]):
        return label, Problem.MORE
    if label_key(label) in seen:
        return label, Problem.TWICE
    return label, Problem.TAKEN if label_key(label) in taken else None


def _text(content: bytes) -> str:
    """A file's text. Spreadsheets save in UTF-8, in UTF-16, or as Windows always did in Western languages."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text and not text.startswith("PK\x03\x04"):
            return text
    raise ListUnreadable
