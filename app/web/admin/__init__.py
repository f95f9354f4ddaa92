"""Administration: cohorts, who is in them, and which completions they share. Never an answer."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.web.admin import (  # noqa: E402 - the views register themselves
    administrator_views,  # noqa: F401
    cohort_views,  # noqa: F401
    invitation_views,  # noqa: F401
    people_views,  # noqa: F401
)
