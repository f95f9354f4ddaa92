"""The incident log: what happened, what was judged of it, and the files that show it; for its writer alone."""

from flask import Blueprint

blueprint = Blueprint("incidents", __name__)

from app.web.incidents import assessing_views, export_views, file_views, views  # noqa: E402, F401 - the views register themselves
