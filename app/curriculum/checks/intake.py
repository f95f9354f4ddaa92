"""What is asked of a situation: what it names exists, no id stands twice, no measure loses what it needs."""

from app.curriculum.checks.references import twice
from app.curriculum.files.documents import Document
from app.curriculum.files.draft import Draft, ids_in
from app.curriculum.model import Intake, LeftOut
from app.curriculum.prose.targets import did_you_mean


def check_intake(draft: Draft) -> None:
    """Add a problem for each thing that the intake names and that isn't there, and for each that contradicts itself."""
    if draft.intake is None:
        return
    document, intake = draft.intake.document, draft.intake.value
    _unique(draft, document, intake)
    _threats(draft, document, intake)
    _audiences(draft, document, intake)
    _one_danger(draft, document, intake)
    for index, rule in enumerate(intake.left_out):
        _question_of(draft, document, intake, index, rule)
        _items_of(draft, document, index, rule)


def _unique(draft: Draft, document: Document, intake: Intake) -> None:
    questions = enumerate(intake.questions)
    twice(draft, "question", ((document, ("questions", place), asked.id) for place, asked in questions))
    options = (
        (document, ("questions", place, "options", index), option.id)
        for place, asked in enumerate(intake.questions)
        for index, option in enumerate(asked.options)
    )
    twice(draft, "option", options)


def _threats(draft: Draft, document: Document, intake: Intake) -> None:
    threats = ids_in(draft.documents.get("modules/threats.yaml"), None)
    for place, asked in enumerate(intake.questions):
        for index, option in enumerate(asked.options):
            for threat in option.raises:
                if threats is not None and threat not in threats:
                    message = f"option '{option.id}': there is no threat '{threat}' in modules/threats.yaml"
                    loc = ("questions", place, "options", index, "raises", threat)
                    draft.problems.append(
                        document.problem_at_key(loc, message + did_you_mean(threat, threats))
                    )


def _audiences(draft: Draft, document: Document, intake: Intake) -> None:
    """Where one option says whose measures concern somebody, each must: else theirs would all be left out."""
    for place, asked in enumerate(intake.questions):
        telling = [option.id for option in asked.options if option.audience]
        for index, option in enumerate(asked.options):
            if telling and not option.audience:
                message = f"option '{option.id}' has no audience, but '{telling[0]}' has; say whose items are theirs"
                draft.problems.append(document.problem(("questions", place, "options", index), message))


def _one_danger(draft: Draft, document: Document, intake: Intake) -> None:
    first: str | None = None
    for place, asked in enumerate(intake.questions):
        for index, option in enumerate(asked.options):
            if option.danger and first:
                message = (
                    f"option '{option.id}' means danger, and so does '{first}'; one place to say so is enough"
                )
                loc = ("questions", place, "options", index, "danger")
                draft.problems.append(document.problem(loc, message))
            first = first or (option.id if option.danger else None)


def _question_of(draft: Draft, document: Document, intake: Intake, index: int, rule: LeftOut) -> None:
    asked = intake.question(rule.question)
    if asked is None:
        known = ids_in(draft.documents.get(document.path), "questions") or {rule.question}
        if rule.question not in known:
            message = f"there is no question '{rule.question}'{did_you_mean(rule.question, known)}"
            draft.problems.append(document.problem(("left_out", index, "question"), message))
        return
    known = {option.id for option in asked.options}
    for place, option_id in enumerate(rule.unless):
        if option_id not in known:
            message = f"question '{asked.id}' has no option '{option_id}'{did_you_mean(option_id, known)}"
            draft.problems.append(document.problem(("left_out", index, "unless", place), message))


def _items_of(draft: Draft, document: Document, index: int, rule: LeftOut) -> None:
    """The measures exist, and what needs them is left out with them: it could never come first otherwise."""
    known: set[str] = set()
    needed_by: dict[str, list[str]] = {}
    for module in draft.modules.values():
        path = f"modules/{module.id}/checklist.yaml"
        listed = ids_in(draft.documents.get(path), "items")
        if listed is None and path in draft.tree.texts:
            return  # that file says itself what is wrong there
        known |= listed or set()
        for item in module.checklist.value.items if module.checklist else ():
            for need in item.needs:
                needed_by.setdefault(need, []).append(item.id)
    for place, item_id in enumerate(rule.items):
        loc = ("left_out", index, "items", place)
        if item_id not in known:
            message = f"there is no item '{item_id}'{did_you_mean(item_id, known)}"
            draft.problems.append(document.problem(loc, message))
        for after in set(needed_by.get(item_id, ())).difference(rule.items):
            message = f"'{item_id}' is left out here, but '{after}', which needs it, isn't; leave out both or neither"
            draft.problems.append(document.problem(loc, message))
