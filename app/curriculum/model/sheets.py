"""Sheets to print and fill in by pen. Nothing of what goes on them is ever typed, sent or kept."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.curriculum.model.texts import Id, Reviewed, Text, Value


class Paper(StrEnum):
    """How much of a sheet of A4 or Letter a printed one takes."""

    PAGE = "page"
    HALF = "half"


class SheetPart(Value):
    """A part of a sheet: words to read, steps in order, boxes to tick, or a table with empty rows to write in.

    `columns` heads the table, which has `rows` rows; `lines` are single empty lines, each with its label.
    """

    title: Text | None = None
    text: Text | None = None
    steps: Annotated[tuple[Text, ...], Field(max_length=8)] = ()
    ticks: Annotated[tuple[Text, ...], Field(max_length=8)] = ()
    columns: Annotated[tuple[Text, ...], Field(max_length=4)] = ()
    rows: Annotated[int, Field(ge=0, le=10)] = 0
    lines: Annotated[tuple[Text, ...], Field(max_length=6)] = ()


class Sheet(Reviewed):
    """A sheet: what stands on the paper, and, on the screen only, where to keep it and what never to write on it."""

    id: Id
    order: Annotated[int, Field(ge=1)]
    title: Text
    summary: Text
    paper: Paper
    keep: Annotated[tuple[Text, ...], Field(min_length=1, max_length=5)]
    never: Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]
    parts: Annotated[tuple[SheetPart, ...], Field(min_length=1, max_length=8)]
    foot: Text
    situations: tuple[Id, ...] = ()
