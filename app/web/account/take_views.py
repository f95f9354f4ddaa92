"""Taking it with you: everything to read, everything for a program, and an encrypted copy for another machine."""

import json
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response as AnyResponse

from app.records import copies
from app.records.copies import CopyTooLarge
from app.records.failures import HashingBusy, TooSoon, WrongPassphrase
from app.records.locking import PSEUDONYM
from app.records.notebook import Notebook
from app.records.passphrases import Credentials
from app.records.vault import Vault
from app.web.account import blueprint
from app.web.account.everything import everything
from app.web.account.forms import CopyForm
from app.web.account.showing import kept_session, pseudonym, shown_form, waiting_words
from app.web.channel import private
from app.web.i18n import current_language
from app.web.incidents.exporting import worksheet_words
from app.web.kept import carried
from app.web.kit import kit
from app.web.visitor import Kind, say, visitor
from app.web.words import BUSY


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
    notebook = visitor().notebook
    if notebook is None:
        return redirect(url_for("account.take"), 303)
    page = render_template(
        "account/everything.html",
        all=everything(notebook),
        titles=worksheet_words(kit().curriculum.worksheet),
        lang=current_language(),
        today=kit().today(),
    )
    return _file(page.encode(), "text/html; charset=utf-8", "html")


@blueprint.get("/<language:lang>/account/take/everything.json")
@private
def everything_for_a_program() -> AnyResponse:
    """One file for a program."""
    notebook = visitor().notebook
    if notebook is None:
        return redirect(url_for("account.take"), 303)
    content = {
        "warning": gettext("This file is not encrypted: whoever has it can read it."),
        "made_on": kit().today(),
        "language": current_language(),
        **asdict(everything(notebook)),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, default=_as_text)
    return _file(text.encode(), "application/json", "json")


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError


@blueprint.post("/<language:lang>/account/take/copy/")
@private
def take_copy() -> AnyResponse:
    """An encrypted copy, once the passphrase was given."""
    session, form = kept_session(), CopyForm()
    if session is None:
        return redirect(url_for("account.take"), 303)
    if not form.validate():
        return _take_form(form, 422)
    credentials = Credentials.typed(pseudonym(), form.passphrase.data or "")
    try:
        packed = _packed(session.vault, credentials)
    except WrongPassphrase:
        form.passphrase.errors = [
            gettext("This is not the passphrase that opens your progress. Type it again.")
        ]
    except CopyTooLarge:
        form.form_errors.append(gettext("There is too much to copy. Download everything to read instead."))
    except TooSoon as soon:
        form.form_errors.append(gettext("Too many wrong tries.") + " " + waiting_words(soon))
        return _take_form(form, 429)
    except HashingBusy:
        form.form_errors.append(
            str(BUSY)
        )  # not "one moment", which tries by itself: no page becomes a download
        return _take_form(form, 503)
    else:
        return _file(packed, "application/octet-stream", "copy.json")
    return _take_form(form, 422)


def _packed(vault: Vault, credentials: Credentials) -> bytes:
    keyring = kit().keyring
    keyring.check_passphrase(vault, credentials, kit().now())
    entries, _damaged = Notebook(kit().database, vault).everything()
    wanted = [carried(entry) for entry in entries if entry.ref.kind != PSEUDONYM.kind]
    return copies.packed(wanted, keyring.cost, partial(keyring.copy_key, credentials))


def _file(body: bytes, kind: str, ending: str) -> Response:
    """A download, named as the kit is named here: a neutral name draws fewer eyes in a folder of downloads too."""
    name = secure_filename(kit().config.site_name).lower() or "progress"
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
