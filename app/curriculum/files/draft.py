"""The YAML files read and validated, each by itself: what the cross-checks and the building start from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from app.curriculum.files import shapes
from app.curriculum.files.documents import Document, Loc, read_document
from app.curriculum.files.shapes import ChecklistFile, ModuleFile
from app.curriculum.files.tree import Tree
from app.curriculum.files.validating import validate
from app.curriculum.model import (
    Contacts,
    Drill,
    Intake,
    Lab,
    LearningPath,
    Quiz,
    Reviewed,
    Scenario,
    Sheet,
    Situation,
    Source,
    Term,
    Threat,
    Worksheet,
)
from app.curriculum.problems import Problem
from app.curriculum.prose.targets import Targets

T = TypeVar("T")


@dataclass(frozen=True)
class Read(Generic[T]):
    """A value and the document that it was read from, for the places of its parts."""

    document: Document
    value: T


@dataclass
class ModuleDraft:
    """The files of one module; None is a file that isn't there or can't be used at all."""

    id: str
    head: Read[ModuleFile] | None = None
    checklist: Read[ChecklistFile] | None = None
    scenario: Read[Scenario] | None = None
    quiz: Read[Quiz] | None = None
    labs: list[Read[Lab]] = field(default_factory=list)


@dataclass
class Draft:
    """Everything read so far, and every problem found so far."""

    tree: Tree
    problems: list[Problem] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    modules: dict[str, ModuleDraft] = field(default_factory=dict)
    situations: list[Read[Situation]] = field(default_factory=list)
    sheets: list[Read[Sheet]] = field(default_factory=list)
    worksheet: Read[Worksheet] | None = None
    contacts: Read[Contacts] | None = None
    threats: Read[tuple[Threat, ...]] | None = None
    sources: Read[tuple[Source, ...]] | None = None
    glossary: Read[tuple[Term, ...]] | None = None
    paths: Read[tuple[LearningPath, ...]] | None = None
    intake: Read[Intake] | None = None
    drills: Read[tuple[Drill, ...]] | None = None
    targets: Targets = field(default_factory=Targets)

    def reads(self) -> Iterator[Read[Any]]:
        """Every file that was read, with what it holds."""
        shared: list[Read[Any] | None] = [
            self.sources,
            self.threats,
            self.glossary,
            self.paths,
            self.intake,
            self.drills,
            self.contacts,
            self.worksheet,
        ]
        shared += [*self.situations, *self.sheets]
        for module in self.modules.values():
            shared += [module.head, module.checklist, module.scenario, module.quiz, *module.labs]
        yield from (read for read in shared if read is not None)

    def dated(self) -> Iterator[tuple[Document, Loc, Reviewed]]:
        """Everything that carries a review date and sources, with its place."""
        for module in self.modules.values():
            yield from _dated_of(module)
        yield from ((situation.document, (), situation.value) for situation in self.situations)
        yield from ((sheet.document, (), sheet.value) for sheet in self.sheets)
        if self.worksheet:
            yield self.worksheet.document, (), self.worksheet.value
        if self.intake:
            for index, question in enumerate(self.intake.value.questions):
                yield self.intake.document, ("questions", index), question
        for listed in (self.glossary, self.paths, self.drills):
            if listed:
                yield from ((listed.document, (index,), entry) for index, entry in enumerate(listed.value))


def _dated_of(module: ModuleDraft) -> Iterator[tuple[Document, Loc, Reviewed]]:
    for read, name in ((module.head, "lessons"), (module.checklist, "items"), (module.quiz, "questions")):
        if read is not None:
            for index, entry in enumerate(getattr(read.value, name)):
                yield read.document, (name, index), entry
    if module.scenario:
        yield module.scenario.document, (), module.scenario.value
    yield from ((lab.document, (), lab.value) for lab in module.labs)


def read_draft(tree: Tree) -> Draft:
    """Read and validate every YAML file."""
    draft = Draft(tree, list(tree.problems))
    for path, text in tree.texts.items():
        if path.endswith(".yaml"):
            document = read_document(path, text, draft.problems)
            if document:
                draft.documents[path] = document
    draft.sources = _required(draft, "modules/sources.yaml", shapes.SOURCES)
    draft.threats = _required(draft, "modules/threats.yaml", shapes.THREATS)
    draft.glossary = _required(draft, "modules/glossary.yaml", shapes.GLOSSARY)
    draft.paths = _optional(draft, "modules/paths.yaml", shapes.PATHS)
    draft.intake = _optional(draft, "modules/intake.yaml", shapes.INTAKE)
    draft.drills = _optional(draft, "modules/drills.yaml", shapes.DRILLS)
    draft.contacts = _required(draft, "help/contacts.yaml", shapes.CONTACTS)
    draft.worksheet = _optional(draft, "help/worksheet.yaml", shapes.WORKSHEET)
    for module_id in module_folders(tree):
        draft.modules[module_id] = ModuleDraft(
            module_id,
            head=_required(draft, f"modules/{module_id}/module.yaml", shapes.MODULE),
            checklist=_optional(draft, f"modules/{module_id}/checklist.yaml", shapes.CHECKLIST),
            scenario=_optional(draft, f"modules/{module_id}/scenario.yaml", shapes.SCENARIO),
            quiz=_optional(draft, f"quizzes/{module_id}.yaml", shapes.QUIZ),
            labs=[lab for path in lab_files(tree, module_id) if (lab := _optional(draft, path, shapes.LAB))],
        )
    for path in situation_files(tree):
        situation = _optional(draft, path, shapes.SITUATION)
        if situation:
            draft.situations.append(situation)
    for path in tree.under("help/sheets"):
        sheet = _optional(draft, path, shapes.SHEET)
        if sheet:
            draft.sheets.append(sheet)
    draft.targets = _targets(draft)
    return draft


def module_folders(tree: Tree) -> list[str]:
    """The ids of the modules: the folders in modules/."""
    names = (re.match(r"modules/([^/]+)/", path) for path in tree.texts)
    return list(dict.fromkeys(match.group(1) for match in names if match))


def lab_files(tree: Tree, module_id: str) -> list[str]:
    """The files of a module's labs."""
    folder = f"modules/{module_id}/labs"
    return [path for path in tree.under(folder) if re.fullmatch(rf"{re.escape(folder)}/[^/]+\.yaml", path)]


def situation_files(tree: Tree) -> list[str]:
    """The files of help/ that describe a situation."""
    found = (path for path in tree.under("help") if re.fullmatch(r"help/[^/]+\.yaml", path))
    return [path for path in found if path not in {"help/contacts.yaml", "help/worksheet.yaml"}]


def _optional(draft: Draft, path: str, shape: TypeAdapter[Any]) -> Read[Any] | None:
    document = draft.documents.get(path)
    found = validate(document, shape, draft.problems) if document else None
    return Read(*found) if found else None


def _required(draft: Draft, path: str, shape: TypeAdapter[Any]) -> Read[Any] | None:
    if path not in draft.tree.texts:
        draft.problems.append(Problem(path, 1, 1, "this file is missing"))
    return _optional(draft, path, shape)


def ids_in(document: Document | None, name: str | None, key: str = "id") -> set[str] | None:
    """The ids written down in a list of a file, faulty entries included; None if there is no such list."""
    entries = document and (document.value((name,)) if name else document.data)
    if not isinstance(entries, list):
        return None
    return {str(entry[key]) for entry in entries if isinstance(entry, dict) and key in entry}


def _targets(draft: Draft) -> Targets:
    targets = Targets(modules=set(draft.modules))
    targets.sources = ids_in(draft.documents.get("modules/sources.yaml"), None)
    for path in situation_files(draft.tree):
        targets.situations.add(path.removeprefix("help/").removesuffix(".yaml"))
    for module_id in draft.modules:
        if f"modules/{module_id}/checklist.yaml" in draft.tree.texts:
            targets.checklists.add(module_id)
        slugs = ids_in(draft.documents.get(f"modules/{module_id}/module.yaml"), "lessons", "slug")
        if slugs is None:
            targets.unread.add(module_id)
        targets.lessons |= {f"{module_id}/{slug}" for slug in slugs or ()}
    return targets
