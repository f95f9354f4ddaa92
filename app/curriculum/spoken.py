"""The fixed words that rendered content speaks with, by language.

To add a language, add a column to each table that has one: `SPOKEN["pt"] = {…}` with the keys of
English. A language or a word that isn't here is spoken in English.
"""

from babel import Locale, UnknownLocaleError

from app.curriculum.model import FALLBACK_LANGUAGE, LANGUAGE_CODE

SPOKEN: dict[str, dict[str, str]] = {
    "en": {
        "do": "Do",
        "dont": "Don't",
        "note": "Remember",
        "disagree": "Authorities disagree here",
        "trust": "Can you trust the authority?",
        "example": "Example",
        "in_words": "The same in words",
        "source": "source {number}",
    },
    "es": {
        "do": "Qué hacer",
        "dont": "Qué no hacer",
        "note": "Recuerda",
        "disagree": "Aquí las autoridades no coinciden",
        "trust": "¿Puedes confiar en la autoridad?",
        "example": "Ejemplo",
        "in_words": "Lo mismo en palabras",
        "source": "fuente {number}",
    },
}

#: What the languages are called in messages to authors.
LANGUAGE_NAMES = {"en": "English", "es": "Spanish", "fr": "French", "pt": "Portuguese"}


def spoken(language: str, word: str) -> str:
    """The fixed word in this language, or in the fallback language where it isn't there yet."""
    return SPOKEN.get(language, {}).get(word) or SPOKEN[FALLBACK_LANGUAGE][word]


def language_name(language: str) -> str:
    """What to call a language in a message to an author."""
    return LANGUAGE_NAMES.get(language, f"'{language}'")


def is_language(code: str) -> bool:
    """Whether this is the code of a language that there is."""
    try:
        Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return LANGUAGE_CODE.fullmatch(code) is not None
