"""How much of the content is there in a language that is being added, and where each text that lacks it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.curriculum.building import languages_of
from app.curriculum.checks.pairs import prose_bases, text_name
from app.curriculum.checks.walking import texts_in
from app.curriculum.files.draft import Draft
from app.curriculum.model import FALLBACK_LANGUAGE, REQUIRED_LANGUAGES
from app.curriculum.problems import Problem
from app.curriculum.spoken import SPOKEN, language_name


@dataclass(frozen=True)
class Standing:
    """How far a language is: texts of the YAML files and documents of prose, all of them and those it lacks."""

    language: str
    texts: int
    documents: int
    missing_texts: tuple[Problem, ...]
    missing_documents: tuple[Problem, ...]

    @property
    def summary(self) -> str:
        """How much is there, in one line."""
        texts, documents = self.texts - len(self.missing_texts), self.documents - len(self.missing_documents)
        spoken = "" if self.language in SPOKEN else ", and no words of app/curriculum/spoken.py"
        return (
            f"{language_name(self.language)}: {texts} of {self.texts} texts, "
            f"{documents} of {self.documents} documents{spoken}."
        )

    @property
    def by_file(self) -> Iterator[str]:
        """What is missing, a line for each file."""
        paths = dict.fromkeys(problem.path for problem in self.missing_texts)
        for path in paths:
            lines = [str(problem.line) for problem in self.missing_texts if problem.path == path]
            yield f"{path}: {len(lines)} missing, in the lines {', '.join(lines)}"
        yield from (f"{problem.path}: missing" for problem in self.missing_documents)


def standing(draft: Draft, language: str) -> Standing:
    """How far a language is, whether or not it was begun."""
    texts = [(read.document, loc, text) for read in draft.reads() for loc, text in texts_in(read.value)]
    bases = [base for base in prose_bases(draft) if FALLBACK_LANGUAGE in languages_of(draft, base)]
    return Standing(
        language,
        len(texts),
        len(bases),
        tuple(
            document.problem(loc, text_name(document, loc))
            for document, loc, text in texts
            if not text.has(language)
        ),
        tuple(
            Problem(f"{base}.{language}.md", 1, 1, f"translate {base}.{FALLBACK_LANGUAGE}.md")
            for base in bases
            if language not in languages_of(draft, base)
        ),
    )


def begun(draft: Draft) -> list[str]:
    """The languages that something is written in, besides those in which everything must be."""
    found = {language for read in draft.reads() for _, text in texts_in(read.value) for language in text.root}
    found |= {language for base in prose_bases(draft) for language in languages_of(draft, base)}
    return sorted(found - set(REQUIRED_LANGUAGES))
