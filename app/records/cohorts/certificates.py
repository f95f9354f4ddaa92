"""Certificates: a completion that a cohort's staff vouch for, with a number that anybody can have checked.

Nothing of a number is stored: it is the beginning of the certificate's random id and a keyed hash (HMAC-SHA256) over
the id, the module and the day, with a key that isn't in the database. So a certificate can be printed again at any
time, whoever has the database alone can't make one up, and one whose module or day was changed there has another
number than the one on paper. Whoever has the database and the key can do all of it.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, select, update

from app.records.cohorts.groups import WHOLE
from app.records.cohorts.tables import Certificate, Cohort, Membership, Published
from app.records.crypto import ID_BYTES, derive, keyed_hash, random_id
from app.records.failures import RecordsFailure
from app.records.passphrases import CODE_ALPHABET, CODE_GROUP, normalised_code

#: Bytes of a number: 40 bits to find the certificate by, 85 bits of the keyed hash: 25 letters and digits. Guessing
#: 85 bits is hopeless however fast, so that nobody who checks a number is slowed.
_FOUND_BY, _NUMBER_BITS = 5, 125
#: Bits of a topic code. It counts only beside a number that is right, and gains whoever holds one a subject at most:
#: 50 bits are thirty thousand years at a thousand tries a second.
_TOPIC_BITS = 50
_LETTER_BITS = 5


class NoSuchCertificate(RecordsFailure):
    """No certificate of this cohort has this id."""


class NotCompleted(RecordsFailure):
    """This member shares no completion of this module with the cohort."""


class CertifiedAlready(RecordsFailure):
    """There is a certificate of this completion, which stands."""


@dataclass(frozen=True)
class Certified:
    """A certificate, and whose it is. It can be checked until its member or its cohort is deleted."""

    id: bytes
    membership_id: bytes
    label: str
    module: str
    issued_on: date
    revoked_on: date | None


@dataclass(frozen=True)
class Uncertified:
    """A completed module without a certificate."""

    membership_id: bytes
    label: str
    module: str
    achieved_on: date


@dataclass(frozen=True)
class Verdict:
    """What a number that is right tells: nothing of whose it is. module: only where the topic code was right, too."""

    issued_on: date
    revoked_on: date | None
    module: str | None


_COLUMNS = (
    Certificate.id,
    Certificate.membership_id,
    Membership.label,
    Certificate.module,
    Certificate.issued_on,
    Certificate.revoked_on,
)


def certificate_key(secret_key: str) -> bytes:
    """The key of the numbers, from the secret that this installation keeps beside its records."""
    return derive(secret_key.encode(), "certificates")


def number_of(key: bytes, certificate: Certified) -> str:
    """The number of a certificate, in groups of five: `7K2QX-…`."""
    return _grouped(_number(key, certificate.id, certificate.module, certificate.issued_on))


def topic_code_of(key: bytes, certificate: Certified) -> str:
    """The code that shows, beside its number, what a certificate is about."""
    return _grouped(_topic_code(key, certificate.id, certificate.module))


def verified(connection: Connection, key: bytes, number: str, topic_code: str = "") -> Verdict | None:
    """What a number tells as somebody typed it; None where no certificate has it."""
    typed = normalised_code(number)
    if len(typed) != _NUMBER_BITS // _LETTER_BITS:
        return None
    beginning = _bits(typed[: _FOUND_BY * 8 // _LETTER_BITS]).to_bytes(_FOUND_BY, "big")
    rest = ID_BYTES - _FOUND_BY
    alike = Certificate.id.between(beginning + b"\0" * rest, beginning + b"\xff" * rest)
    columns = (Certificate.id, Certificate.module, Certificate.issued_on, Certificate.revoked_on)
    for row in connection.execute(select(*columns).where(alike)).all():
        if hmac.compare_digest(_number(key, row.id, row.module, row.issued_on), typed):
            told = hmac.compare_digest(_topic_code(key, row.id, row.module), normalised_code(topic_code))
            return Verdict(row.issued_on, row.revoked_on, row.module if told else None)
    return None


def issue(
    connection: Connection, cohort_id: bytes, membership_id: bytes, module: str, today: date
) -> Certified:
    """Certify one member's completion of a module. Raises NotCompleted and CertifiedAlready."""
    _one_at_a_time(connection, cohort_id)
    done = (
        select(Membership.label)
        .join(Published, Published.membership_id == Membership.id)
        .where(Membership.cohort_id == cohort_id, Membership.id == membership_id)
        .where(Published.module == module, Published.part == WHOLE)
    )
    label = connection.scalar(done)
    if label is None:
        raise NotCompleted
    standing = select(Certificate.id).where(*_standing(membership_id, module))
    if connection.scalar(standing) is not None:
        raise CertifiedAlready
    made = Certified(random_id(), membership_id, label, module, today, None)
    _add(connection, [made])
    return made


def issue_all(connection: Connection, cohort_id: bytes, today: date) -> int:
    """Certify every completion in a cohort that never was. One that was revoked stays so. Returns how many."""
    _one_at_a_time(connection, cohort_id)
    rows = connection.execute(_uncertified(cohort_id)).all()
    made = [Certified(random_id(), row.id, row.label, row.module, today, None) for row in rows]
    if made:
        _add(connection, made)
    return len(made)


def reissue(connection: Connection, cohort_id: bytes, certificate_id: bytes, today: date) -> Certified:
    """A new certificate of the same completion; whatever stood for it is revoked. Raises NoSuchCertificate."""
    _one_at_a_time(connection, cohort_id)
    old = find(connection, cohort_id, certificate_id)
    standing = update(Certificate).where(*_standing(old.membership_id, old.module))
    connection.execute(standing.values(revoked_on=today))
    made = Certified(random_id(), old.membership_id, old.label, old.module, today, None)
    _add(connection, [made])
    return made


def revoke(connection: Connection, cohort_id: bytes, certificate_id: bytes, today: date) -> Certified:
    """From now on its number says that it was revoked; one that was keeps its day. Raises NoSuchCertificate."""
    _one_at_a_time(connection, cohort_id)
    found = find(connection, cohort_id, certificate_id)
    if found.revoked_on is not None:
        return found
    of_id = update(Certificate).where(Certificate.id == found.id)
    connection.execute(of_id.values(revoked_on=today))
    return replace(found, revoked_on=today)


def find(connection: Connection, cohort_id: bytes, certificate_id: bytes) -> Certified:
    """One certificate of a cohort. Raises NoSuchCertificate."""
    row = connection.execute(_of_cohort(cohort_id).where(Certificate.id == certificate_id)).first()
    if row is None:
        raise NoSuchCertificate
    return Certified(*row)


def uncertified(connection: Connection, cohort_id: bytes, count: int) -> tuple[list[Uncertified], int]:
    """The first of the completions that were never certified, by label and module, and how many there are."""
    asked = _uncertified(cohort_id)
    ordered = asked.order_by(Membership.label_key, Published.module).limit(count)
    rows = connection.execute(ordered.add_columns(func.count().over().label("all"))).all()
    return [Uncertified(*row[:-1]) for row in rows], int(rows[0][-1]) if rows else 0


def of_cohort(
    connection: Connection, cohort_id: bytes, count: int, skip: int = 0, *, standing: bool = False
) -> tuple[list[Certified], int]:
    """Some of a cohort's certificates by label and module, and how many there are. standing: none that was revoked."""
    asked = _of_cohort(cohort_id)
    if standing:
        asked = asked.where(Certificate.revoked_on.is_(None))
    order = (Membership.label_key, Certificate.module, Certificate.issued_on, Certificate.id)
    some = asked.add_columns(func.count().over().label("all")).order_by(*order).limit(count).offset(skip)
    rows = connection.execute(some).all()
    return [Certified(*row[:-1]) for row in rows], int(rows[0][-1]) if rows else 0


def of_learner(connection: Connection, learner_id: bytes) -> list[Certified]:
    """A learner's own certificates in all their cohorts, the newest first."""
    return of_members(connection, Membership.learner_id == learner_id)


def of_members(connection: Connection, whose: ColumnElement[bool]) -> list[Certified]:
    """The certificates of some members, by a condition on memberships, the newest first."""
    asked = select(*_COLUMNS).join(Membership, Membership.id == Certificate.membership_id).where(whose)
    order = (Certificate.issued_on.desc(), Certificate.module, Certificate.id)
    return [Certified(*row) for row in connection.execute(asked.order_by(*order)).all()]


def any_of_learner(connection: Connection, learner_id: bytes) -> bool:
    """Whether a learner has any, in whatever cohort."""
    asked = select(Certificate.id).join(Membership, Membership.id == Certificate.membership_id)
    return connection.scalar(asked.where(Membership.learner_id == learner_id).limit(1)) is not None


def _of_cohort(cohort_id: bytes) -> Select[bytes, bytes, str, str, date, date | None]:
    asked = select(*_COLUMNS).join(Membership, Membership.id == Certificate.membership_id)
    return asked.where(Membership.cohort_id == cohort_id)


def _uncertified(cohort_id: bytes) -> Select[bytes, str, str, date]:
    certified = exists().where(
        and_(Certificate.membership_id == Membership.id, Certificate.module == Published.module)
    )
    return (
        select(Membership.id, Membership.label, Published.module, Published.achieved_on)
        .join(Published, Published.membership_id == Membership.id)
        .where(Membership.cohort_id == cohort_id, Published.part == WHOLE, ~certified)
    )


def _standing(membership_id: bytes, module: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Certificate.membership_id == membership_id,
        Certificate.module == module,
        Certificate.revoked_on.is_(None),
    )


def _one_at_a_time(connection: Connection, cohort_id: bytes) -> None:
    # Two who press the button together would each find the completion without a certificate, and make one.
    connection.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())


def _add(connection: Connection, made: list[Certified]) -> None:
    columns = ("id", "membership_id", "module", "issued_on", "revoked_on")
    connection.execute(
        insert(Certificate), [{name: getattr(each, name) for name in columns} for each in made]
    )


def _number(key: bytes, certificate_id: bytes, module: str, issued_on: date) -> str:
    proof = keyed_hash(key, "number", certificate_id.hex(), module, issued_on.isoformat())
    return _letters(certificate_id[:_FOUND_BY] + proof, _NUMBER_BITS)


def _topic_code(key: bytes, certificate_id: bytes, module: str) -> str:
    return _letters(keyed_hash(key, "topic", certificate_id.hex(), module), _TOPIC_BITS)


def _letters(body: bytes, bits: int) -> str:
    """The first bits of a body, five a letter."""
    number = int.from_bytes(body, "big") >> (len(body) * 8 - bits)
    places = range(bits - _LETTER_BITS, -1, -_LETTER_BITS)
    return "".join(CODE_ALPHABET[number >> place & 31] for place in places)


def _bits(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number << _LETTER_BITS | CODE_ALPHABET.index(letter)
    return number


def _grouped(letters: str) -> str:
    return "-".join(letters[i : i + CODE_GROUP] for i in range(0, len(letters), CODE_GROUP))
