"""How much there is: per module and language."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.curriculum.checks.walking import texts_in
from app.curriculum.model import Curriculum, Module
from app.curriculum.prose.wordcount import count_words
from app.curriculum.readability import reading_ease


def stats(curriculum: Curriculum) -> list[dict[str, Any]]:
    """One row per module and language, in the order of the modules.

    `words` counts prose and YAML texts, in this language only; `oldest_review` is a day, as text;
    `reading_ease` is None where it can't be counted.
    """
    return [_row(module, language) for module in curriculum.modules for language in curriculum.languages]


def _row(module: Module, language: str) -> dict[str, Any]:
    questions = module.quiz.questions if module.quiz else ()
    lessons = [lesson for lesson in module.lessons if lesson.prose.html.has(language)]
    return {
        "module": module.id,
        "language": language,
        "lessons": len(lessons),
        "lesson_words": sum(lesson.prose.words.get(language, 0) for lesson in lessons),
        "words": words_of(module, language),
        "items": len(module.checklist),
        "questions": len(questions),
        "kinds": dict(sorted(Counter(question.kind.value for question in questions).items())),
        "nodes": len(module.scenario.nodes) if module.scenario else 0,
        "figures": len(module.figures),
        "labs": len(module.labs),
        "sources": len(module.cites),
        "guide_words": module.guide.words.get(language, 0) if module.guide else 0,
        "oldest_review": module.oldest_review.isoformat(),
        "reading_ease": reading_ease(module, language),
    }


def words_of(module: Module, language: str) -> int:
    """The words of everything that people read in a module, in this language."""
    prose = [lesson.prose for lesson in module.lessons] + [figure.in_words for figure in module.figures]
    prose += [module.guide] if module.guide else []
    return sum(document.words.get(language, 0) for document in prose) + sum(
        count_words(text.root.get(language, "")) for text in _yaml_texts(module)
    )


def _yaml_texts(module: Module) -> Iterator[Any]:
    """The module's texts less rendered HTML."""
    without = module.model_copy(update={"lessons": (), "figures": (), "guide": None})
    yield from (text for _, text in texts_in(without))
    for lesson in module.lessons:
        yield lesson.title
        yield from [lesson.content_note] if lesson.content_note else []
    for figure in module.figures:
        yield from (figure.title, figure.alt)
