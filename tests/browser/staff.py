"""The administration as an administrator sees it: every page of it, with a cohort that has people in it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import Connection, insert, select
from werkzeug.routing import Rule

from app.learning.progress import Completion
from app.records.cohorts import certificates, groups
from app.records.cohorts.campaigns import Plan, open_campaign
from app.records.cohorts.invitations import enrol, invite, place
from app.records.cohorts.publishing import share
from app.records.cohorts.roles import Role
from app.records.cohorts.tables import Membership
from app.records.crypto import random_id, random_key
from app.records.notebook import Notebook, Ref
from app.records.sessions import resume_session
from app.records.tables import Learner
from app.records.vault import Vault
from app.web.kept import COMPLETION
from app.web.kit import Kit, kit_of
from tests.browser.sight import Sight
from tests.browser.visitors import Visitor

#: Pages that look different to somebody who learns in a cohort.
LEARNERS = frozenset(
    {"learn.due", "account.shared", "account.certificates", "account.campaigns", "account.overview"}
)
LABELS = ("Folio 101", "Folio 102", "Golondrina", "Colibrí de la mañana, turno de la tarde", "E-7")


def is_of_staff(rule: Rule) -> bool:
    """Whether a rule is one of the administration's, or of a campaign, which somebody has to open first."""
    return rule.endpoint.startswith("admin.") or "campaign" in rule.arguments


def administrating(app: Flask, language: str) -> Iterator[Sight]:
    """Every page of the administration that can be got."""
    made: dict[int, dict[str, str]] = {}

    def going(rule: Rule) -> Callable[[Visitor], None]:
        def go(visitor: Visitor) -> None:
            if id(visitor) not in made:
                cookies = {cookie["name"]: cookie["value"] for cookie in visitor.page.context.cookies()}
                made[id(visitor)] = set_up(kit_of(app), bytes.fromhex(cookies["sid"]))
            values = {name: made[id(visitor)][name] for name in rule.arguments - {"lang"}}
            address = app.url_map.bind("").build(rule.endpoint, {"lang": language, **values})
            visitor.page.goto(visitor.url + str(address))

        return go

    for rule in pages_of_staff(app):
        whose = "" if is_of_staff(rule) else " of a cohort's"
        yield Sight(f"/{language}/{rule.rule.split('/', 2)[2]}{whose}", "admin", going(rule))


def pages_of_staff(app: Flask) -> list[Rule]:
    """What the administration can get, and then what its learners see of it, for an administrator learns as well."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: not rule.endpoint.startswith("admin."))
    return [
        rule
        for rule in rules
        if "GET" in (rule.methods or ())
        and (rule.endpoint in LEARNERS or (is_of_staff(rule) and "export" not in rule.rule))
    ]


def set_up(kit: Kit, token: bytes) -> dict[str, str]:
    """Make whose session it is an administrator of a cohort. Returns the ids that addresses name."""
    today = kit.today()
    with kit.database.asking() as asking:
        opened = resume_session(asking, token, kit.host_secret, kit.lifetimes, kit.now())
    with kit.database.changing() as connection:
        cohort = groups.create(connection, "Taller de marzo", today)
        code = invite(
            connection, role=Role.ADMIN, cohort_id=None, today=today, expires_on=today + timedelta(days=1)
        )
        enrol(connection, opened.vault, code, "Administración", today, shares_all=False)
        places = [place(connection, cohort, label) for label in LABELS]
        for number, module in enumerate(kit.curriculum.modules[:6]):
            groups.assign(
                connection, cohort, module.id, groups.WHOLE, today, today + timedelta(days=30 - number)
            )
            for member in places[: number + 1]:
                share(connection, member, module.id, "lessons", today)
                if number % 2:
                    share(connection, member, module.id, groups.WHOLE, today)
        certificates.issue_all(connection, cohort, today)
        share(connection, places[0], kit.curriculum.modules[6].id, groups.WHOLE, today)
        (certificate, *_), _count = certificates.of_cohort(connection, cohort, 1)
        campaign = _ask(kit, connection, opened.vault, cohort)
        own = connection.scalar(select(Membership.id).where(Membership.learner_id == opened.vault.learner_id))
        share(connection, own, kit.curriculum.modules[0].id, groups.WHOLE, today)
        certificates.issue(connection, cohort, own, kit.curriculum.modules[0].id, today)
    # Done and not shared: something that is asked, and something that isn't.
    done = {Ref(COMPLETION, kit.curriculum.modules[number].id): Completion(today) for number in (1, 8)}
    Notebook(kit.database, opened.vault).save(done)
    ids = {"cohort": cohort, "member": places[0], "campaign": campaign, "certificate": certificate.id}
    return {name: value.hex() for name, value in ids.items()}


def _ask(kit: Kit, connection: Connection, vault: Vault, cohort: bytes) -> bytes:
    """The administrator learns in the cohort as well, with four invented others, and it is asked about a module."""
    today = kit.today()
    for number in range(5):
        code = invite(
            connection, role=Role.LEARNER, cohort_id=cohort, today=today, expires_on=today + timedelta(days=1)
        )
        learner = vault if number == 0 else Vault(random_id(), random_key())
        if number:
            connection.execute(insert(Learner).values(id=learner.learner_id, key_check=learner.key_check()))
        enrol(connection, learner, code, f"Quien aprende {number}", today, shares_all=True)
    module = kit.curriculum.modules[0]
    plan = Plan(cohort, module.id, today, today + timedelta(days=7))
    return open_campaign(connection, kit.campaigns_key, plan, 5)
