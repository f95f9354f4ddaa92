"""What is taught, as values: everything here is frozen, whole and checked before anyone sees it.

A text that a person reads is a `Text`: one string per language. English and Spanish are always
there; further languages may be partial, and then the text falls back to English, marked as such.
"""

import re
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

REQUIRED_LANGUAGES = ("en", "es")
FALLBACK_LANGUAGE = "en"
LANGUAGE_CODE = re.compile(r"[a-z]{2}(-[a-z]{2})?")

#: Ids are stable and never reused: an answer given last year still means the same item.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Minutes = Annotated[int, Field(ge=1, le=240)]


class Value(BaseModel):
    """A frozen value whose unknown keys are refused, so that a misspelt key is never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(RootModel[dict[str, str]]):
    """One text in every language it has, by language code."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for language in self.root:
            if not LANGUAGE_CODE.fullmatch(language):
                raise PydanticCustomError(
                    "unknown_language", "'{language}' is no language code", {"language": language}
                )
        wanted = dict.fromkeys((*REQUIRED_LANGUAGES, *self.root))
        missing = " ".join(language for language in wanted if not self.root.get(language))
        if missing:
            raise PydanticCustomError("missing_language", "no text in {languages}", {"languages": missing})
        return self

    def in_language(self, language: str) -> str:
        """The text in this language, or in the fallback language where it has no translation."""
        return self.root.get(language) or self.root[FALLBACK_LANGUAGE]

    def has(self, language: str) -> bool:
        """Whether the text itself exists in this language."""
        return bool(self.root.get(language))


class Reviewed(Value):
    """Content that somebody checked on a day, that must be checked again by another, and why it stands."""

    reviewed: date
    review_by: date
    sources: tuple[Id, ...] = ()

    def is_expired(self, today: date) -> bool:
        """Whether the day by which this had to be checked again has passed."""
        return today > self.review_by


class Evidence(StrEnum):
    """How a source was read: at its publisher's, through somebody's report of it, or our own reasoning."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    KIT = "kit"


class Source(Value):
    """Where a fact or a piece of advice comes from."""

    id: Id
    publisher: str
    title: str
    address: str | None = None
    year: Annotated[int, Field(ge=1980, le=2100)] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"
    evidence: Evidence


class Threat(Value):
    """A harm that measures reduce; checklists weigh their items by it."""

    id: Id
    name: Text
    explanation: Text


class Audience(StrEnum):
    """Whom a checklist item concerns."""

    JOURNALIST = "journalist"
    OFFICIAL = "official"
    NEWSROOM = "newsroom"
    FAMILY = "family"


class Impact(StrEnum):
    """How much a measure helps: the kit's own estimate, for ordering only."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Prose(Value):
    """Rendered Markdown of one document, per language: HTML that is safe to put on a page."""

    html: Text
    words: dict[str, int]
    citations: tuple[Id, ...] = ()


class Figure(Value):
    """A drawing in the page's own colours, its short alternative, and a version that reads without it."""

    id: Id
    title: Text
    alt: Text
    in_words: Prose
    svg: Text


class Lesson(Reviewed):
    """One sitting of reading."""

    slug: Id
    title: Text
    minutes: Minutes
    content_note: Text | None = None
    prose: Prose


class ChecklistItem(Reviewed):
    """One statement about a person's own safety that is true, false, or not theirs."""

    id: Id
    text: Text
    why: Text
    how: Annotated[tuple[Text, ...], Field(min_length=2, max_length=5)]
    impact: Impact
    minutes: Minutes
    threats: dict[Id, Annotated[int, Field(ge=1, le=3)]]
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    needs: tuple[Id, ...] = ()


class QuestionKind(StrEnum):
    """The six ways to ask."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true-false"
    ORDERING = "ordering"
    MATCHING = "matching"
    SPOT_THE_LEAK = "spot-the-leak"


class Option(Value):
    """One thing to choose, place or match, with feedback that teaches whether it was chosen or not.

    `right` is for single, multiple, true-false and spot-the-leak; ordering takes the order of the
    file as the right one; matching pairs each option with its `match`.
    """

    id: Id
    text: Text
    feedback: Text
    right: bool = False
    match: Text | None = None


class Question(Reviewed):
    """One question of a module's bank."""

    id: Id
    kind: QuestionKind
    prompt: Text
    post: Text | None = None
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=8)]
    lesson: Id
    myth: Text | None = None


class Quiz(Value):
    """A module's question bank."""

    module: Id
    ask: Annotated[int, Field(ge=1, le=20)] = 6
    pass_mark: Annotated[int, Field(ge=1, le=20)] = 5
    questions: tuple[Question, ...]


class Quality(StrEnum):
    """How well an ending turned out, or a choice served the person."""

    BEST = "best"
    MIDDLING = "middling"
    WORST = "worst"


class Choice(Value):
    """A turn the reader may take, and what follows from it."""

    id: Id
    text: Text
    consequence: Text
    to: Id
    quality: Quality


class Node(Value):
    """A moment of a scenario: choices to make, or an ending. `views` tells it differently by role."""

    id: Id
    text: Text
    views: dict[Audience, Text] = {}
    choices: tuple[Choice, ...] = ()
    ending: Quality | None = None


class Scenario(Reviewed):
    """A made-up case with decisions, in the second person."""

    id: Id
    title: Text
    content_note: Text | None = None
    start: Id
    nodes: tuple[Node, ...]


class Part(StrEnum):
    """What a module is made of, in the order in which people meet it."""

    LESSONS = "lessons"
    CHECKLIST = "checklist"
    QUIZ = "quiz"
    SCENARIO = "scenario"


class Module(Value):
    """A subject of the curriculum with everything that belongs to it."""

    id: Id
    order: Annotated[int, Field(ge=1)]
    title: Text
    summary: Text
    outcomes: Annotated[tuple[Text, ...], Field(min_length=2, max_length=6)]
    content_note: Text | None = None
    required: tuple[Part, ...] = (Part.LESSONS, Part.CHECKLIST)
    lessons: tuple[Lesson, ...]
    checklist: tuple[ChecklistItem, ...]
    figures: tuple[Figure, ...] = ()
    quiz: Quiz | None = None
    scenario: Scenario | None = None
    guide: Prose | None = None
    cites: tuple[Id, ...] = ()

    @property
    def minutes(self) -> int:
        """Minutes to read every lesson once."""
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def oldest_review(self) -> date:
        """The day of the least recently checked lesson, item, question or scenario."""
        dated: list[Reviewed] = [*self.lessons, *self.checklist]
        dated += self.quiz.questions if self.quiz else ()
        dated += [self.scenario] if self.scenario else []
        return min(part.reviewed for part in dated)

    def lesson(self, slug: str) -> Lesson | None:
        """The lesson of this slug, if there is one."""
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def item(self, item_id: str) -> ChecklistItem | None:
        """The checklist item of this id, if there is one."""
        return next((item for item in self.checklist if item.id == item_id), None)


class Trust(Value):
    """What to do about reporting, by how far the local authorities can be trusted."""

    trusted: Text
    uncertain: Text
    collusion: Text


class Step(Value):
    """One thing to do now, and what helps to do it."""

    text: Text
    more: Text | None = None


class ContactKind(StrEnum):
    """What a contact is for; each situation names the kinds it needs, first things first."""

    EMERGENCY = "emergency"
    KIDNAPPING = "kidnapping"
    EXTORTION = "extortion"
    POLICE = "police"
    CYBER = "cyber"
    PROTECTION = "protection"
    SUPPORT = "support"
    DIGITAL_HELP = "digital-help"
    TRAFFICKING = "trafficking"
    INTIMATE_IMAGES = "intimate-images"


class Situation(Reviewed):
    """Something that is happening now: what to do, what not to do, whom to call."""

    id: Id
    order: Annotated[int, Field(ge=1)]
    title: Text
    summary: Text
    content_note: Text | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=4, max_length=10)]
    donts: Annotated[tuple[Text, ...], Field(min_length=3, max_length=8)]
    branches: tuple[Step, ...] = ()
    trust: Trust
    disagree: Text | None = None
    contacts: Annotated[tuple[ContactKind, ...], Field(min_length=1)]
    card: Annotated[tuple[Text, ...], Field(min_length=4, max_length=8)]
    afterwards: Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]
    module: Id | None = None


class Contact(Value):
    """Somebody to call. `number` is dialled or opened as printed; every one says 'verify locally'."""

    kind: ContactKind
    name: Text
    number: str
    note: Text | None = None
    source: Id
    checked: date


class Country(Value):
    """The contacts of one country, or of no country in particular."""

    id: Id
    name: Text
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]


class Contacts(Value):
    """The country table: the one place in the kit where numbers stand."""

    review_by: date
    verify: Text
    not_listed: Annotated[tuple[Text, ...], Field(min_length=1)]
    countries: tuple[Country, ...]
    international: tuple[Contact, ...]


class Curriculum(Value):
    """Everything that is taught, read once and frozen."""

    digest: str
    languages: tuple[str, ...]
    modules: tuple[Module, ...]
    situations: tuple[Situation, ...]
    contacts: Contacts
    threats: tuple[Threat, ...]
    sources: tuple[Source, ...]

    @cached_property
    def modules_by_id(self) -> dict[str, Module]:
        """Every module by its id."""
        return {module.id: module for module in self.modules}

    @cached_property
    def situations_by_id(self) -> dict[str, Situation]:
        """Every situation of the emergency help by its id."""
        return {situation.id: situation for situation in self.situations}

    @cached_property
    def sources_by_id(self) -> dict[str, Source]:
        """Every source by its id."""
        return {source.id: source for source in self.sources}

    @cached_property
    def threats_by_id(self) -> dict[str, Threat]:
        """Every threat by its id."""
        return {threat.id: threat for threat in self.threats}
