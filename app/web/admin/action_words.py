"""What was done, in the reader's words. What has no words here is shown as it is written in the log."""

from flask_babel import lazy_gettext as _l

from app.records.cohorts.administrators import ASKED, GIVEN, WITHDRAWN

VERBS = {
    "cohort-made": _l("Made a cohort"),
    "cohort-changed": _l("Changed a cohort's settings"),
    "cohort-archived": _l("Archived a cohort"),
    "cohort-opened": _l("Opened an archived cohort again"),
    "cohort-outlived": _l("Deleted an archived cohort whose time was over"),
    "assigned": _l("Assigned something to a cohort"),
    "unassigned": _l("Took an assignment back"),
    "certificate-issued": _l("Issued a certificate"),
    "certificates-issued": _l("Issued certificates to a cohort"),
    "certificate-reissued": _l("Issued a certificate again and revoked the old one"),
    "certificate-revoked": _l("Revoked a certificate"),
    "cohort-exported": _l("Took a cohort's completions away as a file"),
    "campaign-opened": _l("Asked a cohort how it stands"),
    "invitations-made": _l("Made invitations"),
    "invitations-revoked": _l("Took invitations back"),
    "list-brought": _l("Brought a list of people"),
    "place-invited": _l("Made another code for a place"),
    "place-again": _l("Gave a place again"),
    "place-removed": _l("Removed a place that nobody had taken"),
    "member-ended": _l("Ended a place"),
    "admin-invited": _l("Invited an administrator"),
    "admin-ended": _l("Ended an administrator's role"),
    ASKED: _l("Asked that an administrator's role be given again"),
    WITHDRAWN: _l("Stopped that an administrator's role be given again"),
    GIVEN: _l("Agreed that an administrator's role be given again"),
    "records-restored": _l("Restored the records from a backup"),
}
_DETAILS = {
    "role": _l("role: %(value)s"),
    "codes": _l("codes: %(value)s"),
    "uses": _l("uses of each: %(value)s"),
    "places": _l("places: %(value)s"),
    "completions": _l("completions: %(value)s"),
    "count": _l("how many: %(value)s"),
}
_ROLES = {"learner": _l("learner"), "trainer": _l("trainer")}


def verb_in_words(verb: str) -> str:
    """What a verb of the log says."""
    return str(VERBS.get(verb, verb))


def details_in_words(details: str) -> str:
    """What stands beside it: `codes=3 uses=1`, or one word such as a module's id."""
    said = []
    for part in details.split():
        name, _, value = part.partition("=")
        words = _DETAILS.get(name)
        said.append(str(words) % {"value": _ROLES.get(value, value)} if words and value else part)
    return " · ".join(said)
