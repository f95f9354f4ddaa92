"""Inviting people to a cohort: codes, or a list of what they are called. Codes are shown once, where they are made."""

from typing import Any

from flask import Response, redirect, url_for
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import people
from app.records.cohorts.groups import CohortFacts, LabelTaken
from app.records.cohorts.invitations import invite
from app.records.cohorts.people import Slip
from app.records.crypto import random_id
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.acting import acting
from app.web.admin.guard import cohort_of, for_staff, here
from app.web.admin.labels import MOST_LINES, Line, ListTooLong, ListUnreadable, check, read
from app.web.admin.people_forms import CodesForm, ImportForm, ListForm
from app.web.admin.slips import slips_page
from app.web.kit import kit
from app.web.visitor import say


@blueprint.get("/<language:lang>/admin/cohorts/<cohort>/people/invite/")
@for_staff
def invite_people(cohort: str) -> AnyResponse:
    """The forms to make codes and to bring a list."""
    return _invite(cohort_of(cohort))


def _invite(
    found: CohortFacts, codes: CodesForm | None = None, names: ListForm | None = None, status: int = 200
) -> AnyResponse:
    if found.archived_on:
        say("cohort-is-archived")
        return redirect(url_for("admin.people_of", cohort=found.id.hex()), 303)
    codes = codes or CodesForm(formdata=None)
    if not here().is_admin:
        del codes.role
    names = names or ListForm(formdata=None, prefix="list-")
    return _page("admin/invite.html", found, status, codes=codes, names=names)


def _page(template: str, found: CohortFacts, status: int, **context: Any) -> Response:
    return frames.uncached(
        template, status=status, cohort=found, token=str(generate_csrf()), active="admin", **context
    )


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/people/codes/")
@for_staff
def make_codes(cohort: str) -> AnyResponse:
    """Make codes, and show them."""
    found, form = cohort_of(cohort), CodesForm()
    if not here().is_admin:
        del form.role
    if found.archived_on or not form.validate():
        return _invite(found, codes=form, status=422)
    today, asked = kit().today(), form.people.data or 1
    expires_on, batch = form.expires_on(today), random_id()
    codes, uses = (asked, 1) if form.is_for_each else (1, asked)
    with acting() as act:
        slips = [
            Slip(
                invite(
                    act.connection,
                    role=form.chosen_role,
                    cohort_id=found.id,
                    today=today,
                    expires_on=expires_on,
                    uses=uses,
                    batch=batch,
                )
            )
            for _ in range(codes)
        ]
        details = f"role={form.chosen_role.value} codes={codes} uses={uses}"
        act.note("invitations-made", batch, details)
    return slips_page(slips, expires_on, found, uses)


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/people/list/")
@for_staff
def check_list(cohort: str) -> AnyResponse:
    """Read a list, and show what it would do, or what is wrong with it by line. Nothing is done yet."""
    found, form = cohort_of(cohort), ListForm(prefix="list-")
    if found.archived_on or not form.validate():
        return _invite(found, names=form, status=422)
    try:
        lines = read(form.file.data.read(), _taken(found))
    except ListTooLong:
        form.file.errors = [
            gettext("The list has more than %(max)d lines. Bring it in several parts.", max=MOST_LINES)
        ]
    except ListUnreadable:
        form.file.errors = [
            gettext("This file is no list as text. Save the list as CSV and bring that file.")
        ]
    else:
        if lines:
            return _preview(found, lines, form.days.data)
        form.file.errors = [gettext("The list is empty.")]
    return _invite(found, names=form, status=422)


def _taken(found: CohortFacts) -> set[str]:
    with kit().database.asking() as asking:
        return people.taken(asking, found.id)


def _checked(found: CohortFacts, labels: list[str]) -> list[Line]:
    return check(((number, [label]) for number, label in enumerate(labels, 1)), _taken(found))


def _preview(found: CohortFacts, lines: list[Line], days: int | None) -> Response:
    wrong = [line for line in lines if line.problem]
    form = ImportForm(formdata=None, data={"labels": "\n".join(line.label for line in lines), "days": days})
    status = 422 if wrong else 200
    return _page("admin/list.html", found, status, lines=lines, wrong=wrong, form=form)


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/people/list/import/")
@for_staff
def import_list(cohort: str) -> AnyResponse:
    """Take a list over, as it was shown: a place and a code for each, or for none."""
    found, form = cohort_of(cohort), ImportForm()
    labels = (form.labels.data or "").splitlines()
    if found.archived_on or not form.validate() or len(labels) > MOST_LINES:
        return _invite(found, status=422)
    lines = _checked(found, labels)
    if any(line.problem for line in lines):
        return _preview(found, lines, form.days.data)
    today = kit().today()
    expires_on = form.expires_on(today)
    try:
        with acting() as act:
            batch, slips = people.place_list(act.connection, found.id, labels, today, expires_on)
            act.note("list-brought", batch, f"count={len(slips)}")
    except LabelTaken:  # by somebody who came in this moment
        return _preview(found, _checked(found, labels), form.days.data)
    return slips_page(slips, expires_on, found)
