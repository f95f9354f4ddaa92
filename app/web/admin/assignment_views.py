"""What a cohort is to take: assigned, due, and taken back."""

from textwrap import wrap

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records.action_tables import DETAILS_LENGTH
from app.records.cohorts import groups
from app.records.cohorts.groups import CohortFacts
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.acting import acting
from app.web.admin.assignment_forms import AssignForm
from app.web.admin.guard import cohort_of, for_staff
from app.web.kit import kit
from app.web.visitor import say

ADDRESS = "/<language:lang>/admin/cohorts/<cohort>/assignments/"


@blueprint.get(ADDRESS)
@for_staff
def assignments(cohort: str) -> AnyResponse:
    """What is assigned, and the form to assign more."""
    return _assignments(cohort_of(cohort), AssignForm(formdata=None))


@blueprint.post(ADDRESS)
@for_staff
def assign(cohort: str) -> AnyResponse:
    """Assign modules, parts of them, or a path; what is assigned already gets the new day."""
    found, form = cohort_of(cohort), AssignForm()
    if found.archived_on is not None:
        return _assignments(found, form, 409)
    if not form.validate():
        return _assignments(found, form, 422)
    chosen = list(form.assigned())
    with acting() as act:
        for module, part in chosen:
            groups.assign(act.connection, found.id, module, part, kit().today(), form.by)
        for some in _named(chosen):
            act.note("assigned", found.id, some)
    say("assigned")
    return redirect(url_for("admin.assignments", cohort=cohort), 303)


@blueprint.post(f"{ADDRESS}back/")
@for_staff
def take_back(cohort: str) -> AnyResponse:
    """Take an assignment back. What was shared because of it stays shared."""
    found = cohort_of(cohort)
    module, _, part = request.form.get("assignment", "").partition("/")
    with acting() as act:
        if (module, part) not in {
            (each.module, each.part) for each in groups.assigned(act.connection, found.id)
        }:
            raise NotFound
        groups.unassign(act.connection, found.id, module, part)
        for some in _named([(module, part)]):
            act.note("unassigned", found.id, some)
    say("unassigned")
    return redirect(url_for("admin.assignments", cohort=cohort), 303)


def _named(chosen: list[tuple[str, str]]) -> list[str]:
    """Modules and parts as the log names them, in as many entries as it takes."""
    names = " ".join(module if part == groups.WHOLE else f"{module}/{part}" for module, part in chosen)
    return wrap(names, DETAILS_LENGTH, break_on_hyphens=False)


def _assignments(found: CohortFacts, form: AssignForm, status: int = 200) -> Response:
    with kit().database.asking() as asking:
        rows = groups.assigned(asking, found.id)
    return frames.uncached(
        "admin/assignments.html",
        status=status,
        cohort=found,
        form=form,
        rows=rows,
        modules=kit().curriculum.modules_by_id,
        today=kit().today(),
        token=str(generate_csrf()),
        active="admin",
    )
