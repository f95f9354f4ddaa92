"""Pages as a test reads them: elements in order, forms with their fields, and the text that a person sees."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

VOID = frozenset({"input", "meta", "link", "br", "img", "hr", "source"})


@dataclass
class Element:
    """One element: its name, attributes, the text within it, and the elements it stands in."""

    name: str
    attributes: dict[str, str]
    inside: tuple["Element", ...] = ()
    #: What stands in it, in pieces: to add each to what came before would cost more than all the rest of a test.
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def get(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())


@dataclass
class Form:
    """A form as a browser would send it untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Element] = field(default_factory=list)

    def names(self) -> set[str]:
        return {name for name, _ in self.fields}

    def value(self, name: str) -> str:
        return next(value for known, value in self.fields if known == name)


class Page(HTMLParser):
    """One answer of the kit, read."""

    def __init__(self, response: TestResponse):
        super().__init__(convert_charrefs=True)
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.get_data().decode(errors="replace")  # a workbook is no text
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.closed_wrongly: list[str] = []
        if "html" in (response.content_type or ""):
            self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1].name != tag:
            self.closed_wrongly.append(tag)
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.pieces.append(data)

    def all(self, *names: str) -> list[Element]:
        """The elements of these names, in order."""
        return [element for element in self.elements if element.name in names]

    def one(self, name: str) -> Element:
        """The only element of this name."""
        (found,) = self.all(name)
        return found

    def with_attribute(self, attribute: str) -> list[Element]:
        return [element for element in self.elements if attribute in element.attributes]

    @property
    def title(self) -> str:
        """The page's own: a drawing within it has one as well."""
        (found,) = [part for part in self.all("title") if part.inside[-1].name == "head"]
        return found.words

    @property
    def text(self) -> str:
        """Every word that a person may see, and those that are folded away."""
        return self.one("body").words

    @property
    def flashes(self) -> list[str]:
        return [element.words for element in self.all("p") if element.get("class").startswith("flash")]

    @property
    def links(self) -> list[str]:
        return [element.get("href") for element in self.all("a")]

    @property
    def forms(self) -> list[Form]:
        """The forms, each with the fields that are sent if nobody touches it."""
        return [self._form(element) for element in self.all("form")]

    def form(self, *names: str) -> Form:
        """The only form that has these fields."""
        (found,) = [form for form in self.forms if form.names() >= set(names)]
        return found

    def _form(self, element: Element) -> Form:
        form = Form(element.get("action"), element.get("method") or "get")
        for part in self.elements:
            if element not in part.inside:
                continue
            if part.name == "button":
                form.buttons.append(part)
            elif part.get("name") and _is_sent(part):
                form.fields.append((part.get("name"), _value(part)))
        return form


def _is_sent(part: Element) -> bool:
    if part.name == "textarea":
        return True
    if part.name != "input":
        return False
    return part.get("type") not in {"radio", "checkbox"} or "checked" in part.attributes


def _value(part: Element) -> str:
    # HTML drops one line end right after <textarea>.
    return (
        part.text.replace("\r\n", "\n").removeprefix("\n") if part.name == "textarea" else part.get("value")
    )
