"""Joining with a code: typed, then what will be seen is read, then decided. The code travels in bodies alone."""

from flask import Response, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts.groups import LabelTaken, LabelUnusable
from app.records.cohorts.invitations import InvitationSpent, MemberAlready, Offer, look_slowly
from app.records.cohorts.publishing import Achieved
from app.records.cohorts.roles import Role
from app.records.failures import PassphraseTaken, RecordsFailure, TooSoon
from app.records.passphrases import offered_passphrase
from app.web.account.showing import kept_session, opened_anew, shown_form, too_many_choices, waiting_words
from app.web.channel import private
from app.web.i18n import current_language
from app.web.join import blueprint
from app.web.join.entering import join_anew, join_as_is
from app.web.join.forms import CodeForm, MemberForm, NewcomerForm
from app.web.kit import kit
from app.web.moment import submitted, waiting
from app.web.study import achieved_here
from app.web.visitor import say, visitor

#: What can be mended in the form, or tells why nothing was done.
REFUSALS = (LabelTaken, LabelUnusable, MemberAlready, PassphraseTaken, TooSoon)


@blueprint.get("/<language:lang>/join/")
@private
def code() -> Response:
    """The form for a code."""
    return shown_form("join/code.html", CodeForm(formdata=None))


@blueprint.post("/<language:lang>/join/", endpoint="offer")
@private
def offer() -> AnyResponse:
    """What this code offers, what will be seen, and what is to be decided before joining."""
    form = CodeForm()
    if not form.validate():
        return _code_form(form, 422)
    try:
        found = _look(form.code.data)
    except (InvitationSpent, TooSoon) as failure:
        return _refused(form, failure)
    return _before(_form(found, achieved_here(), code=form.code.data))


@blueprint.post("/<language:lang>/join/enter/", endpoint="enter")
@private
@waiting
def enter() -> AnyResponse:
    """Join: with the vault that is open, or with a new passphrase, whose recovery code is shown next."""
    try:
        found = _look(submitted().get("code", ""))
    except (InvitationSpent, TooSoon) as failure:
        return _refused(CodeForm(formdata=None), failure)
    achieved = achieved_here()
    form = _form(found, achieved)
    if not form.validate():
        return _before(form, 422)
    if visitor().ended:
        # Expired, or joined a moment ago by a second press: see the same at keeping progress.
        return _before(form, 409)
    try:
        return _join(form, achieved)
    except InvitationSpent as failure:
        return _refused(CodeForm(formdata=None), failure)
    except REFUSALS as failure:
        return _before(form, _explain(form, failure))


def _look(typed: str | None) -> Offer:
    here = kit()
    return look_slowly(here.database, here.host_secret, typed or "", here.today(), here.now())


def _form(found: Offer, achieved: Achieved, **given: str | None) -> MemberForm | NewcomerForm:
    kind = NewcomerForm if kept_session() is None else MemberForm
    form: MemberForm | NewcomerForm = kind(formdata=None, data=given) if given else kind(submitted())
    form.ask_for(found, achieved, kit().curriculum.modules)
    return form


def _join(form: MemberForm | NewcomerForm, achieved: Achieved) -> AnyResponse:
    session = kept_session()
    if isinstance(form, NewcomerForm):
        return opened_anew(join_anew(form, form.new, achieved), form.new)
    if session is not None:
        join_as_is(form, session.vault, achieved)
    learns = form.offer.role is Role.LEARNER
    say("joined" if learns else "joined-staff")
    return redirect(url_for("learn.progress" if learns else "account.overview"), 303)


def _explain(form: MemberForm | NewcomerForm, failure: RecordsFailure) -> int:
    """Say at its place in the form what stood in the way. Returns the answer's status."""
    if isinstance(failure, TooSoon):
        form.form_errors.append(too_many_choices(failure))
        return 429
    if isinstance(failure, PassphraseTaken) and isinstance(form, NewcomerForm):
        form.passphrase.errors = [gettext("Choose another passphrase: this one can't be used.")]
    elif isinstance(failure, MemberAlready):
        form.form_errors.append(
            gettext(
                "You have a place there already, or had one. Whoever invited you can give it to you again."
            )
        )
    else:
        form.label.errors = [gettext("Somebody there is called so already, or nearly so. Choose another.")]
    return 422


def _refused(form: CodeForm, failure: RecordsFailure) -> Response:
    if isinstance(failure, TooSoon):
        form.form_errors.append(gettext("Too many wrong codes.") + " " + waiting_words(failure))
        return _code_form(form, 429)
    form.code.errors = [
        gettext(
            "No invitation opens with this code. It may be mistyped, used already, taken back, or past its day."
        )
    ]
    return _code_form(form, 422)


def _code_form(form: CodeForm, status: int) -> Response:
    return shown_form("join/code.html", form, status)


def _before(form: MemberForm | NewcomerForm, status: int = 200) -> Response:
    return shown_form(
        "join/before.html",
        form,
        status,
        offer=form.offer,
        is_new=isinstance(form, NewcomerForm),
        offered=offered_passphrase(current_language()),
    )
