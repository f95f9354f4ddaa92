"""Signing in and out."""

from flask import Response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts.publishing import places_of
from app.records.devices import has_opened, new_device
from app.records.erasure import delete_learner
from app.records.failures import SecondFactorRefused, TooSoon, WrongPassphrase
from app.records.keyring import Opened
from app.web import frames, places
from app.web.account import blueprint
from app.web.account.forms import SignInForm
from app.web.account.showing import say_news, settle_guest, shown_form, waiting_words
from app.web.channel import private
from app.web.kit import kit
from app.web.moment import forget_waiting, submitted, take_up, waiting
from app.web.study import publish_done
from app.web.unsaved import carried_on, is_own_address
from app.web.visitor import Kind, forget_session, known_device, remember, remember_device, say, visitor


@blueprint.get("/<language:lang>/account/sign-in/")
@private
def sign_in() -> Response:
    """The form to sign in."""
    return _sign_in_form(SignInForm(formdata=None))


@blueprint.post("/<language:lang>/account/sign-in/", endpoint="submit_sign_in")
@private
@waiting
def submit_sign_in() -> AnyResponse:
    """Open the vault, or say that it doesn't open."""
    form = SignInForm(submitted())
    if not _has_guest_answers():
        del form.visit
    if not form.validate():
        return _sign_in_form(form, status=422)
    device = known_device(form.credentials.pseudonym)
    try:
        opened = kit().keyring.sign_in(
            form.credentials, device, kit().now(), second_factor=form.second_factor.data or ""
        )
    except (WrongPassphrase, SecondFactorRefused):
        # The same words: without the code nobody is told that the passphrase was right.
        form.form_errors += [
            gettext(
                "No progress opens with this pseudonym and this passphrase. Check both and type them again."
            ),
            gettext(
                "If you use a second factor, its code has to be right as well. Each code works once: wait for the next."
            ),
        ]
        return _sign_in_form(form, status=422)
    except TooSoon as soon:
        form.form_errors.append(gettext("Too many wrong tries.") + " " + waiting_words(soon))
        return _sign_in_form(form, status=429)
    return _signed_in(form, opened, device)


def _signed_in(form: SignInForm, opened: Opened, device: str) -> AnyResponse:
    merged = settle_guest(opened, merge=form.visit is not None and form.visit.data == "merge")
    remember(opened.token)
    known = device if has_opened(opened.vault, device) else new_device(opened.vault)
    remember_device(known, form.credentials.pseudonym)
    _share(opened)
    say_news(opened)
    places.tell(opened.vault)
    unsaved = carried_on(submitted())
    if unsaved is not None:
        return frames.uncached("account/unsaved.html", unsaved=unsaved, reason="signed-in", active="account")
    say("signed-in-merged" if merged else "signed-in")
    return redirect(_next_address(), 303)


def _share(opened: Opened) -> None:
    """What was done elsewhere, or before it was assigned, is shared with the cohorts that asked for it."""
    with kit().database.asking() as asking:
        learns = bool(places_of(asking, opened.vault.learner_id))
    if learns:
        publish_done(kit().curriculum.modules, kit().today(), opened.vault)


def _has_guest_answers() -> bool:
    who = visitor()
    return who.kind is Kind.GUEST and who.notebook is not None and bool(who.notebook.everything()[0])


def _next_address() -> str:
    target = submitted().get("next", "")
    return target if is_own_address(target) else url_for("learn.progress")


def _sign_in_form(form: SignInForm, status: int = 200) -> Response:
    if form.visit is not None and not _has_guest_answers():
        del form.visit
    sent = submitted()
    target = sent.get("next") or request.args.get("next", "")
    return shown_form(
        "account/sign_in.html",
        form,
        status,
        next=target if is_own_address(target) else "",
        unsaved=carried_on(sent),
    )


@blueprint.post("/<language:lang>/account/sign-in/resume/")
@private
def resume_sign_in() -> Response:
    """The form to sign in, with what could not be saved carried on."""
    return _sign_in_form(SignInForm(formdata=None))


@blueprint.get("/<language:lang>/account/one-moment/")
@private
def one_moment() -> AnyResponse:
    """Try again what had to wait because many passphrases were being checked."""
    return take_up() or redirect(url_for("account.sign_in"), 303)


@blueprint.post("/<language:lang>/account/sign-out/")
def sign_out() -> AnyResponse:
    """End this session; a guest's answers go with it, and the page said so."""
    who = visitor()
    if who.session is not None and who.kind is Kind.KEPT:
        kit().keyring.sign_out(who.session.token)
    elif who.session is not None:
        delete_learner(kit().database, who.session.vault.learner_id)
    forget_session()
    forget_waiting()
    say("signed-out")
    return redirect(url_for("learn.home"), 303)
