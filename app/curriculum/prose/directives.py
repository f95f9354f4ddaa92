"""The directives of prose, `::: note` and the like, judged: known, closed, and holding what they must."""

from markdown_it.token import Token

from app.curriculum.prose.page import Page
from app.curriculum.prose.rendering import CALLOUTS
from app.curriculum.prose.targets import did_you_mean

KNOWN = {*CALLOUTS, "do", "dont", "details", "figure"}


def judge_directives(page: Page, tokens: list[Token]) -> None:
    """Report what is wrong with the directives, and put the figures' drawings in."""
    open_at: list[int] = []
    spans: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if token.type == "directive_stray":
            page.fault(token, "these colons close nothing; delete them, or open a directive such as ::: note")
        elif token.type == "directive_open":
            open_at.append(index)
        elif token.type == "directive_close":
            spans.append((open_at.pop(), index))
    for start, end in sorted(spans):
        _judge(page, tokens, start, end)


def _judge(page: Page, tokens: list[Token], start: int, end: int) -> None:
    token = tokens[start]
    name, title = token.meta["name"], token.meta["title"]
    if name not in KNOWN:
        page.fault(token, f"there is no directive '{name}'{did_you_mean(name, KNOWN)}")
        token.meta["name"] = ""
        return
    if page.plain:
        page.fault(token, "a directive can't stand inside a figure's words")
    if not token.meta["closed"]:
        page.fault(token, f"'::: {name}' is never closed; put ::: in a line of its own after it")
    if name == "figure":
        _judge_figure(page, token, empty=end == start + 1)
        return
    page.words += len(title.split())
    if end == start + 1:
        page.fault(token, f"'::: {name}' is empty")
    if name == "details" and not title:
        page.fault(token, "details need a title, such as ::: details iPhone")
    if name in ("do", "dont"):
        _judge_half(page, tokens, start, end)


def _judge_half(page: Page, tokens: list[Token], start: int, end: int) -> None:
    """Both halves of a pair hold a list, and stand one right after the other, in either order."""
    token, name = tokens[start], tokens[start].meta["name"]
    if token.meta["title"]:
        page.fault(token, f"'::: {name}' takes no title")
    if not any(inner.type.endswith("list_open") for inner in tokens[start:end]):
        page.fault(token, f"'::: {name}' needs a list; begin each line in it with a hyphen")
    if "place" in token.meta:
        return
    partner = "dont" if name == "do" else "do"
    after = tokens[end + 1] if end + 1 < len(tokens) else None
    if after and after.type == "directive_open" and after.meta["name"] == partner:
        token.meta["place"], after.meta["place"] = "first", "last"
    else:
        page.fault(token, f"'::: {name}' stands alone; put a '::: {partner}' right before or after it")


def _judge_figure(page: Page, token: Token, *, empty: bool) -> None:
    figure = token.meta["title"]
    if not empty:
        page.fault(token, "a figure is empty inside; its words are in module.yaml")
    if figure not in page.figures:
        hint = did_you_mean(figure, set(page.figures))
        page.fault(
            token, f"this module has no figure '{figure}'{hint}" if figure else "which figure? ::: figure id"
        )
    elif figure in page.shown:
        page.fault(token, f"the figure '{figure}' stands on this page already")
    else:
        page.shown.append(figure)
        token.meta["html"] = page.figures[figure](page)
