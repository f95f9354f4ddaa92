"""Every text that must say the same in its languages: its stable key, its places, its fingerprints."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.curriculum.building import languages_of
from app.curriculum.checks.walking import texts_in
from app.curriculum.files.documents import Document, Loc
from app.curriculum.files.draft import Draft
from app.curriculum.files.wording import THE_FILE, name_of
from app.curriculum.model import REQUIRED_LANGUAGES
from app.curriculum.problems import Problem

#: Lists that are what their file or entry is about: their own name isn't needed in a key.
_MAIN_LISTS = ("items", "questions", "options", "nodes", "choices", "posts", "pieces")


@dataclass(frozen=True)
class Pair:
    """One text in its languages. `places` are problems still without words, to show where each stands."""

    key: str
    path: str
    name: str
    fingerprints: dict[str, str]
    places: dict[str, Problem]


def pairs_of(draft: Draft) -> Iterator[Pair]:
    """Every pair: each text of the YAML files, and each document of prose."""
    for read in draft.reads():
        for loc, text in texts_in(read.value):
            places = {language: read.document.problem((*loc, language), "") for language in text.root}
            prints = {language: _fingerprint(words) for language, words in text.root.items()}
            key = f"{read.document.path}#{key_of(read.document, loc)}"
            yield Pair(key, read.document.path, text_name(read.document, loc), prints, places)
    for base in prose_bases(draft):
        files = {language: f"{base}.{language}.md" for language in languages_of(draft, base)}
        if set(REQUIRED_LANGUAGES) <= set(files):
            prints = {language: _fingerprint(draft.tree.texts[path]) for language, path in files.items()}
            places = {language: Problem(path, 1, 1, "") for language, path in files.items()}
            yield Pair(f"{base}.md", f"{base}.md", f"the text '{base.rpartition('/')[2]}'", prints, places)


def prose_bases(draft: Draft) -> list[str]:
    """The documents of prose that are listed, as paths without their language: lessons, then the guide."""
    bases: list[str] = []
    for module in draft.modules.values():
        lessons = module.head.value.lessons if module.head else ()
        bases += [f"modules/{module.id}/lessons/{lesson.slug}" for lesson in lessons]
        bases.append(f"modules/{module.id}/guide")
    return bases


def key_of(document: Document, loc: Loc) -> str:
    """A key that stays the same when entries are moved: ids in place of numbers, where there are ids."""
    steps: list[str] = []
    for depth, step in enumerate(loc):
        entry = document.value(loc[: depth + 1]) if isinstance(step, int) else None
        known = (entry.get("id") or entry.get("slug")) if isinstance(entry, dict) else None
        if known and steps and steps[-1] in _MAIN_LISTS:
            steps.pop()
        steps.append(str(known) if known else str(step + 1) if isinstance(step, int) else step)
    return ".".join(steps)


def text_name(document: Document, loc: Loc) -> str:
    """Words for a text: `'why' of item 'dx-search'`, or only the thing where the key says nothing more."""
    owner = name_of(document, loc)
    last = loc[-1] if loc else ""
    if isinstance(last, int):
        return owner
    return f"'{last}' of {owner}" if owner != THE_FILE else f"'{last}'"


def _fingerprint(text: str) -> str:
    """A short fingerprint that doesn't change with line breaks and spaces."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
