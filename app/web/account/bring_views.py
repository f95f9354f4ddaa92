"""Bringing an encrypted copy from another machine's kit: opened with its passphrase, checked, and joined."""

from flask import Response, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.records import copies
from app.records.copies import CopyNewer, CopyUnreadable
from app.records.failures import HashingBusy, PassphraseTaken, SecondFactorRefused, TooSoon, WrongPassphrase
from app.records.hashing import HashingCost
from app.records.keyring import NewPassphrase, Opened
from app.records.notebook import Entry, Notebook
from app.records.passphrases import Credentials
from app.web.account import blueprint
from app.web.account.forms import BringForm
from app.web.account.showing import kept_session, opened_anew, shown_form, too_many_choices, wrong_code_words
from app.web.channel import private
from app.web.kept import is_known, is_sound, settle
from app.web.kit import kit
from app.web.study import complete_what_joined
from app.web.visitor import say, visitor
from app.web.words import BUSY


@blueprint.get("/<language:lang>/account/bring/")
@private
def bring() -> Response:
    """The form to bring an encrypted copy."""
    return shown_form("account/bring.html", BringForm(formdata=None))


@blueprint.post("/<language:lang>/account/bring/", endpoint="submit_bring")
@private
def submit_bring() -> AnyResponse:
    """Open a copy with its passphrase and put it under the same one here: all of it, or nothing."""
    form = BringForm()
    if not form.validate():
        return _bring_form(form)
    if kit().config.by_invitation and kept_session() is None:
        form.form_errors.append(
            gettext("Here progress is kept by invitation: join, or sign in, and then bring the copy.")
        )
        return _bring_form(form)
    new = NewPassphrase(form.pseudonym.data or "", form.passphrase.data or "")
    try:
        return _brought(_entries(form.copy.data.read(), new.credentials), new, form.second_factor.data or "")
    except CopyNewer:
        form.copy.errors = [
            gettext("This copy was made by a newer version of the kit. Update this one and bring it again.")
        ]
    except CopyUnreadable:
        form.copy.errors = [
            gettext(
                "This file is no encrypted copy of the kit, or it was changed or cut. Nothing was taken over."
            )
        ]
    except WrongPassphrase:
        form.form_errors.append(
            gettext("The copy doesn't open with this pseudonym and passphrase. Nothing was taken over.")
        )
    except SecondFactorRefused:
        form.second_factor.errors = [wrong_code_words()]
    except TooSoon as soon:
        form.form_errors.append(too_many_choices(soon))
        return _bring_form(form, 429)
    except HashingBusy:
        form.form_errors.append(
            str(BUSY)
        )  # not "one moment", which tries by itself: a file can't wait in a cookie
        return _bring_form(form, 503)
    return _bring_form(form)


def _bring_form(form: BringForm, status: int = 422) -> Response:
    return shown_form("account/bring.html", form, status)


def _entries(file: bytes, credentials: Credentials) -> list[Entry]:
    def key_of(salt: bytes, cost: HashingCost) -> bytes:
        return kit().keyring.copy_key(credentials, salt, cost)

    entries = copies.read(file).opened(key_of)
    if not all(is_known(entry.ref) for entry in entries):
        raise CopyNewer
    if not all(is_sound(entry.ref, entry.value) for entry in entries):
        raise CopyUnreadable
    return entries


def _brought(entries: list[Entry], new: NewPassphrase, second_factor: str) -> AnyResponse:
    """Into the vault that is open here; else into the one that the passphrase opens here, or a new one."""
    session = kept_session()
    if session is not None:
        kit().keyring.join(session.vault, entries, settle)
        complete_what_joined(Notebook(kit().database, session.vault), kit().today())
        say("brought")
        return redirect(url_for("learn.progress"), 303)
    try:
        opened = _taken_in(entries, new, second_factor)
    except PassphraseTaken:
        opened = _taken_in(
            entries, new, second_factor
        )  # a second press of the button was quicker: now there is a vault to open
    complete_what_joined(Notebook(kit().database, opened.vault), kit().today())
    return opened_anew(opened, new, after="brought")


def _taken_in(entries: list[Entry], new: NewPassphrase, second_factor: str) -> Opened:
    return kit().keyring.take_in(entries, new, kit().now(), settle, visitor().session, second_factor)
