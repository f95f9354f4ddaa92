"""What is taught, as values: everything here is frozen, whole and checked before anyone sees it."""

from app.curriculum.model.curriculum import Curriculum
from app.curriculum.model.drills import Drill
from app.curriculum.model.emergencies import Contact, ContactKind, Contacts, Country, Situation, Step, Trust
from app.curriculum.model.glossary import Term
from app.curriculum.model.intake import Intake, IntakeOption, IntakeQuestion, LeftOut
from app.curriculum.model.labs import Engine, Gives, Lab, LabKind, Piece, PiecePart, Post
from app.curriculum.model.modules import ChecklistItem, Figure, Impact, Lesson, Module, Part
from app.curriculum.model.paths import LearningPath, PathStep
from app.curriculum.model.practice import (
    Choice,
    Node,
    Option,
    Quality,
    Question,
    QuestionKind,
    Quiz,
    Scenario,
)
from app.curriculum.model.sheets import Paper, Sheet, SheetPart
from app.curriculum.model.texts import (
    FALLBACK_LANGUAGE,
    LANGUAGE_CODE,
    REQUIRED_LANGUAGES,
    Audience,
    Evidence,
    Id,
    Minutes,
    Prose,
    Reviewed,
    Source,
    Text,
    Threat,
    Value,
)
from app.curriculum.model.worksheet import Worksheet, WorksheetStatement, WorksheetStep

__all__ = [
    "FALLBACK_LANGUAGE",
    "LANGUAGE_CODE",
    "REQUIRED_LANGUAGES",
    "Audience",
    "ChecklistItem",
    "Choice",
    "Contact",
    "ContactKind",
    "Contacts",
    "Country",
    "Curriculum",
    "Drill",
    "Engine",
    "Evidence",
    "Figure",
    "Gives",
    "Id",
    "Impact",
    "Intake",
    "IntakeOption",
    "IntakeQuestion",
    "Lab",
    "LabKind",
    "LearningPath",
    "LeftOut",
    "Lesson",
    "Minutes",
    "Module",
    "Node",
    "Option",
    "Paper",
    "Part",
    "PathStep",
    "Piece",
    "PiecePart",
    "Post",
    "Prose",
    "Quality",
    "Question",
    "QuestionKind",
    "Quiz",
    "Reviewed",
    "Scenario",
    "Sheet",
    "SheetPart",
    "Situation",
    "Source",
    "Step",
    "Term",
    "Text",
    "Threat",
    "Trust",
    "Value",
    "Worksheet",
    "WorksheetStatement",
    "WorksheetStep",
]
