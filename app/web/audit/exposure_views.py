"""Exposure by threat: what is missing, what that number is made of, and how it was before."""

from flask import Response
from werkzeug.exceptions import NotFound

from app.learning.answers import Choice
from app.web import frames
from app.web.audit import blueprint
from app.web.audit.picture import picture
from app.web.channel import private
from app.web.kit import kit
from app.web.plans import audit_of
from app.web.visitor import visitor


@blueprint.get("/<language:lang>/exposure/")
@private
def exposure() -> Response:
    """Every threat, the most pressing first, with the arithmetic; and before and now side by side."""
    visitor()
    audit, today = audit_of(), kit().today()
    exposures = [each for each in audit.exposures() if each.total]
    before = audit.history.before(today)
    return frames.uncached(
        "audit/exposure.html",
        audit=audit,
        exposures=exposures,
        before=before,
        first=audit.history.first,
        picture=picture(exposures, before),
        threats=kit().curriculum.threats_by_id,
        module_of=kit().curriculum.module_of_item,
        today=today,
        active="audit",
    )


@blueprint.get("/<language:lang>/exposure/<threat_id>/")
@private
def threat(threat_id: str) -> Response:
    """What one threat's number is made of: each measure's points, and what was answered."""
    visitor()
    found = kit().curriculum.threats_by_id.get(threat_id)
    exposure = next((each for each in audit_of().exposures() if each.threat == threat_id), None)
    if found is None or exposure is None or not exposure.total:
        raise NotFound
    shares = sorted(exposure.shares, key=lambda share: -share.points)
    return frames.uncached(
        "audit/threat.html",
        threat=found,
        exposure=exposure,
        groups=[
            ("open", [share for share in shares if share.is_open]),
            ("unknown", [share for share in shares if share.choice is None]),
            ("closed", [share for share in shares if share.choice is Choice.YES]),
        ],
        module_of=kit().curriculum.module_of_item,
        active="audit",
    )
