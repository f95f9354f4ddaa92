"""The first use of each of the glossary's words in a lesson becomes a link to its entry."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from app.curriculum.model import Term
from app.curriculum.model.glossary import anchor

_APART = ("link_open", "link_close")


@dataclass
class Terms:
    """The words of one language that a text may use. Made once, and shared by its lessons."""

    language: str
    pattern: re.Pattern[str] | None = None
    exact: dict[str, str] = field(default_factory=dict)
    loose: dict[str, str] = field(default_factory=dict)

    def id_of(self, words: str) -> str | None:
        """The entry that these words are a use of. Capitals count only where the form has them."""
        form = " ".join(words.split())
        return self.exact.get(form) or self.loose.get(form.casefold())

    def address(self, term_id: str) -> str:
        """Where a word is explained."""
        return f"/{self.language}/glossary/#{anchor(term_id)}"


def terms_of(glossary: Iterable[Term], language: str) -> Terms:
    """What to look for in texts of this language: the longest form first."""
    found = Terms(language)
    forms = []
    for term in glossary:
        for form in term.forms.get(language, ()):
            kind = found.loose if form == form.casefold() else found.exact
            kind[form] = term.id
            forms.append(form)
    if forms:
        longest_first = sorted(set(forms), key=lambda form: (-len(form), form))
        words = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest_first)
        found.pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)
    return found


def link_terms(tokens: list[Token], terms: Terms) -> None:
    """Link the first use of each word in running text: never in a heading, a link, code or a citation.

    A word within a longer one that was linked before counts as that one.
    """
    if terms.pattern is None:
        return
    linked: set[str] = set()
    heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type == "inline" and not heading:
            token.children = list(_linked(_joined(token.children or []), terms, linked))


def _joined(pieces: list[Token]) -> list[Token]:
    """Text that goes on in the next line as one piece: a word may begin in one line and end in the next."""
    joined: list[Token] = []
    for piece in pieces:
        if piece.type not in ("text", "softbreak"):
            joined.append(piece)
            continue
        content = piece.content if piece.type == "text" else "\n"
        if joined and joined[-1].type == "text":
            joined[-1].content += content
        else:
            joined.append(Token("text", "", 0, content=content))
    return joined


def _linked(pieces: list[Token], terms: Terms, linked: set[str]) -> Iterator[Token]:
    depth = 0
    for piece in pieces:
        depth += piece.nesting if piece.type in _APART else 0
        if piece.type == "text" and not depth:
            yield from _split(piece.content, terms, linked)
        else:
            yield piece


def _split(text: str, terms: Terms, linked: set[str]) -> Iterator[Token]:
    done = 0
    for match in terms.pattern.finditer(text) if terms.pattern else ():
        term_id = terms.id_of(match.group())
        if term_id is None or term_id in linked:
            continue
        linked.add(term_id)
        yield Token("text", "", 0, content=text[done : match.start()])
        yield Token("link_open", "a", 1, attrs={"class": "term", "href": terms.address(term_id)})
        yield Token("text", "", 0, content=match.group())
        yield Token("link_close", "a", -1)
        done = match.end()
    yield Token("text", "", 0, content=text[done:])
