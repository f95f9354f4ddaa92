"""One who saves after the other."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from app.web.kit import kit

P = ParamSpec("P")
R = TypeVar("R")


def in_turn(view: Callable[P, R]) -> Callable[P, R]:
    """A view that saves, and nearly always answers without a page: see `Database.in_turn`."""

    @wraps(view)
    def waited_for(*args: P.args, **kwargs: P.kwargs) -> R:
        with kit().database.in_turn():
            return view(*args, **kwargs)

    return waited_for
