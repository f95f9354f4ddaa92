"""What is done again on days of its own, so that it still holds when it is needed."""

from typing import Annotated

from pydantic import Field

from app.curriculum.model.texts import Id, Minutes, Reviewed, Text

#: Days from one time to the next: a week to a year.
Days = Annotated[int, Field(ge=7, le=366)]


class Drill(Reviewed):
    """Something to practise, or to look at again, every so many days. It belongs to a checklist's item.

    first: days until the first time, where that differs. together: others take part, so it is agreed on
    beforehand and anybody may stop it.
    """

    id: Id
    item: Id
    title: Text
    why: Text
    steps: Annotated[tuple[Text, ...], Field(min_length=2, max_length=5)]
    days: Days
    first: Days | None = None
    minutes: Minutes
    together: bool = False
