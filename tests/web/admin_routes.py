"""Every rule of the administration, and of what a cohort's learners see, with what each role gets from it.

A rule without a row fails a test. `{cohort}` is the first cohort's id, `{member}` its learner's place.
"""

from dataclasses import dataclass

#: Everybody who may ask, in the order of a row's answers.
ROLES = ("nobody", "guest", "kept", "learner", "other learner", "other trainer", "trainer", "admin")


@dataclass(frozen=True)
class Row:
    """One rule and method; the status that each role gets, in the order of ROLES.

    A form is sent with its token and nothing else, so where it is allowed it mostly answers 422.
    """

    endpoint: str
    method: str
    path: str
    statuses: tuple[int, ...]


def _for_administrators(endpoint: str, method: str, path: str, status: int) -> Row:
    return Row(endpoint, method, path, (303, 303, 404, 404, 404, 404, 404, status))


def _for_staff(endpoint: str, method: str, path: str, status: int) -> Row:
    """For administrators and the cohort's own trainers."""
    return Row(endpoint, method, path, (303, 303, 404, 404, 404, 404, status, status))


COHORT = "admin/cohorts/{cohort}/"
#: An id that nothing has.
NOTHING = "0" * 32
ASSIGNMENTS, CERTIFICATES = f"{COHORT}assignments/", f"{COHORT}certificates/"

ROWS = (
    Row("admin.cohorts", "GET", "admin/", (303, 303, 404, 404, 404, 200, 200, 200)),
    _for_administrators("admin.make_cohort", "POST", "admin/", 422),
    _for_administrators("admin.administrators_of", "GET", "admin/administrators/", 200),
    _for_administrators("admin.invite_administrator", "POST", "admin/administrators/", 422),
    _for_administrators(
        "admin.revoke_administrator", "POST", f"admin/administrators/invitations/{NOTHING}/revoke/", 303
    ),
    _for_administrators("admin.end_administrator", "POST", f"admin/administrators/{NOTHING}/end/", 303),
    _for_administrators("admin.ask_again", "POST", f"admin/administrators/{NOTHING}/again/ask/", 303),
    _for_administrators(
        "admin.withdraw_again", "POST", f"admin/administrators/{NOTHING}/again/withdraw/", 303
    ),
    _for_administrators("admin.agree_again", "POST", f"admin/administrators/{NOTHING}/again/agree/", 303),
    _for_staff("admin.people_of", "GET", f"{COHORT}people/", 200),
    _for_staff("admin.find_people", "POST", f"{COHORT}people/", 200),
    _for_staff("admin.revoke_invitations", "POST", f"{COHORT}people/invitations/{NOTHING}/revoke/", 303),
    _for_staff("admin.person", "GET", f"{COHORT}people/{{member}}/", 200),
    _for_staff("admin.give_place_again", "POST", f"{COHORT}people/{{member}}/again/", 422),
    _for_staff("admin.invite_people", "GET", f"{COHORT}people/invite/", 200),
    _for_staff("admin.make_codes", "POST", f"{COHORT}people/codes/", 422),
    _for_staff("admin.check_list", "POST", f"{COHORT}people/list/", 422),
    _for_staff("admin.import_list", "POST", f"{COHORT}people/list/import/", 422),
    _for_administrators("admin.action_log", "GET", "admin/actions/", 200),
    _for_administrators("admin.settings", "GET", f"{COHORT}settings/", 200),
    _for_administrators("admin.change_settings", "POST", f"{COHORT}settings/", 422),
    _for_staff("admin.assignments", "GET", ASSIGNMENTS, 200),
    _for_staff("admin.assign", "POST", ASSIGNMENTS, 422),
    _for_staff("admin.take_back", "POST", f"{ASSIGNMENTS}back/", 404),
    _for_staff("admin.certificates", "GET", CERTIFICATES, 200),
    _for_staff("admin.issue_certificates", "POST", CERTIFICATES, 303),
    _for_staff("admin.issue_certificate", "POST", f"{CERTIFICATES}issue/{{member}}/risk/", 303),
    _for_staff("admin.print_certificates", "GET", f"{CERTIFICATES}print/", 200),
    _for_staff("admin.print_certificate", "GET", f"{CERTIFICATES}{{member}}/print/", 404),
    _for_staff("admin.reissue_certificate", "POST", f"{CERTIFICATES}{{member}}/again/", 404),
    _for_staff("admin.confirm_revoking", "GET", f"{CERTIFICATES}{{member}}/revoke/", 404),
    _for_staff("admin.revoke_certificate", "POST", f"{CERTIFICATES}{{member}}/revoke/", 404),
    # Last, for nothing is assigned to a cohort that is archived.
    _for_administrators("admin.archive", "POST", f"{COHORT}archive/", 303),
    _for_staff("admin.matrix", "GET", COHORT, 200),
    _for_staff("admin.filter_matrix", "POST", COHORT, 200),
    _for_staff("admin.member", "GET", f"{COHORT}members/{{member}}/", 200),
    _for_staff("admin.summary", "GET", f"{COHORT}summary/", 200),
    _for_staff("admin.export_csv", "GET", f"{COHORT}export.csv", 200),
    _for_staff("admin.export_xlsx", "GET", f"{COHORT}export.xlsx", 200),
    _for_staff("admin.insight", "GET", f"{COHORT}insight/", 200),
    _for_staff("admin.open_campaign", "POST", f"{COHORT}insight/", 422),
    # No such campaign: see test_campaigns for who gets one that there is.
    _for_staff("admin.campaign", "GET", f"{COHORT}insight/{'0' * 32}/", 404),
    # Last, for it is done as a trainer and as an administrator: the place is ended, and its page stays.
    _for_staff("admin.end_place", "POST", f"{COHORT}people/{{member}}/end/", 303),
)
