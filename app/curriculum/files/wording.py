"""What pydantic says about a value, in words for somebody who writes content."""

import types
from collections.abc import Callable, Mapping
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from app.curriculum.files.documents import Document, Loc
from app.curriculum.model import REQUIRED_LANGUAGES, Text
from app.curriculum.prose.targets import did_you_mean
from app.curriculum.spoken import language_name

THE_FILE = "this file"

#: What one element of a list is called.
NOUNS = {
    "items": "item", "questions": "question", "options": "option", "lessons": "lesson", "figures": "figure",
    "nodes": "node", "choices": "choice", "countries": "country", "contacts": "contact", "steps": "step",
    "branches": "branch", "outcomes": "outcome", "international": "international contact", "how": "step",
    "donts": "don't", "forms": "form", "ticks": "box", "parts": "part", "lines": "line", "columns": "column",
    "never": "never line", "keep": "keep line", "card": "card line", "afterwards": "afterwards line",
    "not_listed": "line", "left_out": "rule", "unless": "option",
    "posts": "post", "pieces": "piece", "engines": "engine", "before": "line",
}  # fmt: skip


def name_of(document: Document, loc: Loc) -> str:
    """Words for the nearest named thing around `loc`: `item 'dx-search'`, `step 2 of item 'dx-search'`."""
    names: list[str] = []
    for depth, step in enumerate(loc):
        if not isinstance(step, int):
            continue
        parent = str(loc[depth - 1]) if depth else _root_noun(document.path)
        noun = NOUNS.get(parent, parent)
        data = document.value(loc[: depth + 1])
        known = (data.get("id") or data.get("slug")) if isinstance(data, dict) else None
        names.append(f"{noun} '{known}'" if known else f"{noun} {step + 1}")
    return " of ".join(reversed(names)) or THE_FILE


def _root_noun(path: str) -> str:
    return {
        "modules/threats.yaml": "threat",
        "modules/glossary.yaml": "entry",
        "modules/paths.yaml": "path",
        "modules/drills.yaml": "drill",
    }.get(path, "source")


def explain(document: Document, shape: Any, error: Mapping[str, Any]) -> tuple[bool, str]:
    """One pydantic error in plain words, and whether it is about the key rather than the value."""
    kind, loc = str(error["type"]), tuple(error["loc"])
    if loc and loc[-1] == "[key]":
        return True, f"{name_of(document, loc)}: the key {_about(error)}"
    if kind == "extra_forbidden":
        hint = _hint_at(fields_at(shape, loc[:-1]), str(loc[-1]))
        return True, f"{name_of(document, loc[:-1])} can't have '{loc[-1]}'{hint}"
    if kind == "missing_language":
        return False, _missing_language(document, loc, str(error["ctx"]["languages"]))
    if kind == "string_type" and error.get("input") is None and _model_at(shape, loc[:-1]) is Text:
        if loc[-1] in REQUIRED_LANGUAGES:
            return False, _missing_language(document, loc[:-1], str(loc[-1]))
        return True, f"{name_of(document, loc[:-1])}: '{loc[-2]}' {_no_language(str(loc[-1]))}"
    return False, _value_fault(document, shape, error, loc)


def _value_fault(document: Document, shape: Any, error: Mapping[str, Any], loc: Loc) -> str:
    owner = name_of(document, loc[:-1])
    if error["type"] == "missing":
        return f"{owner} lacks '{loc[-1]}'; add it"
    if error["type"] == "dict_type" and _model_at(shape, loc) is not Text:
        return f"{owner}: '{loc[-1]}' must be a group of `key: value` lines"
    if not loc or isinstance(loc[-1], int):
        return f"{name_of(document, loc)} {_about(error)}"
    return f"{owner}: '{loc[-1]}' {_about(error)}"


def _missing_language(document: Document, loc: Loc, missing: str) -> str:
    languages = missing.split()
    names = " and no ".join(language_name(language) for language in languages)
    key = str(loc[-1]) if loc and isinstance(loc[-1], str) else "text"
    return (
        f"{name_of(document, loc)} has no {names} text "
        f'("{key}: {{en, es}}" needs {" and ".join(languages)})'
    )  # fmt: skip


def _about(error: Mapping[str, Any]) -> str:
    say = _SAYINGS.get(str(error["type"]))
    context = error.get("ctx", {})
    return say(context, error.get("input")) if say else f"isn't right: {error['msg']}"


def _choice(context: Mapping[str, Any], given: Any) -> str:
    expected = str(context.get("expected", ""))
    hint = did_you_mean(str(given), {word.strip(" '") for word in expected.replace(" or ", ",").split(",")})
    return f"is {_shown(given)}, but must be {expected}{hint}"


def _pattern(context: Mapping[str, Any], given: Any) -> str:
    if "[a-z]{2}" in str(context.get("pattern")):
        return f"is {_shown(given)}, but must be a language code of two letters, such as en"
    if "{query}" in str(context.get("pattern")).replace("\\", ""):
        return f"is {_shown(given)}, but an engine's address begins with https:// and ends with {{query}}"
    return f"is {_shown(given)}, but an id is made of lower-case words and digits, such as dx-search-yourself"


def _amount(word: str, allowed: str) -> Callable[[Mapping[str, Any], Any], str]:
    def say(context: Mapping[str, Any], _: Any) -> str:
        limit = context.get("min_length", context.get("max_length"))
        count = context["actual_length"]
        entries = "entry" if count == 1 else "entries"
        return f"has {count} {entries}; {word} {limit} {'is' if limit == 1 else 'are'} {allowed}"

    return say


def _must_be(what: str) -> Callable[[Mapping[str, Any], Any], str]:
    return lambda _, given: f"is {_shown(given)}, but must be {what}"


def _text_needed(_: Mapping[str, Any], given: Any) -> str:
    quote = "; put it in quotes" if isinstance(given, int | float) or hasattr(given, "isoformat") else ""
    return f"is {_shown(given)}, but must be text{quote}"


_PAIR = _must_be("a text in both languages, {en: …, es: …}")
_SAYINGS: dict[str, Callable[[Mapping[str, Any], Any], str]] = {
    "enum": _choice,
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
    "string_type": _text_needed,
    "string_too_long": lambda context, _: f"is too long: at most {context['max_length']} characters",
    "string_too_short": lambda *_: "is empty; write it or leave the key out",
    "int_type": _must_be("a whole number"),
    "int_parsing": _must_be("a whole number"),
    "bool_type": _must_be("true or false"),
    "bool_parsing": _must_be("true or false"),
    "date_type": _must_be("a day of the calendar, such as 2026-11-24"),
    "date_parsing": _must_be("a day of the calendar, such as 2026-11-24"),
    "date_from_datetime_parsing": _must_be("a day of the calendar, such as 2026-11-24"),
    "date_from_datetime_inexact": _must_be("a day of the calendar, such as 2026-11-24"),
    "greater_than_equal": lambda context, given: f"is {given}, but must be {context['ge']} or more",
    "less_than_equal": lambda context, given: f"is {given}, but must be {context['le']} or less",
    "too_short": _amount("at least", "needed"),
    "too_long": _amount("at most", "allowed"),
    "tuple_type": _must_be("a list: each entry on a line that begins with a hyphen"),
    "dict_type": _PAIR,
    "model_type": _must_be("a group of `key: value` lines"),
    "unknown_language": lambda context, _: _no_language(str(context["language"])),
}


def _no_language(key: str) -> str:
    return (
        f"has '{key}' where a language code such as en or es belongs; a text with a comma must be in quotes"
    )


def _shown(given: Any) -> str:
    if given is None:
        return "empty"
    if isinstance(given, dict | list):
        return "a group of keys" if isinstance(given, dict) else "a list"
    text = str(given).lower() if isinstance(given, bool) else str(given)
    return f"'{text[:40]}{'…' if len(text) > 40 else ''}'"  # noqa: PLR2004


def _hint_at(keys: list[str], word: str) -> str:
    """A hint at the nearest key, or at all of them if none is near."""
    return did_you_mean(word, set(keys)) or (f"; it may have: {', '.join(keys)}" if keys else "")


def fields_at(shape: Any, loc: Loc) -> list[str]:
    """The keys that the mapping at `loc` may have, by the model that describes it."""
    model = _model_at(shape, loc)
    if model is Text:
        return list(REQUIRED_LANGUAGES)
    return list(model.model_fields) if model else []


def _model_at(shape: Any, loc: Loc) -> type[BaseModel] | None:
    for step in loc:
        shape = _inside(shape, step)
    return _model_in(shape)


def _inside(shape: Any, step: int | str) -> Any:
    model = _model_in(shape)
    if model and isinstance(step, str) and step in model.model_fields:
        return model.model_fields[step].annotation
    arguments = [argument for argument in get_args(_bare(shape)) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _bare(shape: Any) -> Any:
    """The annotation without `Annotated` and `| None`."""
    while hasattr(shape, "__metadata__"):
        shape = shape.__origin__
    if get_origin(shape) in (Union, types.UnionType):
        shape = next(argument for argument in get_args(shape) if argument is not type(None))
        return _bare(shape)
    return shape


def _model_in(shape: Any) -> type[BaseModel] | None:
    bare = _bare(shape)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None
