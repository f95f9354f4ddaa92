"""What a learner's administrators see of them, exactly; and what the learner decides about it."""

from flask import redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import disclosure
from app.records.cohorts.disclosure import NoSuchMember
from app.web import frames
from app.web.account import blueprint
from app.web.account.showing import kept_session
from app.web.admin.guard import id_of
from app.web.channel import private
from app.web.kit import kit
from app.web.visitor import say


@blueprint.get("/<language:lang>/account/shared/")
@private
def shared() -> AnyResponse:
    """What each cohort of the visitor's is shown of them, by the query that shows it there."""
    session = kept_session()
    if session is None:
        return redirect(url_for("account.sign_in"), 303)
    with kit().database.asking() as asking:
        cohorts = disclosure.of_learner(asking, session.vault.learner_id)
    return frames.uncached(
        "account/shared.html",
        cohorts=cohorts,
        modules=kit().curriculum.modules_by_id,
        token=str(generate_csrf()),
        active="account",
    )


@blueprint.post("/<language:lang>/account/shared/<member>/")
@private
def choose_shared(member: str) -> AnyResponse:
    """Share everything with a cohort from now on, or only what is assigned."""
    session, wanted = kept_session(), request.form.get("share")
    if session is None:
        return redirect(url_for("account.sign_in"), 303)
    if wanted not in {"everything", "assigned"}:
        return redirect(url_for("account.shared"), 303)
    shares_all = wanted == "everything"
    try:
        with kit().database.changing() as connection:
            disclosure.choose(connection, session.vault.learner_id, id_of(member), shares_all=shares_all)
    except NoSuchMember:
        raise NotFound from None
    say("shares-all" if shares_all else "shares-assigned")
    return redirect(url_for("account.shared"), 303)


@blueprint.post("/<language:lang>/account/shared/<member>/leave/")
@private
def leave_cohort(member: str) -> AnyResponse:
    """Leave a cohort: nothing more is shared with it."""
    session = kept_session()
    if session is None:
        return redirect(url_for("account.sign_in"), 303)
    try:
        with kit().database.changing() as connection:
            disclosure.leave_as(connection, session.vault.learner_id, id_of(member), kit().today())
    except NoSuchMember:
        raise NotFound from None
    say("left-cohort")
    return redirect(url_for("account.shared"), 303)
