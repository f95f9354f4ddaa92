"""Markdown documents judged and rendered: what isn't in docs/authoring.md is a problem, with its place."""

import re
import unicodedata

from markdown_it.token import Token

from app.curriculum.model import FALLBACK_LANGUAGE, Prose, Text
from app.curriculum.prose.directives import judge_directives
from app.curriculum.prose.markdown import parse
from app.curriculum.prose.origin import Origin
from app.curriculum.prose.page import Page
from app.curriculum.prose.rendering import render
from app.curriculum.prose.targets import Targets
from app.curriculum.prose.terms import link_terms
from app.curriculum.prose.wall import clean
from app.curriculum.prose.wordcount import count_words

_UNFINISHED = re.compile(r"\]\(|\*\*")


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
    if page.terms:
        link_terms(tokens, page.terms)
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
    links: list[bool] = []
    for token in block.children or []:
        if token.type == "link_open":
            links.append(_judge_link(page, block, token))
            keep = links[-1]
        elif token.type == "link_close":
            keep = links.pop()
        else:
            keep = _judge_piece(page, block, token, linked=bool(links))
        if keep:
            if token.type == "citation":
                _pull_to_the_word(kept)
            kept.append(token)
    block.children = kept


def _judge_piece(page: Page, block: Token, token: Token, *, linked: bool) -> bool:
    """Whether a piece of running text may stay."""
    if token.type in ("html_inline", "image"):
        what = "an image is refused; draw a figure" if token.type == "image" else "raw HTML is refused"
        page.inline_fault(block, offset_of(token), f"{what} (see docs/authoring.md)")
        return False
    if token.type == "citation":
        _judge_citation(page, block, token, linked=linked)
    elif token.type in ("text", "code_inline"):
        page.words += count_words(token.content)
        if token.type == "text":
            _judge_text(page, block, token)
    return True


def offset_of(token: Token) -> int:
    """Where a token stands in its block's running text."""
    return int(token.meta.get("offset", 0))


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


def _judge_link(page: Page, block: Token, token: Token) -> bool:
    offset = offset_of(token)
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
    offset = offset_of(token)
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
