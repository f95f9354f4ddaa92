"""Bodies of requests: small, and never written to a temporary file in the clear."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request

from app.records.copies import LARGEST_COPY

#: Bytes that a form may have: a whole checklist with the longest notes, in any script, fits.
LARGEST_BODY = 256 * 1024


#: The one place that takes more: an encrypted copy from another machine.
BRINGS_A_COPY = "account.submit_bring"


class PrivateRequest(Request):
    """A request whose uploads stay in memory: Werkzeug would spool large ones to a file in the clear."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return BytesIO()


def is_from_script() -> bool:
    """Whether the page's own script sent this. Where the answer isn't "saved", it sends the form the ordinary way.

    So such an answer changes no cookie: the form must still show that there was a session that ended.
    """
    return request.headers.get("X-Requested-With") == "fetch"


def init_app(app: Flask) -> None:
    """Use it for every request."""
    app.request_class = PrivateRequest
    app.before_request(_let_copies_in)


def _let_copies_in() -> None:
    if request.endpoint == BRINGS_A_COPY:
        request.max_content_length = LARGEST_BODY + LARGEST_COPY
