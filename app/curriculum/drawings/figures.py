"""The figures of a module: the drawing in each language, and how it stands on a page with its words."""

from dataclasses import dataclass
from html import escape

from app.curriculum.drawings.svg import Drawing, read_drawing
from app.curriculum.files.documents import Document
from app.curriculum.files.draft import Draft
from app.curriculum.files.shapes import FigureEntry
from app.curriculum.model import REQUIRED_LANGUAGES, Figure, Text
from app.curriculum.problems import Problem
from app.curriculum.prose.judging import prose_of, render_fragment, render_page
from app.curriculum.prose.origin import Origin
from app.curriculum.prose.page import Page
from app.curriculum.prose.wall import clean
from app.curriculum.spoken import spoken


@dataclass(frozen=True)
class FigureDraft:
    """A figure as module.yaml describes it, with its drawing, if that may be shown."""

    entry: FigureEntry
    document: Document
    index: int
    drawing: Drawing | None

    def svg(self, language: str) -> str:
        """The drawing in this language."""
        if self.drawing is None:
            return ""
        return self.drawing.in_language(language, self.entry.labels, self.entry.title, self.entry.alt)

    def on_page(self, page: Page) -> str:
        """The figure as part of a page: its words count their sources on with the page's."""
        inner = self.words_page(page)
        words = render_fragment(inner, self.entry.in_words.in_language(page.language))
        for source, place in inner.cited.items():
            page.cited.setdefault(source, place)
        return (
            f'<figure class="figure" id="figure-{self.entry.id}">\n{self.svg(page.language)}\n<figcaption>'
            f'<p class="figure-title">{escape(self.entry.title.in_language(page.language))}</p>\n'
            f'<details class="in-words"><summary>{escape(spoken(page.language, "in_words"))}</summary>\n'
            f"{words}</details></figcaption>\n</figure>\n"
        )

    def words_page(self, page: Page) -> Page:
        """The page that the figure's words are judged on: plain prose that counts on from `page`."""
        written = page.language if self.entry.in_words.has(page.language) else REQUIRED_LANGUAGES[0]
        text = self.entry.in_words.in_language(page.language)
        origin = Origin.in_yaml(self.document, ("figures", self.index, "in_words", written), text)
        return Page(page.language, origin, page.targets, page.citations, page.problems, plain=True)


def read_figures(draft: Draft, module_id: str) -> dict[str, FigureDraft]:
    """The module's figures by id, with a problem for each that lacks its drawing or may not be shown."""
    figures: dict[str, FigureDraft] = {}
    head = draft.modules[module_id].head
    if head is None:
        return figures
    for index, entry in enumerate(head.value.figures):
        path = f"modules/{module_id}/figures/{entry.id}.svg"
        drawing = None
        if path in draft.tree.texts:
            drawing = read_drawing(path, draft.tree.texts[path], entry.id, set(entry.labels), draft.problems)
        else:
            draft.problems.append(
                head.document.problem(("figures", index), f"figure '{entry.id}' has no drawing; draw {path}")
            )
        figures[entry.id] = FigureDraft(entry, head.document, index, drawing)
    return figures


def build_figure(draft: Draft, figure: FigureDraft) -> Figure:
    """The figure as a value, in every language that it is whole in."""
    entry, citations = figure.entry, list[str]()
    problems: list[Problem] = draft.problems
    pages: dict[str, tuple[Page, str]] = {}
    for language in (*REQUIRED_LANGUAGES, *sorted(set(entry.in_words.root) - {*REQUIRED_LANGUAGES})):
        blank = Page(language, Origin("", ()), draft.targets, citations, problems)
        page = figure.words_page(blank)
        pages[language] = page, render_page(page, entry.in_words.in_language(language))
    whole = {language: clean(figure.svg(language)) for language in pages if _is_whole(entry, language)}
    svg = Text(whole) if figure.drawing else Text(dict.fromkeys(REQUIRED_LANGUAGES, "<svg></svg>"))
    return Figure(id=entry.id, title=entry.title, alt=entry.alt, in_words=prose_of(pages), svg=svg)


def _is_whole(entry: FigureEntry, language: str) -> bool:
    return all(text.has(language) for text in (entry.title, entry.alt, *entry.labels.values()))
