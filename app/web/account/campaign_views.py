"""Group insight for whoever is asked: what it is, what would be contributed, and the reply.

Whoever contributes and whoever doesn't leave the same traces: one record in their vault that says "replied", every slot
sealed anew, and the same words on the page.
"""

from dataclasses import dataclass
from datetime import date

from flask import Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.curriculum.model import Module
from app.learning.answers import Choice
from app.learning.insight import ENOUGH, Replied, contribution
from app.records.cohorts import campaigns
from app.records.cohorts.campaigns import COOLING_DAYS, CampaignFacts
from app.records.cohorts.publishing import Place, places_of
from app.records.notebook import Notebook, Ref
from app.web import frames
from app.web.account import blueprint
from app.web.account.showing import kept_session
from app.web.audit.forms import CHOICES
from app.web.channel import private
from app.web.kept import REPLY
from app.web.kit import kit
from app.web.study import study_of
from app.web.visitor import say

#: What the buttons send: two words of one length.
GIVE, KEEP = "give", "keep"
NEVER = Replied(date.min)


class RepliedAlready(Exception):
    """They replied to this campaign, or to another about the same module not long ago."""


@dataclass(frozen=True)
class Question:
    """A campaign that asks the visitor."""

    campaign: CampaignFacts
    place: Place
    module: Module

    @property
    def ref(self) -> Ref:
        """Where it is filed that they replied: by module, so that two cohorts can't ask one person the same."""
        return Ref(REPLY, self.module.id)


@blueprint.get("/<language:lang>/account/campaigns/", endpoint="campaigns")
@private
def campaigns_list() -> AnyResponse:
    """What the visitor's cohorts ask now."""
    session = kept_session()
    if session is None:
        return redirect(url_for("account.sign_in"), 303)
    with kit().database.asking() as asking:
        questions = _questions(asking, session.vault.learner_id)
    done = _replied(questions, Notebook(kit().database, session.vault))
    return frames.uncached("account/campaigns.html", questions=questions, done=done, active="account")


@blueprint.get("/<language:lang>/account/campaigns/<campaign>/")
@private
def campaign(campaign: str) -> AnyResponse:
    """What would be contributed, who would see what, and the two replies."""
    session = kept_session()
    if session is None:
        return redirect(url_for("account.sign_in"), 303)
    with kit().database.asking() as asking:
        question = _question(asking, session.vault.learner_id, campaign)
    return _shown(question, Notebook(kit().database, session.vault))


@blueprint.post("/<language:lang>/account/campaigns/<campaign>/")
@private
def reply_to_campaign(campaign: str) -> AnyResponse:
    """Contribute, or don't: either is one transaction, so that a crash leaves all of it or nothing."""
    session = kept_session()
    if session is None:
        return redirect(url_for("account.sign_in"), 303)
    learner, notebook = session.vault.learner_id, Notebook(kit().database, session.vault)
    with kit().database.asking() as asking:
        question = _question(asking, learner, campaign)
    reply = request.form.get("reply")
    if reply not in {GIVE, KEEP}:
        return _shown(question, notebook, 422)
    given = _given(question, notebook)
    try:
        with kit().database.changing() as connection:
            question = _question(connection, learner, campaign)  # they may have left meanwhile
            _reply(connection, notebook, question, given if reply == GIVE else None)
    except RepliedAlready:
        say("campaign-replied-before")
    except campaigns.CampaignFull:
        say("campaign-full")
    except (campaigns.CampaignOver, campaigns.NoSuchCampaign):
        raise NotFound from None
    else:
        say("campaign-replied")
    return redirect(url_for("account.campaigns"), 303)


def _questions(connection: Connection, learner_id: bytes) -> list[Question]:
    """What the cohorts ask in which somebody learns now."""
    places = {place.cohort_id: place for place in places_of(connection, learner_id)}
    modules = kit().curriculum.modules_by_id
    return [
        Question(each, places[each.cohort_id], modules[each.module])
        for each in campaigns.open_in(connection, list(places), kit().today())
        if each.module in modules and each.asks(places[each.cohort_id])
    ]


def _question(connection: Connection, learner_id: bytes, campaign: str) -> Question:
    """One of them, by its id. Raises NotFound."""
    for question in _questions(connection, learner_id):
        if question.campaign.id.hex() == campaign:
            return question
    raise NotFound


def _given(question: Question, notebook: Notebook) -> dict[str, str]:
    answers = study_of([question.module], notebook).answers
    return contribution((item.id for item in question.module.checklist), answers)


def _reply(
    connection: Connection, notebook: Notebook, question: Question, given: dict[str, str] | None
) -> None:
    """Raises RepliedAlready, also where the record of it can't be read, and what `campaigns.reply` raises."""
    today = kit().today()
    with notebook.editing_within(connection, question.ref, Replied, NEVER) as editing:
        if editing.replaces_damaged or editing.value.rests(today, COOLING_DAYS):
            raise RepliedAlready
        editing.value = Replied(today)
        campaigns.reply(connection, kit().campaigns_key, question.campaign.id, today, given or None)


def _replied(questions: list[Question], notebook: Notebook) -> set[Ref]:
    """To which of them they replied, as far as that can be read."""
    found = notebook.load_many([question.ref for question in questions], Replied)
    today = kit().today()
    return found.damaged | {ref for ref, value in found.values.items() if value.rests(today, COOLING_DAYS)}


def _shown(question: Question, notebook: Notebook, status: int = 200) -> Response:
    given = _given(question, notebook)
    return frames.uncached(
        "account/campaign.html",
        status=status,
        question=question,
        given={item_id: _WORDS[choice] for item_id, choice in given.items()},
        done=bool(_replied([question], notebook)),
        enough=ENOUGH,
        days=COOLING_DAYS,
        token=str(generate_csrf()),
        active="account",
    )


#: The choices in words, as the checklist has them.
_WORDS = {Choice(option.value).value: option.label for option in CHOICES}
