"""How the code is laid out: what the design asks of every file, so that a newcomer finds their way."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from config import CHECKOUT

CODE = [*sorted((CHECKOUT / "app").rglob("*.py")), CHECKOUT / "config.py", CHECKOUT / "wsgi.py"]
TESTS = [*sorted((CHECKOUT / "tests").rglob("*.py")), *sorted((CHECKOUT / "bench").rglob("*.py"))]
TEMPLATES = sorted((CHECKOUT / "app" / "templates").rglob("*.html"))
VIEWS = [path for path in CODE if path.name.endswith("views.py")]
SCRIPTS = sorted((CHECKOUT / "app" / "static").rglob("*.*s"))

#: Pages that stand by themselves: the neutral one names nothing of the kit, and the other leans on nothing.
WITHOUT_BASE = {
    "neutral.html",
    "errors/500.html",
    "base.html",
    "account/everything.html",
    "incidents/report.html",
}
#: What stands in both languages at once, because nothing may be looked up where it is shown.
IN_BOTH_LANGUAGES = {"errors/500.html"}
#: Blocks that fill an attribute which nobody reads.
CLASSES = {"main_class"}
#: Words of one language on a page of another: how a language calls itself, and the name of the kit.
UNTRANSLATED = {"Resguardo"}


def name(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def template_name(path: Path) -> str:
    return path.relative_to(CHECKOUT / "app" / "templates").as_posix()


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "tools", "base"}

    assert [name(path) for path in [*CODE, *TESTS] if path.stem in drawers] == []


def test_no_file_is_longer_than_a_person_reads_at_a_sitting() -> None:
    limits = {**dict.fromkeys(CODE, 350), **dict.fromkeys(TESTS, 400)}
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in limits}

    assert {name(path): length for path, length in lengths.items() if length > limits[path]} == {}


def test_a_file_of_views_fits_on_a_few_screens() -> None:
    assert {name(path): n for path in VIEWS if (n := len(path.read_text().splitlines())) > 200} == {}


@pytest.mark.parametrize("path", [*CODE, *TEMPLATES, *SCRIPTS], ids=name)
def test_nothing_is_left_to_do_and_nothing_is_left_over(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b", text) == []
    assert re.findall(r"/(?:home|root|Users|work)/\w+", text) == []


def _public(body: Sequence[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """What others may use: not what begins with an underscore, nor what stands within a function."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


@pytest.mark.parametrize("path", CODE, ids=name)
def test_everything_public_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert ast.get_docstring(tree)
    assert [node.name for node in _public(tree.body) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", CODE, ids=name)
def test_views_commit_nothing_and_nothing_below_reads_the_clock(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    place = path.relative_to(CHECKOUT).parts[:2]

    if place in {("app", "web"), ("app", "learning")}:
        assert ".commit(" not in text
    if place in {("app", "web"), ("app", "learning"), ("app", "curriculum"), ("app", "records")}:
        assert re.findall(r"\btime\.time\(|datetime\.now\(|date\.today\(|\bprint\(", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=template_name)
def test_a_template_has_nothing_inline_and_asks_for_nothing_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"\son[a-z]+\s*=", text) == []
    assert re.findall(r"\sstyle\s*=|<style", text) == []
    assert re.findall(r"javascript:", text) == []
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", text))
    assert re.findall(r"""(?:src|href|action)=["']https?:""", text) == []
    for link in re.findall(r"<a\s[^>]*\.address[^>]*>", text):
        assert 'rel="noreferrer noopener external"' in link


@pytest.mark.parametrize("path", TEMPLATES, ids=template_name)
def test_a_page_is_printed_on_the_one_base(path: Path) -> None:
    if path.name.startswith("_") or template_name(path) in WITHOUT_BASE:
        return

    (first,) = _parsed(path).find_all(nodes.Extends)
    assert first.template == nodes.Const("base.html")


def test_only_rendered_content_is_trusted_not_to_need_escaping() -> None:
    trusted = {
        (template_name(path), filtered.node.name if isinstance(filtered.node, nodes.Filter) else "?")
        for path in TEMPLATES
        for filtered in _parsed(path).find_all(nodes.Filter)
        if filtered.name == "safe"
    }

    assert trusted == {("learn/lesson.html", "to"), ("learn/guide.html", "to")}
    assert not any("autoescape false" in path.read_text() for path in TEMPLATES)


def _parsed(path: Path) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.do"], autoescape=True).parse(path.read_text(encoding="utf-8"))


ATTRIBUTES_READ = re.compile(
    r"""\b(?:alt|title|aria-label|placeholder|content|data-[a-z]+)=["']([^"'{]*)["']"""
)
VALUES = re.compile(r"^(?:[a-z]+(?:[-=, ]+[a-z0-9.=-]+)*|utf-8|)$")


@pytest.mark.parametrize("path", TEMPLATES, ids=template_name)
def test_every_word_that_is_seen_can_be_translated(path: Path) -> None:
    if template_name(path) in IN_BOTH_LANGUAGES:
        return
    tree = _parsed(path)
    unseen = [block for block in tree.find_all(nodes.Block) if block.name in CLASSES]
    unseen += [macro for macro in tree.find_all(nodes.Macro) if macro.name.startswith("_is_")]
    apart = {id(output) for part in unseen for output in part.find_all(nodes.Output)}
    pieces = [
        "\x00" if not isinstance(node, nodes.TemplateData) else node.data
        for output in tree.find_all(nodes.Output)
        if id(output) not in apart
        for node in output.nodes
    ]
    source = "".join(pieces)

    text = re.sub(r"<[^>]*>", " ", source)
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in UNTRANSLATED]
    read_out = [value for value in ATTRIBUTES_READ.findall(source) if not VALUES.match(value.strip("\x00 "))]

    assert words == []
    assert [value for value in read_out if value != "width=device-width, initial-scale=1"] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=template_name)
def test_strings_that_are_shown_from_expressions_are_translated_too(path: Path) -> None:
    if template_name(path) in IN_BOTH_LANGUAGES:
        return
    tree = _parsed(path)
    within_calls = {
        id(const)
        for call in tree.find_all((nodes.Call, nodes.Filter, nodes.Test, nodes.Compare, nodes.Getitem))
        for const in call.find_all(nodes.Const)
    }
    shown = [
        const.value
        for output in tree.find_all(nodes.Output)
        for expression in output.nodes
        for const in expression.find_all(nodes.Const)
        if id(const) not in within_calls and isinstance(const.value, str) and " " in const.value.strip()
    ]

    assert shown == []
