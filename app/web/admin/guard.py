"""Who may open which page of the administration. Whoever may not learns nothing, not even that it exists."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import g, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts.groups import CohortFacts, NoSuchCohort, find
from app.records.cohorts.roles import Standing, standing
from app.records.crypto import ID_BYTES
from app.records.secondfactor import second_factor_of
from app.web.channel import private
from app.web.kit import kit
from app.web.visitor import Kind, say, visitor

P = ParamSpec("P")


def here() -> Standing:
    """What the visitor is in this installation, found out once a request."""
    if "standing" not in g:
        who = visitor()
        g.standing = Standing()
        if who.kind is Kind.KEPT and who.session is not None:
            with kit().database.asking() as asking:
                g.standing = standing(asking, who.session.vault.learner_id)
    return g.standing  # type: ignore[no-any-return]


def for_staff(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """A view for administrators, and for trainers as far as it concerns a cohort of theirs."""
    return _guarded(view, lambda: here().is_staff)


def for_administrators(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """A view for administrators alone."""
    return _guarded(view, lambda: here().is_admin)


def _guarded(view: Callable[P, AnyResponse], may: Callable[[], bool]) -> Callable[P, AnyResponse]:
    @private
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        if visitor().kind is not Kind.KEPT:
            back = request.path if request.method == "GET" else None
            return redirect(url_for("account.sign_in", next=back), 303)
        if not may():
            raise NotFound
        if _lacks_second_factor():
            say("second-factor-first")
            return redirect(url_for("account.second_factor"), 303)
        return view(*args, **kwargs)

    return guarded


def _lacks_second_factor() -> bool:
    """Whether an administrator of a server has to set one up first. On this machine alone nobody needs one."""
    book = visitor().notebook
    asked = kit().config.transport == "https" and here().is_admin
    return asked and book is not None and second_factor_of(book) is None


def actor_in(connection: Connection) -> bytes:
    """By which id the log names whoever is asking, by what they are now, in the transaction that acts. Raises NotFound.

    In a cohort's pages it is a trainer's place in that cohort.
    """
    session = visitor().session
    now = standing(connection, session.vault.learner_id) if session else Standing()
    actor = now.acts_as(g.get("cohort_id"))
    if actor is None or here().is_admin != now.is_admin:
        raise NotFound
    return actor


def cohort_of(cohort: str) -> CohortFacts:
    """The cohort that an address names, if the visitor may see it. Raises NotFound."""
    cohort_id = g.cohort_id = id_of(cohort)
    if not here().may_see(cohort_id):
        raise NotFound
    try:
        with kit().database.asking() as asking:
            return find(asking, cohort_id)
    except NoSuchCohort:
        raise NotFound from None


def id_of(text: str) -> bytes:
    """A random id as addresses write it. Raises NotFound."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != ID_BYTES or found.hex() != text:
        raise NotFound
    return found
