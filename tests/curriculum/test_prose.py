"""Markdown becomes semantic, classed HTML, and nothing else ever reaches a page."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.curriculum.prose.judging import render_page
from app.curriculum.prose.origin import Origin
from app.curriculum.prose.page import Page
from app.curriculum.prose.targets import Targets
from app.curriculum.prose.wall import ATTRIBUTES, TAGS, clean

TARGETS = Targets(modules={"doors"}, lessons={"doors/first"}, sources={"s1", "s2"}, situations={"open"})


def page_of(text: str, language: str = "en") -> Page:
    return Page(language, Origin.of_file("a.md", text), TARGETS, [], [])


def html_of(text: str, language: str = "en") -> str:
    page = page_of(text, language)
    html = render_page(page, text)
    assert page.problems == []
    return html


def test_a_citation_is_a_number_close_to_its_word_with_a_name_to_be_read_aloud():
    html = html_of("A claim [@s2 @s1]. Again [@s2].", "es")

    assert html.startswith(
        '<p>A claim<sup><a class="cite" href="#source-s2" aria-label="fuente 1">1</a> '
        '<a class="cite" href="#source-s1" aria-label="fuente 2">2</a></sup>. Again<sup>'
    )


def test_do_and_dont_make_a_pair_in_the_order_they_are_written():
    html = html_of("::: do\n- Lock it.\n:::\n::: dont\n- Open it.\n:::\n")

    assert html.replace("\n", "") == (
        '<div class="pair"><section class="do"><h2 class="pair-title">Do</h2><ul><li>Lock it.</li></ul></section>'
        '<section class="dont"><h2 class="pair-title">Don\'t</h2><ul><li>Open it.</li></ul></section></div>'
    )
    reverse = html_of("## One\n\n::: dont\n- Abre.\n:::\n::: do\n- Cierra.\n:::\n", "es")
    assert reverse.index('<h3 class="pair-title">Qué no hacer') < reverse.index(
        '<h3 class="pair-title">Qué hacer'
    )
    assert reverse.count('<div class="pair">') == reverse.count("</div>") == 1


@pytest.mark.parametrize(
    ("directive", "language", "title"),
    [
        ("note", "en", "Remember"),
        ("note", "es", "Recuerda"),
        ("note Your keys & you", "es", "Your keys &amp; you"),
        ("disagree", "en", "Authorities disagree here"),
        ("disagree", "es", "Aquí las autoridades no coinciden"),
        ("trust", "en", "Can you trust the authority?"),
        ("trust", "es", "¿Puedes confiar en la autoridad?"),
        ("example", "es", "Ejemplo"),
        ("example", "pt", "Example"),
    ],
)
def test_a_callout_bears_its_own_title_or_its_languages(directive: str, language: str, title: str):
    html = html_of(f"::: {directive}\nText.\n:::\n", language)

    name = directive.split(maxsplit=1)[0]
    expected = (
        f'<aside class="callout {name}" role="note"><p class="callout-title">{title}</p><p>Text.</p></aside>'
    )
    assert html.replace("\n", "") == expected


def test_directives_stand_inside_each_other_and_inside_lists():
    html = html_of("- One\n\n  ::: details iPhone\n  ::: note\n  Inner.\n  :::\n  After.\n  :::\n- Two\n")

    assert html.replace("\n", "") == (
        '<ul><li><p>One</p><details><summary>iPhone</summary><aside class="callout note" role="note">'
        '<p class="callout-title">Remember</p><p>Inner.</p></aside><p>After.</p></details></li>'
        "<li><p>Two</p></li></ul>"
    )


def test_colons_in_a_code_block_open_nothing():
    html = html_of("::: note\n```\n::: do\n```\n:::\n")

    assert "<pre><code>::: do\n</code></pre>" in html
    assert html.rstrip().endswith("</aside>")


def test_numbered_lists_are_steps_and_headings_have_anchors_of_their_own():
    html = html_of("## ¿Qué es?\n\n1. Uno\n2. Dos\n\n## Qué es [@s1]\n")

    assert '<ol class="steps">' in html
    assert '<h2 id="h-que-es">' in html
    assert '<h2 id="h-que-es-2">' in html


def test_links_lead_to_pages_in_the_readers_language():
    html = html_of("[a](lesson:doors/first) [b](module:doors) [c](help:open)", "es")

    assert 'href="/es/modules/doors/lessons/first/"' in html
    assert 'href="/es/modules/doors/"' in html
    assert 'href="/es/help/open/"' in html


def test_every_fault_of_a_document_is_reported_at_once_each_at_its_place():
    text = "A <b>x</b> [y](http://a.b)\nand [@s9] *here*\n\n> quoted [z](module:gates)\n\n- item\n  ![p](q)\n"
    page = page_of(text)
    html = render_page(page, text)

    assert [(problem.line, problem.column) for problem in sorted(page.problems)] == [
        (1, 3), (1, 7), (1, 12), (2, 5), (4, 10), (7, 3),
    ]  # fmt: skip
    assert "http" not in html


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def seen_in(html: str) -> _Seen:
    seen = _Seen()
    seen.feed(html)
    seen.close()
    return seen


def assert_nothing_but_the_list(html: str) -> None:
    seen = seen_in(html)
    lower = {tag: {name.lower() for name in names} for tag, names in ATTRIBUTES.items()}
    assert seen.elements <= TAGS
    assert all(name in lower["*"] | lower.get(tag, set()) for tag, name in seen.attributes)
    assert all(link.startswith(("#", "/")) and not link.startswith(("//", "/\\")) for link in seen.links)


PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *(
                "<script>alert(1)</script>",
                "<img src=x onerror=a>",
                "<svg onload=a>",
                "<a href='javascript:a'>",
                "</p>",
            ),
            *(
                "[x](javascript:alert(1))",
                "[x](//evil.example)",
                "[x](data:text/html,a)",
                "[x](JaVaScRiPt:a)",
            ),
            *(
                "![x](y)",
                "<https://a.b>",
                "<javascript:a>",
                "[x](lesson:doors/first)",
                "[x](/\\evil)",
                "&#106;avascript:",
            ),
            *(
                "[@s1]",
                "[@s1 @s2]",
                "[@",
                "[@s1](module:doors)",
                "[x [@s1]](module:doors)",
                "**",
                "`",
                "```",
                "\n",
                "\n\n",
            ),
            *(
                "\n::: note\n",
                "\n::: do\n- a\n",
                "\n::: dont\n",
                "\n:::\n",
                "\n::: details <b>\n",
                "\n::: figure x\n",
            ),
            *(
                "\n## ",
                "\n# ",
                "\n- ",
                "\n1. ",
                "\n> ",
                "\n|a|b|\n|--|:-:|\n|c|d|\n",
                "<!--",
                "-->",
                "<style>",
                "<![CDATA[",
            ),
            *('" onclick="a', "' style='x", "<math><mi>", "<iframe src=x>", "\\", "  \n", "\t", "---", "==="),
        ]
    ),
)


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["en", "es", "pt"]))
def test_whatever_is_written_nothing_but_the_list_reaches_a_page(text: str, language: str):
    html = render_page(page_of(text), text)

    assert_nothing_but_the_list(html)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_a_problem_always_stands_inside_its_document(text: str):
    text = text.replace("\r", "\n")  # as files are read
    page = page_of(text)
    render_page(page, text)

    lines = text.split("\n")
    for problem in page.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


@given(st.text(alphabet="<>&\"'=/:; abhjrefscriptonlcksvgx#-!", max_size=120))
def test_the_last_wall_alone_lets_nothing_else_through(html: str):
    assert_nothing_but_the_list(clean(html))
