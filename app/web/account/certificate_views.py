"""A learner's own certificates, to be printed."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts.certificates import of_learner
from app.web import frames
from app.web.account import blueprint
from app.web.account.showing import kept_session
from app.web.certificates import sheets
from app.web.channel import private
from app.web.kit import kit


@blueprint.get("/<language:lang>/account/certificates/")
@private
def certificates() -> AnyResponse:
    """All of them on one page, one a sheet; those that were revoked are named only."""
    session = kept_session()
    if session is None:
        return redirect(url_for("account.sign_in"), 303)
    with kit().database.asking() as asking:
        own = of_learner(asking, session.vault.learner_id)
    only = request.args.get("languages") == "one"
    return frames.uncached(
        "account/certificates.html",
        sheets=list(sheets((each for each in own if each.revoked_on is None), only=only)),
        revoked=[each for each in own if each.revoked_on is not None],
        modules=kit().curriculum.modules_by_id,
        only=only,
        active="account",
    )
