"""Group insight: opening a campaign, and what it came to. While one is open there is nothing to see of it."""

from dataclasses import dataclass

from flask import Response, redirect, url_for
from flask_babel import format_date, gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import ChecklistItem, Module
from app.learning.insight import ENOUGH
from app.records.cohorts import campaigns
from app.records.cohorts.campaigns import CampaignFacts
from app.records.cohorts.groups import CohortFacts
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.acting import acting
from app.web.admin.campaign_forms import CampaignForm
from app.web.admin.guard import cohort_of, for_staff, id_of
from app.web.kit import kit
from app.web.visitor import say


@dataclass(frozen=True)
class Shown:
    """A campaign as its pages show it. module: None where it is no longer taught."""

    facts: CampaignFacts
    module: Module | None
    is_due: bool

    @property
    def bands(self) -> list[tuple[ChecklistItem, int]]:
        """The statements that are shown, each with its band; where the fewest say yes comes first."""
        found = self.facts.outcome or {}
        items = self.module.checklist if self.module else ()
        shown = [(item, found[item.id]) for item in items if item.id in found]
        return sorted(shown, key=lambda pair: pair[1])

    @property
    def withheld(self) -> list[ChecklistItem]:
        """The statements of which nothing is shown, though something is of others."""
        items = self.module.checklist if self.module else ()
        return [item for item in items if item.id not in (self.facts.outcome or {})]


@blueprint.get("/<language:lang>/admin/cohorts/<cohort>/insight/")
@for_staff
def insight(cohort: str) -> AnyResponse:
    """A cohort's campaigns, and the form to open one."""
    return _list(cohort_of(cohort), _form(formdata=None))


@blueprint.post("/<language:lang>/admin/cohorts/<cohort>/insight/")
@for_staff
def open_campaign(cohort: str) -> AnyResponse:
    """Ask the cohort about a module."""
    found, form = cohort_of(cohort), _form()
    if not form.validate():
        return _list(found, form, 422)
    if found.archived_on is not None:
        form.form_errors.append(gettext("The cohort is archived: nobody is asked anything."))
        return _list(found, form, 422)
    try:
        with acting() as act:
            plan = form.plan(found.id)
            campaign_id = campaigns.open_campaign(act.connection, kit().campaigns_key, plan, ENOUGH)
            act.note("campaign-opened", campaign_id, plan.module)
    except campaigns.CampaignOpen:
        form.module.errors = [gettext("The group is being asked about this module now.")]
    except campaigns.CampaignTooSoon as soon:
        until = format_date(soon.until, "long")
        form.module.errors = [
            gettext(
                "The group was asked about this module not long ago. It can be asked again from %(date)s on.",
                date=until,
            )
        ]
    except campaigns.GroupTooSmall:
        form.form_errors.append(
            gettext("Fewer than %(num)s learn in this cohort, so nothing could ever be shown.", num=ENOUGH)
        )
    else:
        say("campaign-opened")
        return redirect(url_for("admin.insight", cohort=cohort), 303)
    return _list(found, form, 422)


@blueprint.get("/<language:lang>/admin/cohorts/<cohort>/insight/<campaign>/")
@for_staff
def campaign(cohort: str, campaign: str) -> AnyResponse:
    """What a campaign came to, or until when it is open."""
    found, wanted = cohort_of(cohort), id_of(campaign)
    for shown in _campaigns(found):
        if shown.facts.id == wanted:
            return frames.uncached(
                "admin/campaign.html", cohort=found, campaign=shown, enough=ENOUGH, active="admin"
            )
    raise NotFound


def _form(**given: object) -> CampaignForm:
    taught = (module for module in kit().curriculum.modules if module.checklist)
    return CampaignForm(taught, kit().today(), **given)


def _campaigns(cohort: CohortFacts) -> list[Shown]:
    """Its campaigns; what has passed its last day is closed before anybody looks."""
    rows = _read(cohort)
    if not any(row.is_due for row in rows):
        return rows
    kit().tidy()
    return _read(cohort)


def _read(cohort: CohortFacts) -> list[Shown]:
    modules, today = kit().curriculum.modules_by_id, kit().today()
    with kit().database.asking() as asking:
        found = campaigns.campaigns_of(asking, cohort.id)
    return [Shown(facts, modules.get(facts.module), is_due=facts.is_due(today)) for facts in found]


def _list(found: CohortFacts, form: CampaignForm, status: int = 200) -> Response:
    return frames.uncached(
        "admin/insight.html",
        status=status,
        cohort=found,
        form=form,
        rows=_campaigns(found),
        enough=ENOUGH,
        days=campaigns.COOLING_DAYS,
        token=str(generate_csrf()),
        active="admin",
    )
