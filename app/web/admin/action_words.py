"""What was done, in the reader's words. A verb without words here is shown as it is written in the log."""

from flask_babel import lazy_gettext as _l

VERBS = {
    "cohort-made": _l("Made a cohort"),
    "cohort-changed": _l("Changed a cohort's settings"),
    "cohort-archived": _l("Archived a cohort"),
    "cohort-opened": _l("Opened an archived cohort again"),
    "campaign-opened": _l("Opened a group question"),
    "campaign-closed": _l("Closed a group question"),
    "assigned": _l("Assigned something to a cohort"),
    "unassigned": _l("Took an assignment back"),
    "certificate-issued": _l("Issued a certificate"),
    "certificates-issued": _l("Issued certificates to a cohort"),
    "certificate-reissued": _l("Issued a certificate again and revoked the old one"),
    "certificate-revoked": _l("Revoked a certificate"),
    "cohort-exported": _l("Took a cohort's completions away as a file"),
    "records-restored": _l("Restored the records from a backup"),
}


def verb_in_words(verb: str) -> str:
    """What a verb of the log says."""
    return str(VERBS.get(verb, verb))
