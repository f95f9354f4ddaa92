"""Judged tokens into HTML: semantic, classed, without inline style."""

from collections.abc import Sequence
from typing import Any

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from app.curriculum.prose.markdown import parser
from app.curriculum.spoken import spoken

CALLOUTS = ("note", "disagree", "trust", "example")


class ProseRenderer(RendererHTML):
    """The renderer of prose. Its methods are named for the tokens they render."""

    def citation(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any) -> str:
        """One superscript number per source, with a name that can be read aloud."""
        links = []
        for source, number in tokens[idx].meta["numbers"]:
            name = spoken(env["language"], "source").format(number=number)
            links.append(
                f'<a class="cite" href="#source-{escapeHtml(source)}" aria-label="{escapeHtml(name)}">{number}</a>'
            )
        return f"<sup>{' '.join(links)}</sup>" if links else ""

    def directive_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any) -> str:
        """The beginning of a directive."""
        meta, language = tokens[idx].meta, env["language"]
        name, title = meta["name"], escapeHtml(meta["title"])
        if name in CALLOUTS:
            title = title or escapeHtml(spoken(language, name))
            return f'<aside class="callout {name}" role="note">\n<p class="callout-title">{title}</p>\n'
        if name in ("do", "dont"):
            level = meta["level"]
            pair = '<div class="pair">\n' if meta.get("place") == "first" else ""
            heading = f'<h{level} class="pair-title">{escapeHtml(spoken(language, name))}</h{level}>'
            return f'{pair}<section class="{name}">\n{heading}\n'
        if name == "details":
            return f"<details>\n<summary>{title}</summary>\n"
        return str(meta.get("html", ""))

    def directive_close(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Any) -> str:
        """The end of a directive."""
        meta = tokens[idx].meta
        if meta["name"] in CALLOUTS:
            return "</aside>\n"
        if meta["name"] in ("do", "dont"):
            return "</section>\n</div>\n" if meta.get("place") == "last" else "</section>\n"
        return "</details>\n" if meta["name"] == "details" else ""

    def directive_stray(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: Any) -> str:
        """Colons that close nothing show nothing; they were reported."""
        return ""

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """A table, in a box that may scroll sideways on a small screen."""
        return '<div class="table">' + self.renderToken(tokens, idx, options, env)

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """The end of a table and its box."""
        return self.renderToken(tokens, idx, options, env) + "</div>\n"


def render(tokens: list[Token], language: str) -> str:
    """The HTML of judged tokens."""
    return str(ProseRenderer().render(tokens, parser().options, {"language": language}))
