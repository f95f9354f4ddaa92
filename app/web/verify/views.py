"""Whether a certificate is valid. It doesn't look who is asking, and what is typed is kept nowhere.

Nobody is slowed: a number has 85 bits that can't be had without this installation's key, so guessing one is hopeless.
"""

from flask import Response

from app.records.cohorts.certificates import verified
from app.web import frames
from app.web.channel import private
from app.web.kit import kit
from app.web.security import harmless
from app.web.verify import blueprint
from app.web.verify.forms import VerifyForm

ADDRESS = "/<language:lang>/verify/"


@blueprint.get(ADDRESS)
@private
def verify() -> Response:
    """The empty form."""
    return frames.impersonal("verify/verify.html", lambda: {"form": VerifyForm(None), "active": "verify"})


@blueprint.post(ADDRESS, endpoint="check")
@harmless
@private
def check() -> Response:
    """What a number tells: valid or not, and since when; what it is about, only with its topic code."""
    form = VerifyForm()
    if not form.validate():
        return frames.impersonal_now("verify/verify.html", status=422, active="verify", form=form)
    typed = (form.number.data or "", form.topic_code.data or "")
    with kit().database.asking() as asking:
        verdict = verified(asking, kit().certificate_key, *typed)
    return frames.impersonal_now(
        "verify/verify.html",
        active="verify",
        form=form,
        checked=True,
        verdict=verdict,
        module=kit().curriculum.modules_by_id.get(verdict.module) if verdict and verdict.module else None,
    )
