"""Account: the learner's key. Keeping, signing in and out, recovering, changing, deleting."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)

from app.web.account import (  # noqa: E402, F401 - the views register themselves
    bring_views,
    campaign_views,
    certificate_views,
    factor_views,
    key_views,
    recover_views,
    shared_views,
    sign_in_views,
    take_views,
)
