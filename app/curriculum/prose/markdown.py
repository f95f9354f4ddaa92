"""Markdown with the kit's two additions: citations like `[@s5]` and directives like `::: note`.

Every token remembers where it stood, so that what is wrong with it can be shown there. Nothing is
refused here but what can't be written at all; `prose` judges what the tokens say.
"""

import re
from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

InlineRule = Callable[[StateInline, bool], bool]

_CITATION = re.compile(r"\[@([a-z0-9-]+(?: +@[a-z0-9-]+)*)\]")
_OPENING = re.compile(r":{3,}\s*([A-Za-z][\w-]*)(?:\s+(\S.*?))?\s*")
_CLOSING = re.compile(r":{3,}\s*")
_FENCE = re.compile(r"(`{3,}|~{3,})")

#: Inline rules whose tokens must know their place in the text.
_PLACED = ("link", "image", "autolink", "html_inline")


def parse(text: str) -> list[Token]:
    """The tokens of a document."""
    return parser().parse(text)


@cache
def parser() -> MarkdownIt:
    """The parser of prose: CommonMark and tables, less indented code and link definitions."""
    md = MarkdownIt("commonmark", {"html": True}).enable("table").disable(["code", "reference"])
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005  # prose judges links
    md.normalizeLink = lambda url: url  # type: ignore[method-assign]
    rules = {rule.name: rule.fn for rule in md.inline.ruler.__rules__}
    for name in _PLACED:
        md.inline.ruler.at(name, _placed(rules[name]))
    md.inline.ruler.before("link", "citation", _citation)
    md.block.ruler.before(
        "fence", "directive", _directive, {"alt": ["paragraph", "blockquote", "list", "table"]}
    )
    return md


def _placed(rule: InlineRule) -> InlineRule:
    def with_place(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            for token in state.tokens[before:]:
                token.meta.setdefault("offset", start)
        return found

    return with_place


def _citation(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[@", state.pos):
        return False
    match = _CITATION.match(state.src, state.pos)
    if not silent:
        token = state.push("citation", "", 0)
        token.meta["offset"] = state.pos
        token.meta["ids"] = match.group(1).replace("@", "").split() if match else []
    state.pos = match.end() if match else state.pos + 2
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = _line(state, start)
    if not line.startswith(":::"):
        return False
    if silent:
        return True
    opening = _OPENING.fullmatch(line)
    if opening is None:
        token = state.push("directive_stray", "", 0)
        token.map = [start, start + 1]
        state.line = start + 1
        return True
    last, closed = _closing_line(state, start, end)
    token = state.push("directive_open", "", 1)
    token.map = [start, last]
    token.meta = {"name": opening.group(1), "title": opening.group(2) or "", "closed": closed}
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "directive", last
    state.md.block.tokenize(state, start + 1, last)
    state.parentType, state.lineMax = parent, line_max
    state.push("directive_close", "", -1).meta = token.meta
    state.line = last + 1 if closed else last
    return True


def _closing_line(state: StateBlock, start: int, end: int) -> tuple[int, bool]:
    """The line of the `:::` that closes the directive of this line, others inside it aside."""
    depth, fence = 1, ""
    for number in range(start + 1, end):
        line = _line(state, number)
        if line and state.sCount[number] < state.blkIndent:
            return number, False
        if fence or _FENCE.match(line):
            fence = _fence_after(line, fence)
        elif _CLOSING.fullmatch(line):
            depth -= 1
        elif _OPENING.fullmatch(line):
            depth += 1
        if depth == 0:
            return number, True
    return end, False


def _fence_after(line: str, fence: str) -> str:
    """The code fence that is open after this line, if any."""
    if not fence:
        match = _FENCE.match(line)
        return match.group(1) if match else ""
    return "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence
