"""The tables of cohorts. What they hold of a learner is what the learner was told an administrator sees, and no more.

No table holds an answer, a score, a passphrase or the time of anything; days only. Labels are what an administrator
wrote or a learner chose to be called by in a cohort: a pseudonym or a staff number, never the name that signs in.
"""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.records.tables import UNORDERED, Base, Learner

#: Characters of a cohort's name, and of what a member is called by.
NAME_LENGTH, LABEL_LENGTH = 80, 60
#: Days for which a cohort's completions are kept after it was archived, unless its administrator says otherwise.
KEEP_DAYS = 365


class Cohort(Base):
    """People who are trained together. keep_days: how long after the archiving its completions are kept."""

    __tablename__ = "cohort"
    __table_args__ = UNORDERED

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    created_on: Mapped[date] = mapped_column(Date)
    archived_on: Mapped[date | None] = mapped_column(Date)
    keep_days: Mapped[int] = mapped_column(SmallInteger)


class Membership(Base):
    """Somebody's place in a cohort: a random id, by which completions and the log of actions refer to them.

    learner_id: whose vault it is; None until the invitation was used. label_key: the label as labels are compared,
    so that no two members of a cohort look the same. role: `learner` or `trainer`. shares_all: whether completions
    that weren't assigned are published, too. left_on: from then on nothing is published.
    """

    __tablename__ = "membership"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    cohort_id: Mapped[bytes] = mapped_column(ForeignKey(Cohort.id, ondelete="CASCADE"))
    learner_id: Mapped[bytes | None] = mapped_column(ForeignKey(Learner.id, ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    label_key: Mapped[str] = mapped_column(String(LABEL_LENGTH * 2))
    shares_all: Mapped[bool] = mapped_column(Boolean)
    joined_on: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    reissued_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        UniqueConstraint("cohort_id", "label_key", name="uq_membership_cohort_id"),
        UniqueConstraint("cohort_id", "learner_id", name="uq_membership_learner_id"),
        # How many are in a cohort is counted in this alone.
        Index("ix_membership_presence", "cohort_id", "role", "left_on", "learner_id"),
        UNORDERED,
    )


class Staff(Base):
    """An administrator: whose vault it is, and a random id and a label for the log of actions."""

    __tablename__ = "staff"
    __table_args__ = UNORDERED

    learner_id: Mapped[bytes] = mapped_column(ForeignKey(Learner.id, ondelete="CASCADE"), primary_key=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    since: Mapped[date] = mapped_column(Date)


class Invitation(Base):
    """A way in. tag: a hash of the code, which is shown once. uses_left: None where many may use it.

    membership_id: the place that it is for, where that exists already: a list's entry, or a place that is given
    again after somebody lost their passphrase. staff_subject: the same of an administrator. batch: what was made
    together, for the list and for revoking.
    """

    __tablename__ = "invitation"

    tag: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    batch: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    cohort_id: Mapped[bytes | None] = mapped_column(ForeignKey(Cohort.id, ondelete="CASCADE"), index=True)
    membership_id: Mapped[bytes | None] = mapped_column(
        ForeignKey(Membership.id, ondelete="CASCADE"), index=True
    )
    staff_subject: Mapped[bytes | None] = mapped_column(
        ForeignKey(Staff.subject, ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(String(8))
    uses_left: Mapped[int | None] = mapped_column(SmallInteger)
    made_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)

    __table_args__ = (UNORDERED,)


class Published(Base):
    """A completion that a member shares with their cohort: a part of a module, or the whole (`module`), and the day."""

    __tablename__ = "published"

    membership_id: Mapped[bytes] = mapped_column(
        ForeignKey(Membership.id, ondelete="CASCADE"), primary_key=True
    )
    module: Mapped[str] = mapped_column(String(60), primary_key=True)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    achieved_on: Mapped[date] = mapped_column(Date)

    __table_args__ = (Index("ix_published_module", "module", "part", "achieved_on"), UNORDERED)


class Assignment(Base):
    """A module (part `module`) or a part of one that a cohort is to take, by a day if any."""

    __tablename__ = "assignment"

    cohort_id: Mapped[bytes] = mapped_column(ForeignKey(Cohort.id, ondelete="CASCADE"), primary_key=True)
    module: Mapped[str] = mapped_column(String(60), primary_key=True)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    assigned_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (UNORDERED,)


class Certificate(Base):
    """A completion that was certified. Its number is made from the id with a key outside the database."""

    __tablename__ = "certificate"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    membership_id: Mapped[bytes] = mapped_column(ForeignKey(Membership.id, ondelete="CASCADE"), index=True)
    module: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date] = mapped_column(Date)
    revoked_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (UNORDERED,)
