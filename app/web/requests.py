"""Bodies of requests: small, and never written to a temporary file in the clear."""

import threading
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, current_app, g, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.utils import cached_property

from app.records.attachments import LARGEST_FILE
from app.records.copies import LARGEST_COPY

#: Bytes that a form may have: a whole checklist with the longest notes, in any script, fits.
LARGEST_BODY = 256 * 1024


#: The places that take more: an encrypted copy from another machine, and a file for the incident log.
BRINGS_A_COPY, BRINGS_A_FILE = "account.submit_bring", "incidents.attach"
LARGEST = {BRINGS_A_COPY: LARGEST_BODY + LARGEST_COPY, BRINGS_A_FILE: LARGEST_BODY + LARGEST_FILE}
#: Files that are taken in at the same time in this process: each is in memory two or three times meanwhile.
FILES_AT_ONCE = 2
EXTENSION = "files-at-once"


_NO_COOKIES: ImmutableMultiDict[str, str] = ImmutableMultiDict()


class TooManyFiles(ServiceUnavailable):
    """As many files are being taken in as the machine allows: this one wasn't looked at."""


class PrivateRequest(Request):
    """A request whose uploads stay in memory: Werkzeug would spool large ones to a file in the clear."""

    @cached_property
    def cookies(self) -> MultiDict[str, str]:  # type: ignore[override]
        """The cookies. Whoever sends none, as most readers of a first page, has nothing read."""
        return super().cookies if "HTTP_COOKIE" in self.environ else _NO_COOKIES

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
    app.extensions[EXTENSION] = threading.BoundedSemaphore(FILES_AT_ONCE)
    app.before_request(_let_more_in)
    app.teardown_request(_make_room)


def _let_more_in() -> None:
    if request.endpoint in LARGEST:
        request.max_content_length = LARGEST[request.endpoint]
    if request.endpoint == BRINGS_A_FILE:
        # Before anything looks into the body. Nobody waits here: a thread that waits serves no page.
        if not current_app.extensions[EXTENSION].acquire(blocking=False):
            raise TooManyFiles
        g.takes_a_file = True


def _make_room(_failure: BaseException | None) -> None:
    if g.pop("takes_a_file", False):
        current_app.extensions[EXTENSION].release()
