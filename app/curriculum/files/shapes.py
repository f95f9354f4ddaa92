"""What the YAML files hold, where that differs from the values made of them."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from app.curriculum.model import (
    ChecklistItem,
    Contacts,
    Drill,
    Id,
    Intake,
    Lab,
    LearningPath,
    Minutes,
    Part,
    Quiz,
    Reviewed,
    Scenario,
    Sheet,
    Situation,
    Source,
    Term,
    Text,
    Threat,
    Value,
    Worksheet,
)


class LessonEntry(Reviewed):
    """A lesson as module.yaml lists it; its prose stands in files of its own."""

    slug: Id
    title: Text
    minutes: Minutes
    content_note: Text | None = None


class FigureEntry(Value):
    """A figure as module.yaml describes it; the drawing stands in a file of its own."""

    id: Id
    title: Text
    alt: Text
    in_words: Text
    labels: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Text] = Field(default_factory=dict)


class ModuleFile(Value):
    """modules/<id>/module.yaml."""

    id: Id
    order: Annotated[int, Field(ge=1)]
    title: Text
    summary: Text
    outcomes: Annotated[tuple[Text, ...], Field(min_length=2, max_length=6)]
    content_note: Text | None = None
    required: tuple[Part, ...] = (Part.LESSONS, Part.CHECKLIST)
    lessons: Annotated[tuple[LessonEntry, ...], Field(min_length=1)]
    figures: tuple[FigureEntry, ...] = ()


class ChecklistFile(Value):
    """modules/<id>/checklist.yaml."""

    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)]


SOURCES: TypeAdapter[Any] = TypeAdapter(tuple[Source, ...])
THREATS: TypeAdapter[Any] = TypeAdapter(tuple[Threat, ...])
GLOSSARY: TypeAdapter[Any] = TypeAdapter(tuple[Term, ...])
INTAKE: TypeAdapter[Any] = TypeAdapter(Intake)
PATHS: TypeAdapter[Any] = TypeAdapter(tuple[LearningPath, ...])
DRILLS: TypeAdapter[Any] = TypeAdapter(tuple[Drill, ...])
MODULE: TypeAdapter[Any] = TypeAdapter(ModuleFile)
CHECKLIST: TypeAdapter[Any] = TypeAdapter(ChecklistFile)
QUIZ: TypeAdapter[Any] = TypeAdapter(Quiz)
SCENARIO: TypeAdapter[Any] = TypeAdapter(Scenario)
LAB: TypeAdapter[Any] = TypeAdapter(Lab)
SHEET: TypeAdapter[Any] = TypeAdapter(Sheet)
WORKSHEET: TypeAdapter[Any] = TypeAdapter(Worksheet)
SITUATION: TypeAdapter[Any] = TypeAdapter(Situation)
CONTACTS: TypeAdapter[Any] = TypeAdapter(Contacts)
