"""What a visitor's audit keeps besides its answers, laid out to be read or taken away, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.curriculum.model import IntakeQuestion
from app.learning.history import Snapshot
from app.web.i18n import in_reader_language
from app.web.kit import kit
from app.web.plans import Audit, intake
from app.web.words import LEVELS


@dataclass(frozen=True)
class AuditAccount:
    """All of it; every text in the reader's language. What is no longer asked or taught is named by its id."""

    told_on: date | None
    situation: list[dict[str, Any]]
    weights: list[dict[str, str]]
    looks: list[dict[str, Any]]
    looks_every_days: int
    last_look_on: date | None
    happened_on: date | None
    happened_about: list[str]
    put_off: list[dict[str, Any]]
    sitting_begun_on: date | None
    sitting: list[str]
    did_last: dict[str, Any] | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it was ever told or kept."""
        return not (
            self.situation
            or self.weights
            or self.looks
            or self.happened_on
            or self.put_off
            or self.sitting
            or self.did_last
        )


def audit_account(audit: Audit) -> AuditAccount:
    """The account of an audit."""
    situation, review, last = audit.situation, audit.review, audit.lately
    return AuditAccount(
        told_on=situation.told_on,
        situation=[_told(name, chosen) for name, chosen in situation.chosen.items()],
        weights=[
            {"threat": _threat(name), "weight": _level(level)} for name, level in situation.levels.items()
        ],
        looks=[_look(each) for each in audit.history.snapshots],
        looks_every_days=review.every,
        last_look_on=review.done_on,
        happened_on=review.incident_on,
        happened_about=[_threat(name) for name in review.threats],
        put_off=[{"statement": _item(name), "until": day} for name, day in audit.put_off.until.items()],
        sitting_begun_on=audit.sitting.begun_on,
        sitting=[_item(name) for name in audit.sitting.items],
        did_last={"statement": _item(last.item), "what": last.deed.value, "on": last.on}
        if last.deed
        else None,
    )


def _told(question_id: str, chosen: Iterable[str]) -> dict[str, Any]:
    question = intake().question(question_id)
    return {
        "question": in_reader_language(question.text) if question else question_id,
        "answers": [_option(question, name) for name in chosen],
    }


def _option(question: IntakeQuestion | None, option_id: str) -> str:
    option = question.option(option_id) if question else None
    return in_reader_language(option.text) if option else option_id


def _threat(threat_id: str) -> str:
    threat = kit().curriculum.threats_by_id.get(threat_id)
    return in_reader_language(threat.name) if threat else threat_id


def _item(item_id: str) -> str:
    module = kit().curriculum.module_of_item.get(item_id)
    item = module.item(item_id) if module else None
    return in_reader_language(item.text) if item else item_id


def _level(level: int) -> str:
    return str(LEVELS.get(level, level))


def _look(look: Snapshot) -> dict[str, Any]:
    return {
        "on": look.on,
        "threats": [
            {
                "threat": _threat(name),
                "missing": measured.open,
                "not_said": measured.unknown,
                "of": measured.total,
                "weight": _level(measured.level),
            }
            for name, measured in look.threats.items()
        ],
    }
