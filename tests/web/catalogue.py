"""What the kit says in a language, looked up by its English text."""

from functools import cache

from babel.support import Translations

from config import CHECKOUT


@cache
def _catalogue(language: str) -> Translations:
    return Translations.load(CHECKOUT / "translations", [language])


def said(text: str, language: str = "es", **values: object) -> str:
    """A text of the interface in a language."""
    words: str = _catalogue(language).gettext(text)
    return words % values if values else words


def every_pair(language: str = "es") -> dict[str, str]:
    """Every text of the interface in English, and what the catalogue has for it; plural forms by their first."""
    held = _catalogue(language)._catalog
    return {
        key if isinstance(key, str) else key[0]: words
        for key, words in held.items()
        if key and (isinstance(key, str) or key[1] == 0)
    }
