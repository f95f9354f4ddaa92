"""Taking it with you: everything to read, everything for a program, and an encrypted copy for another machine."""

import json
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.records import copies
from app.records.copies import CopyNewer, CopyUnreadable
from app.records.failures import WrongPassphrase
from app.records.hashing import HashingCost
from app.records.keyring import PSEUDONYM, NewPassphrase
from app.records.notebook import Entry
from app.records.passphrases import Credentials
from app.web.account import blueprint
from app.web.account.everything import everything
from app.web.account.forms import BringForm, CopyForm
from app.web.account.showing import kept_session, opened_anew, pseudonym, shown_form
from app.web.channel import private
from app.web.i18n import current_language
from app.web.kit import kit
from app.web.moment import waiting
from app.web.study import is_sound, settle
from app.web.visitor import Kind, say, visitor


@blueprint.get("/<language:lang>/account/take/")
@private
def take() -> AnyResponse:
    """What can be taken, and how."""
    if visitor().session is None:
        say("nothing-to-take")
        return redirect(url_for("learn.progress"), 303)
    return _take_form(CopyForm(formdata=None))


def _take_form(form: CopyForm, status: int = 200) -> Response:
    return shown_form("account/take.html", form, status, kept=visitor().kind is Kind.KEPT)


@blueprint.get("/<language:lang>/account/take/everything.html")
@private
def everything_to_read() -> AnyResponse:
    """One file that any browser shows, without the kit."""
    if visitor().session is None:
        return redirect(url_for("account.take"), 303)
    page = render_template(
        "account/everything.html", accounts=everything(), lang=current_language(), today=kit().today()
    )
    return _file(page.encode(), "text/html; charset=utf-8", "resguardo.html")


@blueprint.get("/<language:lang>/account/take/everything.json")
@private
def everything_for_a_program() -> AnyResponse:
    """One file for a program."""
    if visitor().session is None:
        return redirect(url_for("account.take"), 303)
    content = {
        "warning": gettext("This file is not encrypted: whoever has it can read it."),
        "made_on": kit().today(),
        "modules": [asdict(account) for account in everything()],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, default=_as_text)
    return _file(text.encode(), "application/json", "resguardo.json")


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@blueprint.post("/<language:lang>/account/take/copy/")
@private
def take_copy() -> AnyResponse:
    """An encrypted copy, once the passphrase was given."""
    session, form = kept_session(), CopyForm()
    if session is None or not form.validate():
        return _take_form(form, 422)
    credentials = Credentials.typed(pseudonym(), form.passphrase.data or "")
    keyring = kit().keyring
    try:
        keyring.check_passphrase(session.vault, credentials)
    except WrongPassphrase:
        form.passphrase.errors = [
            gettext("This is not the passphrase that opens your progress. Type it again.")
        ]
        return _take_form(form, 422)
    notebook = visitor().notebook
    entries = notebook.everything()[0] if notebook else []
    wanted = [entry for entry in entries if entry.ref != PSEUDONYM]
    packed = copies.packed(wanted, keyring.cost, partial(keyring.copy_key, credentials))
    return _file(packed, "application/octet-stream", "resguardo-copy.json")


def _file(body: bytes, kind: str, name: str) -> Response:
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/<language:lang>/account/bring/")
@private
def bring() -> Response:
    """The form to bring an encrypted copy."""
    return shown_form("account/bring.html", BringForm(formdata=None))


@blueprint.post("/<language:lang>/account/bring/", endpoint="submit_bring")
@private
@waiting
def submit_bring() -> AnyResponse:
    """Open a copy with its passphrase and put it under the same one here: all of it, or nothing."""
    form = BringForm()
    if not form.validate():
        return shown_form("account/bring.html", form, 422)
    new = NewPassphrase(form.pseudonym.data or "", form.passphrase.data or "")
    try:
        entries = _entries(form.copy.data.read(), new.credentials)
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
    else:
        return _brought(entries, new)
    return shown_form("account/bring.html", form, 422)


def _entries(file: bytes, credentials: Credentials) -> list[Entry]:
    def key_of(salt: bytes, cost: HashingCost) -> bytes:
        return kit().keyring.copy_key(credentials, salt, cost)

    entries = copies.read(file).opened(key_of)
    if not all(is_sound(entry.ref, entry.value) for entry in entries):
        raise CopyUnreadable
    return entries


def _brought(entries: list[Entry], new: NewPassphrase) -> AnyResponse:
    """Into the vault that is open here; else into the one that the passphrase opens here, or a new one."""
    session = kept_session()
    if session is not None:
        kit().keyring.join(session.vault, entries, settle)
        say("brought")
        return redirect(url_for("learn.progress"), 303)
    opened = kit().keyring.take_in(entries, new, kit().now(), settle)
    return opened_anew(opened, new, after="brought")
