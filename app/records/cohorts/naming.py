"""What random ids stand for, looked up when they are shown: who or what is gone has no name any more."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from app.records.cohorts.tables import Cohort, Membership, Staff


def names_of(connection: Connection, ids: Collection[bytes]) -> dict[bytes, str]:
    """Labels of members and administrators and names of cohorts, by id. Three statements, however many ids."""
    names: dict[bytes, str] = {}
    for key, name in (
        (Staff.subject, Staff.label),
        (Membership.id, Membership.label),
        (Cohort.id, Cohort.name),
    ):
        names |= {row[0]: row[1] for row in connection.execute(select(key, name).where(key.in_(ids)))}
    return names
