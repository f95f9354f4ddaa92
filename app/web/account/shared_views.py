"""What a learner's administrators see of them, exactly; and what the learner decides about it."""

from typing import Any

from flask import redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import disclosure
from app.records.cohorts.disclosure import Disclosure, NoSuchMember
from app.records.cohorts.publishing import Achieved
from app.records.vault import Vault, lock_vault
from app.web import frames, places
from app.web.account import blueprint
from app.web.account.shared_forms import EarlierForm
from app.web.account.showing import kept_session
from app.web.admin.guard import id_of
from app.web.channel import private
from app.web.kit import kit
from app.web.study import achieved_here, publish_done
from app.web.visitor import say


@blueprint.get("/<language:lang>/account/shared/")
@private
def shared() -> AnyResponse:
    """What each cohort of the visitor's is shown of them, by the query that shows it there."""
    session = kept_session()
    if session is None:
        return _to_sign_in()
    return _shown(session.vault)


def _shown(vault: Vault, status: int = 200, **failed: EarlierForm) -> AnyResponse:
    """The page. failed: by the id of its place, the form in which something needs another look."""
    with kit().database.asking() as asking:
        cohorts = disclosure.of_learner(asking, vault.learner_id)
    achieved = achieved_here() if any(one.is_open for one in cohorts) else {}
    forms = {
        one.id: failed.get(one.id.hex()) or _form(one, achieved, formdata=None)
        for one in cohorts
        if one.is_open
    }
    return frames.uncached(
        "account/shared.html",
        status=status,
        cohorts=cohorts,
        forms=forms,
        failed=next(iter(failed.values()), None),
        modules=kit().curriculum.modules_by_id,
        token=str(generate_csrf()),
        active="account",
    )


def _form(one: Disclosure, achieved: Achieved, **more: Any) -> EarlierForm:
    return EarlierForm(one, achieved, kit().curriculum.modules, **more)


@blueprint.post("/<language:lang>/account/shared/<member>/")
@private
def choose_shared(member: str) -> AnyResponse:
    """Share everything with a cohort from now on, or only what is assigned."""
    session, wanted = kept_session(), request.form.get("share")
    if session is None:
        return _to_sign_in()
    if wanted not in {"everything", "assigned"}:
        return redirect(url_for("account.shared"), 303)
    shares_all, place, vault = wanted == "everything", id_of(member), session.vault
    done = achieved_here() if shares_all else {}
    try:
        with kit().database.changing() as connection:
            lock_vault(connection, vault)
            disclosure.choose(connection, vault.learner_id, place, shares_all=shares_all)
            # From now on means what it says: what was done until now is shared as it would have been.
            places.share_from_now_on(connection, vault, place, done)
    except NoSuchMember:
        raise NotFound from None
    say("shares-all" if shares_all else "shares-assigned")
    return redirect(url_for("account.shared"), 303)


@blueprint.post("/<language:lang>/account/shared/<member>/earlier/")
@private
def share_earlier(member: str) -> AnyResponse:
    """Share with a cohort what was done until now and isn't shared there: what was kept back on joining, too."""
    session, place = kept_session(), id_of(member)
    if session is None:
        return _to_sign_in()
    with kit().database.asking() as asking:
        mine = disclosure.of_learner(asking, session.vault.learner_id)
    one = next((one for one in mine if one.id == place and one.is_open), None)
    if one is None:
        raise NotFound
    form = _form(one, achieved_here())
    if not form.validate():
        return _shown(session.vault, 422, **{one.id.hex(): form})
    try:
        with kit().database.changing() as connection:
            lock_vault(connection, session.vault)
            disclosure.share_as(connection, session.vault.learner_id, place, form.chosen)
            places.let_go(connection, session.vault, place, form.chosen)
    except NoSuchMember:
        raise NotFound from None
    say("shared-earlier")
    return redirect(url_for("account.shared"), 303)


@blueprint.post("/<language:lang>/account/shared/asked/")
@private
def share_asked() -> AnyResponse:
    """Share what was done before it was assigned, where it is assigned, but for what was kept back on joining."""
    if kept_session() is None:
        return _to_sign_in()
    if publish_done(kit().curriculum.modules, kit().today()):
        say("shared-asked")
    return redirect(url_for("learn.due"), 303)


def _to_sign_in() -> AnyResponse:
    return redirect(url_for("account.sign_in"), 303)


@blueprint.post("/<language:lang>/account/shared/<member>/leave/")
@private
def leave_cohort(member: str) -> AnyResponse:
    """Leave a cohort: nothing more is shared with it."""
    session = kept_session()
    if session is None:
        return _to_sign_in()
    try:
        with kit().database.changing() as connection:
            disclosure.leave_as(connection, session.vault.learner_id, id_of(member), kit().today())
    except NoSuchMember:
        raise NotFound from None
    say("left-cohort")
    return redirect(url_for("account.shared"), 303)
