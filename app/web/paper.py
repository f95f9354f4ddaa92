"""Pages as tagged PDF files (PDF/UA): the page itself, as its print styles lay it out, so that paper has one source.

WeasyPrint does it, an optional extra, in a process that ends with each file (`typesetting`): without it a page says
how to print.
"""

import gzip
import json
import os
import subprocess
import sys
import threading
from ctypes.util import find_library
from functools import cache, lru_cache
from importlib.util import find_spec

import brotli
from flask import Flask, Response, current_app
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.utils import secure_filename

from app.web import typesetting
from app.web.kit import kit
from app.web.statics import FOLDER
from config import KEYS

#: How many ask for files at once before others are told to come back: one whose file is made, and one who waits. Each
#: of them holds one of the threads that serve pages, and reading must go on however many ask.
ROOMS = 2
#: Seconds that the one who waits does so, and after which whoever was told to come back may.
PATIENCE, RETRY_SECONDS = 15, 5
#: Seconds that a page may take to lay out: the longest takes two or three.
LONGEST = 60
#: Files that are kept, of pages that are the same for everybody: a class that asks for one sheet waits for it once.
KEPT = 64
#: What a printed page needs that a screen's styles leave to the browser. As wide as A4 and as high as Letter: it
#: fits on both as it is.
_FOR_PAPER = """
@page { size: 210mm 279mm; margin: 11mm 14mm; }
html { font-size: 9.6pt; }
body { font-family: sans-serif; line-height: 1.3; }
[hidden], noscript, input[type=hidden] { display: none !important; }
.item { padding-block: 1pt 3pt; }
.item legend { font-size: 9.6pt; line-height: 1.25; }
.choices { display: flex; gap: 14pt; }
.options label { display: flex; gap: 4pt; align-items: center; white-space: nowrap; }
input[type=radio], input[type=checkbox] { width: 9pt; height: 9pt; min-height: 0; padding: 0; border: 1pt solid #000; }
input[type=radio] { border-radius: 50%; }
input[checked] { background: #000; }
"""
_UNCOMPRESSED = {"br": brotli.decompress, "gzip": gzip.decompress}
#: Laying out a page takes a processor for a second or so: one at a time, so that others keep reading.
_one_at_a_time = threading.Lock()
_rooms = threading.BoundedSemaphore(ROOMS)


def init_app(app: Flask) -> None:
    """Let pages ask whether they can be had as PDF files."""
    app.jinja_env.globals["pdf_offered"] = is_offered


@cache
def is_offered() -> bool:
    """Whether WeasyPrint and what it draws letters with are on this machine. It isn't loaded here."""
    return find_spec("weasyprint") is not None and find_library("pango-1.0") is not None


def as_pdf(page: Response, name: str = "", *, for_everybody: bool = False) -> Response:
    """A page, as a view answered it, as a file to download; any other answer as it is.

    name: ends the file's name, which begins with the kit's name here. for_everybody: whether the page is the same
    for all, so that its file may be kept. Raises NotFound without WeasyPrint, and ServiceUnavailable while others
    are served.
    """
    if not is_offered():
        raise NotFound
    if page.status_code != 200 or page.mimetype != "text/html":  # noqa: PLR2004
        return page
    body = page.get_data()
    encoding = page.headers.get("Content-Encoding", "")
    html = (_UNCOMPRESSED[encoding](body) if encoding else body).decode()
    response = Response((_kept if for_everybody else _in_turn)(html), content_type="application/pdf")
    stem = "-".join(filter(None, (secure_filename(kit().config.site_name).lower() or "page", name)))
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.pdf"'
    return response


def _in_turn(html: str) -> bytes:
    if not _rooms.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=RETRY_SECONDS)
    try:
        if not _one_at_a_time.acquire(timeout=PATIENCE):
            raise ServiceUnavailable(retry_after=RETRY_SECONDS)
        try:
            return _laid_out(html)
        finally:
            _one_at_a_time.release()
    finally:
        _rooms.release()


_kept = lru_cache(KEPT)(_in_turn)


def _laid_out(html: str) -> bytes:
    """The page as a file. Raises ServiceUnavailable if it can't be made.

    What goes wrong is not logged in its own words, for WeasyPrint's quote the page.
    """
    page = json.dumps({"html": html, "styles": [_style(), _FOR_PAPER]}).encode()
    command = [sys.executable, "-I", typesetting.__file__]
    try:
        made = subprocess.run(  # noqa: S603 - this interpreter and a file of ours
            command, input=page, capture_output=True, timeout=LONGEST, check=True, env=_environment()
        )
    except (OSError, subprocess.SubprocessError) as failure:
        current_app.logger.error("A page could not be made a PDF file: %s", type(failure).__name__)  # noqa: TRY400
        raise ServiceUnavailable(retry_after=RETRY_SECONDS) from None
    return made.stdout


def _environment() -> dict[str, str]:
    """What the operating system says, and nothing of how the kit is set up: keys and addresses stay here."""
    ours = {key.name for key in KEYS}
    return {name: value for name, value in os.environ.items() if name not in ours}


@cache
def _style() -> str:
    return (FOLDER / "resguardo.css").read_text()
