"""Markdown documents judged and rendered: what isn't in docs/authoring.md is a problem, with its place."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from markdown_it.token import Token

from app.curriculum.directives import judge_directives
from app.curriculum.markdown import parse
from app.curriculum.model import FALLBACK_LANGUAGE, Prose, Text
from app.curriculum.origin import Origin
from app.curriculum.problems import Problem
from app.curriculum.rendering import render
from app.curriculum.targets import Targets
from app.curriculum.wall import clean
from app.curriculum.wordcount import count_words

_UNFINISHED = re.compile(r"\]\(|\*\*")


@dataclass
class Page:
    """One document in one language while it is judged: what it may refer to, and what it was found to use.

    `citations` is shared by the languages of a document, so that a source has one number in all.
    """

    language: str
    origin: Origin
    targets: Targets
    citations: list[str]
    problems: list[Problem]
    figures: dict[str, Callable[["Page"], str]] = field(default_factory=dict)
    plain: bool = False
    cited: dict[str, Problem] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    words: int = 0

    def fault(self, token: Token, message: str, column: int = 0) -> None:
        """Report a problem at a block."""
        self.problems.append(self.origin.problem(token.map[0] if token.map else 0, column, message))

    def inline_fault(self, block: Token, offset: int, message: str) -> None:
        """Report a problem inside running text."""
        line = block.map[0] if block.map else 0
        self.problems.append(self.origin.within(line, block.content, offset, message))


def render_page(page: Page, text: str) -> str:
    """The document as HTML that is safe to show; what is wrong with it is added to the page's problems."""
    return clean(render_fragment(page, text))


def render_fragment(page: Page, text: str) -> str:
    """The document as HTML before the last wall, for use inside another."""
    tokens = parse(text)
    _judge_blocks(page, tokens)
    judge_directives(page, tokens)
    for token in tokens:
        if token.type == "inline":
            _judge_inline(page, token)
    return render(tokens, page.language)


def prose_of(pages: dict[str, tuple[Page, str]]) -> Prose:
    """The rendered languages of a document as one value."""
    html = {language: html for language, (_, html) in pages.items()}
    words = {language: page.words for language, (page, _) in pages.items()}
    citations = pages[FALLBACK_LANGUAGE][0].citations
    return Prose(html=Text(html), words=words, citations=tuple(citations))


def count_document_words(text: str) -> int:
    """How many words a document has, as rendering counts them."""
    page = Page("", Origin("", ()), Targets(), [], [])
    render_fragment(page, text)
    return page.words


def _judge_blocks(page: Page, tokens: list[Token]) -> None:
    depth = 1
    for index, token in enumerate(tokens):
        if token.type == "html_block":
            page.fault(token, "raw HTML is refused; write it in Markdown or as a directive")
            token.content = ""
        elif token.type == "heading_open":
            depth = _judge_heading(page, token, tokens[index + 1], depth)
        elif token.type == "ordered_list_open":
            token.attrSet("class", "steps")
        elif token.type in ("th_open", "td_open"):
            _judge_cell(token)
        elif token.type == "directive_open":
            token.meta["level"] = min(depth + 1, 6)


def _judge_heading(page: Page, token: Token, inline: Token, depth: int) -> int:
    level = int(token.tag[1])
    if page.plain:
        page.fault(token, "a heading can't stand inside a figure's words")
    elif level == 1:
        page.fault(
            token, "a heading of the first level (#) is refused: the title is in module.yaml; begin with ##"
        )
    elif level > depth + 1:
        page.fault(token, f"this heading skips a level; write {'#' * (depth + 1)}")
    anchor = base = "h-" + slug(inline.content)
    number = 2
    while anchor in page.anchors:
        anchor, number = f"{base}-{number}", number + 1
    page.anchors.add(anchor)
    token.attrSet("id", anchor)
    return level


def _judge_cell(token: Token) -> None:
    side = str(token.attrs.pop("style", "")).removeprefix("text-align:")
    if side in ("center", "right"):
        token.attrSet("class", side)
    if token.tag == "th":
        token.attrSet("scope", "col")


def slug(heading: str) -> str:
    """A heading as an anchor: plain letters, digits and hyphens."""
    plain = (
        unicodedata.normalize("NFKD", re.sub(r"\[@[^\]]*\]", "", heading)).encode("ascii", "ignore").decode()
    )
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "section"


def _judge_inline(page: Page, block: Token) -> None:
    kept: list[Token] = []
    inside_link: list[bool] = []
    for token in block.children or []:
        offset = int(token.meta.get("offset", 0))
        if token.type == "link_open":
            inside_link.append(_judge_link(page, block, token, offset))
            if not inside_link[-1]:
                continue
        elif token.type == "link_close":
            if not inside_link.pop():
                continue
        elif token.type in ("html_inline", "image"):
            what = "an image is refused; draw a figure" if token.type == "image" else "raw HTML is refused"
            page.inline_fault(block, offset, f"{what} (see docs/authoring.md)")
            continue
        elif token.type == "citation":
            _judge_citation(page, block, token, linked=bool(inside_link))
            _pull_to_the_word(kept)
        elif token.type in ("text", "code_inline"):
            page.words += count_words(token.content)
            if token.type == "text":
                _judge_text(page, block, token)
        kept.append(token)
    block.children = kept


def _pull_to_the_word(kept: list[Token]) -> None:
    """A reference's number stands close to the word before it."""
    if kept and kept[-1].type == "text":
        kept[-1].content = kept[-1].content.rstrip(" ")


def _judge_text(page: Page, block: Token, token: Token) -> None:
    start = block.content.find(token.content)
    for match in _UNFINISHED.finditer(token.content):
        what = "these asterisks have no partner" if match.group() == "**" else "this link is not complete"
        offset = start + match.start() if start >= 0 else max(block.content.find(match.group()), 0)
        page.inline_fault(block, offset, f"{what}; write [text](lesson:module/lesson) or **text**")


def _judge_link(page: Page, block: Token, token: Token, offset: int) -> bool:
    reference = str(token.attrs.get("href", ""))
    address = page.targets.address(reference, page.language)
    if address is None:
        page.inline_fault(
            block, offset,
            f"a link to '{reference}' is refused: link to lesson:, module:, checklist: or help:, "
            "and cite another site as a source, [@id]",
        )  # fmt: skip
        return False
    fault = page.targets.fault(reference)
    if fault:
        page.inline_fault(block, offset, fault)
        return False
    token.attrs = {"href": address}
    return True


def _judge_citation(page: Page, block: Token, token: Token, *, linked: bool) -> None:
    offset = int(token.meta["offset"])
    token.meta["numbers"] = []
    if linked or not token.meta["ids"]:
        message = (
            "a citation can't stand inside a link" if linked else "a citation is written [@s5] or [@s5 @s7]"
        )
        page.inline_fault(block, offset, message)
        return
    for source in token.meta["ids"]:
        fault = page.targets.source_fault(source)
        if fault:
            page.inline_fault(block, offset, fault)
            continue
        page.cited.setdefault(
            source, page.origin.within(block.map[0] if block.map else 0, block.content, offset, "")
        )
        if source not in page.citations:
            page.citations.append(source)
        token.meta["numbers"].append((source, page.citations.index(source) + 1))
