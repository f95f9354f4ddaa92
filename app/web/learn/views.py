"""Home, modules, lessons, progress, and what is kept and who can read it."""

from functools import cache

from flask import Response, redirect, render_template, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import Lesson, Module, Part
from app.learning.progress import ModuleProgress
from app.web import frames
from app.web.channel import private
from app.web.finding import find_lesson, find_module
from app.web.i18n import preferred_language
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.learn.returning import where_you_were
from app.web.security import tokenless
from app.web.study import days_read, everything_done, mark_read, study_of
from app.web.turns import in_turn
from app.web.visitor import Kind, say, visitor


@blueprint.get("/")
def choose_language() -> Response:
    """The front door: which language."""
    return frames.taught("learn/choose_language.html", preferred=preferred_language())


@blueprint.get("/<language:lang>/")
def home() -> Response:
    """What this is, and the three doors."""
    return frames.taught(
        "learn/home.html", {"where_you_were": where_you_were}, modules=kit().curriculum.modules
    )


@blueprint.get("/<language:lang>/modules/")
def modules() -> Response:
    """Every module, with how far this visitor is."""
    study = cache(everything_done)

    def meter_of(module: Module) -> frames.Slot:
        return lambda: _meter(study().progress(module))

    taught = kit().curriculum
    slots = {f"progress-{module.id}": meter_of(module) for module in taught.modules}
    return frames.taught("learn/modules.html", slots, curriculum=taught, active="learn")


def _meter(progress: ModuleProgress) -> bytes:
    decided_by = (progress.done, progress.total)
    return frames.fragment("learn/_module_meter.html", decided_by, lambda: {"progress": progress})


@blueprint.get("/<language:lang>/modules/<module_id>/")
def module(module_id: str) -> Response:
    """What a module is for, and its parts with their state."""
    found = find_module(module_id)
    return frames.taught("learn/module.html", _marks(found), module=found, active="learn")


def _marks(found: Module) -> dict[str, frames.Slot]:
    """What a module's page says of this visitor: how far they are, and which parts they have done."""
    study = cache(lambda: study_of([found]))
    progress = cache(lambda: study().progress(found))

    def read(lesson: Lesson) -> frames.Slot:
        return lambda: _read(known=lesson.slug in study().lessons_read(found).read)

    return {
        "meter": lambda: _meter(progress()) if progress().done else b"",
        "completion": lambda: _completion(progress()),
        "answered": lambda: _answered(progress()),
        "passed": lambda: _done("learn/_passed.html", progress(), Part.QUIZ),
        "lived": lambda: _done("learn/_lived.html", progress(), Part.SCENARIO),
        **{f"read-{lesson.slug}": read(lesson) for lesson in found.lessons},
    }


def _read(*, known: bool) -> bytes:
    return frames.fragment("learn/_read.html", (), dict) if known else b""


def _completion(progress: ModuleProgress) -> bytes:
    if progress.completion is None:
        return b""
    day = progress.completion.achieved_on
    return frames.fragment("learn/_completion.html", (day,), lambda: {"day": day})


def _answered(progress: ModuleProgress) -> bytes:
    part = next(part for part in progress.parts if part.part is Part.CHECKLIST)
    if not part.done:
        return b""
    return frames.fragment("learn/_answered.html", (part.done, part.complete), lambda: {"part": part})


def _done(template: str, progress: ModuleProgress, which: Part) -> bytes:
    complete = any(part.complete for part in progress.parts if part.part is which)
    return frames.fragment(template, (), dict) if complete else b""


@blueprint.get("/<language:lang>/modules/<module_id>/lessons/<slug>/")
def lesson(module_id: str, slug: str) -> Response:
    """One lesson."""
    found, this = find_lesson(module_id, slug)
    return frames.taught(
        "learn/lesson.html",
        {"token": lambda: str(generate_csrf()), "reading": lambda: _reading(found, this)},
        lambda: _details(found, this),
        module=found,
        lesson=this,
        active="learn",
    )


def _details(found: Module, this: Lesson) -> dict[str, object]:
    """What a lesson's page says around its text."""
    sources = kit().curriculum.sources_by_id
    return {
        "number": found.lessons.index(this) + 1,
        "sources": [sources[source] for source in _cited(this)],
        "expired": this.is_expired(kit().today()),
        "next": _after(found, this),
    }


def _cited(this: Lesson) -> list[str]:
    """Ids of a lesson's sources, in the order of the numbers in its text."""
    cited = list(this.prose.citations)
    return [*cited, *(source for source in this.sources if source not in cited)]


def _reading(found: Module, this: Lesson) -> bytes:
    day = days_read(found).get(this.slug)
    return frames.fragment("learn/_reading.html", (day,), lambda: {"read_on": day}) if day else b""


@blueprint.post("/<language:lang>/modules/<module_id>/lessons/<slug>/")
@tokenless
@private
@in_turn
def mark_lesson_read(module_id: str, slug: str) -> AnyResponse:
    """Mark a lesson as read and go on to what follows."""
    found, this = find_lesson(module_id, slug)
    if mark_read(found, this.slug, kit().today()):
        say("module-complete")
    following = _after(found, this)
    if following is not None:
        return redirect(url_for("learn.lesson", module_id=found.id, slug=following.slug), 303)
    return redirect(url_for("learn.module", module_id=found.id) + "#parts", 303)


def _after(found: Module, this: Lesson) -> Lesson | None:
    place = found.lessons.index(this) + 1
    return found.lessons[place] if place < len(found.lessons) else None


@blueprint.get("/<language:lang>/modules/<module_id>/guide/")
def guide(module_id: str) -> Response:
    """A module's trainer's guide."""
    found = find_module(module_id)
    if found.guide is None:
        raise NotFound
    sources = [kit().curriculum.sources_by_id[source] for source in found.guide.citations]
    return frames.taught("learn/guide.html", module=found, sources=sources, active="learn")


@blueprint.get("/<language:lang>/progress/")
def progress() -> Response:
    """What is done and what is next, in words and bars."""
    return frames.page("learn/progress.html", {"progress": _progress}, nobody=_progress, active="progress")


def _progress() -> Markup:
    study = everything_done()
    everything = kit().curriculum.modules
    return _html(
        "learn/_progress.html",
        progress=[study.progress(module) for module in everything],
        step=study.next_step(everything),
        damaged=len(study.damaged),
        kept=visitor().kind is Kind.KEPT,
        coming=visitor().kind is not Kind.NOBODY,
    )


@blueprint.get("/<language:lang>/about/")
def about() -> Response:
    """What the kit keeps, where, and who can read it. It doesn't look who is asking."""
    return frames.impersonal("learn/about.html", config=kit().config, active="about")


def _html(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - what a template renders is escaped
