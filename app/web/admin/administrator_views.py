"""Administrators: inviting another, ending another's role, and giving a lost one's role again.

The last takes two: one asks, and within a week another agrees, who alone is shown the code. What the first asked
stands in the log of actions, and nowhere else.
"""

from collections.abc import Callable

from flask import Response, redirect, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import administrators, people
from app.records.cohorts.administrators import NotForThem
from app.records.cohorts.invitations import invite, revoke
from app.records.cohorts.people import Slip
from app.records.cohorts.roles import Role
from app.records.crypto import random_id
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.acting import Acting, acting
from app.web.admin.guard import for_administrators, here, id_of
from app.web.admin.people_forms import ADMIN_DAYS, AdministratorForm
from app.web.admin.slips import slips_page
from app.web.kit import kit
from app.web.visitor import say

Step = Callable[[Acting, bytes, bytes], None]


@blueprint.get("/<language:lang>/admin/administrators/")
@for_administrators
def administrators_of() -> AnyResponse:
    """Who administers, and which invitations to it are open."""
    return _list(AdministratorForm(formdata=None))


def _list(form: AdministratorForm, status: int = 200) -> Response:
    with kit().database.asking() as asking:
        found = administrators.administrators(asking, kit().now())
        batches = people.batches(asking, None, kit().today())
    return frames.uncached(
        "admin/administrators.html",
        status=status,
        form=form,
        administrators=found,
        batches=batches,
        me=here().subject,
        token=str(generate_csrf()),
        active="admin",
    )


@blueprint.post("/<language:lang>/admin/administrators/")
@for_administrators
def invite_administrator() -> AnyResponse:
    """A code by which one person becomes an administrator."""
    form = AdministratorForm()
    if not form.validate():
        return _list(form, 422)
    today, batch = kit().today(), random_id()
    expires_on = form.expires_on(today)
    with acting() as act:
        code = invite(
            act.connection, role=Role.ADMIN, cohort_id=None, today=today, expires_on=expires_on, batch=batch
        )
        act.note("admin-invited", batch)
    return slips_page([Slip(code)], expires_on)


@blueprint.post("/<language:lang>/admin/administrators/invitations/<batch>/revoke/")
@for_administrators
def revoke_administrator(batch: str) -> AnyResponse:
    """Take such a code back."""
    batch_id = id_of(batch)
    with acting() as act:
        if revoke(act.connection, batch_id, None, Role.ADMIN):
            act.note("invitations-revoked", batch_id)
    say("invitations-revoked")
    return redirect(url_for("admin.administrators_of"), 303)


@blueprint.post("/<language:lang>/admin/administrators/<subject>/end/")
@for_administrators
def end_administrator(subject: str) -> AnyResponse:
    """End another's role."""

    def end(act: Acting, me: bytes, other: bytes) -> None:
        administrators.end_role(act.connection, me, other)
        act.note("admin-ended", other)

    return _step(subject, end, "admin-ended")


@blueprint.post("/<language:lang>/admin/administrators/<subject>/again/ask/")
@for_administrators
def ask_again(subject: str) -> AnyResponse:
    """The first step for somebody who lost passphrase and recovery code: ask that another agree."""

    def ask(act: Acting, me: bytes, other: bytes) -> None:
        administrators.may_ask(act.connection, me, other)
        act.note(administrators.ASKED, other)

    return _step(subject, ask, "admin-again-asked")


@blueprint.post("/<language:lang>/admin/administrators/<subject>/again/withdraw/")
@for_administrators
def withdraw_again(subject: str) -> AnyResponse:
    """Any of them, and above all whose role it is, may stop it, even after the code was made."""

    def withdraw(act: Acting, _me: bytes, other: bytes) -> None:
        administrators.withdraw(act.connection, other)
        act.note(administrators.WITHDRAWN, other)

    return _step(subject, withdraw, "admin-again-withdrawn")


@blueprint.post("/<language:lang>/admin/administrators/<subject>/again/agree/")
@for_administrators
def agree_again(subject: str) -> AnyResponse:
    """The second step, by another: the code, shown once."""
    today = kit().today()
    form = AdministratorForm(formdata=None, data={"days": ADMIN_DAYS})
    expires_on = form.expires_on(today)
    codes: list[str] = []

    def agree(act: Acting, me: bytes, other: bytes) -> None:
        codes.append(administrators.agree(act.connection, me, other, kit().now(), today, expires_on))
        act.note(administrators.GIVEN, other)

    refused = _step(subject, agree, "")
    return slips_page([Slip(codes[0])], expires_on) if codes else refused


def _step(subject: str, step: Step, done: str) -> AnyResponse:
    """Do something to another administrator as whoever is asking, and show the list again."""
    other, me = id_of(subject), here().subject or b""
    try:
        with acting() as act:
            step(act, me, other)
    except NotForThem:
        say("admin-not-possible")
    else:
        if done:
            say(done)
    return redirect(url_for("admin.administrators_of"), 303)
