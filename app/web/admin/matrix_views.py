"""Completion as staff see it: learners × modules, one learner, and the cohort in figures."""

from flask import Response
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import disclosure, figures, matrix
from app.records.cohorts.disclosure import NoSuchMember
from app.records.cohorts.groups import CohortFacts
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.guard import cohort_of, for_staff, here, id_of
from app.web.admin.matrix_forms import MatrixForm
from app.web.kit import kit
from app.web.security import harmless

ADDRESS = "/<language:lang>/admin/cohorts/<cohort>/"


@blueprint.context_processor
def _standing() -> dict[str, bool]:
    """For the tabs of a cohort: some of its pages are for administrators alone."""
    return {"administers": here().is_admin}


@blueprint.get(ADDRESS, endpoint="matrix")
@for_staff
def show_matrix(cohort: str) -> AnyResponse:
    """Everybody who is there or expected, by label."""
    return _matrix(cohort_of(cohort), MatrixForm(kit().curriculum.modules, formdata=None))


@blueprint.post(ADDRESS, endpoint="filter_matrix")
@harmless
@for_staff
def filter_matrix(cohort: str) -> AnyResponse:
    """Who was looked for, in the order that was asked for."""
    found = cohort_of(cohort)
    return _matrix(found, MatrixForm(kit().curriculum.modules))


def _matrix(cohort: CohortFacts, form: MatrixForm) -> Response:
    page, valid = None, form.validate()
    if valid:
        with kit().database.reading() as session:
            page = matrix.page(session.connection(), cohort.id, form.wanted, form.page.data or 1)
    return frames.uncached(
        "admin/matrix.html",
        status=200 if valid else 422,
        cohort=cohort,
        form=form,
        page=page,
        modules=kit().curriculum.modules,
        filtered=form.is_submitted(),
        active="admin",
    )


@blueprint.get(f"{ADDRESS}members/<member>/")
@for_staff
def member(cohort: str, member: str) -> AnyResponse:
    """All that one learner shares with this cohort: the same as they see themselves."""
    found, member_id = cohort_of(cohort), id_of(member)
    try:
        with kit().database.asking() as asking:
            one = disclosure.one(asking, member_id)
    except NoSuchMember:
        raise NotFound from None
    if one.cohort.id != found.id:
        raise NotFound
    return frames.uncached(
        "admin/member.html", cohort=found, one=one, modules=kit().curriculum.modules_by_id, active="admin"
    )


@blueprint.get(f"{ADDRESS}summary/")
@for_staff
def summary(cohort: str) -> AnyResponse:
    """The cohort in figures, by module and over time."""
    found, modules = cohort_of(cohort), kit().curriculum.modules
    ids = [module.id for module in modules]
    with kit().database.reading() as session:
        connection = session.connection()
        counted = figures.summary(connection, found.id, ids)
        over_time = figures.over_time(connection, found.id, ids)
    return frames.uncached(
        "admin/summary.html",
        cohort=found,
        summary=counted,
        over_time=over_time,
        most=max((week.complete for week in over_time.weeks), default=0),
        modules=kit().curriculum.modules_by_id,
        active="admin",
    )
