"""Cross-checks between the files: ids are unique, and what they refer to exists."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from app.curriculum.files.documents import Document, Loc
from app.curriculum.files.draft import Draft, ModuleDraft, ids_in
from app.curriculum.files.wording import name_of
from app.curriculum.model import Part
from app.curriculum.prose.targets import did_you_mean

LONGEST_REVIEW = timedelta(days=366)
Entry = tuple[Document, Loc, str]


def check_references(draft: Draft) -> None:
    """Add a problem for each reference that leads nowhere and each id that stands twice."""
    _unique(draft)
    _named_after_their_files(draft)
    _dates_and_sources(draft)
    _contacts(draft)
    threats = ids_in(draft.documents.get("modules/threats.yaml"), None)
    for module in draft.modules.values():
        _parts(draft, module)
        _checklist(draft, module, threats)
    for situation in draft.situations:
        module_id = situation.value.module
        if module_id and module_id not in draft.targets.modules:
            hint = did_you_mean(module_id, draft.targets.modules)
            draft.problems.append(
                situation.document.problem(("module",), f"there is no module '{module_id}'{hint}")
            )


def _unique(draft: Draft) -> None:
    modules = draft.modules.values()
    heads = [module.head for module in modules if module.head]
    checklists = [module.checklist for module in modules if module.checklist]
    quizzes = [module.quiz for module in modules if module.quiz]
    scenarios = [module.scenario for module in modules if module.scenario]
    sorts: dict[str, Iterable[Entry]] = {
        "source": _ids(draft.sources.document, (), draft.sources.value) if draft.sources else (),
        "threat": _ids(draft.threats.document, (), draft.threats.value) if draft.threats else (),
        "entry": _ids(draft.glossary.document, (), draft.glossary.value) if draft.glossary else (),
        "figure": [e for head in heads for e in _ids(head.document, ("figures",), head.value.figures)],
        "item": [e for read in checklists for e in _ids(read.document, ("items",), read.value.items)],
        "question": [
            e for read in quizzes for e in _ids(read.document, ("questions",), read.value.questions)
        ],
        "scenario": [(read.document, ("id",), read.value.id) for read in scenarios],
        "country": _ids(draft.contacts.document, ("countries",), draft.contacts.value.countries)
        if draft.contacts
        else (),
        "module order": [(h.document, ("order",), str(h.value.order)) for h in heads],
        "situation order": [(read.document, ("order",), str(read.value.order)) for read in draft.situations],
        "sheet order": [(read.document, ("order",), str(read.value.order)) for read in draft.sheets],
        "entry of the worksheet": _of_worksheet(draft),
    }
    for sort, entries in sorts.items():
        twice(draft, sort, entries)
    for head in heads:
        lessons = (
            (head.document, ("lessons", i), lesson.slug) for i, lesson in enumerate(head.value.lessons)
        )
        twice(draft, "lesson", lessons)


def _of_worksheet(draft: Draft) -> Iterator[Entry]:
    """Statements and steps: what is kept of them tells neither from the other."""
    if draft.worksheet:
        for name in ("red_lines", "holds", "steps"):
            yield from _ids(draft.worksheet.document, (name,), getattr(draft.worksheet.value, name))


def _ids(document: Document, loc: Loc, entries: Iterable[object]) -> Iterator[Entry]:
    for index, entry in enumerate(entries):
        yield document, (*loc, index), str(getattr(entry, "id", ""))


def twice(draft: Draft, sort: str, entries: Iterable[Entry]) -> None:
    """Report each entry whose id an earlier one of its sort has."""
    first: dict[str, str] = {}
    for document, loc, name in entries:
        spot = document.nearest(loc)
        if name in first:
            message = f"the {sort} '{name}' stands in {first[name]} already; no two may be the same"
            draft.problems.append(document.problem(loc, message))
        first.setdefault(name, f"{document.path}:{spot.line}")


def _named_after_their_files(draft: Draft) -> None:
    for module in draft.modules.values():
        if module.head and module.head.value.id != module.id:
            message = f"this module's id is '{module.head.value.id}', but its folder is '{module.id}'"
            draft.problems.append(module.head.document.problem(("id",), message))
        if module.quiz and module.quiz.value.module != module.id:
            message = f"this quiz is for '{module.quiz.value.module}', but its file is '{module.id}.yaml'"
            draft.problems.append(module.quiz.document.problem(("module",), message))
    for path in draft.tree.under("quizzes"):
        name = path.removeprefix("quizzes/").removesuffix(".yaml")
        if path in draft.documents and name not in draft.modules and "/" not in name:
            hint = did_you_mean(name, set(draft.modules))
            draft.problems.append(draft.documents[path].problem((), f"there is no module '{name}'{hint}"))
    for situation in draft.situations:
        name = situation.document.path.removeprefix("help/").removesuffix(".yaml")
        if situation.value.id != name:
            message = f"this situation's id is '{situation.value.id}', but its file is '{name}.yaml'"
            draft.problems.append(situation.document.problem(("id",), message))


def _dates_and_sources(draft: Draft) -> None:
    for document, loc, part in draft.dated():
        name = name_of(document, loc)
        if not part.sources:
            message = f"{name} names no source; add `sources: [id]` (a rule of our own names 'kit')"
            draft.problems.append(document.problem((*loc, "sources"), message))
        for index, source in enumerate(part.sources):
            fault = draft.targets.source_fault(source)
            if fault:
                draft.problems.append(
                    document.problem((*loc, "sources", index), fault if not loc else f"{name}: {fault}")
                )
            if source in part.sources[:index]:
                draft.problems.append(
                    document.problem((*loc, "sources", index), f"{name} names '{source}' twice")
                )
        if part.review_by <= part.reviewed:
            message = f"{name}: review_by must come after reviewed ({part.reviewed})"
            draft.problems.append(document.problem((*loc, "review_by"), message))
        elif part.review_by - part.reviewed > LONGEST_REVIEW:
            message = (
                f"{name}: review_by is more than a year after reviewed ({part.reviewed}); bring it nearer"
            )
            draft.problems.append(document.problem((*loc, "review_by"), message))


def _contacts(draft: Draft) -> None:
    if draft.contacts is None:
        return
    table, document = draft.contacts.value, draft.contacts.document
    lists: list[tuple[Loc, tuple[object, ...]]] = [(("international",), table.international)]
    lists += [(("countries", i, "contacts"), country.contacts) for i, country in enumerate(table.countries)]
    for loc, contacts in lists:
        for index, contact in enumerate(contacts):
            fault = draft.targets.source_fault(str(getattr(contact, "source", "")))
            if fault:
                draft.problems.append(document.problem((*loc, index, "source"), fault))


def _parts(draft: Draft, module: ModuleDraft) -> None:
    if module.head is None:
        return
    files = {
        Part.LESSONS: f"modules/{module.id}/module.yaml",
        Part.CHECKLIST: f"modules/{module.id}/checklist.yaml",
        Part.QUIZ: f"quizzes/{module.id}.yaml",
        Part.SCENARIO: f"modules/{module.id}/scenario.yaml",
    }
    for index, part in enumerate(module.head.value.required):
        if files[part] not in draft.tree.texts:
            message = f"'{part.value}' is required, but there is no {files[part]}"
            draft.problems.append(module.head.document.problem(("required", index), message))


def _checklist(draft: Draft, module: ModuleDraft, threats: set[str] | None) -> None:
    if module.checklist is None:
        return
    document, items = module.checklist.document, module.checklist.value.items
    known = ids_in(draft.documents.get(document.path), "items") or set()
    for index, item in enumerate(items):
        if not item.threats:
            message = f"item '{item.id}' reduces no threat; name at least one, such as {{doxxing: 2}}"
            draft.problems.append(document.problem(("items", index, "threats"), message))
        for threat in item.threats:
            if threats is not None and threat not in threats:
                message = f"item '{item.id}': there is no threat '{threat}' in modules/threats.yaml"
                hint = did_you_mean(threat, threats)
                draft.problems.append(
                    document.problem_at_key(("items", index, "threats", threat), message + hint)
                )
        for place, need in enumerate(item.needs):
            if need not in known:
                message = f"item '{item.id}' needs '{need}', which isn't an item of this checklist"
                hint = did_you_mean(need, known)
                draft.problems.append(document.problem(("items", index, "needs", place), message + hint))
    circle = find_circle({item.id: item.needs for item in items})
    if circle:
        index = next(number for number, item in enumerate(items) if item.id == circle[0])
        message = f"these items need each other in a circle: {' → '.join(circle)}; none could come first"
        draft.problems.append(document.problem(("items", index, "needs"), message))


def find_circle(steps: dict[str, tuple[str, ...]]) -> list[str] | None:
    """The names of one way that leads back to where it began, if there is any."""
    done: set[str] = set()
    for start in steps:
        path: list[str] = []
        pending = [(start, False)]
        while pending:
            name, leaving = pending.pop()
            if leaving:
                path.pop()
                done.add(name)
            elif name in path:
                return [*path[path.index(name) :], name]
            elif name not in done:
                path.append(name)
                pending.append((name, True))
                pending += [(after, False) for after in steps.get(name, ())]
    return None
