"""Files that never change under their name: fingerprinted when the kit starts, cached for a year, compressed once."""

import gzip
import mimetypes
import os
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from hashlib import sha256
from pathlib import Path

import brotli
from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

FOLDER = Path(__file__).parents[1] / "static"
PREFIX = "/static/"
#: Of Brotli's 11, as each start waits for it: the last step takes three times as long and saves a fortieth.
_QUALITY = 10
COMPRESSED_TYPES = ("text/", "application/javascript", "image/svg+xml")


@dataclass(frozen=True)
class StaticFile:
    """One file, ready to be sent."""

    address: str
    kind: str
    bodies: dict[str, bytes]


def init_app(app: Flask) -> None:
    """Read every static file once, and give templates `static_url(name)`."""
    files = _files()
    by_address = {file.address: file for file in files.values()}
    app.add_url_rule(f"{PREFIX}<path:name>", "static", partial(_send, by_address))
    app.jinja_env.globals["static_url"] = lambda name: files[name].address


@cache
def _files() -> dict[str, StaticFile]:
    """Every file, once in a process: they don't change while it runs."""
    return {name: _ready(name, path) for name, path in _found()}


def _found() -> list[tuple[str, Path]]:
    paths = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    return [(path.relative_to(FOLDER).as_posix(), path) for path in paths]


def _ready(name: str, path: Path) -> StaticFile:
    body = path.read_bytes()
    if path.suffix == ".css":
        body = _with_fingerprints(body, path)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    bodies = {"identity": body}
    if kind.startswith(COMPRESSED_TYPES):
        bodies |= {"br": brotli.compress(body, quality=_QUALITY), "gzip": gzip.compress(body, mtime=0)}
    stem, suffix = name.rsplit(".", 1)
    return StaticFile(f"{PREFIX}{stem}.{_fingerprint(body)}.{suffix}", kind, bodies)


def _fingerprint(body: bytes) -> str:
    return sha256(body).hexdigest()[:12]


def _with_fingerprints(style: bytes, path: Path) -> bytes:
    """A stylesheet whose `url(fonts/…)` name the fingerprinted files."""
    for font in (FOLDER / "fonts").glob("*.woff2"):
        name = Path(os.path.relpath(font, path.parent)).as_posix()
        stem, suffix = name.rsplit(".", 1)
        style = style.replace(name.encode(), f"{stem}.{_fingerprint(font.read_bytes())}.{suffix}".encode())
    return style


def _send(by_address: dict[str, StaticFile], name: str) -> Response:
    file = by_address.get(PREFIX + name)
    if file is None:
        raise NotFound
    encoding = preferred_encoding(tuple(file.bodies))
    response = Response(file.bodies[encoding], content_type=file.kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    if len(file.bodies) > 1:
        response.headers["Vary"] = "Accept-Encoding"
    return response


def preferred_encoding(available: tuple[str, ...]) -> str:
    """The smallest of the available encodings that this browser takes."""
    accepted = _accepted(request.headers.get("Accept-Encoding", ""))
    return next((name for name in ("br", "gzip") if name in available and name in accepted), "identity")


@lru_cache(maxsize=64)
def _accepted(header: str) -> frozenset[str]:
    """The encodings that a browser takes: those that it names, but for the ones it refuses with `q=0`."""
    offers = (offer.replace(" ", "").lower().partition(";q=") for offer in header.split(","))
    return frozenset(name for name, _, quality in offers if not quality or quality.strip("0."))
