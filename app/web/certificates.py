"""A certificate as it is printed: its words in each language, so that one sheet can speak both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import force_locale, format_date, gettext

from app.curriculum.model import Module
from app.records.cohorts.certificates import Certified, number_of, topic_code_of
from app.web.i18n import current_language
from app.web.kit import kit


@dataclass(frozen=True)
class Side:
    """What a sheet says in one language."""

    language: str
    heading: str
    called: str
    name: str
    statement: str
    module: str
    issued: str
    number: str
    topic: str
    how_to_verify: str
    limits: str


@dataclass(frozen=True)
class Sheet:
    """One certificate on paper. label: what its holder is called in the cohort; a name is written by pen."""

    certificate: Certified
    number: str
    topic_code: str
    sides: tuple[Side, ...]


def sheets(certificates: Iterable[Certified], *, only: bool) -> Iterator[Sheet]:
    """Each certificate's sheet: in every language of the kit, the reader's first, or in the reader's only."""
    here, key = current_language(), kit().certificate_key
    others = [code for code in kit().curriculum.languages if code != here]
    languages = [here] if only else [here, *others]
    for each in certificates:
        sides = tuple(_side(each, language) for language in languages)
        yield Sheet(each, number_of(key, each), topic_code_of(key, each), sides)


def _side(certificate: Certified, language: str) -> Side:
    module = kit().curriculum.modules_by_id.get(certificate.module)
    with force_locale(language):
        return Side(
            language=language,
            heading=gettext("Certificate of completion"),
            called=gettext("Known in the training as"),
            name=gettext("Name"),
            statement=gettext("completed this module of a digital-safety training:"),
            module=_title(module, certificate.module, language),
            issued=gettext("Issued on %(date)s", date=_day(certificate.issued_on)),
            number=gettext("Number"),
            topic=gettext("Topic code"),
            how_to_verify=gettext("To check it, type the number at %(address)s", address=_address(language)),
            limits=gettext(
                "The page says whether it is valid and when it was issued: no name, and what it is about "
                "only to somebody who also types the topic code."
            ),
        )


def _title(module: Module | None, module_id: str, language: str) -> str:
    """A module's title; its id, where it is no longer taught."""
    return str(module.title.in_language(language)) if module else module_id


def _day(day: date) -> str:
    return str(format_date(day, "long"))


def _address(language: str) -> str:
    """Where numbers are checked, as somebody types it who reads it from paper."""
    return kit().config.public_address.rstrip("/") + url_for("verify.verify", lang=language)
