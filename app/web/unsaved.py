"""Typed text that couldn't be saved yet: it is carried on in the page until it can, never dropped.

When a form arrives after its session ended, or with a form token that no longer fits, the page that
answers holds what was typed in hidden fields and offers to save it again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from flask import current_app, request
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.learning.incidents import WRITTEN

V = TypeVar("V")
PREFIX = "typed:"
TARGET = "typed-to"
#: Never carried on: secrets, and what belongs to the form that was sent rather than to what was typed.
LEFT_OUT = (
    "csrf_token", "passphrase", "again", "current", "code", "second_factor", "secret", "pseudonym", "sure",
)  # fmt: skip


DECIDES = "decides"


def decides(view: V) -> V:
    """Mark a view that takes no text: a decision, or a file. What it was sent is never offered to be saved again."""
    setattr(view, DECIDES, True)
    return view


def is_decision() -> bool:
    """Whether this request was sent to such a view."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), DECIDES, False)


@dataclass(frozen=True)
class Unsaved:
    """What somebody typed, and where it was to be saved."""

    target: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of_request(cls) -> "Unsaved":
        """What this request brought and could not save; or what it carries on from an earlier one."""
        carried = carried_on(request.form)
        if carried:
            return carried
        return cls(quote(request.path), tuple(_typed(request.form)))

    @property
    def carried_fields(self) -> list[tuple[str, str]]:
        """Names and values of the hidden fields that carry this on through another form."""
        return [(TARGET, self.target), *((PREFIX + name, value) for name, value in self.fields)]

    @property
    def token(self) -> str:
        """A form token for saving it again."""
        return str(generate_csrf())

    @property
    def texts(self) -> list[str]:
        """What was written by hand, to be shown so that it can be copied."""
        written = (*WRITTEN, "note")
        return [value for name, value in self.fields if name.endswith(written) and value.strip()]


def carried_on(form: "MultiDict[str, str]") -> Unsaved | None:
    """What a form carries on from an earlier one, if it does."""
    target = form.get(TARGET, "")
    if not target or not is_own_address(target, "POST"):
        return None
    fields = (
        (name.removeprefix(PREFIX), value)
        for name, value in form.items(multi=True)
        if name.startswith(PREFIX)
    )
    return Unsaved(target, tuple(fields))


def _typed(form: "MultiDict[str, str]") -> Iterator[tuple[str, str]]:
    for name, value in form.items(multi=True):
        if name not in LEFT_OUT and not name.startswith(PREFIX):
            yield name, value


def is_own_address(target: str, method: str = "GET") -> bool:
    """Whether a path is one of this kit's pages, and so safe to send somebody to."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return False
    try:
        endpoint, _ = current_app.url_map.bind("").match(target.split("?", maxsplit=1)[0], method=method)
    except (HTTPException, RequestRedirect):
        return False
    return not str(endpoint).startswith(("leave.", "static"))
