"""The tables of group insight: campaigns, and slots that look alike whether or not anybody filled them."""

from datetime import date

from sqlalchemy import Date, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.records.cohorts.tables import Cohort
from app.records.tables import UNORDERED, Base


class Campaign(Base):
    """A question to a cohort: how does the group stand on one module's checklist. One frozen batch.

    outcome: the bands as JSON once it was closed and enough contributed; None before, and where too few did.
    """

    __tablename__ = "campaign"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    cohort_id: Mapped[bytes] = mapped_column(ForeignKey(Cohort.id, ondelete="CASCADE"), index=True)
    module: Mapped[str] = mapped_column(String(60))
    opened_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UNORDERED,)


class Slot(Base):
    """A place for one contribution: random bytes, or a contribution sealed to look like them."""

    __tablename__ = "slot"

    campaign_id: Mapped[bytes] = mapped_column(ForeignKey(Campaign.id, ondelete="CASCADE"), primary_key=True)
    address: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UNORDERED,)
