"""What can be found: the pieces of the curriculum that have an address of their own, in one language."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.curriculum.model import Curriculum, Module, Text
from app.search.plaintext import sections_of


class Kind(StrEnum):
    """What a piece is, in the order in which results are shown: who is in trouble comes first."""

    SITUATION = "situation"
    SHEET = "sheet"
    MODULE = "module"
    LESSON = "lesson"
    LAB = "lab"
    ITEM = "item"
    TERM = "term"
    GUIDE = "guide"


@dataclass(frozen=True)
class Place:
    """Where a piece stands: which module, lesson, item, word, situation or sheet, and where on its page."""

    kind: Kind
    module: str = ""
    name: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Document:
    """One piece: where it stands, what it is called, more words that it is known by, and its text.

    `within` is what the piece is part of, for somebody who reads the title alone.
    """

    place: Place
    title: str
    text: str
    within: str = ""
    known_as: str = ""


def documents(curriculum: Curriculum, language: str) -> Iterator[Document]:
    """Everything that can be found in a language. A text without this language is found by its fallback."""
    yield from _help(curriculum, language)
    for module in curriculum.modules:
        yield from _module(module, language)
    for term in curriculum.glossary:
        # In every language: somebody may know a word only in the other one.
        known = [*term.term.root.values(), *(form for forms in term.forms.values() for form in forms)]
        yield Document(
            Place(Kind.TERM, name=term.id, anchor=term.anchor),
            term.term.in_language(language),
            _joined(language, term.definition, term.notes),
            known_as=" · ".join(dict.fromkeys(known)),
        )


def _help(curriculum: Curriculum, language: str) -> Iterator[Document]:
    for situation in curriculum.situations:
        steps = [text for step in (*situation.steps, *situation.branches) for text in (step.text, step.more)]
        yield Document(
            Place(Kind.SITUATION, name=situation.id),
            situation.title.in_language(language),
            _joined(language, situation.summary, *steps, *situation.donts, *situation.afterwards),
        )
    for sheet in curriculum.sheets:
        parts = [text for part in sheet.parts for text in (part.title, part.text, *part.steps, *part.ticks)]
        yield Document(
            Place(Kind.SHEET, name=sheet.id),
            sheet.title.in_language(language),
            _joined(language, sheet.summary, *sheet.keep, *sheet.never, *parts),
        )


def _module(module: Module, language: str) -> Iterator[Document]:
    title = module.title.in_language(language)
    yield Document(Place(Kind.MODULE, module.id), title, _joined(language, module.summary, *module.outcomes))
    for lesson in module.lessons:
        name = lesson.title.in_language(language)
        for section in sections_of(lesson.prose.html.in_language(language)):
            yield Document(
                Place(Kind.LESSON, module.id, lesson.slug, section.anchor),
                section.heading or name,
                section.text,
                within=f"{title} · {name}" if section.heading else title,
                known_as=name,
            )
    for lab in module.labs:
        steps = [text for step in lab.steps for text in (step.text, step.more)]
        yield Document(
            Place(Kind.LAB, module.id, lab.id),
            lab.title.in_language(language),
            _joined(language, lab.summary, *lab.before, *steps, *lab.afterwards),
            within=title,
        )
    for item in module.checklist:
        yield Document(
            Place(Kind.ITEM, module.id, item.id, f"item-{item.id}"),
            item.text.in_language(language),
            _joined(language, item.why, *item.how),
            within=title,
        )
    if module.guide is not None:
        for section in sections_of(module.guide.html.in_language(language)):
            yield Document(
                Place(Kind.GUIDE, module.id, anchor=section.anchor),
                section.heading or title,
                section.text,
                within=title,
            )


def _joined(language: str, *texts: Text | None) -> str:
    return " ".join(text.in_language(language) for text in texts if text is not None)
