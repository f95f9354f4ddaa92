"""The tables. None holds a name, an answer, an address or the time of anything but a live session."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, LargeBinary, MetaData, SmallInteger, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Constraint names must be the same everywhere, or later migrations can't name what they change.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


#: SQLite numbers the rows of ordinary tables as they come, which would tell in which order things happened.
UNORDERED = {"sqlite_with_rowid": False}


class Base(DeclarativeBase):
    """Every table of the kit."""

    metadata = MetaData(naming_convention=NAMING)


class Installation(Base):
    """The one row that tells this set of records from every other: its salt for passphrases."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class Learner(Base):
    """Somebody who learns: a random id, and nothing else.

    key_check: derived from the data key in force, so that a request that opened the vault before a
    re-keying can't write under the old key after it.
    """

    __tablename__ = "learner"
    __table_args__ = UNORDERED

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    key_check: Mapped[bytes] = mapped_column(LargeBinary(16))


class KeyWrap(Base):
    """A learner's data key, sealed under one of the keys that open it.

    kind: `passphrase`, `recovery` or `session`. tag: what it is found by, derived from the same
    secret as the key that opens it. expires_at and ends_at (sessions only): seconds since 1970,
    rounded up to a quarter of an hour; idle and absolute.
    """

    __tablename__ = "key_wrap"

    tag: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    learner_id: Mapped[bytes] = mapped_column(ForeignKey(Learner.id, ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[int | None] = mapped_column(BigInteger)
    ends_at: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_key_wrap_expires_at", "expires_at"), UNORDERED)


class SealedRecord(Base):
    """Something a learner keeps. address: HMAC of its kind and name. revision: random, for compare-and-set."""

    __tablename__ = "sealed_record"
    __table_args__ = UNORDERED

    learner_id: Mapped[bytes] = mapped_column(ForeignKey(Learner.id, ondelete="CASCADE"), primary_key=True)
    address: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    revision: Mapped[bytes] = mapped_column(LargeBinary(16))
    body: Mapped[bytes] = mapped_column(LargeBinary)

    # Every update names the revision that it read, and fails if another came between.
    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}  # noqa: RUF012


class Attachment(Base):
    """A file that a learner keeps, in pieces: a random id, whose it is, and how many pieces. Its key is in a record.

    learner_id: nobody's once it is deleted, or its learner is; then its pieces are being removed. until: while it is
    being added, the time after which it is given up, in seconds since 1970, rounded up to a quarter of an hour.
    """

    __tablename__ = "attachment"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    learner_id: Mapped[bytes | None] = mapped_column(ForeignKey(Learner.id, ondelete="SET NULL"), index=True)
    pieces: Mapped[int] = mapped_column(SmallInteger)
    until: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_attachment_until", "until"), UNORDERED)


class AttachmentPiece(Base):
    """A piece of a file, sealed. All pieces of all files are equally long."""

    __tablename__ = "attachment_piece"
    __table_args__ = UNORDERED

    attachment_id: Mapped[bytes] = mapped_column(
        ForeignKey(Attachment.id, ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class SlowedName(Base):
    """How often a pseudonym met wrong passphrases lately, by a keyed hash of it that dies with the host secret."""

    __tablename__ = "slowed_name"
    __table_args__ = UNORDERED

    tag: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int] = mapped_column(SmallInteger)
    retry_at: Mapped[int] = mapped_column(BigInteger)


class Erasure(Base):
    """A deletion: a digest of the random id that is gone, and whether the files are clean of it.

    The digest lets a restored backup be told whom to delete again; it matches nothing else.
    """

    __tablename__ = "erasure"
    __table_args__ = UNORDERED

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    finished: Mapped[bool] = mapped_column(Boolean)
