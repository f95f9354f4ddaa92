"""Audit: what is true of your own safety, item by item."""

from flask import Blueprint

blueprint = Blueprint("audit", __name__)

from app.web.audit import views  # noqa: E402, F401 - the views register themselves
