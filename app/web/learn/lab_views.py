"""Labs. They don't look who is asking, and nothing that is done in one ever reaches the kit."""

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_babel import gettext, ngettext
from werkzeug.exceptions import NotFound

from app.curriculum.model import Lab, LabKind, Module, Piece, PiecePart, Post
from app.learning.guessing import BITS_A_WORD, by_dice, strengths
from app.records.passphrases import OFFERED_WORDS, wordlist
from app.web import frames
from app.web.finding import find_module
from app.web.i18n import current_language, in_reader_language
from app.web.kit import kit
from app.web.learn import blueprint

Details = Callable[[], dict[str, Any]]

#: The scripts of each kind, in the order in which they are loaded; every lab begins with the first.
SCRIPTS = {
    LabKind.PHOTO_METADATA: ("lab.js", "jpeg-metadata.js", "photo-metadata.js"),
    LabKind.SELF_SEARCH: ("lab.js", "self-search.js"),
    LabKind.PASSPHRASE: ("lab.js", "passphrase.js"),
    LabKind.SPOT_THE_LEAK: ("lab.js", "spot-the-leak.js"),
}
MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 31_557_600
#: From here on a number's thousands stand apart.
LONG_NUMBER = 10_000
#: Years that nobody counts any more.
AGES = 1_000_000


@blueprint.get("/<language:lang>/modules/<module_id>/lab/<lab_id>/")
def lab(module_id: str, lab_id: str) -> Response:
    """One lab: to try, where there is a script, and in writing for everybody."""
    module = find_module(module_id)
    found = module.lab(lab_id)
    if found is None:
        raise NotFound
    return frames.impersonal("learn/lab.html", lambda: _details(module, found), lab=found, active="learn")


def _details(module: Module, found: Lab) -> dict[str, object]:
    """What stands around a lab, and what its kind works with."""
    sources = kit().curriculum.sources_by_id
    kinds: dict[LabKind, Details] = {LabKind.PASSPHRASE: _dice, LabKind.SPOT_THE_LEAK: lambda: _leaks(found)}
    return {
        "module": module,
        "lesson": module.lesson(found.lesson),
        "scripts": SCRIPTS[found.kind],
        "sources": [sources[source] for source in found.sources],
        "expired": found.is_expired(kit().today()),
        **kinds.get(found.kind, dict)(),
    }


def _dice() -> dict[str, Any]:
    """The list by dice, and what so many words of it are worth."""
    return {
        "blocks": by_dice(wordlist(current_language())),
        "strengths": strengths(),
        "bits": BITS_A_WORD,
        "offered": OFFERED_WORDS,
        "lasting": lasting,
    }


def _leaks(found: Lab) -> dict[str, Any]:
    """What a post's parts are, and what a piece of it gives away, in words."""

    def gives_of(piece: Piece) -> str:
        if not piece.gives:
            return in_reader_language(found.words["gives_nothing"])
        what = ", ".join(in_reader_language(found.words[kind.value]) for kind in piece.gives)
        return in_reader_language(found.words["gives"]).replace("{what}", what)

    def parts_of(post: Post) -> list[tuple[PiecePart, list[Piece]]]:
        parts = ((part, [piece for piece in post.pieces if piece.part is part]) for part in PiecePart)
        return [(part, pieces) for part, pieces in parts if pieces]

    return {"gives_of": gives_of, "parts_of": parts_of}


def lasting(seconds: float) -> str:
    """A time as people say it: rounded, in the largest unit of which there are two or more."""
    if seconds < 2:  # noqa: PLR2004 - one second is at once
        return str(gettext("at once"))
    if seconds >= AGES * YEAR:
        return str(gettext("more than a million years"))
    size = next(unit for unit in (YEAR, DAY, HOUR, MINUTE, 1) if seconds >= 2 * unit)
    count = _rounded(seconds / size)
    words: dict[int, str] = {
        YEAR: ngettext("about %(count)s year", "about %(count)s years", count, count=_grouped(count)),
        DAY: ngettext("about %(num)s day", "about %(num)s days", count),
        HOUR: ngettext("about %(num)s hour", "about %(num)s hours", count),
        MINUTE: ngettext("about %(num)s minute", "about %(num)s minutes", count),
        1: ngettext("about %(num)s second", "about %(num)s seconds", count),
    }
    return words[size]


def _grouped(count: int) -> str:
    """A number as both languages may write it, with narrow spaces in a long one."""
    return str(count) if count < LONG_NUMBER else f"{count:,}".replace(",", "\u202f")


def _rounded(count: float) -> int:
    """Two figures: more would pretend to know."""
    whole = round(count)
    digits = max(0, len(str(whole)) - 2)
    return round(whole, -digits)
