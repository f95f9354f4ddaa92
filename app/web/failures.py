"""What failures mean to a person: a page in their language that says what happened and how to go on.

Nothing of a failure's own words is shown or logged: they may quote what somebody typed.
"""

import logging
from typing import Any

from flask import Flask, current_app, jsonify, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.records.failures import (
    HashingBusy,
    RecordsFailure,
    SessionEnded,
    StatementRefused,
    StorageBusy,
    StorageFull,
    StorageReadOnly,
    ValueNotOfItsType,
    VaultGone,
)
from app.web import frames
from app.web.channel import ChannelNotPrivate
from app.web.requests import TooManyFiles, is_from_script
from app.web.security import SAFE_METHODS, FromElsewhere
from app.web.unsaved import Unsaved, carried_on, is_decision
from app.web.visitor import forget_session, say, visitor

STORAGE_REASONS = {StorageFull: "full", StorageReadOnly: "read-only", StorageBusy: "busy"}
PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Answer every failure with a page of ours."""
    app.register_error_handler(CSRFError, _token_does_not_fit)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(RecordsFailure, _records)
    app.register_error_handler(HashingBusy, _busy)
    app.register_error_handler(VaultGone, _vault_gone)
    app.register_error_handler(SessionEnded, _session_ended)
    for defect in (Exception, StatementRefused, ValueNotOfItsType):
        app.register_error_handler(defect, _defect)
    # What no handler reaches, such as a fault while an answer is being finished: Flask would log its text.
    app.log_exception = _log_last_resort  # type: ignore[method-assign]


def _token_does_not_fit(_failure: CSRFError) -> AnyResponse:
    """The session ended, or the page is older than it: what was typed is kept, and can be saved again."""
    try:
        ended = visitor().ended
    except RecordsFailure as failure:
        return _records(failure)
    return _session_ended(SessionEnded()) if ended else _unsaved("old-page", 400)


def _busy(_failure: HashingBusy) -> AnyResponse:
    return _unsaved("busy", 503)


def _vault_gone(_failure: VaultGone) -> AnyResponse:
    return _unsaved("deleted", 409)


def _session_ended(_failure: SessionEnded) -> AnyResponse:
    """What was sent is kept on the page: it was meant for a vault that this browser can't open any more."""
    if not is_from_script():
        forget_session()
    return _unsaved("session-ended", 409)


def _unsaved(reason: str, status: int) -> AnyResponse:
    if is_from_script():
        return _json(status)
    if not _brings_text():
        return _not_done(reason, status)
    unsaved = Unsaved.of_request()
    return frames.uncached(
        "account/unsaved.html", status=status, unsaved=unsaved, reason=reason, active="account"
    )


def _brings_text() -> bool:
    """Whether this request brings what somebody wrote.

    A form of the account brings secrets, or a decision such as to delete, and so does joining: neither is offered to
    be "saved" again. Nor is a decision elsewhere, or a file, which no page can carry on.
    """
    decides = request.blueprint in {"account", "join"} or is_decision()
    return not decides or carried_on(request.form) is not None


def _not_done(reason: str, status: int) -> AnyResponse:
    """Nothing was done, and there is nothing to carry on."""
    if reason == "session-ended":
        say("session-ended")
        return redirect(url_for("account.sign_in"), 303)
    return _error_page(status, reason=reason)


def _records(failure: RecordsFailure) -> AnyResponse:
    """The storage can't be used: nothing has changed, and what was typed is still there."""
    reason = STORAGE_REASONS.get(type(failure), "unavailable")
    current_app.logger.error(
        "The records could not be used: %s (%s)", type(failure).__name__, request.endpoint
    )
    if is_from_script():
        return _json(503)
    holds = request.method not in SAFE_METHODS and _brings_text()
    unsaved = Unsaved.of_request() if holds else None
    response = _error_page(503, reason=reason, unsaved=unsaved)
    response.headers["Retry-After"] = "30"
    return response


def _http(failure: HTTPException) -> AnyResponse:
    code = failure.code or 500
    if code < 400:  # noqa: PLR2004 - a redirect that was raised
        return failure.get_response()
    reason = "plain-http" if isinstance(failure, ChannelNotPrivate) else ""
    reason = "elsewhere" if isinstance(failure, FromElsewhere) else reason
    reason = "files" if isinstance(failure, TooManyFiles) else reason
    response = _error_page(code, reason=reason)
    for name, value in failure.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _defect(failure: Exception) -> AnyResponse:
    """A defect of ours. Where it happened is logged; what it says is not, for it may quote a person."""
    _log(failure)
    return _error_page(500)


def _log_last_resort(exc_info: Any) -> None:
    _log(exc_info[1])


def _log(failure: BaseException) -> None:
    logging.getLogger(current_app.name).error(
        "%s at %s, while answering %s", type(failure).__name__, _places(failure), request.endpoint
    )


def _places(failure: BaseException) -> str:
    """The innermost lines of our own that a failure passed through."""
    trace, found = failure.__traceback__, []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(found[-4:]))


def _error_page(code: int, **context: Any) -> AnyResponse:
    template = f"errors/{code if code in PAGES else 400 if code < 500 else 500}.html"  # noqa: PLR2004
    return frames.error(template, code, **context)


def _json(status: int) -> AnyResponse:
    # The script sends the form itself then, and the reader gets the page that explains.
    response = jsonify(ok=False)
    response.status_code = status
    return response
