"""Words in the order of a language's own dictionary, under its letters."""

import unicodedata
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")

#: Letters that a language counts as its own, each with the one that it follows. Accents never make another letter.
_OWN_LETTERS = {"es": {"ñ": "n"}}
_AFTER = "\uffff"


def by_letter(entries: Iterable[T], word: Callable[[T], str], language: str) -> list[tuple[str, list[T]]]:
    """The entries in order, grouped by the capital that stands above them. `word` says what an entry is called."""

    def place(entry: T) -> str:
        return _key(word(entry), language)

    groups = groupby(sorted(entries, key=place), key=lambda entry: place(entry)[:2].removesuffix("\0"))
    return [(_letter(key, language), list(found)) for key, found in groups]


def _key(word: str, language: str) -> str:
    """What to compare: each letter as two characters, a plain one and what tells a letter of its own from it."""
    own = _OWN_LETTERS.get(language.partition("-")[0], {})
    letters = (
        character for character in unicodedata.normalize("NFC", word.casefold()) if character.isalnum()
    )
    return "".join(own[letter] + _AFTER if letter in own else _plain(letter) + "\0" for letter in letters)


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def _letter(key: str, language: str) -> str:
    own = {plain: letter for letter, plain in _OWN_LETTERS.get(language.partition("-")[0], {}).items()}
    return (own[key[0]] if key.endswith(_AFTER) else key[0]).upper()
