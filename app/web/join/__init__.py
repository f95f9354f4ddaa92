"""Joining: the way into a cohort, or into the administration, with a code that somebody gave out."""

from flask import Blueprint

blueprint = Blueprint("join", __name__)

from app.web.join import views  # noqa: E402, F401 - the views register themselves
