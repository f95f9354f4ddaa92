"""Invitations, and people who join with them, each thing they do in one line."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.records.cohorts.invitations import invite
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Membership, Published
from tests.web.pages import Form, Page
from tests.web.readers import PASSPHRASE, PSEUDONYM, Reader, kit_of

KEY = {"pseudonym": PSEUDONYM, "passphrase": PASSPHRASE, "again": PASSPHRASE}


def code_of(app: Flask, cohort: bytes | None, role: Role = Role.LEARNER, uses: int = 1) -> str:
    today = kit_of(app).today()
    with kit_of(app).database.changing() as connection:
        until = today + timedelta(days=7)
        return invite(connection, role=role, cohort_id=cohort, today=today, expires_on=until, uses=uses)


def type_code(reader: Reader, code: str) -> Page:
    return reader.send(reader.get("join/").form("code"), code=code)


def decision(page: Page) -> Form:
    (form,) = [form for form in page.forms if form.action.endswith("/join/enter/")]
    return form


def join(reader: Reader, code: str, **typed: str) -> Page:
    """Type the code, and decide; a newcomer chooses the usual passphrase."""
    form = decision(type_code(reader, code))
    key = KEY if "passphrase" in form.names() else {}
    return reader.send(form, **{**key, **({"label": "Folio 7"} if "label" in form.names() else {}), **typed})


def published(app: Flask) -> set[tuple[str, str]]:
    with kit_of(app).database.asking() as asking:
        rows = asking.execute(select(Published.module, Published.part))
        return {(module, part) for module, part in rows}


def places(app: Flask) -> list[tuple[str, bool, bool]]:
    """Who is where: label, whether somebody has it, whether they share everything."""
    with kit_of(app).database.asking() as asking:
        rows = asking.execute(select(Membership.label, Membership.learner_id, Membership.shares_all))
        return sorted((row[0], row[1] is not None, row[2]) for row in rows)
