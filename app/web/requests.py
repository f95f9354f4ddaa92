"""Bodies of requests: small, and never written to a temporary file in the clear."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request

#: Bytes that a form may have: a whole checklist with the longest notes, in any script, fits.
LARGEST_BODY = 256 * 1024


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
