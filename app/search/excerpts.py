"""The part of a text that shows why it was found, with the words that matched."""

import re
import unicodedata
from typing import NamedTuple

#: Characters of an excerpt, about two lines on a phone.
LENGTH = 160
#: Latin letters with a mark, each to its letter: one character for one, so that places stay what they are.
_LETTERS = {
    number: unicodedata.normalize("NFD", chr(number))[0]
    for number in range(0xC0, 0x250)
    if unicodedata.decomposition(chr(number))
}


class Piece(NamedTuple):
    """A piece of an excerpt; `matches` if it is what was looked for."""

    text: str
    matches: bool = False


def plain(text: str) -> str:
    """A text in small letters and without accents, as the index compares words; of the same length."""
    return text.translate(_LETTERS).lower()


def excerpt(text: str, sought: list[str]) -> list[Piece]:
    """A stretch of the text around the place where most of what is sought stands together.

    `sought` are patterns of plain words.
    """
    hits = [word.span() for word in re.finditer(rf"\b(?:{'|'.join(sought)})", plain(text))]
    start, end = _stretch(text, hits)
    pieces = [Piece("… ")] if start else []
    at = start
    for first, last in hits:
        if start <= first and last <= end:
            pieces += [Piece(text[at:first]), Piece(text[first:last], matches=True)]
            at = last
    pieces += [Piece(text[at:end].rstrip()), *([Piece(" …")] if end < len(text) else [])]
    return [piece for piece in pieces if piece.text]


def _stretch(text: str, hits: list[tuple[int, int]]) -> tuple[int, int]:
    """Where the excerpt begins and ends: at words, and with some words before the first hit."""
    if len(text) <= LENGTH:
        return 0, len(text)

    def together(place: int) -> int:
        return sum(place <= first and last <= place + LENGTH - 40 for first, last in hits)

    best = max((first for first, _ in hits), key=together, default=0)
    begin = text.rfind(" ", 0, max(0, best - 30)) + 1
    finish = text.rfind(" ", begin, begin + LENGTH)
    return begin, finish if begin + LENGTH < len(text) and finish > begin else len(text[: begin + LENGTH])
