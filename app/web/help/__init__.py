"""Help: it's happening now. No session is read here, no cookie set, nothing stored."""

from flask import Blueprint

blueprint = Blueprint("help", __name__)

from app.web.help import sheet_views, views  # noqa: E402, F401 - the views register themselves
