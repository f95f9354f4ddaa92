"""All that a visitor has done, laid out to be read or taken away: by module, in the reader's language."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.curriculum.model import Module, Question, QuestionKind
from app.learning.answers import Answer
from app.learning.incidents import Incident
from app.learning.insight import Replied
from app.learning.quiz import CHOICE_KINDS, Response
from app.learning.refreshers import bank_of
from app.learning.scenario import position
from app.records.locking import PSEUDONYM
from app.records.notebook import Notebook, Ref
from app.web.account.everything_audit import AuditAccount, audit_account
from app.web.i18n import in_reader_language
from app.web.incidents.log import incidents_in
from app.web.kept import INCIDENT, REPLY
from app.web.kit import kit
from app.web.plans import OF_AUDIT, study_and_audit
from app.web.study import COMING_BACK, Study, refs_of


@dataclass(frozen=True)
class Account:
    """One module's part of it; every text in the reader's language."""

    module: str
    completed_on: date | None
    lessons: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    quiz: dict[str, Any] | None
    scenario: dict[str, Any] | None
    #: The day of a reply to a campaign of group insight; what was replied is filed nowhere.
    replied_on: date | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done in this module."""
        return not (
            self.completed_on or self.lessons or self.answers or self.quiz or self.scenario or self.replied_on
        )


@dataclass(frozen=True)
class Leftover:
    """A record about something that is no longer taught, as it is kept."""

    kind: str
    name: str
    value: Any

    @property
    def text(self) -> str:
        """The value in words, as far as it has any."""
        return (
            self.value
            if isinstance(self.value, str)
            else json.dumps(self.value, ensure_ascii=False, indent=1)
        )


@dataclass(frozen=True)
class Everything:
    """All of it. `unreadable`: how many records are damaged."""

    modules: list[Account]
    audit: AuditAccount
    #: What comes back: questions, and drills, each with its days.
    questions: list[dict[str, Any]]
    drills: list[dict[str, Any]]
    incidents: list[dict[str, Any]]
    other: list[Leftover]
    unreadable: int


def everything(notebook: Notebook) -> Everything:
    """Every module in which a notebook's owner has done something, and what else there is."""
    taught = kit().curriculum.modules
    study, audit = study_and_audit(notebook)
    replies = {Ref(REPLY, module.id) for module in taught}
    replied = notebook.load_many(replies, Replied)
    accounts = (_of_module(module, study, replied.values.get(Ref(REPLY, module.id))) for module in taught)
    entries, damaged = notebook.everything()
    known = {*replies, *COMING_BACK, *OF_AUDIT, *(ref for module in taught for ref in refs_of(module))}
    incidents, damaged_incidents = incidents_in(entries)
    elsewhere = {PSEUDONYM.kind, INCIDENT}
    other = [
        Leftover(*ref, value) for ref, value in entries if ref not in known and ref.kind not in elsewhere
    ]
    misshapen = len((study.damaged | replied.damaged) & {entry.ref for entry in entries})
    return Everything(
        modules=[account for account in accounts if not account.is_empty],
        audit=audit_account(audit),
        questions=_questions(study),
        drills=_drills(study),
        incidents=[_incident(incident) for _, incident in incidents],
        other=other,
        unreadable=damaged + misshapen + damaged_incidents,
    )


def _questions(study: Study) -> list[dict[str, Any]]:
    """The questions that come back, those due first first; of one that left the content its id is what there is."""
    bank, cards = bank_of(kit().curriculum.modules), study.refreshers.cards
    given = study.refreshers.set.answers if study.refreshers.set else {}
    return [
        {
            "question": in_reader_language(bank[name].question.prompt) if name in bank else name,
            "reviewed_on": card.reviewed_on,
            "comes_back_on": card.due_on,
            "answer_in_last_set": _given(bank[name].question, given[name].response)
            if name in bank and name in given
            else [],
        }
        for name, card in sorted(cards.items(), key=lambda each: each[1].due_on)
    ]


def _drills(study: Study) -> list[dict[str, Any]]:
    """What was decided about drills; which others come back follows from the answers."""
    known = kit().curriculum.drills_by_id
    return [
        {
            "drill": in_reader_language(known[name].title) if name in known else name,
            "done_on": decided.done_on,
            "comes_back_on": decided.due_on,
            "decided_on": decided.decided_on,
        }
        for name, decided in study.drills.decided.items()
    ]


def _incident(incident: Incident) -> dict[str, Any]:
    """An incident in words; of its files what tells them, not what opens them."""
    plain = asdict(incident)
    plain["files"] = [
        {name: value for name, value in file.items() if name not in {"id", "key"}} for file in plain["files"]
    ]
    return plain


def _of_module(module: Module, study: Study, replied: Replied | None) -> Account:
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
        replied_on=replied.on if replied else None,
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
    questions = {question.id: question for question in module.quiz.questions}
    answers = record.attempt.answers if record.attempt else {}
    return {
        "passed_on": record.passed_on,
        "questions": [
            {
                "question": in_reader_language(questions[name].prompt),
                "answer": _given(questions[name], given.response),
                "right": given.right,
            }
            for name, given in answers.items()
            if name in questions
        ],
        "asked_before": [
            in_reader_language(questions[name].prompt) for name in record.asked_before if name in questions
        ],
    }


def _given(question: Question, response: Response) -> list[str]:
    """What was answered, in words: what was chosen, the order that was given, or each with its match."""
    by_id = {option.id: option for option in question.options}
    known = [name for name in response if name in by_id]
    if question.kind is QuestionKind.ORDERING:
        known.sort(key=lambda name: response[name])
    texts: Iterable[str] = (in_reader_language(by_id[name].text) for name in known)
    if question.kind in CHOICE_KINDS or question.kind is QuestionKind.ORDERING:
        return list(texts)
    matches = (by_id.get(response[name]) for name in known)
    return [
        f"{text} → {in_reader_language(match.match) if match else '–'}"
        for text, match in zip(texts, matches, strict=True)
    ]


def _scenario(module: Module, study: Study) -> dict[str, Any] | None:
    walk = study.walks.get(module.id)
    if walk is None or module.scenario is None:
        return None
    here = position(module.scenario, walk)
    return {
        "title": in_reader_language(module.scenario.title),
        "finished_on": walk.finished_on,
        "seen_as": walk.view.value if walk.view else None,
        "turns": [in_reader_language(turn.choice.text) for turn in here.path],
    }
