"""Keeping progress under a passphrase, changing it, re-keying, and deleting everything."""

from collections.abc import Callable

from flask import Response, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.records import erasure
from app.records.cohorts.certificates import any_of_learner
from app.records.cohorts.disclosure import holds_something_of
from app.records.cohorts.roles import standing
from app.records.failures import PassphraseTaken, TooSoon, WrongPassphrase
from app.records.keyring import NewPassphrase, Opened
from app.records.passphrases import Credentials, offered_passphrase
from app.records.vault import Vault
from app.web import frames
from app.web.account import blueprint
from app.web.account.forms import ChangeForm, DeleteForm, NewPassphraseForm
from app.web.account.showing import kept_session, opened_anew, pseudonym, shown_form, too_many_choices
from app.web.channel import private
from app.web.i18n import current_language
from app.web.kit import kit
from app.web.moment import submitted, waiting
from app.web.visitor import Kind, forget_device, forget_session, say, visitor

Change = Callable[[Vault, Credentials, NewPassphrase, int], Opened]


@blueprint.get("/<language:lang>/account/")
@private
def overview() -> AnyResponse:
    """What somebody who kept their progress can do with it."""
    session = kept_session()
    if session is None:
        return redirect(url_for("account.sign_in"), 303)
    notebook = visitor().notebook
    damaged = notebook.everything()[1] if notebook else 0
    with kit().database.asking() as asking:
        here = standing(asking, session.vault.learner_id)
        enrolled = holds_something_of(asking, session.vault.learner_id)
        certified = any_of_learner(asking, session.vault.learner_id)
    return shown_form(
        "account/overview.html",
        DeleteForm(formdata=None),
        pseudonym=pseudonym(),
        damaged=damaged,
        staff=here.is_staff,
        enrolled=enrolled,
        learns=bool(here.learns_in),
        certified=certified,
    )


@blueprint.get("/<language:lang>/account/keep/")
@private
def keep() -> AnyResponse:
    """The form to keep progress under a passphrase, with one offered; or where a code is asked for first."""
    if visitor().kind is Kind.KEPT:
        return redirect(url_for("account.overview"), 303)
    if kit().config.by_invitation:
        return redirect(url_for("join.code"), 303)
    return _keep_form(NewPassphraseForm(formdata=None))


@blueprint.post("/<language:lang>/account/keep/", endpoint="submit_keep")
@private
@waiting
def submit_keep() -> AnyResponse:
    """Put this visit's records under a passphrase, and show the recovery code."""
    if visitor().kind is Kind.KEPT or kit().config.by_invitation:
        return keep()
    form = NewPassphraseForm(submitted())
    if not form.validate():
        return _keep_form(form, 422)
    if visitor().ended:
        # Expired, or kept a moment ago by a second press: keeping nothing under these words would look like success.
        return _keep_form(form, 409)
    try:
        opened = _keep(form.new)
    except TooSoon as soon:
        form.form_errors.append(too_many_choices(soon))
        return _keep_form(form, 429)
    except PassphraseTaken:
        form.passphrase.errors = [gettext("Choose another passphrase: this one can't be used.")]
        return _keep_form(form, 422)
    return opened_anew(opened, form.new)


def _keep(new: NewPassphrase) -> Opened:
    session = visitor().session
    if session is None:
        return kit().keyring.keep_from_nothing(new, kit().now())
    return kit().keyring.keep(session, new, kit().now())


def _keep_form(form: NewPassphraseForm, status: int = 200) -> Response:
    return shown_form("account/keep.html", form, status, offered=offered_passphrase(current_language()))


@blueprint.get("/<language:lang>/account/passphrase/")
@private
def change_passphrase() -> AnyResponse:
    """The form to change the passphrase."""
    return _change_form("account/passphrase.html")


@blueprint.post("/<language:lang>/account/passphrase/", endpoint="submit_change_passphrase")
@private
@waiting
def submit_change_passphrase() -> AnyResponse:
    """Lock the vault with another passphrase."""
    return _changed("account/passphrase.html", kit().keyring.change_passphrase)


@blueprint.get("/<language:lang>/account/exposed/")
@private
def exposed() -> AnyResponse:
    """Somebody may know the passphrase."""
    return _change_form("account/exposed.html")


@blueprint.post("/<language:lang>/account/exposed/", endpoint="submit_exposed")
@private
@waiting
def submit_exposed() -> AnyResponse:
    """Make a new key and seal everything anew."""
    return _changed("account/exposed.html", kit().keyring.rekey)


def _change_form(template: str, form: ChangeForm | None = None, status: int = 200) -> AnyResponse:
    if kept_session() is None:
        return redirect(url_for("account.sign_in"), 303)
    form = form or ChangeForm(formdata=None, data={"pseudonym": pseudonym()})
    return shown_form(template, form, status, offered=offered_passphrase(current_language()))


def _changed(template: str, change: Change) -> AnyResponse:
    session = kept_session()
    form = ChangeForm(submitted())
    if session is None or not form.validate():
        return _change_form(template, form, 422)
    current = Credentials.typed(pseudonym(), form.current.data or "")
    try:
        opened = change(session.vault, current, form.new, kit().now())
    except WrongPassphrase:
        form.current.errors = [gettext("This is not the passphrase that opens your progress. Type it again.")]
        return _change_form(template, form, 422)
    except TooSoon as soon:
        form.form_errors.append(too_many_choices(soon))
        return _change_form(template, form, 429)
    except PassphraseTaken:
        form.passphrase.errors = [gettext("Choose another passphrase: this one can't be used.")]
        return _change_form(template, form, 422)
    return opened_anew(opened, form.new)


@blueprint.get("/<language:lang>/account/delete/")
@private
def delete() -> AnyResponse:
    """The last question before everything is deleted."""
    if visitor().session is None:
        say("nothing-to-delete")
        return redirect(url_for("learn.progress"), 303)
    return shown_form("account/delete.html", DeleteForm(formdata=None))


@blueprint.post("/<language:lang>/account/delete/")
@private
def submit_delete() -> AnyResponse:
    """Delete everything of this visitor's."""
    session = visitor().session
    form = DeleteForm()
    if session is None or not form.validate():
        return shown_form("account/delete.html", form, 422)
    erasure.delete_learner(kit().database, session.vault.learner_id)
    forget_session()
    forget_device()
    return redirect(url_for("account.deleted"), 303)


@blueprint.get("/<language:lang>/account/deleted/")
@private
def deleted() -> Response:
    """Whether deletion is done: the files hold nothing of it any more."""
    pending = erasure.is_pending(kit().database) and not erasure.finish(kit().database)
    return frames.uncached(
        "account/deleted.html", pending=pending, sqlite=kit().database.is_sqlite, active="account"
    )
