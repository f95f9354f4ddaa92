"""How easy the lessons of a module are to read: a development tool's count, where it is installed.

English by Flesch's Reading Ease (R. Flesch, 1948); Spanish by the perspicuity formula of Szigriszt Pazos (1993), whose
marks the INFLESZ scale of Barrio Cantalejo (2008) reads: 55 and more is normal, 65 and more fairly easy.
"""

from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from importlib.util import find_spec
from statistics import median
from typing import Any

from app.curriculum.model import Module

#: What is never read as prose: numbers of sources, drawings, and the kit's own words above a pair or a callout.
_LEFT_OUT_TAGS = ("sup", "figure")
_LEFT_OUT_CLASSES = ("pair-title", "callout-title")
#: Where one of these ends, a sentence does: headings, cells and list items need no full stop.
_BLOCKS = ("p", "li", "h2", "h3", "h4", "h5", "h6", "th", "td", "summary", "pre", "blockquote")
_ENDS = (".", "!", "?", ":", "…")
_CLOSING = "\"'”’»)] "
#: The formula of each language that has one: the tool's name for it, and for the language.
_FORMULAS = {"en": ("flesch_reading_ease", "en_US"), "es": ("szigriszt_pazos", "es")}

#: How to get what counts, for whoever runs a command without it.
ADVICE = (
    "Reading ease is counted where textstat is installed: `make lint` sets the development tools up, or "
    "`pip install --require-hashes -r requirements/dev.txt`."
)


def is_counted() -> bool:
    """Whether the tool that counts is installed; the kit itself runs without it."""
    return find_spec("textstat") is not None


def reading_ease(module: Module, language: str) -> float | None:
    """The median over the module's lessons in this language, to one decimal: higher is easier.

    None for a language without a formula of its own, for a module without lessons in it, and where
    nothing can count.
    """
    texts = [lesson.prose.html.root[language] for lesson in module.lessons if lesson.prose.html.has(language)]
    formula = _formula(language) if texts and language in _FORMULAS and is_counted() else None
    return round(median(formula(plain_text(html)) for html in texts), 1) if formula else None


@cache
def _formula(language: str) -> Callable[[str], float]:
    from textstat.textstat import textstatistics

    name, spoken = _FORMULAS[language]
    counter: Any = textstatistics()
    counter.set_lang(spoken)
    count: Callable[[str], float] = getattr(counter, name)
    return count


def plain_text(html: str) -> str:
    """Rendered prose as running text in which every block is a sentence or more."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return " ".join(reader.sentences)


class _Reader(HTMLParser):
    """Gathers the words of each block. What is left out is skipped to its end tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sentences: list[str] = []
        self._words = ""
        self._skipping = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or leave an element out."""
        if self._skipping:
            self._depth += tag == self._skipping
            return
        classes = (dict(attrs).get("class") or "").split()
        if tag in _LEFT_OUT_TAGS or any(name in _LEFT_OUT_CLASSES for name in classes):
            self._skipping, self._depth = tag, 1
        elif tag in _BLOCKS:
            self._end_sentence()

    def handle_endtag(self, tag: str) -> None:
        """End a block, or what is left out."""
        if self._skipping:
            self._depth -= tag == self._skipping
            self._skipping = self._skipping if self._depth else ""
        elif tag in _BLOCKS:
            self._end_sentence()

    def handle_data(self, data: str) -> None:
        """Add words to the block that is open."""
        if not self._skipping:
            self._words += data

    def _end_sentence(self) -> None:
        words = " ".join(self._words.split())
        if words:
            self.sentences.append(words if words.rstrip(_CLOSING).endswith(_ENDS) else f"{words}.")
        self._words = ""
