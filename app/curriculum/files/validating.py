"""Documents into values, with every fault reported at its place and the sound parts kept.

One faulty item doesn't hide what is wrong with the others: it is set aside, and the rest goes on to
the cross-checks.
"""

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.curriculum.files.documents import Document, Loc
from app.curriculum.files.wording import explain
from app.curriculum.problems import Problem


def validate(
    document: Document, shape: TypeAdapter[Any], problems: list[Problem]
) -> tuple[Document, Any] | None:
    """The document's value and the document it stands for, less the entries that are faulty.

    None if nothing can be made of it. Every fault is added to `problems`.
    """
    try:
        return document, shape.validate_python(document.data)
    except ValidationError as error:
        faults = _without_echoes(error.errors(include_url=False))
    problems += [_problem(document, shape._type, fault) for fault in faults]  # noqa: SLF001
    sound = _without(document, [fault["loc"] for fault in faults])
    if sound is None:
        return None
    try:
        return sound, shape.validate_python(sound.data)
    except ValidationError:
        return None


def _without_echoes(faults: list[Any]) -> list[Any]:
    """A list isn't too short because an entry in it is faulty: only the entry is worth a word."""
    return [
        fault
        for fault in faults
        if fault["type"] != "too_short"
        or not any(
            other["loc"][: len(fault["loc"])] == fault["loc"] and other is not fault for other in faults
        )
    ]


def _problem(document: Document, shape: Any, fault: Mapping[str, Any]) -> Problem:
    loc = tuple(fault["loc"])
    about_key, message = explain(document, shape, fault)
    if loc and loc[-1] == "[key]":
        loc = loc[:-1]
    return (document.problem_at_key if about_key else document.problem)(loc, message)


def _without(document: Document, locs: list[Loc]) -> Document | None:
    """The document less the list entries that these faults lie in; None if one lies in no list."""
    entries = {entry for loc in locs if (entry := _entry(loc)) is not None}
    if any(_entry(loc) is None for loc in locs):
        return None
    data, spot = copy.deepcopy(document.data), copy.deepcopy(document.spot)
    for entry in sorted(entries, key=lambda entry: entry[-1], reverse=True):
        values, spots = (data[entry[0]], spot.child(entry[0])) if len(entry) == 2 else (data, spot)  # noqa: PLR2004
        index = int(entry[-1])
        del values[index]
        if spots and isinstance(spots.children, list):
            del spots.children[index]
    return Document(document.path, data, spot)


def _entry(loc: Loc) -> Loc | None:
    if loc and isinstance(loc[0], int):
        return loc[:1]
    return loc[:2] if len(loc) > 1 and isinstance(loc[1], int) else None
