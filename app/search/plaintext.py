"""Rendered prose as plain text, by its sections."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_SECTION = "h2"
#: What isn't running text: drawings, and the numbers of sources.
_LEFT_OUT = frozenset({"svg", "sup"})
#: Elements that end a word.
_BLOCKS = frozenset({"p", "li", "td", "th", "summary", "h2", "h3", "h4", "figcaption", "tr", "div", "br"})


@dataclass
class Section:
    """A heading, where it stands on its page, and the text under it. The first of a document has neither."""

    heading: str = ""
    anchor: str = ""
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text in one line."""
        return " ".join("".join(self.pieces).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections = [Section()]
        self._out = 0
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LEFT_OUT:
            self._out += 1
        elif tag == _SECTION:
            self.sections.append(Section(anchor=dict(attrs).get("id") or ""))
            self._heading = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _LEFT_OUT:
            self._out -= 1
        if tag == _SECTION:
            self._heading = False
        if tag in _BLOCKS:
            self.sections[-1].pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if self._out:
            return
        if self._heading:
            self.sections[-1].heading += data
        else:
            self.sections[-1].pieces.append(data)


def sections_of(html: str) -> list[Section]:
    """The sections of a rendered document that hold any words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [section for section in reader.sections if section.heading or section.text]
