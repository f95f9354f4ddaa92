"""All that a visitor has done, laid out to be read or taken away: by module, in the reader's language."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.curriculum.model import Module
from app.learning.answers import Answer
from app.learning.scenario import position
from app.web.i18n import in_reader_language
from app.web.kit import kit
from app.web.study import Study, everything_done


@dataclass(frozen=True)
class Account:
    """One module's part of it; every text in the reader's language."""

    module: str
    completed_on: date | None
    lessons: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    quiz: dict[str, Any] | None
    scenario: dict[str, Any] | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done in this module."""
        return not (self.lessons or self.answers or self.quiz or self.scenario)


def everything() -> list[Account]:
    """Every module in which this visitor has done something."""
    study = everything_done()
    accounts = (_of_module(module, study) for module in kit().curriculum.modules)
    return [account for account in accounts if not account.is_empty]


def _of_module(module: Module, study: Study) -> Account:
    completion = study.completions.get(module.id)
    read = study.lessons_read(module).read
    answered = [(item, study.answers[item.id]) for item in module.checklist if item.id in study.answers]
    return Account(
        module=in_reader_language(module.title),
        completed_on=completion.achieved_on if completion else None,
        lessons=[
            {"lesson": in_reader_language(lesson.title), "read_on": read[lesson.slug]}
            for lesson in module.lessons
            if lesson.slug in read
        ],
        answers=[_answer(in_reader_language(item.text), answer) for item, answer in answered],
        quiz=_quiz(module, study),
        scenario=_scenario(module, study),
    )


def _answer(statement: str, answer: Answer) -> dict[str, Any]:
    return {
        "statement": statement,
        "answer": answer.choice.value if answer.choice else None,
        "note": answer.note,
        "answered_on": answer.answered_on,
    }


def _quiz(module: Module, study: Study) -> dict[str, Any] | None:
    record = study.quizzes.get(module.id)
    if record is None or module.quiz is None:
        return None
    attempt = record.attempt
    prompts = {question.id: in_reader_language(question.prompt) for question in module.quiz.questions}
    answers = attempt.answers if attempt else {}
    return {
        "passed_on": record.passed_on,
        "questions": [
            {"question": prompts[name], "right": given.right}
            for name, given in answers.items()
            if name in prompts
        ],
    }


def _scenario(module: Module, study: Study) -> dict[str, Any] | None:
    walk = study.walks.get(module.id)
    if walk is None or module.scenario is None:
        return None
    path = position(module.scenario, walk).path
    return {
        "title": in_reader_language(module.scenario.title),
        "finished_on": walk.finished_on,
        "turns": [in_reader_language(turn.choice.text) for turn in path],
    }
