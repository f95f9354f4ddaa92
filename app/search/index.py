"""An index of what is taught, in memory: SQLite's FTS5, which compares words without accents and capitals."""

import re
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from app.curriculum.model import Curriculum, Term
from app.search.documents import Document, Kind, Place, documents
from app.search.excerpts import Piece, excerpt, plain

#: Characters of a query that are looked at, and words.
LONGEST_QUERY, MOST_WORDS = 100, 8
#: Letters of a word that may go on; shorter ones begin too many others.
SHORTEST_BEGINNING = 4
#: With fewer pieces than these, those that have only some of the words are shown as well, as many.
ENOUGH = 6
#: How many results of each kind are shown.
MOST_OF_A_KIND = 8
_WORD = re.compile(r"\w+")
#: What a title, other names and the text weigh against each other.
_WEIGHTS = "8.0, 4.0, 1.0"
_TABLE = (
    "CREATE VIRTUAL TABLE piece USING fts5 (title, known_as, body, content='',"
    ' tokenize="unicode61 remove_diacritics 2")'
)
_ADD = "INSERT INTO piece (rowid, title, known_as, body) VALUES (?, ?, ?, ?)"
_ASK = f"SELECT rowid FROM piece WHERE piece MATCH ? ORDER BY bm25(piece, {_WEIGHTS}) LIMIT 400"  # noqa: S608 - ours
#: Words that say little, by language: a query of several words may lack them.
_SMALL = {
    "en": frozenset(
        [
            "a",
            "an",
            "and",
            "are",
            "as",
            "at",
            "be",
            "by",
            "for",
            "from",
            "how",
            "i",
            "if",
            "in",
            "is",
            "it",
            "my",
            "of",
            "on",
            "or",
            "the",
            "to",
            "what",
            "when",
            "with",
            "you",
        ]
    ),
    "es": frozenset(
        [
            "a",
            "al",
            "con",
            "como",
            "cuando",
            "de",
            "del",
            "el",
            "en",
            "es",
            "la",
            "las",
            "le",
            "lo",
            "los",
            "me",
            "mi",
            "no",
            "o",
            "para",
            "por",
            "que",
            "se",
            "si",
            "su",
            "un",
            "una",
            "y",
        ]
    ),
}


@dataclass(frozen=True)
class Found:
    """One result: where it stands, what it is called, what it is part of, and why it was found."""

    place: Place
    title: str
    within: str
    excerpt: list[Piece]


class Index:
    """Everything that can be found, by language. It only reads, keeps no query, and is made once at the start."""

    def __init__(self, curriculum: Curriculum):
        self._of = {language: _Language(curriculum, language) for language in curriculum.languages}

    def find(self, query: str, language: str) -> list[Found]:
        """What a query finds in a language, the best of each kind first. Any text may be asked for."""
        return self._of[language].find(query)


def _words(text: str) -> list[str]:
    return [plain(word) for word in _WORD.findall(text)]


def _names(glossary: Iterable[Term], language: str) -> dict[str, list[list[str]]]:
    """For each name that any language has for a word of the glossary: its names in this one, as words."""
    found: dict[str, list[list[str]]] = {}
    for term in glossary:
        here = [term.term.in_language(language), *term.forms.get(language, ())]
        for name in (*term.term.root.values(), *(form for forms in term.forms.values() for form in forms)):
            found.setdefault(" ".join(_words(name)), []).extend(map(_words, here))
    return found


def _beginning(word: str) -> str:
    """A word as it begins, a short one whole: so endings are found without knowing the language's grammar."""
    return f'"{word}"*' if len(word) >= SHORTEST_BEGINNING else f'"{word}"'


def _pattern(word: str) -> str:
    return re.escape(word) + (r"\w*" if len(word) >= SHORTEST_BEGINNING else r"\b")


def _all_of(words: Iterable[str]) -> str:
    return f"({' AND '.join(map(_beginning, words))})"


class _Language:
    def __init__(self, curriculum: Curriculum, language: str):
        self._documents = list(documents(curriculum, language))
        self._small = _SMALL.get(language, frozenset())
        self._titles = [" ".join(_words(document.title)) for document in self._documents]
        self._same = _names(curriculum.glossary, language)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(_TABLE)
        self._connection.executemany(
            _ADD,
            (
                (number, document.title, f"{document.known_as} {document.within}", document.text)
                for number, document in enumerate(self._documents)
            ),
        )
        self._connection.execute("INSERT INTO piece (piece) VALUES ('optimize')")
        self._connection.commit()

    def find(self, query: str) -> list[Found]:
        words = _words(query[:LONGEST_QUERY])[:MOST_WORDS]
        telling = [word for word in words if len(word) > 1 and word not in self._small] or words
        if not telling:
            return []
        same = self._same.get(" ".join(words), ())
        # Everything that was asked for, or the same by another name; then what has some of it.
        numbers = self._matching(" OR ".join([_all_of(telling), *map(_all_of, same)]))
        if len(numbers) < ENOUGH:
            numbers += self._matching(" OR ".join(map(_beginning, telling)))[:ENOUGH]
        asked = " ".join(words)
        numbers.sort(key=lambda number: asked not in self._titles[number])  # what is called so comes first
        sought = [*telling, *(word for name in same for word in name if word not in self._small)]
        return [self._found(document, sought) for document in self._best(numbers)]

    def _matching(self, asked: str) -> list[int]:
        with self._lock:
            return [row[0] for row in self._connection.execute(_ASK, (asked,))]

    def _best(self, numbers: list[int]) -> list[Document]:
        """The best of each kind, a page only once, the kinds in their order."""
        by_kind: dict[Kind, dict[Place, Document]] = {kind: {} for kind in Kind}
        for number in numbers:
            document = self._documents[number]
            place = document.place
            page = place if place.kind is Kind.ITEM else Place(place.kind, place.module, place.name)
            by_kind[place.kind].setdefault(page, document)
        return [document for kind in Kind for document in list(by_kind[kind].values())[:MOST_OF_A_KIND]]

    def _found(self, document: Document, words: list[str]) -> Found:
        sought = [_pattern(word) for word in words]
        return Found(document.place, document.title, document.within, excerpt(document.text, sought))
