"""Administration: cohorts, who is in them, and which completions they share. Never an answer."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.web.admin import (  # noqa: E402, F401 - the views register themselves
    action_views,
    administrator_views,
    assignment_views,
    campaign_views,
    certificate_views,
    cohort_views,
    export_views,
    invitation_views,
    matrix_views,
    people_views,
)
