"""The people of a cohort: who has a place, giving one again, ending one; open invitations."""

from typing import Any

from flask import Response, redirect, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import people
from app.records.cohorts.groups import CohortFacts
from app.records.cohorts.invitations import revoke
from app.records.cohorts.people import Member, NoSuchMember
from app.records.cohorts.roles import Role
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.acting import acting
from app.web.admin.guard import cohort_of, for_staff, here, id_of
from app.web.admin.people_forms import DaysForm, FindForm
from app.web.admin.slips import slips_page
from app.web.kit import kit
from app.web.visitor import say

#: Places on one page.
AT_ONCE = 100


@blueprint.get("/<language:lang>/admin/cohorts/<cohort>/people/")
@for_staff
def people_of(cohort: str) -> AnyResponse:
    """Who has a place in a cohort, and which invitations to it are open."""
    return _people(cohort_of(cohort), FindForm(formdata=None))


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/people/")
@for_staff
def find_people(cohort: str) -> AnyResponse:
    """The same, of those who are called so; or another page of them. Whom one looks for stands in no address."""
    form = FindForm()
    return _people(cohort_of(cohort), form if form.validate() else FindForm(formdata=None))


def _people(found: CohortFacts, form: FindForm) -> Response:
    page = form.page.data or 1
    with kit().database.asking() as asking:
        shown, total = people.members(asking, found.id, form.words.data or "", (page - 1) * AT_ONCE, AT_ONCE)
        batches = people.batches(asking, found.id, kit().today())
    return _page(
        "admin/people.html",
        found,
        form=form,
        members=shown,
        total=total,
        page=page,
        pages=max(1, -(-total // AT_ONCE)),
        batches=batches,
        may_revoke=_roles(),
    )


def _page(template: str, found: CohortFacts, status: int = 200, **context: Any) -> Response:
    return frames.uncached(
        template, status=status, cohort=found, token=str(generate_csrf()), active="admin", **context
    )


def _roles() -> tuple[Role, ...]:
    """Whose places and invitations the visitor may change: of trainers only administrators."""
    return (Role.LEARNER, Role.TRAINER) if here().is_admin else (Role.LEARNER,)


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/people/invitations/<batch>/revoke/")
@for_staff
def revoke_invitations(cohort: str, batch: str) -> AnyResponse:
    """Take back the invitations that were made together."""
    found, batch_id = cohort_of(cohort), id_of(batch)
    with acting() as act:
        count = revoke(act.connection, batch_id, found.id, *_roles())
        if count:
            act.note("invitations-revoked", batch_id, f"count={count}")
    say("invitations-revoked")
    return redirect(url_for("admin.people_of", cohort=cohort), 303)


@blueprint.get("/<language:lang>/admin/cohorts/<cohort>/people/<member>/")
@for_staff
def person(cohort: str, member: str) -> AnyResponse:
    """One place: giving it again, and ending it."""
    found = cohort_of(cohort)
    return _page("admin/person.html", found, member=_member(found, member), form=DaysForm(formdata=None))


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/people/<member>/again/")
@for_staff
def give_place_again(cohort: str, member: str) -> AnyResponse:
    """A code by which somebody takes this place over with a new vault; what was shared from it stays."""
    found, form = cohort_of(cohort), DaysForm()
    place = _member(found, member)
    if not form.validate():
        return _page("admin/person.html", found, 422, member=place, form=form)
    if found.archived_on:
        say("cohort-is-archived")
        return redirect(url_for("admin.people_of", cohort=cohort), 303)
    expires_on = form.expires_on(kit().today())
    with acting() as act:
        slip = people.give_again(act.connection, found.id, place.id, kit().today(), expires_on)
        act.note("place-invited" if place.expected else "place-again", place.id)
    return slips_page([slip], expires_on, found)


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/people/<member>/end/")
@for_staff
def end_place(cohort: str, member: str) -> AnyResponse:
    """End a place: from now on nothing is shared from it."""
    found = cohort_of(cohort)
    place = _member(found, member)
    with acting() as act:
        was_held = people.end(act.connection, found.id, place.id, kit().today())
        act.note("member-ended" if was_held else "place-removed", place.id)
    say("member-ended" if was_held else "place-removed")
    return redirect(url_for("admin.people_of", cohort=cohort), 303)


def _member(found: CohortFacts, member: str) -> Member:
    """The place that an address names, if the visitor may change it. Raises NotFound."""
    try:
        with kit().database.asking() as asking:
            place = people.member(asking, found.id, id_of(member))
    except NoSuchMember:
        raise NotFound from None
    if place.role not in _roles():
        raise NotFound
    return place
