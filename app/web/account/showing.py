"""What this place's views share: whose vault is open, showing forms, and what follows when one was opened."""

from typing import Any

from flask import Response, redirect, url_for
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.records.devices import new_device
from app.records.erasure import delete_learner
from app.records.failures import TooSoon
from app.records.keyring import NewPassphrase, Opened
from app.records.notebook import Notebook
from app.records.sessions import OpenSession
from app.web import frames
from app.web.account.forms import KeyForm
from app.web.kept import settle
from app.web.kit import kit
from app.web.study import complete_what_joined
from app.web.visitor import Kind, remember, remember_device, say, visitor

#: Seconds after which somebody may press the button again who met a machine that was busy.
RETRY_SECONDS = 5


def shown_form(template: str, form: KeyForm, status: int = 200, **context: Any) -> Response:
    """A form, with a token of this session's. What was typed into secret fields is never put back."""
    visitor()  # first: where a session turns out to have ended, its token goes, and the form needs the next one
    response = frames.uncached(
        template, status=status, form=form, token=str(generate_csrf()), active="account", **context
    )
    if status == 503:  # noqa: PLR2004 - as many passphrases as the machine allows are being checked
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def waiting_words(soon: TooSoon) -> str:
    """How long to wait."""
    return str(
        ngettext("Wait %(num)s second and try again.", "Wait %(num)s seconds and try again.", soon.seconds)
    )


def too_many_choices(soon: TooSoon) -> str:
    """Why nobody may choose passphrases for one pseudonym as fast as they can send them, and how long to wait."""
    return " ".join((gettext("Too many tries with this pseudonym."), waiting_words(soon)))


def wrong_code_words() -> str:
    """Why a code of a second factor was refused."""
    return str(
        gettext(
            "What this opens has a second factor, and its code is missing, wrong or used. Each works once: wait for "
            "the next."
        )
    )


def say_news(opened: Opened) -> None:
    """Say on the next page what the owner of a vault should hear of its second factor."""
    for news in sorted(opened.news):
        say(news.value)


def shown_code(opened: Opened) -> Response:
    """The recovery code, on the one page that ever shows it."""
    return frames.uncached("account/recovery_code.html", code=opened.recovery_code, active="account")


def kept_session() -> OpenSession | None:
    """The session of somebody who kept their progress, if that is who is asking."""
    who = visitor()
    return who.session if who.kind is Kind.KEPT else None


def pseudonym() -> str:
    """The pseudonym of whoever is asking, or "" if they have none."""
    session = visitor().session
    return kit().keyring.pseudonym(session.vault) if session else ""


def opened_anew(opened: Opened, new: NewPassphrase, after: str = "signed-in") -> AnyResponse:
    """Give the browser its new session; show the recovery code if there is a new one, else say what was done."""
    remember(opened.token)
    remember_device(new_device(opened.vault), new.credentials.pseudonym)
    kit().tidy()  # what the old keys sealed leaves the file's log now, not at some later start
    if opened.recovery_code is not None:
        return shown_code(opened)
    say_news(opened)
    say(after)
    return redirect(url_for("learn.progress"), 303)


def settle_guest(opened: Opened, *, merge: bool) -> bool:
    """Add this visit's answers to the opened vault or delete them, and end the session they were under."""
    who = visitor()
    if who.session is None:
        return False
    if who.kind is Kind.KEPT:
        kit().keyring.sign_out(who.session.token)
        return False
    if merge:
        kit().keyring.absorb(opened.vault, who.session, settle)
        complete_what_joined(Notebook(kit().database, opened.vault), kit().today())
        kit().tidy()
        return True
    delete_learner(kit().database, who.session.vault.learner_id)
    return False
