"""When as many passphrases are being checked as the machine allows: "one moment", and it tries again by itself.

What was sent is sealed with the machine's secret into a cookie that lives for this wait only, so that
nobody has to type a passphrase twice, it stands in no page, and any worker can take it up. It opens
only beside the session it was sent from, and leaving or signing out takes it away.
"""

import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, g, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from app.records.crypto import derive, padded, seal, unpadded, unseal
from app.records.failures import HashingBusy, RecordDamaged
from app.web import frames
from app.web.kit import kit
from app.web.visitor import cookie_name, drop_cookie, set_cookie, visitor

P = ParamSpec("P")

COOKIE = "wait"
#: Browsers keep a cookie of about 4,000 characters.
COOKIE_ROOM = 3800
#: Drawn anew each time: a class that was sent away together would come back together, and mostly in vain.
RETRY_SECONDS = (1, 2, 3)
GOOD_FOR_SECONDS = 300


def submitted() -> "MultiDict[str, str]":
    """What was sent to this view: with this request, or with the one that had to wait."""
    return g.get("waited_for") or request.form


def waiting(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """A view that hashes a passphrase: where it can't at once, the reader waits and nothing is retyped."""

    @wraps(view)
    def patient(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        try:
            response = view(*args, **kwargs)
        except HashingBusy:
            return _one_moment(str(g.get("waited_at") or request.endpoint), submitted())
        forget_waiting()
        return response

    return patient


def take_up() -> AnyResponse | None:
    """Try again what had to wait, or None if nothing waits here any more."""
    try:
        endpoint, sent_at, fields = json.loads(_open(request.cookies.get(cookie_name(COOKIE), "")))
    except (RecordDamaged, ValueError):
        forget_waiting()
        return None
    if not 0 <= kit().now() - sent_at <= GOOD_FOR_SECONDS:
        forget_waiting()
        return None
    g.waited_for = MultiDict((name, value) for name, value in fields)
    g.waited_at = endpoint
    answer = current_app.view_functions[endpoint]()
    return answer if isinstance(answer, Response | AnyResponse) else None


def forget_waiting() -> None:
    """Take what waits here away from the browser, if anything does."""
    if cookie_name(COOKIE) in request.cookies:
        drop_cookie(cookie_name(COOKIE))


def _key() -> bytes:
    return derive(kit().host_secret, "waiting form")


def _open(text: str) -> bytes:
    return unpadded(unseal(_key(), bytes.fromhex(text), _binding()))


def _binding() -> bytes:
    # A program on another port of this machine may set cookies of ours: one that was sealed for its own
    # session must not sign this reader in, and take this visit's answers along.
    session = visitor().session
    return b"wait:1:" + (session.token if session else b"")


def _one_moment(endpoint: str, form: "MultiDict[str, str]") -> AnyResponse:
    fields = [(name, value) for name, value in form.items(multi=True) if name != "csrf_token"]
    body = padded(json.dumps([endpoint, kit().now(), fields]).encode())
    sealed = seal(_key(), body, _binding()).hex()
    if len(sealed) > COOKIE_ROOM:
        raise HashingBusy
    set_cookie(cookie_name(COOKIE), sealed, GOOD_FOR_SECONDS)
    retry_url = url_for("account.one_moment")
    response = frames.uncached("account/one_moment.html", status=503, retry_url=retry_url, active="account")
    seconds = secrets.choice(RETRY_SECONDS)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Refresh"] = f"{seconds}; url={retry_url}"
    return response
