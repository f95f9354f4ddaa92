"""Searching what is taught."""

from flask import Blueprint

blueprint = Blueprint("search", __name__)

from app.web.search import views  # noqa: E402, F401 - its views are registered by being imported
