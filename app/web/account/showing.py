"""Showing this place's forms, and the recovery code, which is shown once."""

from typing import Any

from flask import Response
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf

from app.records.failures import TooSoon
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


def waiting_words(soon: TooSoon) -> str:
    """How long to wait."""
    return str(
        ngettext("Wait %(num)s second and try again.", "Wait %(num)s seconds and try again.", soon.seconds)
    )


def too_many_choices(soon: TooSoon) -> str:
    """Why nobody may choose passphrases for one pseudonym as fast as they can send them, and how long to wait."""
    return " ".join((gettext("Too many tries with this pseudonym."), waiting_words(soon)))


def shown_code(opened: Opened) -> Response:
    """The recovery code, on the one page that ever shows it."""
    return frames.uncached("account/recovery_code.html", code=opened.recovery_code, active="account")
