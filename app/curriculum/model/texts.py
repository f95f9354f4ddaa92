"""What is taught, as values: everything here is frozen, whole and checked before anyone sees it.

A text that a person reads is a `Text`: one string per language. English and Spanish are always
there; further languages may be partial, and then the text falls back to English, marked as such.
"""

import re
from datetime import date
from enum import StrEnum
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


class Prose(Value):
    """Rendered Markdown of one document, per language: HTML that is safe to put on a page."""

    html: Text
    words: dict[str, int]
    citations: tuple[Id, ...] = ()
