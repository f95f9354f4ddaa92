"""Audit: what is true of your own safety, what to do first, and looking again."""

from flask import Blueprint

blueprint = Blueprint("audit", __name__)

from app.web.audit import exposure_views, next_views, plan_views, sitting_views, situation_views, views  # noqa: E402, F401 - the views register themselves
