"""Leaving: a neutral page of our own, and Back doesn't return.

Leaving signs a kept learner out and sets a cookie that says only "left". While it is there, every
page of the kit answers with the neutral one; and because a cookie changed, a browser drops the
pages that it kept for Back. The neutral page's "Start" takes the cookie away again.
"""

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.records.failures import RecordsFailure
from app.web.i18n import current_language
from app.web.kit import kit
from app.web.moment import forget_waiting
from app.web.visitor import Kind, Visitor, cookie_name, drop_cookie, forget_session, set_cookie, visitor

LEFT_COOKIE = "left"

blueprint = Blueprint("leave", __name__)


def init_app(app: Flask) -> None:
    """Add the neutral page, and keep everything else away from somebody who left."""
    app.register_blueprint(blueprint)
    app.before_request(_stay_away)


def has_left() -> bool:
    """Whether this browser left and hasn't come back through the neutral page."""
    return cookie_name(LEFT_COOKIE) in request.cookies


def _stay_away() -> AnyResponse | None:
    elsewhere = request.endpoint not in {"leave.neutral", "leave.open_again", "static", "healthz"}
    if request.method == "GET" and elsewhere and has_left():
        # With a fragment: without one a browser keeps that of the page asked for, which may name an item.
        return redirect(url_for("leave.neutral", lang=current_language(), _anchor="top"), 303)
    return None


@blueprint.get("/n/<language:lang>/")
def neutral() -> Response:
    """The neutral page. Coming here is leaving."""
    _end_kept_session()
    forget_waiting()
    if not has_left():
        set_cookie(cookie_name(LEFT_COOKIE), "1")
    # Its files are plain: nothing on it, or in its source, names the kit.
    return Response(
        render_template("neutral.html", lang=current_language(), open_url=url_for("leave.open_again"))
    )


def _end_kept_session() -> None:
    try:
        who = visitor()
        if who.kind is Kind.GUEST or who == Visitor():
            return
        if who.session is not None:
            kit().keyring.sign_out(who.session.token)
    except RecordsFailure:
        pass  # leaving works whatever fails: without its cookie the session can't be used, and it expires
    forget_session()


@blueprint.get("/open/")
def open_again() -> AnyResponse:
    """Back to the kit."""
    drop_cookie(cookie_name(LEFT_COOKIE))
    return redirect(url_for("learn.choose_language"), 303)
