"""Drafts into modules: the prose rendered in every language it has, the parts put together."""

import re
from collections.abc import Iterable

from app.curriculum.checks.walking import texts_in
from app.curriculum.drawings.figures import FigureDraft, build_figure, read_figures
from app.curriculum.files.draft import Draft, ModuleDraft, Read
from app.curriculum.files.shapes import LessonEntry, ModuleFile
from app.curriculum.model import (
    REQUIRED_LANGUAGES,
    Curriculum,
    Figure,
    Lesson,
    Module,
    Prose,
)
from app.curriculum.prose.judging import prose_of, render_page
from app.curriculum.prose.origin import Origin
from app.curriculum.prose.page import Page
from app.curriculum.prose.terms import Terms, terms_of
from app.curriculum.spoken import is_language, language_name

Pages = dict[str, tuple[Page, str]]


def build(draft: Draft) -> Curriculum | None:
    """The curriculum of this draft; every further problem is added to it. None while there are any."""
    terms = _terms(draft)
    built = (_module(draft, module, terms) for module in draft.modules.values())
    modules = [module for module in built if module]
    if draft.problems or not (draft.sources and draft.threats and draft.contacts and draft.glossary):
        return None
    sheets = sorted((read.value for read in draft.sheets), key=lambda sheet: sheet.order)
    situations = sorted((read.value for read in draft.situations), key=lambda situation: situation.order)
    return Curriculum(
        digest=draft.tree.digest,
        languages=_languages(draft, modules),
        modules=tuple(sorted(modules, key=lambda module: module.order)),
        situations=tuple(situations),
        contacts=draft.contacts.value,
        threats=draft.threats.value,
        sources=draft.sources.value,
        glossary=draft.glossary.value,
        sheets=tuple(sheets),
        worksheet=draft.worksheet.value if draft.worksheet else None,
        paths=draft.paths.value if draft.paths else (),
        intake=draft.intake.value if draft.intake else None,
        drills=draft.drills.value if draft.drills else (),
    )


def _terms(draft: Draft) -> dict[str, Terms]:
    """The glossary's words by language, for every language that it has forms in."""
    glossary = draft.glossary.value if draft.glossary else ()
    languages = dict.fromkeys(language for term in glossary for language in term.forms)
    return {language: terms_of(glossary, language) for language in languages}


def _module(draft: Draft, module: ModuleDraft, terms: dict[str, Terms]) -> Module | None:
    if module.head is None:
        return None
    head = module.head.value
    figures = read_figures(draft, module.id)
    built = tuple(build_figure(draft, figure) for figure in figures.values())
    lessons = _lessons(draft, module.head, figures, terms)
    guide = _guide(draft, module.id, figures)
    scenario = module.scenario.value if module.scenario else None
    quiz = module.quiz.value if module.quiz else None
    checklist = module.checklist.value.items if module.checklist else ()
    labs = tuple(read.value for read in module.labs)
    dated = [
        *lessons,
        *checklist,
        *(quiz.questions if quiz else ()),
        *([scenario] if scenario else []),
        *labs,
    ]
    return Module(
        **{name: getattr(head, name) for name in ("id", "order", "title", "summary", "outcomes", "required")},
        content_note=head.content_note,
        lessons=tuple(lessons),
        checklist=checklist,
        figures=built,
        quiz=quiz,
        scenario=scenario,
        guide=guide,
        labs=labs,
        cites=_cites([part.sources for part in dated], built, guide),
    )


def _cites(
    listed: Iterable[tuple[str, ...]], figures: tuple[Figure, ...], guide: Prose | None
) -> tuple[str, ...]:
    """Every source that a module uses anywhere, in order of first use."""
    used = [source for sources in listed for source in sources]
    used += [source for figure in figures for source in figure.in_words.citations]
    used += guide.citations if guide else ()
    return tuple(dict.fromkeys(used))


def _lessons(
    draft: Draft, head: Read[ModuleFile], figures: dict[str, FigureDraft], terms: dict[str, Terms]
) -> list[Lesson]:
    lessons = []
    for index, entry in enumerate(head.value.lessons):
        base = f"{head.document.path.removesuffix('/module.yaml')}/lessons/{entry.slug}"
        pages = _render(draft, base, figures, terms)
        missing = [language for language in REQUIRED_LANGUAGES if language not in pages]
        for language in missing:
            message = (
                f"lesson '{entry.slug}' has no {language_name(language)} text; write {base}.{language}.md"
            )
            draft.problems.append(head.document.problem(("lessons", index), message))
        _compare_sources(draft, head, index, pages)
        if not missing:
            fields = {name: getattr(entry, name) for name in LessonEntry.model_fields}
            lessons.append(Lesson(**fields, prose=prose_of(pages)))
    return lessons


def _compare_sources(draft: Draft, head: Read[ModuleFile], index: int, pages: Pages) -> None:
    """A lesson lists what it cites, and cites what it lists, in each required language."""
    entry = head.value.lessons[index]
    for language, (page, _) in pages.items():
        for number, source in enumerate(entry.sources):
            if source not in page.cited and language in REQUIRED_LANGUAGES:
                never = f"but its {language_name(language)} text never cites it"
                message = f"lesson '{entry.slug}' lists the source '{source}', {never}"
                draft.problems.append(head.document.problem(("lessons", index, "sources", number), message))
        for source, place in page.cited.items():
            if source not in entry.sources:
                message = f"'{source}' is cited, but isn't among the sources of lesson '{entry.slug}' in module.yaml"
                draft.problems.append(place.saying(message))


def _guide(draft: Draft, module_id: str, figures: dict[str, FigureDraft]) -> Prose | None:
    base = f"modules/{module_id}/guide"
    pages = _render(draft, base, figures)
    missing = [language for language in REQUIRED_LANGUAGES if language not in pages]
    if missing and pages:
        path = next(iter(pages.values()))[0].origin.path
        message = f"the guide has no {language_name(missing[0])} text; write {base}.{missing[0]}.md"
        draft.problems.append(Origin(path, ()).problem(0, 0, message))
    return prose_of(pages) if pages and not missing else None


def _render(
    draft: Draft, base: str, figures: dict[str, FigureDraft], terms: dict[str, Terms] | None = None
) -> Pages:
    """The document's languages; the required ones first, so that they number the sources."""
    citations: list[str] = []
    pages: Pages = {}
    for language in languages_of(draft, base):
        path = f"{base}.{language}.md"
        text = draft.tree.texts[path]
        origin = Origin.of_file(path, text)
        page = Page(language, origin, draft.targets, citations, draft.problems)
        page.terms = (terms or {}).get(language)
        page.figures = {name: figure.on_page for name, figure in figures.items()}
        pages[language] = page, render_page(page, text)
        if not page.words:
            draft.problems.append(origin.problem(0, 0, "this text is empty"))
            del pages[language]
    return pages


def languages_of(draft: Draft, base: str) -> list[str]:
    """The languages that a document is written in, the required ones first."""
    pattern = re.compile(re.escape(base) + r"\.([a-z]{2}(?:-[a-z]{2})?)\.md")
    found = {match.group(1) for path in draft.tree.texts if (match := pattern.fullmatch(path))}
    required = [language for language in REQUIRED_LANGUAGES if language in found]
    return required + sorted(found - set(required))


def _languages(draft: Draft, modules: list[Module]) -> tuple[str, ...]:
    found: set[str] = set()
    for read in draft.reads():
        for _, text in texts_in(read.value):
            found |= set(text.root)
    for module in modules:
        for prose in (
            *(lesson.prose for lesson in module.lessons),
            *([module.guide] if module.guide else []),
        ):
            found |= set(prose.html.root)
    further = filter(is_language, found - set(REQUIRED_LANGUAGES))
    return (*REQUIRED_LANGUAGES, *sorted(further))
