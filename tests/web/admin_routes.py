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

ROWS = (
    Row("admin.cohorts", "GET", "admin/", (303, 303, 404, 404, 404, 200, 200, 200)),
    _for_administrators("admin.make_cohort", "POST", "admin/", 422),
    _for_administrators("admin.action_log", "GET", "admin/actions/", 200),
    _for_administrators("admin.settings", "GET", f"{COHORT}settings/", 200),
    _for_administrators("admin.change_settings", "POST", f"{COHORT}settings/", 422),
    _for_administrators("admin.archive", "POST", f"{COHORT}archive/", 303),
)
