"""What the incident log says and asks: the worksheet for a threat, and what to do with a log."""

from typing import Annotated

from pydantic import Field

from app.curriculum.model.emergencies import Trust
from app.curriculum.model.texts import Id, Reviewed, Text, Value


class WorksheetStatement(Value):
    """Something that is ticked if it holds."""

    id: Id
    text: Text


class WorksheetStep(Value):
    """A step of judging: what is asked, and what helps to answer."""

    id: Id
    title: Text
    ask: Text
    hint: Text


class Worksheet(Reviewed):
    """Judging a threat in steps, with a second person; and how a log is begun, kept and handed over.

    honest: what no worksheet can do. capture: before anybody is blocked or reported. keep: where else it should be.
    give: to whom, by how far the authorities can be trusted. remove: what to take out before it is handed over.
    """

    title: Text
    summary: Text
    honest: Annotated[tuple[Text, ...], Field(min_length=2, max_length=5)]
    red_lines: Annotated[tuple[WorksheetStatement, ...], Field(min_length=3, max_length=8)]
    holds: Annotated[tuple[WorksheetStatement, ...], Field(min_length=3, max_length=10)]
    steps: Annotated[tuple[WorksheetStep, ...], Field(min_length=3, max_length=6)]
    opinion: WorksheetStep
    capture: Annotated[tuple[Text, ...], Field(min_length=1, max_length=5)]
    keep: Annotated[tuple[Text, ...], Field(min_length=1, max_length=5)]
    give: Trust
    remove: Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]
