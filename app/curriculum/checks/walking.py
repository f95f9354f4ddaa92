"""Every text inside a value, with the way to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from app.curriculum.files.documents import Loc
from app.curriculum.model import Text


def texts_in(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, Text]]:
    """Every text that a person reads in this value, in the order of the fields."""
    if isinstance(value, Text):
        yield loc, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name), (*loc, name))
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from texts_in(entry, (*loc, index))
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from texts_in(entry, (*loc, str(key)))
