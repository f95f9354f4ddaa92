"""Cohorts: the list, making one, its settings, archiving it."""

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import groups
from app.records.cohorts.overview import COUNTED_TO, overview
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.acting import acting
from app.web.admin.forms import CohortForm
from app.web.admin.guard import cohort_of, for_administrators, for_staff, here
from app.web.kit import kit
from app.web.visitor import say

#: More pages than there are.
_LAST_PAGE = 100_000


@blueprint.get("/<language:lang>/admin/")
@for_staff
def cohorts() -> AnyResponse:
    """Every cohort that the visitor may see, with how many are in it."""
    return _list(CohortForm(formdata=None))


@blueprint.post("/<language:lang>/admin/")
@for_administrators
def make_cohort() -> AnyResponse:
    """Make a cohort, and open its page."""
    form = CohortForm()
    if not form.validate():
        return _list(form, 422)
    name, keep_days = form.chosen
    with acting() as act:
        cohort_id = groups.create(act.connection, name, kit().today(), keep_days)
        act.note("cohort-made", cohort_id)
    say("cohort-made")
    return redirect(url_for("admin.settings", cohort=cohort_id.hex()), 303)


def _list(form: CohortForm, status: int = 200) -> Response:
    number = max(1, min(request.args.get("page", 1, type=int), _LAST_PAGE))
    with kit().database.reading() as session:
        page = overview(session.connection(), None if here().is_admin else [*here().trains], number)
    if number > page.pages:
        raise NotFound
    return frames.uncached(
        "admin/cohorts.html",
        status=status,
        form=form,
        page=page,
        counted_to=COUNTED_TO,
        may_make=here().is_admin,
        token=str(generate_csrf()),
        active="admin",
    )


@blueprint.get("/<language:lang>/admin/cohorts/<cohort>/settings/")
@for_administrators
def settings(cohort: str) -> AnyResponse:
    """A cohort's name, how long it is kept, and archiving it."""
    found = cohort_of(cohort)
    return _settings(
        found, CohortForm(formdata=None, data={"name": found.name, "keep_days": found.keep_days})
    )


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/settings/")
@for_administrators
def change_settings(cohort: str) -> AnyResponse:
    """Rename a cohort, or keep it longer or shorter."""
    found, form = cohort_of(cohort), CohortForm()
    if not form.validate():
        return _settings(found, form, 422)
    with acting() as act:
        groups.rename(act.connection, found.id, *form.chosen)
        act.note("cohort-changed", found.id)
    say("saved")
    return redirect(url_for("admin.settings", cohort=cohort), 303)


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/archive/")
@for_administrators
def archive(cohort: str) -> AnyResponse:
    """Archive a cohort, or open it again: while it is archived nothing is shared with it, and its time runs."""
    found = cohort_of(cohort)
    with acting() as act:
        groups.archive(act.connection, found.id, None if found.archived_on else kit().today())
        act.note("cohort-opened" if found.archived_on else "cohort-archived", found.id)
    say("cohort-opened" if found.archived_on else "cohort-archived")
    return redirect(url_for("admin.settings", cohort=cohort), 303)


def _settings(found: groups.CohortFacts, form: CohortForm, status: int = 200) -> Response:
    return frames.uncached(
        "admin/settings.html",
        status=status,
        cohort=found,
        form=form,
        token=str(generate_csrf()),
        active="admin",
    )
