"""The log of administrators' actions: who did what to which random id, chained so that a change shows."""

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.records.tables import Base

#: Characters of an entry's details.
DETAILS_LENGTH = 200


class Action(Base):
    """One action. at: seconds since 1970. actor and subject: random ids, never labels.

    chain: a keyed hash over this entry and the chain of the one before it. details: counts and ids of modules.
    """

    __tablename__ = "action"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger)
    actor: Mapped[bytes] = mapped_column(LargeBinary(16))
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    details: Mapped[str] = mapped_column(String(DETAILS_LENGTH))
    chain: Mapped[bytes] = mapped_column(LargeBinary(32))
