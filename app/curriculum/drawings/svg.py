"""Drawings: SVG held to a short list of shapes and attributes, its words put in per language.

Nothing of the file reaches a page as it is: what is on the list is written out anew.
"""

import re
from dataclasses import dataclass, field
from html import escape
from xml.parsers import expat  # nosec: entities and document types are refused below

from app.curriculum.drawings.drawable import COLUMN, ELEMENTS, SMALLEST_FONT, attribute_fault
from app.curriculum.model import Text
from app.curriculum.problems import Problem
from app.curriculum.prose.targets import did_you_mean

_LABEL = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass
class Drawing:
    """A drawing that was read: pieces to join, where a label's name stands between two pieces of markup."""

    figure: str
    pieces: list[tuple[bool, str]] = field(default_factory=list)
    root: str = ""
    classes: str = ""
    used: set[str] = field(default_factory=set)

    def in_language(self, language: str, labels: dict[str, Text], title: Text, alt: Text) -> str:
        """The drawing with its words in this language, named by its title and described by its alternative."""
        heading = escape(title.in_language(language))
        described = escape(alt.in_language(language))
        name = f"figure-{self.figure}"
        body = "".join(
            escape(labels[piece].in_language(language)) if is_label else piece
            for is_label, piece in self.pieces
        )
        return (
            f'<svg class="figure-svg{self.classes}"{self.root} role="img" '
            f'aria-labelledby="{name}-title {name}-desc">'
            f'<title id="{name}-title">{heading}</title><desc id="{name}-desc">{described}</desc>{body}</svg>'
        )


def read_drawing(
    path: str, text: str, figure: str, labels: set[str], problems: list[Problem]
) -> Drawing | None:
    """The drawing in this file; None, with every problem added, if it may not be shown."""
    reader = _Reader(path, figure, labels)
    reader.read(text)
    problems += reader.problems
    return None if reader.problems else reader.drawing


class _Reader:
    def __init__(self, path: str, figure: str, labels: set[str]) -> None:
        self.path, self.labels = path, labels
        self.drawing = Drawing(figure)
        self.problems: list[Problem] = []
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.markers: list[tuple[int, int, str]] = []
        self.text = ""
        self.text_at = (1, 1)
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = lambda *_: self._fault("a document type is refused; delete it")
        self.parser.ProcessingInstructionHandler = lambda *_: self._fault(
            "a processing instruction is refused"
        )

    def read(self, text: str) -> None:
        try:
            self.parser.Parse(text, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            self.problems.append(
                Problem(self.path, error.lineno, error.offset + 1, f"this isn't XML: {what}")
            )
            return
        for line, column, marker in self.markers:
            if marker not in self.ids:
                self.problems.append(
                    Problem(self.path, line, column, f"there is no marker with the id '{marker}'")
                )
        for name in sorted(self.labels - self.drawing.used):
            message = f"the label '{name}' is in module.yaml, but the drawing has no {{{name}}}"
            self.problems.append(Problem(self.path, 1, 1, message))

    def _place(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def _fault(self, message: str, place: tuple[int, int] | None = None) -> None:
        self.problems.append(Problem(self.path, *(place or self._place()), message))

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        self._flush()
        is_root = not self.open
        self.open.append(element)
        if element not in ELEMENTS:
            self._fault(f"<{element}> is refused; a drawing has only shapes, paths and text")
            return
        if is_root != (element == "svg"):
            self._fault("a drawing is one <svg> with shapes inside")
        kept = {name: value for name, value in attributes.items() if self._allows(element, name, value)}
        if is_root:
            self._root(kept)
        elif element == "text" and "font-size" not in attributes:
            self._fault(f"this <text> has no font-size of its own; give it one of {SMALLEST_FONT} or more")
        if not is_root and not self._is_aside():
            self.drawing.pieces.append((False, f"<{element}{self._written(kept)}>"))

    def _is_aside(self) -> bool:
        """Whether this is a title or description: module.yaml's own take their place."""
        return "title" in self.open or "desc" in self.open

    def _written(self, attributes: dict[str, str]) -> str:
        return "".join(f' {name}="{escape(self._local(name, value))}"' for name, value in attributes.items())

    def _root(self, attributes: dict[str, str]) -> None:
        for name in ("width", "height"):
            if name in attributes:
                self._fault(f"leave '{name}' out of <svg>; viewBox says the shape, the page says the size")
        classes = attributes.pop("class", "")
        self.drawing.classes = f" {escape(classes)}" if classes else ""
        self.drawing.root = self._written(attributes)
        try:
            _, _, width, _ = (float(number) for number in attributes["viewBox"].replace(",", " ").split())
        except (ValueError, KeyError):
            self._fault(f'<svg> needs a viewBox of four numbers, such as viewBox="0 0 {COLUMN} 300"')
            return
        if width > COLUMN:
            self._fault(
                f"the viewBox is {width:g} wide; draw for a column of {COLUMN}, or the words get too small"
            )

    def _allows(self, element: str, name: str, value: str) -> bool:
        if element == "svg" and name in ("xmlns", "version"):
            return False
        fault = attribute_fault(element, name, value)
        if fault:
            self._fault(fault)
            return False
        if name == "id":
            self._remember_id(value)
        elif name.startswith("marker-"):
            self.markers.append((*self._place(), value.strip()[5:-1]))
        return True

    def _remember_id(self, value: str) -> None:
        if value in self.ids:
            self._fault(f"the id '{value}' stands here a second time")
        self.ids.add(value)

    def _local(self, name: str, value: str) -> str:
        """Ids carry the figure's name, so that two figures on a page don't share one."""
        prefix = f"figure-{self.drawing.figure}-"
        if name == "id":
            return prefix + value
        return value.strip().replace("url(#", f"url(#{prefix}") if name.startswith("marker-") else value

    def _end(self, element: str) -> None:
        self._flush()
        if len(self.open) > 1 and element in ELEMENTS and not self._is_aside():
            self.drawing.pieces.append((False, f"</{element}>"))
        self.open.pop()

    def _characters(self, data: str) -> None:
        if not self.text:
            self.text_at = self._place()
        self.text += data

    def _flush(self) -> None:
        text, self.text = re.sub(r"\s+", " ", self.text), ""
        if not text.strip():
            return
        if self._is_aside():
            self.drawing.used |= set(_LABEL.findall(text))
        elif self.open[-1] not in ("text", "tspan"):
            self._fault("words stand outside a <text>", self.text_at)
        else:
            self._words(text)

    def _words(self, text: str) -> None:
        for index, part in enumerate(_LABEL.split(text)):
            if index % 2:
                self._label(part)
            elif part:
                self._literal(part)

    def _label(self, name: str) -> None:
        self.drawing.used.add(name)
        self.drawing.pieces.append((True, name))
        if name not in self.labels:
            hint = did_you_mean(name, self.labels)
            self._fault(
                f"the label {{{name}}} isn't among the figure's labels in module.yaml{hint}", self.text_at
            )

    def _literal(self, text: str) -> None:
        if re.search(r"[^\W\d_]|[{}]", text):
            message = f"'{text.strip()[:40]}' can't be translated here; write {{name}}, and its words in module.yaml"
            self._fault(message, self.text_at)
        self.drawing.pieces.append((False, escape(text)))
