"""Checking a certificate's number: whether it is valid, and never whose it is."""

from flask import Blueprint

blueprint = Blueprint("verify", __name__)

from app.web.verify import views  # noqa: E402, F401 - its views are registered by being imported
