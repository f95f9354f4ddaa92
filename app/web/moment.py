"""When as many passphrases are being checked as the machine allows: "one moment", and it tries again by itself.

What was sent is sealed with the machine's secret into a cookie that lives for this wait only, so that
nobody has to type a passphrase twice, it stands in no page, and any worker can take it up.
"""

import json
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
from app.web.visitor import cookie_name, drop_cookie, set_cookie

P = ParamSpec("P")

COOKIE = "wait"
#: Browsers keep a cookie of about 4,000 characters.
COOKIE_ROOM = 3800
RETRY_SECONDS = 2
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
        if "waited_for" in g:
            drop_cookie(cookie_name(COOKIE))
        return response

    return patient


def take_up() -> AnyResponse | None:
    """Try again what had to wait, or None if nothing waits here any more."""
    try:
        endpoint, sent_at, fields = json.loads(_open(request.cookies.get(cookie_name(COOKIE), "")))
    except (RecordDamaged, ValueError):
        return None
    if kit().now() - sent_at > GOOD_FOR_SECONDS:
        return None
    g.waited_for = MultiDict((name, value) for name, value in fields)
    g.waited_at = endpoint
    answer = current_app.view_functions[endpoint]()
    return answer if isinstance(answer, Response | AnyResponse) else None


def _key() -> bytes:
    return derive(kit().host_secret, "waiting form")


def _open(text: str) -> bytes:
    return unpadded(unseal(_key(), bytes.fromhex(text), b"wait:1"))


def _one_moment(endpoint: str, form: "MultiDict[str, str]") -> AnyResponse:
    fields = [(name, value) for name, value in form.items(multi=True) if name != "csrf_token"]
    body = padded(json.dumps([endpoint, kit().now(), fields]).encode())
    sealed = seal(_key(), body, b"wait:1").hex()
    if len(sealed) > COOKIE_ROOM:
        raise HashingBusy
    set_cookie(cookie_name(COOKIE), sealed)
    retry_url = url_for("account.one_moment")
    response = frames.uncached("account/one_moment.html", status=503, retry_url=retry_url, active="account")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Refresh"] = f"{RETRY_SECONDS}; url={retry_url}"
    return response
