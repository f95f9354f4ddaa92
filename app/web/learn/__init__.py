"""Learn: modules, lessons, progress, what comes back, words explained, and what the kit is."""

from flask import Blueprint

blueprint = Blueprint("learn", __name__)

from app.web.learn import (  # noqa: E402 - the views register themselves
    drill_views,  # noqa: F401
    due_views,  # noqa: F401
    glossary_views,  # noqa: F401
    lab_views,  # noqa: F401
    path_views,  # noqa: F401
    quiz_views,  # noqa: F401
    refresher_views,  # noqa: F401
    scenario_views,  # noqa: F401
    views,  # noqa: F401
)
