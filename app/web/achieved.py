"""What somebody has done of modules, in words, and as boxes to tick where they choose what to share of it."""

from collections.abc import Iterable

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from app.curriculum.model import Module
from app.records.cohorts.groups import WHOLE
from app.records.cohorts.publishing import Achieved
from app.web.i18n import in_reader_language

PARTS = {
    "lessons": _l("lessons read"),
    "checklist": _l("checklist answered"),
    "quiz": _l("quiz passed"),
    "scenario": _l("scenario lived through"),
}


def achieved_choices(modules: Iterable[Module], achieved: Achieved) -> list[SelectChoice]:
    """A box for each module of which something is done, with what that is."""
    return [SelectChoice(module.id, words) for module in modules if (words := in_words(module, achieved))]


def in_words(module: Module, achieved: Achieved) -> str:
    """What of a module was done, in words, or ""."""
    parts = [str(words) for part, words in PARTS.items() if (module.id, part) in achieved]
    whole = achieved.get((module.id, WHOLE))
    if whole:
        parts = [gettext("completed %(date)s", date=format_date(whole, "long"))]
    return f"{in_reader_language(module.title)}: {', '.join(parts)}" if parts else ""
