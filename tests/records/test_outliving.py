"""A cohort whose time is over goes with everything of theirs, and says how much that was; no other does."""

from datetime import timedelta

from sqlalchemy import select

from app.records.cohorts import groups
from app.records.cohorts.groups import Outlived
from app.records.cohorts.tables import Cohort, Membership, Published
from app.records.database import Database
from tests.records.cohort_people import DAY, Made, cohort_of

SHARED = {("risk", "quiz"): DAY, ("risk", "module"): DAY}


def archived(database: Database, days: int, *members: Made) -> bytes:
    """A cohort that ended on `DAY` and is kept for so many days after it."""
    cohort = cohort_of(database, list(members))
    with database.changing() as connection:
        groups.rename(connection, cohort, "Taller", days)
        groups.archive(connection, cohort, DAY)
    return cohort


def test_what_is_over_goes_whole_and_is_counted(database: Database) -> None:
    full = archived(database, 10, Made("a", shared=SHARED), Made("b"))
    empty, later = archived(database, 10), archived(database, 11, Made("c", shared=SHARED))
    lasting = cohort_of(database, [Made("d")])

    with database.changing() as connection:
        early = groups.drop_outlived(connection, DAY + timedelta(days=10))
        gone = groups.drop_outlived(connection, DAY + timedelta(days=11))
        again = groups.drop_outlived(connection, DAY + timedelta(days=11))
        kept = set(connection.scalars(select(Cohort.id)))
        labels = set(connection.scalars(select(Membership.label)))
        completions = len(connection.execute(select(Published.membership_id)).all())

    assert (early, again) == ([], [])
    assert sorted(gone, key=lambda each: each.id) == sorted(
        [Outlived(full, 2, 2), Outlived(empty, 0, 0)], key=lambda each: each.id
    )
    assert kept == {later, lasting}
    assert (labels, completions) == ({"c", "d"}, 2)
