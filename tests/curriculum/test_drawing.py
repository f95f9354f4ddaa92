"""Whatever an SVG file holds, only listed shapes with listed attributes come out of it."""

from html.parser import HTMLParser
from xml.sax.saxutils import quoteattr

from hypothesis import given
from hypothesis import strategies as st

from app.curriculum.drawings.drawable import ATTRIBUTES, ELEMENTS
from app.curriculum.drawings.svg import read_drawing
from app.curriculum.model import Text
from app.curriculum.problems import Problem

TITLE = Text({"en": "A title", "es": "Un título"})
GOOD = {
    **dict.fromkeys(ATTRIBUTES, "10"),
    "d": "M0 0 L8 4 z",
    "id": "tip",
    "class": "ink",
    "fill": "none",
    "stroke": "none",
    "transform": "rotate(45 1 1)",
    "text-anchor": "end",
    "orient": "auto",
    "viewBox": "0 0 640 100",
}
NASTY = [
    "javascript:alert(1)",
    "url(https://evil.example)",
    "expression(a)",
    '"><script>',
    "{word}",
    "&#10;x",
    "red",
]
NAMES = [
    *sorted(ATTRIBUTES),
    "style",
    "onload",
    "onclick",
    "href",
    "xlink-href",
    "filter",
    "mask",
    "clip-path",
    "src",
]

attributes = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*NASTY, ""]) | st.none(), max_size=3)
elements = st.sampled_from(
    [*sorted(ELEMENTS), "script", "style", "foreignObject", "use", "image", "a", "animate", "set"]
)
contents = st.sampled_from(
    ["", "{word}", "12", "alert(1)", "<![CDATA[<b>]]>", "&lt;b&gt;", "<!-- x -->", "<?php x ?>"]
)


@st.composite
def shapes(draw: st.DrawFn, depth: int = 2) -> str:
    name = draw(elements)
    given_ = {key: GOOD.get(key, "x") if value is None else value for key, value in draw(attributes).items()}
    if name == "text":
        given_.setdefault("font-size", "20")
    inner = "".join(draw(st.lists(shapes(depth - 1), max_size=2))) if depth else ""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in given_.items())
    return f"<{name}{written}>{draw(contents)}{inner}</{name}>"


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name: value or "" for name, value in attrs}


@given(st.lists(shapes(), max_size=4).map("".join))
def test_a_drawing_is_refused_or_holds_nothing_but_the_list(inside: str):
    problems: list[Problem] = []
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 100">{inside}</svg>'

    drawing = read_drawing("a.svg", text, "door", {"word"} if "{word}" in inside else set(), problems)

    assert (drawing is None) == bool(problems)
    if drawing is None:
        return
    seen = _Seen()
    seen.feed(drawing.in_language("es", {"word": Text({"en": "<a>", "es": "<b onclick=x>"})}, TITLE, TITLE))
    assert seen.elements <= ELEMENTS
    allowed = {name.lower() for name in ATTRIBUTES} | {"role", "aria-labelledby"}
    assert set(seen.attributes) <= allowed
    assert not any(nasty in value for nasty in NASTY for value in seen.attributes.values())


@given(st.text(max_size=80))
def test_a_file_that_is_no_drawing_is_refused_with_a_place(text: str):
    problems: list[Problem] = []

    assert read_drawing("a.svg", text, "door", set(), problems) is None
    assert problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
