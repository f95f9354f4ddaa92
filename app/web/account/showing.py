"""Showing this place's forms, and the recovery code, which is shown once."""

from typing import Any

from flask import Response
from flask_wtf.csrf import generate_csrf

from app.records.keyring import Opened
from app.web import frames
from app.web.account.forms import KeyForm
from app.web.visitor import visitor


def shown_form(template: str, form: KeyForm, status: int = 200, **context: Any) -> Response:
    """A form, with a token of this session's. What was typed into secret fields is never put back."""
    visitor()  # first: where a session turns out to have ended, its token goes, and the form needs the next one
    return frames.uncached(
        template, status=status, form=form, token=str(generate_csrf()), active="account", **context
    )


def shown_code(opened: Opened) -> Response:
    """The recovery code, on the one page that ever shows it."""
    return frames.uncached("account/recovery_code.html", code=opened.recovery_code, active="account")
