"""Ways through the curriculum, by role."""

from functools import cache

from flask import Response
from werkzeug.exceptions import NotFound

from app.curriculum.model import LearningPath, Module, PathStep
from app.learning.paths import step_progress
from app.web import frames
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.study import study_of


@blueprint.get("/<language:lang>/paths/")
def paths() -> Response:
    """Every role, with what its path is and how long it takes."""
    everything = [(path, _minutes(path)) for path in kit().curriculum.paths]
    return frames.taught("learn/paths.html", paths=everything, active="learn")


@blueprint.get("/<language:lang>/paths/<path_id>/")
def path(path_id: str) -> Response:
    """One role's path: what to take, in which order, why, and how far this visitor is."""
    found = kit().curriculum.paths_by_id.get(path_id)
    if found is None:
        raise NotFound
    steps = [(step, _module(step)) for step in found.steps]
    study = cache(lambda: study_of(module for _, module in steps))

    def meter_of(step: PathStep, module: Module) -> frames.Slot:
        return lambda: _meter(*step_progress(step, module, study().done(module)))

    slots = {f"step-{step.module}": meter_of(step, module) for step, module in steps}
    return frames.taught("learn/path.html", slots, lambda: _details(found), path=found, active="learn")


def _details(found: LearningPath) -> dict[str, object]:
    sources = kit().curriculum.sources_by_id
    return {
        "steps": [(step, _module(step), step.minutes(_module(step))) for step in found.steps],
        "minutes": _minutes(found),
        "sources": [sources[source] for source in found.sources],
        "expired": found.is_expired(kit().today()),
    }


def _module(step: PathStep) -> Module:
    return kit().curriculum.modules_by_id[step.module]


def _minutes(path: LearningPath) -> int:
    return sum(step.minutes(_module(step)) for step in path.steps)


def _meter(done: int, total: int) -> bytes:
    return frames.fragment("learn/_step_meter.html", (done, total), lambda: {"done": done, "total": total})
