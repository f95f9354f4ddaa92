"""What `check` reports besides what stops a start: the content works, but it isn't as it should be."""

import re
from collections.abc import Iterator
from datetime import date

from app.curriculum.checks.pairs import prose_bases
from app.curriculum.checks.plain import find_markdown
from app.curriculum.checks.walking import texts_in
from app.curriculum.counting import words_of
from app.curriculum.files.draft import Draft, ids_in
from app.curriculum.files.wording import name_of
from app.curriculum.model import REQUIRED_LANGUAGES, Curriculum, Module
from app.curriculum.problems import Problem
from app.curriculum.prose.judging import count_document_words
from app.curriculum.spoken import is_language, language_name

LESSON_WORDS = (350, 700)
SPANISH_TO_ENGLISH = (1.0, 1.35)


def find_editorial(draft: Draft, curriculum: Curriculum | None, today: date) -> list[Problem]:
    """Every editorial problem. What needs the whole curriculum is looked at once there is one."""
    found = [*_expired(draft, today), *_lesson_lengths(draft), *_strays(draft), *find_markdown(draft)]
    found += _no_languages(draft)
    if curriculum:
        found += [*_unused(draft, curriculum), *_uncalled(draft)]
        for module in curriculum.modules:
            found += _balance(draft, module)
    return found


def _expired(draft: Draft, today: date) -> Iterator[Problem]:
    for document, loc, part in draft.dated():
        if part.is_expired(today):
            message = f"{name_of(document, loc)} had to be checked again by {part.review_by}; check it, set new dates"
            yield document.problem((*loc, "review_by"), message)
    if draft.contacts and today > draft.contacts.value.review_by:
        message = f"the contacts had to be checked again by {draft.contacts.value.review_by}"
        yield draft.contacts.document.problem(("review_by",), message)


def _no_languages(draft: Draft) -> Iterator[Problem]:
    for read in draft.reads():
        for loc, text in texts_in(read.value):
            for language in text.root:
                if not is_language(language):
                    message = f"'{language}' is no language's code; such a page would be in no language"
                    yield read.document.problem((*loc, language), message)


def _lesson_lengths(draft: Draft) -> Iterator[Problem]:
    least, most = LESSON_WORDS
    for base in prose_bases(draft):
        if base.endswith("/guide"):
            continue
        for language in REQUIRED_LANGUAGES:
            path = f"{base}.{language}.md"
            words = count_document_words(draft.tree.texts.get(path, ""))
            if words and not least <= words <= most:
                message = f"this lesson has {words} words; it should have {least} to {most}"
                yield Problem(path, 1, 1, message)


def _balance(draft: Draft, module: Module) -> Iterator[Problem]:
    least, most = SPANISH_TO_ENGLISH
    english, spanish = (words_of(module, language) for language in REQUIRED_LANGUAGES)
    ratio = spanish / english
    if not least <= ratio <= most:
        message = (
            f"this module's Spanish has {spanish} words and its English {english}: {ratio:.2f} times as many; "
            f"between {least} and {most} is right"
        )
        yield draft.documents[f"modules/{module.id}/module.yaml"].problem((), message)


def _unused(draft: Draft, curriculum: Curriculum) -> Iterator[Problem]:
    used = {source for module in curriculum.modules for source in module.cites}
    used |= {source for situation in curriculum.situations for source in situation.sources}
    shared = [*curriculum.glossary, *curriculum.sheets, *curriculum.drills]
    shared += [curriculum.worksheet] if curriculum.worksheet else []
    used |= {source for part in shared for source in part.sources}
    contacts = [*curriculum.contacts.international]
    contacts += [contact for country in curriculum.contacts.countries for contact in country.contacts]
    used |= {contact.source for contact in contacts}
    for index, source in enumerate(curriculum.sources):
        if source.id not in used:
            message = f"nothing cites the source '{source.id}'; cite it, or delete it"
            yield draft.documents["modules/sources.yaml"].problem((index,), message)
    weighed = {
        threat for module in curriculum.modules for item in module.checklist for threat in item.threats
    }
    for index, threat in enumerate(curriculum.threats):
        if threat.id not in weighed:
            message = f"no checklist item reduces the threat '{threat.id}'"
            yield draft.documents["modules/threats.yaml"].problem((index,), message)
    for module in curriculum.modules:
        yield from _unshown(draft, module)


def _unshown(draft: Draft, module: Module) -> Iterator[Problem]:
    prose = [lesson.prose for lesson in module.lessons] + ([module.guide] if module.guide else [])
    for index, figure in enumerate(module.figures):
        for language in REQUIRED_LANGUAGES:
            if not any(
                f'id="figure-{figure.id}"' in document.html.root.get(language, "") for document in prose
            ):
                message = f"no {language_name(language)} text shows the figure '{figure.id}'"
                yield draft.documents[f"modules/{module.id}/module.yaml"].problem(("figures", index), message)


def _uncalled(draft: Draft) -> Iterator[Problem]:
    """Kinds of contacts that a situation names, and that nobody in the whole table is."""
    if draft.contacts is None:
        return
    table = draft.contacts.value
    kinds = {contact.kind for contact in table.international}
    kinds |= {contact.kind for country in table.countries for contact in country.contacts}
    for situation in draft.situations:
        for index, kind in enumerate(situation.value.contacts):
            if kind not in kinds:
                message = f"no contact in help/contacts.yaml is of the kind '{kind.value}'"
                yield situation.document.problem(("contacts", index), message)


def _strays(draft: Draft) -> Iterator[Problem]:
    for path in draft.tree.texts:
        advice = _stray(draft, path)
        if advice:
            yield Problem(path, 1, 1, advice)


def _stray(draft: Draft, path: str) -> str | None:
    if path in (
        "modules/sources.yaml",
        "modules/threats.yaml",
        "modules/glossary.yaml",
        "modules/paths.yaml",
        "modules/intake.yaml",
        "modules/drills.yaml",
    ):
        return None
    if re.fullmatch(
        r"(quizzes|help|help/sheets)/[^/]+\.yaml|modules/[^/]+/(module|checklist|scenario|labs/[^/]+)\.yaml",
        path,
    ):
        return None
    language = r"\.[a-z]{2}(-[a-z]{2})?\.md"
    if re.fullmatch(rf"modules/[^/]+/guide{language}", path):
        return None
    prose = re.fullmatch(rf"modules/([^/]+)/lessons/(.+?){language}", path)
    drawing = re.fullmatch(r"modules/([^/]+)/figures/(.+)\.svg", path)
    match = prose or drawing
    if match is None:
        return "nothing in the kit is kept in a file of this name here; move or delete it"
    head = draft.documents.get(f"modules/{match.group(1)}/module.yaml")
    listed = ids_in(head, "lessons", "slug") if prose else ids_in(head, "figures")
    if match.group(2) in (listed or ()):
        return None
    return (
        f"modules/{match.group(1)}/module.yaml doesn't list '{match.group(2)}'; list it, or delete this file"
    )
