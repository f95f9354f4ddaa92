"""What stands between the kit and other sites: headers, and forged requests."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from app.web.kit import kit_of
from app.web.visitor import session_cookie

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Nothing is allowed but what is named here, and all of it is our own.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
POLICY = "Content-Security-Policy"
#: Referrer-Policy must be same-origin: with no-referrer, form posts over HTTPS carry nothing to check.
HEADERS = {
    POLICY: CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
#: The same for a page that draws pictures into itself.
_WITH_PICTURES = CONTENT_SECURITY_POLICY.replace("img-src 'self'", "img-src 'self' data:")
HSTS = "max-age=31536000"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

TOKENLESS, HARMLESS = "tokenless", "harmless"

V = TypeVar("V")

_csrf = CSRFProtect()


def tokenless(view: V) -> V:
    """Mark a view that somebody without a session may post to without a token: there is nothing to forge yet."""
    setattr(view, TOKENLESS, True)
    return view


def harmless(view: V) -> V:
    """Mark a view that changes nothing, posted to so that what it is asked stands in no address: it needs no token."""
    setattr(view, HARMLESS, True)
    return view


def with_pictures(response: Response) -> Response:
    """Let a page show pictures that stand in it as data: QR codes, which no address may name."""
    response.headers[POLICY] = _WITH_PICTURES
    return response


class FromElsewhere(BadRequest):
    """A form that was sent from another site."""


def init_app(app: Flask) -> None:
    """Switch all of it on."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # Whoever tells their browser to send no referrer may still use forms: Origin is checked here, and the token.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    _csrf.init_app(app)
    app.before_request(_refuse_forgeries)
    app.wsgi_app = _with_headers(app)  # type: ignore[assignment,method-assign]


def _refuse_forgeries() -> None:
    if request.method in SAFE_METHODS or request.endpoint is None:
        return  # nothing is done at an address that doesn't exist: it is answered with 404 or 405
    if _is_from_elsewhere():
        raise FromElsewhere
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, HARMLESS, False):
        return
    if getattr(view, TOKENLESS, False) and session_cookie() not in request.cookies:
        return
    _csrf.protect()


def _is_from_elsewhere() -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.host}"


def _with_headers(app: Flask) -> "WSGIApplication":
    """The application with the headers in every answer that doesn't have its own.

    Around all of it, so that no failure can answer without them, and as plain pairs: to set them one by one in the
    response takes a tenth of what a page without a person costs.
    """
    # Never kept: "Leave this page" must work on every page, and Back asks the kit again.
    headers = {**HEADERS, "Cache-Control": "no-store"}
    if kit_of(app).config.transport == "https":
        headers["Strict-Transport-Security"] = HSTS
    ours = [(name.lower(), (name, value)) for name, value in headers.items()]
    inner = app.wsgi_app

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, given: list[tuple[str, str]], failure: Any = None) -> Any:
            names = {name.lower() for name, _ in given}
            given += [pair for name, pair in ours if name not in names]
            return start_response(status, given, failure)

        return inner(environ, start)

    return answer
