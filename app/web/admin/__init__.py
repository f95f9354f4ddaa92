"""Administration: cohorts, who is in them, and which completions they share. Never an answer."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.web.admin import action_views, cohort_views  # noqa: E402, F401 - the views register themselves
