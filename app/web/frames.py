"""Pages rendered once per language, with named slots for what depends on the person.

The curriculum never changes while the kit runs, and rendering and translating the same frame again
is most of a page's time. So a page is rendered once per address, language and kind of visitor; what
depends on the person is left open as slots, and a request only fills them. A page without slots is
kept compressed as well; one with slots may carry a form's token and what was typed, and stays
uncompressed, so that its length tells nothing (BREACH).
"""

import gzip
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any

import brotli
from flask import Flask, Response, current_app, render_template, request, url_for
from markupsafe import Markup

from app.records.failures import RecordsFailure
from app.web.channel import is_private
from app.web.i18n import current_language, forget_fallback, languages_of_page
from app.web.kit import kit
from app.web.statics import preferred_encoding
from app.web.visitor import Visitor, as_nobody, visitor
from app.web.words import messages, sentence

#: How many frames are kept: a whole curriculum's pages in two languages for three kinds of visitor, and its fragments.
CAPACITY = 4096
EXTENSION = "frames"
HTML = "text/html; charset=utf-8"
#: How far back Brotli looks, as a power of two of bytes: as far as a page is long. With its own, 22, it takes 32 MB.
_WINDOW = 16
#: What marks a slot: not to be guessed, so that nothing a person types can pass for one.
_MARK = secrets.token_hex(8)
_OPEN, _CLOSE = f"\ue000{_MARK}:", "\ue001"
_SLOT = re.compile(f"{_OPEN}([a-z0-9_-]+){_CLOSE}")

#: What fills a slot; a fragment is in bytes already.
Slot = Callable[[], str | bytes]
Details = Callable[[], Mapping[str, Any]]


class Frame:
    """A rendered page: texts, encoded once, and between them the names of slots."""

    def __init__(self, rendered: str):
        pieces = _SLOT.split(rendered)
        self._texts = [text.encode() for text in pieces[::2]]
        self._names = pieces[1::2]
        self._bodies: dict[str, bytes] = {}

    @property
    def is_whole(self) -> bool:
        """Whether nothing in it depends on the person."""
        return not self._names

    def filled(self, slots: Mapping[str, Slot]) -> bytes:
        """The page with each slot filled. Raises KeyError for a slot that nobody fills."""
        if self.is_whole:
            return self.whole()
        parts = [self._texts[0]]
        for name, text in zip(self._names, self._texts[1:], strict=True):
            filling = slots[name]()
            parts += (filling if isinstance(filling, bytes) else filling.encode(), text)
        return b"".join(parts)

    def body(self, encoding: str) -> bytes:
        """A whole page's bytes in an encoding, compressed on first use.

        From then on the page is kept compressed alone: nearly every browser takes it so, and whoever doesn't waits
        for it to be unpacked.
        """
        if encoding not in _COMPRESSED:
            return self.whole()
        if encoding not in self._bodies:
            self._bodies[encoding] = _COMPRESSED[encoding][0](self.whole())
            self._texts = [b""]  # after the line above: another thread finds the page in one or the other
        return self._bodies[encoding]

    def whole(self) -> bytes:
        """All texts, one after the other."""
        for encoding, body in self._bodies.items():
            return _COMPRESSED[encoding][1](body)
        return b"".join(self._texts)


def _brotli(whole: bytes) -> bytes:
    return bytes(brotli.compress(whole, quality=9, lgwin=_WINDOW))


def _gzip(whole: bytes) -> bytes:
    return gzip.compress(whole, mtime=0)


#: How a page is packed and unpacked.
_COMPRESSED: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    "br": (_brotli, brotli.decompress),
    "gzip": (_gzip, gzip.decompress),
}


class FrameStore:
    """The frames of one app and one day, the least recently used ones dropped beyond a capacity."""

    def __init__(self) -> None:
        self._frames: OrderedDict[Hashable, Frame] = OrderedDict()
        self._day: date | None = None
        self._lock = threading.Lock()

    def get(self, key: Hashable, today: date | None, render: Callable[[], str]) -> Frame:
        """The frame of a key, rendered if it isn't there.

        All go when the day changes, as what expires shows on the next; a fragment names no day.
        """
        with self._lock:
            if today is not None and self._day != today:
                self._frames.clear()
                self._day = today
            frame = self._frames.get(key)
            if frame is not None:
                self._frames.move_to_end(key)
                return frame
        frame = Frame(render())
        with self._lock:
            self._frames[key] = frame
            while len(self._frames) > CAPACITY:
                self._frames.popitem(last=False)
        return frame


def init_app(app: Flask) -> None:
    """Give an app a store of frames of its own."""
    app.extensions[EXTENSION] = FrameStore()


def slot(name: str) -> Markup:
    """In a template: leave this place open for what depends on the person."""
    return Markup(f"{_OPEN}{name}{_CLOSE}")  # noqa: S704 - two private characters and a name of ours


def page(
    template: str, slots: Mapping[str, Slot] | None = None, details: Details = dict, **context: Any
) -> Response:
    """A page whose context follows from its address and the kind of visitor alone; slots hold the rest.

    `details` is more of the context, found out only when the page is rendered.
    """
    if not request.cookies:  # nobody, who was told nothing yet: no session need be looked at
        return _framed(template, Visitor(), slots or {}, lambda: {**context, **details()})
    who = visitor()  # first: it may have something to say
    said = messages()
    if said:
        return uncached(template, slots, said=said, **context, **details())
    return _framed(template, who, slots or {}, lambda: {**context, **details()})


def taught(
    template: str, slots: Mapping[str, Slot] | None = None, details: Details = dict, **context: Any
) -> Response:
    """A page of what is taught: where the records can't be read, it is shown as to nobody, and says so."""
    try:
        if request.cookies:
            visitor()
    except RecordsFailure as failure:
        current_app.logger.error("The records could not be read: %s", type(failure).__name__)  # noqa: TRY400
        as_nobody()
        return uncached(template, said=[sentence("not-now")], **context, **details())
    return page(template, slots, details, **context)


def impersonal(template: str, details: Details = dict, **context: Any) -> Response:
    """A page that doesn't look who is asking: it reads no session, opens no vault and sets no cookie."""
    return _framed(template, Visitor(), {}, lambda: {**context, **details()})


def fragment(
    template: str,
    decided_by: tuple[Hashable, ...],
    context: Callable[[], Mapping[str, object]],
    slots: Mapping[str, Slot] | None = None,
) -> bytes:
    """A piece of a page, to fill a slot with: rendered once for each of the few values that decide it.

    What only one person has goes into its own slots, escaped already.
    """
    store: FrameStore = current_app.extensions[EXTENSION]
    key = (template, current_language(), *decided_by)
    frame = store.get(key, None, lambda: render_template(template, **context()))
    return frame.filled(slots or {})


def uncached(
    template: str,
    slots: Mapping[str, Slot] | None = None,
    status: int = 200,
    said: list[tuple[str, str]] | None = None,
    **context: Any,
) -> Response:
    """A page that is rendered for this request alone, such as a form with errors."""
    rendered = _rendered(template, visitor(), {"messages": said or messages(), **context})
    # Without slots nothing is looked for: what somebody typed, and is shown again, may hold any character.
    body = Frame(rendered).filled(slots) if slots else rendered
    return Response(body, status=status, content_type=HTML)


def impersonal_now(template: str, status: int = 200, **context: Any) -> Response:
    """`impersonal`, rendered for this request alone."""
    rendered = _rendered(template, Visitor(), context)
    return Response(rendered, status=status, content_type=HTML)


def error(template: str, status: int, **context: Any) -> Response:
    """A page about a failure: it depends on no session and no database, for those may be what failed."""
    return impersonal_now(template, status, messages=[], **context)


def _framed(template: str, who: Visitor, slots: Mapping[str, Slot], context: Details) -> Response:
    store: FrameStore = current_app.extensions[EXTENSION]
    key = (template, request.path, current_language(), who.kind, is_private())
    frame = store.get(key, kit().today(), lambda: _rendered(template, who, context()))
    if not frame.is_whole:
        return Response(frame.filled(slots), content_type=HTML)
    encoding = preferred_encoding(("br", "gzip"))
    headers = [("Content-Type", HTML), ("Vary", "Accept-Encoding, Cookie")]
    headers += [] if encoding == "identity" else [("Content-Encoding", encoding)]
    return Response(frame.body(encoding), headers=headers)


def _rendered(template: str, who: Visitor, context: Mapping[str, object]) -> str:
    language = current_language()
    common = {
        "site_name": kit().config.site_name,
        "lang": language,
        "languages": languages_of_page(),
        "leave_url": url_for("leave.neutral", lang=language),
        "visitor": who,
        "private": is_private(),
        "by_invitation": kit().config.by_invitation,
        "slot": slot,
    }
    forget_fallback()
    return render_template(template, **{**common, **context})
