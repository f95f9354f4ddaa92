"""What each kind of question must have, so that it can be asked and graded."""

from app.curriculum.checks.references import twice
from app.curriculum.files.documents import Document, Loc
from app.curriculum.files.draft import Draft, Read
from app.curriculum.model import Question, QuestionKind, Quiz
from app.curriculum.prose.targets import did_you_mean

_ONE_RIGHT = (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE)
_SOME_RIGHT = (QuestionKind.MULTIPLE, QuestionKind.SPOT_THE_LEAK)


def check_questions(draft: Draft) -> None:
    """Add a problem for each question that couldn't be asked as it is."""
    for module in draft.modules.values():
        if module.quiz is None:
            continue
        _numbers(draft, module.quiz)
        slugs = {name.partition("/")[2] for name in draft.targets.lessons if name.startswith(f"{module.id}/")}
        for index, question in enumerate(module.quiz.value.questions):
            document, loc = module.quiz.document, ("questions", index)
            if question.lesson not in slugs and module.id not in draft.targets.unread:
                hint = did_you_mean(question.lesson, slugs)
                message = f"question '{question.id}': this module has no lesson '{question.lesson}'{hint}"
                draft.problems.append(document.problem((*loc, "lesson"), message))
            options = (
                (document, (*loc, "options", i), option.id) for i, option in enumerate(question.options)
            )
            twice(draft, "option", options)
            for where, message in _faults(question):
                draft.problems.append(document.problem((*loc, *where), f"question '{question.id}' {message}"))


def _numbers(draft: Draft, quiz: Read[Quiz]) -> None:
    written = _how_many(draft.documents.get(quiz.document.path), len(quiz.value.questions))
    if quiz.value.ask > written:
        message = f"ask is {quiz.value.ask}, but there are only {written} questions"
        draft.problems.append(quiz.document.problem(("ask",), message))
    if quiz.value.pass_mark > quiz.value.ask:
        message = f"pass_mark is {quiz.value.pass_mark}, but only {quiz.value.ask} questions are asked"
        draft.problems.append(quiz.document.problem(("pass_mark",), message))


def _how_many(document: Document | None, otherwise: int) -> int:
    questions = document.value(("questions",)) if document else None
    return len(questions) if isinstance(questions, list) else otherwise


def _faults(question: Question) -> list[tuple[Loc, str]]:
    """What is wrong with a question by the rules of its kind, with the way to it."""
    kind, options = question.kind, question.options
    right = [index for index, option in enumerate(options) if option.right]
    matched = [index for index, option in enumerate(options) if option.match]
    faults: list[tuple[Loc, str]] = []
    if kind in _ONE_RIGHT and len(right) != 1:
        faults.append(
            (("options",), f"is {kind.value}: exactly one option must be `right: true`, not {len(right)}")
        )
    if kind in _SOME_RIGHT and len(right) in (0, len(options)):
        faults.append((("options",), f"is {kind.value}: some options must be `right: true`, and some not"))
    if kind is QuestionKind.TRUE_FALSE and len(options) != 2:  # noqa: PLR2004
        faults.append((("options",), f"is true-false: it has two options, not {len(options)}"))
    if kind not in (*_ONE_RIGHT, *_SOME_RIGHT):
        faults += [(("options", i), f"is {kind.value}: its options take no `right`") for i in right]
    if kind is QuestionKind.MATCHING:
        faults += _matching_faults(question)
    else:
        faults += [
            (("options", i, "match"), f"is {kind.value}: only matching takes `match`") for i in matched
        ]
    if kind is QuestionKind.SPOT_THE_LEAK and question.post is None:
        faults.append(((), "is spot-the-leak: it needs the `post` to look at, {en, es}"))
    if kind is not QuestionKind.SPOT_THE_LEAK and question.post is not None:
        faults.append((("post",), f"is {kind.value}: only spot-the-leak takes a `post`"))
    return faults


def _matching_faults(question: Question) -> list[tuple[Loc, str]]:
    faults: list[tuple[Loc, str]] = []
    seen: set[str] = set()
    for index, option in enumerate(question.options):
        if option.match is None:
            faults.append(
                (("options", index), f"is matching: option '{option.id}' needs its `match`, {{en, es}}")
            )
            continue
        for text in option.match.root.values():
            if text in seen:
                message = f"is matching: '{text[:40]}' is the match of two options; nobody could tell which"
                faults.append((("options", index, "match"), message))
                break
        seen |= set(option.match.root.values())
    return faults
