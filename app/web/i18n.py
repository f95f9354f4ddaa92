"""Languages: which there are, which one this page is in, and the same page in the others."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale
from flask import Flask, current_app, g, request, url_for
from flask_babel import Babel, format_date
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from app.curriculum.model import FALLBACK_LANGUAGE
from app.web.kit import kit, kit_of
from config import CHECKOUT, ConfigError

CATALOGUES = CHECKOUT / "translations"
#: The languages that the interface itself speaks.
SPOKEN = "INTERFACE_LANGUAGES"


@dataclass(frozen=True)
class Language:
    """A language as the switch shows it."""

    code: str
    name: str
    url: str
    current: bool


class FormMeta:
    """What every form of the kit has: WTForms' own words in the reader's language, from a catalogue that is read once.

    The token is the whole page's and checked before any view, not each form's.
    """

    csrf = False

    @property
    def locales(self) -> list[str]:
        """The reader's language, else the one that WTForms' words are written in."""
        return [current_language(), FALLBACK_LANGUAGE]


def init_app(app: Flask, languages: tuple[str, ...]) -> None:
    """Configure Babel, the addresses' language part, and what templates know of languages.

    Raises ConfigError for a default language that the kit doesn't have.
    """
    if kit_of(app).config.default_language not in languages:
        raise ConfigError({"RESGUARDO_DEFAULT_LANGUAGE": "must be one of: " + ", ".join(languages)})
    app.url_map.converters["language"] = type(
        "LanguageConverter", (BaseConverter,), {"regex": "|".join(languages)}
    )
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.config[SPOKEN] = frozenset({FALLBACK_LANGUAGE, *filter(_has_catalogue, languages)})
    # Flask-WTF would read WTForms' catalogue from its file again for every request with a form: see FormMeta.
    app.config["WTF_I18N_ENABLED"] = False
    Babel(app, locale_selector=lambda: _locale(current_language()))
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.jinja_env.filters["dateformat"] = _dateformat
    app.jinja_env.filters["to"] = in_reader_language
    app.jinja_env.filters["marked"] = marked
    app.jinja_env.filters["foreign"] = foreign_language
    app.jinja_env.globals["fell_back"] = fell_back
    app.jinja_env.globals["interface_language"] = interface_language


def _has_catalogue(language: str) -> bool:
    return (CATALOGUES / str(_locale(language)) / "LC_MESSAGES" / "messages.mo").exists()


@cache
def _locale(language: str) -> Locale:
    """What Babel knows of a language: found once, as every sentence that is translated asks for it."""
    return Locale.parse(language, sep="-")


def interface_language() -> str:
    """The language of the kit's own words on this page: English where there is no catalogue of this language yet."""
    here = current_language()
    return here if here in current_app.config[SPOKEN] else FALLBACK_LANGUAGE


def current_language() -> str:
    """The language of this page: the address's, or what the reader seems to want where it has none.

    An address that leads nowhere still speaks the language that it begins with.
    """
    language: str | None = g.get("lang")
    if language is None:
        beginning = request.path.split("/")[1]
        known = beginning in kit().curriculum.languages
        language = g.lang = beginning if known else preferred_language()
    return language


def preferred_language() -> str:
    """The first of the languages that this browser asks for that the kit has, or the default one."""
    available = kit().curriculum.languages
    wanted = (tag.lower() for tag, quality in request.accept_languages if quality > 0)
    known = (tag if tag in available else tag.partition("-")[0] for tag in wanted)
    return next((code for code in known if code in available), kit().config.default_language)


def languages_of_page() -> list[Language]:
    """Every language, with this page's address in it; where a page can't be switched, the home page's."""
    here = current_language()
    return [
        Language(code, own_name(code), _address_in(code), code == here) for code in kit().curriculum.languages
    ]


def own_name(code: str) -> str:
    """What a language calls itself, as it stands at the beginning of a line."""
    name = _locale(code).display_name or code
    return name[0].upper() + name[1:]


def _address_in(code: str) -> str:
    """This page's address with another language in it; where there is no such page to get, the home page's."""
    _, _, rest = request.path.removeprefix("/").partition("/")
    address = f"/{code}/{rest}"
    if request.path.startswith(f"/{current_language()}/") and _can_be_got(address):
        return address
    return url_for("learn.home", lang=code)


def _can_be_got(address: str) -> bool:
    try:
        current_app.url_map.bind("").match(address, method="GET")
    except HTTPException:
        return False
    return True


def _take_language(_endpoint: str | None, values: dict[str, str] | None) -> None:
    if values and "lang" in values:
        g.lang = values.pop("lang")


def _give_language(endpoint: str, values: dict[str, str]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = current_language()


def _dateformat(day: date, style: str = "long") -> str:
    return str(format_date(day, style))


def in_reader_language(text: object) -> str:
    """A text of the curriculum in this page's language."""
    return str(text.in_language(current_language())) if hasattr(text, "in_language") else str(text)


def foreign_language(text: object) -> dict[str, str]:
    """The `lang` of an element that shows a text, where it isn't that of the kit's own words around it.

    A text that falls back is noted, so that the page can say so once.
    """
    if not hasattr(text, "has"):
        return {}
    here = current_language()
    language = here if text.has(here) else FALLBACK_LANGUAGE
    if language != here:
        g.fell_back = True
    return {} if language == interface_language() else {"lang": language}


def marked(text: object) -> Markup:
    """A text of the curriculum for the content of an element; in another language, a screen reader is told."""
    words, foreign = in_reader_language(text), foreign_language(text)
    return Markup('<span lang="{}">{}</span>').format(foreign["lang"], words) if foreign else escape(words)


def fell_back() -> bool:
    """Whether something on this page fell back to English so far."""
    return bool(g.get("fell_back", interface_language() != current_language()))


def forget_fallback() -> None:
    """Begin a page anew."""
    g.pop("fell_back", None)
