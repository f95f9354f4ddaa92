"""Learn: modules, lessons, progress, words explained, and what the kit is."""

from flask import Blueprint

blueprint = Blueprint("learn", __name__)

from app.web.learn import due_views, glossary_views, lab_views, path_views, quiz_views, scenario_views, views  # noqa: E402, F401 - the views register themselves
