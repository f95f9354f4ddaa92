"""Every rule of the kit, and what each kind of visitor gets from it. A rule without a row fails a test."""

from dataclasses import dataclass

from app.web.paper import is_offered
from tests.web.readers import MODULE

#: What an answer may set, by the names of the cookies; "-" before a name: it is taken away.
Answers = tuple[str, ...]
NOBODY, GUEST, KEPT, ENDED = "nobody", "guest", "kept", "ended"
VISITORS = (NOBODY, GUEST, KEPT, ENDED)


@dataclass(frozen=True)
class Row:
    """One rule and method. Each answer: status, the end of where it leads (or ""), and its cookies."""

    endpoint: str
    method: str
    path: str
    nobody: Answers
    guest: Answers
    kept: Answers
    ended: Answers

    def answer(self, visitor: str) -> Answers:
        found: Answers = getattr(self, visitor)
        return found


#: Where a session ended, its cookie goes, and so do the form token and the message that was said.
GONE = ("-sid", "-fid")
TO_SIGN_IN = ("303", "/account/sign-in/")


def _get(endpoint: str, path: str, nobody: Answers, guest: Answers, kept: Answers, ended: Answers) -> Row:
    return Row(endpoint, "GET", path, nobody, guest, kept, ended)


def _refused(endpoint: str, path: str) -> Row:
    """A form of the account without its token: nothing is done, and nothing of it is carried on."""
    refused = ("400", "")
    return Row(endpoint, "POST", path, refused, refused, refused, (*TO_SIGN_IN, "-sid", "fid"))


def _held(endpoint: str, path: str) -> Row:
    """A learner's form without its token: a page that holds what was answered, and a new token."""
    fresh = ("400", "", "fid")
    return Row(endpoint, "POST", path, fresh, fresh, fresh, ("409", "", "-sid", "fid"))


SAME = ("200", "")
FORM = ("200", "", "fid")
#: A file, where WeasyPrint is.
PDF = ("200" if is_offered() else "404", "")
MY_PDF = (*PDF, "fid") if is_offered() else PDF
LESSON = f"modules/{MODULE}/lessons/first-hours/"
TO_TAKE = ("303", "/account/take/")
#: Whoever is in no cohort is asked nothing: see test_campaigns for those who are.
NO_CAMPAIGN = f"account/campaigns/{'0' * 32}/"
#: Of whoever has no such incident; see test_incidents for those who have.
INCIDENT = f"incidents/{'0' * 32}/"
EVIDENCE = f"{INCIDENT}files/{'0' * 32}/"
TO_LOG = ("303", "/incidents/")
QUIZ, SCENARIO = f"modules/{MODULE}/quiz/", f"modules/{MODULE}/scenario/"
TO_DUE, TO_SIGN_IN_FOR_DUE = ("303", "/due/"), ("303", "/due/")
TO_REFRESH, DRILL = ("303", "/refresh/"), "drills/dl-two-words/"
TO_AUDIT = ("303", "/audit/")
TO_QUIZ = ("303", f"/{QUIZ}")


def _one_incident(endpoint: str, path: str) -> Row:
    """A page of an incident that the visitor doesn't have: the log itself for whoever has none."""
    nowhere = ("404", "")
    return _get(endpoint, path, TO_LOG, nowhere, nowhere, (*TO_LOG, "-sid", "fid"))


ROWS = (
    _get("learn.choose_language", "/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.home", "", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.modules", "modules/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.module", f"modules/{MODULE}/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.lesson", LESSON, SAME, FORM, FORM, ("200", "", *GONE)),
    _get("learn.lab", "modules/oversharing/lab/photo-metadata/", SAME, SAME, SAME, SAME),
    _get("learn.guide", f"modules/{MODULE}/guide/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.progress", "progress/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.about", "about/", SAME, SAME, SAME, SAME),
    _get("learn.glossary", "glossary/", SAME, SAME, SAME, SAME),
    _get("learn.paths", "paths/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.path", "paths/journalist/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.refresh", "refresh/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("learn.begin_refresher", "refresh/"),
    _get("learn.refresher", "refresh/1/", TO_REFRESH, TO_REFRESH, TO_REFRESH, (*TO_REFRESH, "-sid", "fid")),
    _held("learn.answer_refresher", "refresh/1/"),
    _get("learn.drills", "drills/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("learn.drill", DRILL, FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("learn.decide_drill", DRILL),
    _get("learn.due", "due/", TO_SIGN_IN_FOR_DUE, SAME, SAME, (*TO_SIGN_IN_FOR_DUE, "-sid", "fid")),
    _get("learn.due_calendar", "due/calendar.ics", TO_DUE, TO_DUE, TO_DUE, (*TO_DUE, "-sid", "fid")),
    _get("verify.verify", "verify/", SAME, SAME, SAME, SAME),
    Row("verify.check", "POST", "verify/", ("422", ""), ("422", ""), ("422", ""), ("422", "")),
    _get("search.search", "search/", SAME, SAME, SAME, SAME),
    Row("search.results", "POST", "search/", ("422", ""), ("422", ""), ("422", ""), ("422", "")),
    Row("learn.mark_lesson_read", "POST", LESSON, ("303", f"/modules/{MODULE}/#parts", "sid", "-fid"),
        ("400", "", "fid"), ("400", "", "fid"), ("409", "", "-sid", "fid")),
    _get(
        "audit.checklist_as_pdf", f"modules/{MODULE}/checklist/paper.pdf", MY_PDF, MY_PDF, MY_PDF, (*PDF, "-sid", "fid")
    ),
    _get("audit.checklist", f"modules/{MODULE}/checklist/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("audit.save_checklist", f"modules/{MODULE}/checklist/"),
    _get("audit.situation", "situation/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("audit.save_situation", "situation/"),
    _get("audit.weights", "situation/weights/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("audit.save_weights", "situation/weights/"),
    _get("audit.overview", "audit/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("audit.begin", "audit/"),
    _get("audit.sitting", "audit/1/", TO_AUDIT, TO_AUDIT, TO_AUDIT, (*TO_AUDIT, "-sid", "fid")),
    _held("audit.save_page", "audit/1/"),
    _get("audit.next_look", "audit/next/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("audit.save_interval", "audit/next/"),
    _held("audit.happened", "audit/next/happened/"),
    _get("audit.exposure", "exposure/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("audit.threat", "exposure/doxxing/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("audit.plan", "plan/", SAME, SAME, SAME, ("200", "", *GONE)),
    _held("audit.change_plan", "plan/"),
    _get("audit.plan_as_pdf", "plan/paper.pdf", PDF, PDF, PDF, (*PDF, *GONE)),
    _get("learn.quiz", QUIZ, FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("learn.begin_quiz", QUIZ),
    _get("learn.question", f"{QUIZ}1/", TO_QUIZ, TO_QUIZ, TO_QUIZ, (*TO_QUIZ, "-sid", "fid")),
    _held("learn.answer_question", f"{QUIZ}1/"),
    _get("learn.scenario", SCENARIO, FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("learn.turn_in_scenario", SCENARIO),
    _get("incidents.log", "incidents/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("incidents.new", "incidents/new/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _held("incidents.submit_new", "incidents/new/"),
    _get("incidents.export", "incidents/export/", TO_LOG, TO_LOG, TO_LOG, (*TO_LOG, "-sid", "fid")),
    _refused("incidents.submit_export", "incidents/export/"),
    _one_incident("incidents.incident", INCIDENT),
    _one_incident("incidents.edit", f"{INCIDENT}edit/"),
    _held("incidents.submit_edit", f"{INCIDENT}edit/"),
    _one_incident("incidents.assess", f"{INCIDENT}assess/"),
    _held("incidents.submit_assess", f"{INCIDENT}assess/"),
    _one_incident("incidents.ask_delete", f"{INCIDENT}delete/"),
    _refused("incidents.submit_delete", f"{INCIDENT}delete/"),
    _refused("incidents.attach", f"{INCIDENT}files/"),
    _one_incident("incidents.file", EVIDENCE),
    _one_incident("incidents.ask_delete_file", f"{EVIDENCE}delete/"),
    _refused("incidents.submit_delete_file", f"{EVIDENCE}delete/"),
    _get("help.situations", "help/", SAME, SAME, SAME, SAME),
    _get("help.contacts", "help/contacts/", SAME, SAME, SAME, SAME),
    _get("help.situation", "help/address-published/", SAME, SAME, SAME, SAME),
    _get("help.card_as_pdf", "help/address-published/card/paper.pdf", PDF, PDF, PDF, PDF),
    _get("help.sheet_as_pdf", "help/sheets/family-sheet/paper.pdf", PDF, PDF, PDF, PDF),
    _get("help.card", "help/address-published/card/", SAME, SAME, SAME, SAME),
    _get("help.sheet", "help/sheets/family-sheet/", SAME, SAME, SAME, SAME),
    _get("account.overview", "account/", TO_SIGN_IN, TO_SIGN_IN, FORM, (*TO_SIGN_IN, "-sid", "fid")),
    _get("account.keep", "account/keep/", FORM, FORM, ("303", "/account/"), ("200", "", "-sid", "fid")),
    _refused("account.submit_keep", "account/keep/"),
    _get("account.change_passphrase", "account/passphrase/", TO_SIGN_IN, TO_SIGN_IN, FORM,
         (*TO_SIGN_IN, "-sid", "fid")),
    _refused("account.submit_change_passphrase", "account/passphrase/"),
    _get("account.exposed", "account/exposed/", TO_SIGN_IN, TO_SIGN_IN, FORM, (*TO_SIGN_IN, "-sid", "fid")),
    _refused("account.submit_exposed", "account/exposed/"),
    _get("account.second_factor", "account/second-factor/", TO_SIGN_IN, TO_SIGN_IN, FORM,
         (*TO_SIGN_IN, "-sid", "fid")),
    _refused("account.submit_second_factor", "account/second-factor/"),
    _refused("account.change_second_factor", "account/second-factor/change/"),
    _get("account.delete", "account/delete/", ("303", "/progress/", "fid"), FORM, FORM,
         ("303", "/progress/", "-sid", "fid")),
    _refused("account.submit_delete", "account/delete/"),
    _get("account.deleted", "account/deleted/", SAME, SAME, SAME, ("200", "", *GONE)),
    _get("account.shared", "account/shared/", TO_SIGN_IN, TO_SIGN_IN, FORM,
         (*TO_SIGN_IN, "-sid", "fid")),
    _refused("account.choose_shared", f"account/shared/{'0' * 32}/"),
    _refused("account.share_earlier", f"account/shared/{'0' * 32}/earlier/"),
    _refused("account.share_asked", "account/shared/asked/"),
    _refused("account.leave_cohort", f"account/shared/{'0' * 32}/leave/"),
    _get("account.sign_in", "account/sign-in/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _refused("account.submit_sign_in", "account/sign-in/"),
    _refused("account.resume_sign_in", "account/sign-in/resume/"),
    _get("account.one_moment", "account/one-moment/", TO_SIGN_IN, TO_SIGN_IN, TO_SIGN_IN,
         (*TO_SIGN_IN, "-sid", "fid")),
    _refused("account.sign_out", "account/sign-out/"),
    _get("account.recover", "account/recover/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _refused("account.submit_recover", "account/recover/"),
    _get("join.code", "join/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _refused("join.offer", "join/"),
    _refused("join.enter", "join/enter/"),
    _get("account.take", "account/take/", ("303", "/progress/", "fid"), FORM, FORM,
         ("303", "/progress/", "-sid", "fid")),
    _get("account.everything_to_read", "account/take/everything.html", TO_TAKE, SAME, SAME,
         (*TO_TAKE, "-sid", "fid")),
    _get("account.everything_for_a_program", "account/take/everything.json", TO_TAKE, SAME, SAME,
         (*TO_TAKE, "-sid", "fid")),
    _refused("account.take_copy", "account/take/copy/"),
    _get("account.campaigns", "account/campaigns/", TO_SIGN_IN, TO_SIGN_IN, SAME, (*TO_SIGN_IN, "-sid", "fid")),
    _get("account.campaign", NO_CAMPAIGN, TO_SIGN_IN, TO_SIGN_IN, ("404", ""), (*TO_SIGN_IN, "-sid", "fid")),
    _refused("account.reply_to_campaign", NO_CAMPAIGN),
    _get("account.bring", "account/bring/", FORM, FORM, FORM, ("200", "", "-sid", "fid")),
    _get("account.certificates", "account/certificates/", TO_SIGN_IN, TO_SIGN_IN, SAME,
         (*TO_SIGN_IN, "-sid", "fid")),
    _refused("account.submit_bring", "account/bring/"),
    _get("leave.neutral", "/n/{language}/", ("200", "", "left"), ("200", "", "left"),
         ("200", "", "left", "-sid"), ("200", "", "left", "-sid", "-fid")),
    _get("leave.open_again", "/open/", ("303", "/", "-left"), ("303", "/", "-left"), ("303", "/", "-left"),
         ("303", "/", "-left")),
    _get("healthz", "/healthz", SAME, SAME, SAME, SAME),
    _get("static", "{static}", SAME, SAME, SAME, SAME),
)  # fmt: skip

#: Files to be read without the kit: they have none of its frame.
DOWNLOADS = {
    "learn.due_calendar",
    "account.everything_to_read",
    "account.everything_for_a_program",
    "incidents.file",
    *(f"{page}_as_pdf" for page in ("audit.checklist", "audit.plan", "help.card", "help.sheet")),
}
POSTS = tuple(row for row in ROWS if row.method == "POST")
GETS = tuple(row for row in ROWS if row.method == "GET")
#: Pages of the kit itself: what isn't the neutral page, a file, or for machines.
PAGES = tuple(
    row
    for row in GETS
    if row.endpoint.partition(".")[0] not in {"leave", "healthz", "static"} and row.endpoint not in DOWNLOADS
)


def path_of(row: Row, language: str, static: str = "") -> str:
    path = row.path.format(language=language, static=static)
    return path if path.startswith("/") else f"/{language}/{path}"
