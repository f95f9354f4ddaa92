"""Scenarios: a made-up case, one moment a page, back whenever you like, and the path at the end."""

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import Audience, Module, Scenario
from app.learning.scenario import Turn, Walk, again, back, position, take
from app.web import frames
from app.web.channel import private
from app.web.finding import find_module
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.study import change_walk, scenario_walk
from app.web.turns import in_turn
from app.web.visitor import say

ADDRESS = "/<language:lang>/modules/<module_id>/scenario/"


@blueprint.get(ADDRESS)
@private
def scenario(module_id: str) -> Response:
    """Where the reader stands: the beginning, a moment, or an ending with the path that led there."""
    module, case = _find(module_id)
    walk = scenario_walk(module)
    here = position(case, walk)
    return frames.uncached(
        "learn/scenario.html",
        module=module,
        scenario=case,
        walk=walk,
        node=here.node,
        path=here.path,
        views=_views(case),
        text=here.node.views.get(walk.view, here.node.text) if walk.view else here.node.text,
        paragraphs=_paragraphs,
        token=generate_csrf(),
        active="learn",
    )


@blueprint.post(ADDRESS)
@private
@in_turn
def turn_in_scenario(module_id: str) -> AnyResponse:
    """Take a turn, go back one, or begin again."""
    module, case = _find(module_id)
    if change_walk(module, lambda walk: _moved(case, walk), kit().today()):
        say("module-complete")
    return redirect(url_for("learn.scenario", module_id=module.id) + "#here", 303)


def _moved(case: Scenario, walk: Walk) -> Walk:
    sent = request.form
    if "again" in sent:
        return again(walk, _view(case, sent.get("view", "")))
    if "back" in sent:
        return back(case, walk)
    return take(case, walk, Turn(sent.get("at", ""), sent.get("choice", "")), kit().today())


def _view(case: Scenario, text: str) -> Audience | None:
    return next((view for view in _views(case) if view.value == text), None)


def _paragraphs(text: str) -> list[str]:
    """A blank line in a folded text is a line break once it is read, and begins a new paragraph."""
    return [paragraph for paragraph in text.splitlines() if paragraph.strip()]


def _views(case: Scenario) -> list[Audience]:
    """Through whose eyes the case can be told, in a fixed order."""
    told = {view for node in case.nodes for view in node.views}
    return [view for view in Audience if view in told]


def _find(module_id: str) -> tuple[Module, Scenario]:
    module = find_module(module_id)
    if module.scenario is None:
        raise NotFound
    return module, module.scenario
