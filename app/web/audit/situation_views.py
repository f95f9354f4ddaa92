"""Somebody's situation: eight questions that may be skipped, and what follows from them for the order of things."""

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.web import frames
from app.web.audit import blueprint
from app.web.audit.situation_forms import (
    AskingForm,
    chosen_of,
    levels_of,
    situation_form,
    weights_form,
)
from app.web.channel import private
from app.web.kept import SITUATION
from app.web.kit import kit
from app.web.plans import Audit, audit_of, intake, set_levels, tell_situation
from app.web.visitor import say, visitor

ADDRESS = "/<language:lang>/situation/"


@blueprint.get(ADDRESS)
@private
def situation() -> Response:
    """The questions, with what was answered before."""
    _must_ask()
    audit = audit_of()
    return _asked(situation_form(intake(), audit.situation), audit)


@blueprint.post(ADDRESS)
@private
def save_situation() -> AnyResponse:
    """Keep the answers. Whoever is in danger now gets the first steps, and nothing else before them."""
    _must_ask()
    audit = audit_of()
    form = situation_form(intake(), audit.situation, request.form)
    if not form.validate():
        return _asked(form, audit, status=422)
    told = tell_situation(chosen_of(form), kit().today())
    if told.is_in_danger(intake()):
        say("first-things-first")
        return redirect(url_for("help.situations"), 303)
    say("saved")
    language = request.form.get("switch", "")
    if language in kit().curriculum.languages:
        return redirect(url_for("audit.situation", lang=language), 303)
    return redirect(url_for("audit.weights"), 303)


@blueprint.get(f"{ADDRESS}weights/")
@private
def weights() -> Response:
    """How much each threat weighs, and why."""
    audit = audit_of()
    return _weighed(_weights_form(audit), audit)


@blueprint.post(f"{ADDRESS}weights/")
@private
def save_weights() -> AnyResponse:
    """Keep the weights that somebody set themselves, or put back what follows from their answers."""
    audit = audit_of()
    form = _weights_form(audit, request.form)
    if "follow" in request.form:
        set_levels({})
    elif form.validate():
        set_levels(levels_of(form))
    else:
        return _weighed(form, audit, status=422)
    say("weights-saved")
    return redirect(url_for("audit.weights"), 303)


def _must_ask() -> None:
    if not intake().questions:
        raise NotFound


def _asked(form: AskingForm, audit: Audit, status: int = 200) -> Response:
    visitor()  # first: where a session turns out to have ended, its token goes, and the form needs the next one
    return frames.uncached(
        "audit/situation.html",
        status=status,
        form=form,
        damaged=any(ref.kind == SITUATION for ref in audit.damaged),
        told=audit.has_situation,
        token=str(generate_csrf()),
        active="audit",
    )


def _weights_form(audit: Audit, formdata: object = None) -> AskingForm:
    in_order = sorted(kit().curriculum.threats, key=lambda threat: -audit.weights[threat.id].level)
    return weights_form(in_order, audit.derived_weights, audit.situation.levels, formdata)


def _weighed(form: AskingForm, audit: Audit, status: int = 200) -> Response:
    return frames.uncached(
        "audit/weights.html",
        status=status,
        form=form,
        weights=audit.weights,
        threats=kit().curriculum.threats_by_id,
        told=bool(audit.situation.chosen),
        in_danger=audit.is_in_danger,
        token=str(generate_csrf()),
        active="audit",
    )
