"""The glossary's forms: in both languages, written as prose writes them, and each the form of one word only."""

import re
from collections.abc import Iterator

from app.curriculum.files.documents import Document, Loc
from app.curriculum.files.draft import Draft
from app.curriculum.model import LANGUAGE_CODE, REQUIRED_LANGUAGES, Term
from app.curriculum.spoken import language_name

#: What a form may be: words with what stands between words, so that it can be found in running text.
_FORM = re.compile(r"\w+(?:[ '’.·-]{1,2}\w+)*")


def check_glossary(draft: Draft) -> None:
    """Add a problem for each word whose forms could not be found in a text, or mean two things."""
    if draft.glossary is None:
        return
    document = draft.glossary.document
    first: dict[tuple[str, str], str] = {}
    for index, term in enumerate(draft.glossary.value):
        _check_languages(draft, document, index, term)
        for language, loc, form in _forms(index, term):
            if not _FORM.fullmatch(form):
                message = f"entry '{term.id}': a form is made of words with single spaces; '{form}' isn't"
                draft.problems.append(document.problem(loc, message))
            key = language, form.casefold()
            if key in first:
                message = (
                    f"entry '{term.id}': the {language_name(language)} form '{form}' belongs to '{first[key]}' "
                    "already; a text could mean either, so keep one"
                )
                draft.problems.append(document.problem(loc, message))
            first.setdefault(key, term.id)


def _check_languages(draft: Draft, document: Document, index: int, term: Term) -> None:
    for language in REQUIRED_LANGUAGES:
        if language not in term.forms:
            message = (
                f"entry '{term.id}': 'forms' has no '{language}'; list the spellings that count as a use, "
                f"or write `{language}: []` where none should"
            )
            draft.problems.append(document.problem((index, "forms"), message))
    for language in term.forms:
        if not LANGUAGE_CODE.fullmatch(language):
            message = (
                f"entry '{term.id}': 'forms' has '{language}' where a language code such as en or es belongs"
            )
            draft.problems.append(document.problem_at_key((index, "forms", language), message))


def _forms(index: int, term: Term) -> Iterator[tuple[str, Loc, str]]:
    for language, forms in term.forms.items():
        for place, form in enumerate(forms):
            yield language, (index, "forms", language, place), form
