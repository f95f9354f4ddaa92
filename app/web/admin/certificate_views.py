"""Certificates of a cohort: who completed what without one, issuing, issuing again, revoking, printing."""

from flask import redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.records.cohorts import certificates as records
from app.records.cohorts.certificates import CertifiedAlready, NoSuchCertificate, NotCompleted
from app.web import frames
from app.web.admin import blueprint
from app.web.admin.acting import acting
from app.web.admin.forms import RevokeForm
from app.web.admin.guard import cohort_of, for_staff, id_of
from app.web.certificates import sheets
from app.web.kit import kit
from app.web.visitor import say

ADDRESS = "/<language:lang>/admin/cohorts/<cohort>/certificates/"
#: Rows of a list, and sheets that are printed at once: more is another page.
ON_PAGE, SHEETS = 50, 100


@blueprint.get(ADDRESS)
@for_staff
def certificates(cohort: str) -> AnyResponse:
    """Completions without a certificate, and the certificates there are."""
    found, page = cohort_of(cohort), _page()
    with kit().database.asking() as asking:
        waiting, waiting_count = records.uncertified(asking, found.id, ON_PAGE)
        issued, issued_count = records.of_cohort(asking, found.id, ON_PAGE, (page - 1) * ON_PAGE)
    if page > 1 and not issued:
        raise NotFound
    standing = {(each.membership_id, each.module) for each in issued if each.revoked_on is None}
    return frames.uncached(
        "admin/certificates.html",
        cohort=found,
        waiting=waiting,
        waiting_count=waiting_count,
        issued=[(each, (each.membership_id, each.module) in standing) for each in issued],
        issued_count=issued_count,
        page=page,
        pages=-(-issued_count // ON_PAGE),
        modules=kit().curriculum.modules_by_id,
        token=str(generate_csrf()),
        active="admin",
    )


@blueprint.post(ADDRESS)
@for_staff
def issue_certificates(cohort: str) -> AnyResponse:
    """Issue one for every completion that never had one."""
    found = cohort_of(cohort)
    with acting() as act:
        count = records.issue_all(act.connection, found.id, kit().today())
        if count:
            act.note("certificates-issued", found.id, str(count))
    say("certificates-issued" if count else "certificate-there")
    return _back(cohort)


@blueprint.post(f"{ADDRESS}issue/<member>/<module_id>/")
@for_staff
def issue_certificate(cohort: str, member: str, module_id: str) -> AnyResponse:
    """Issue one for one member's completion."""
    found, place = cohort_of(cohort), id_of(member)
    if not module_id.isprintable():
        raise NotFound
    try:
        with acting() as act:
            made = records.issue(act.connection, found.id, place, module_id, kit().today())
            act.note("certificate-issued", made.membership_id, made.module)
    except (CertifiedAlready, NotCompleted):
        say("certificate-there")
    else:
        say("certificate-issued")
    return _back(cohort)


@blueprint.post(f"{ADDRESS}<certificate>/again/")
@for_staff
def reissue_certificate(cohort: str, certificate: str) -> AnyResponse:
    """A new one for the same completion; the old one is revoked."""
    found, old = cohort_of(cohort), id_of(certificate)
    try:
        with acting() as act:
            made = records.reissue(act.connection, found.id, old, kit().today())
            act.note("certificate-reissued", made.membership_id, made.module)
    except NoSuchCertificate:
        raise NotFound from None
    say("certificate-reissued")
    return _back(cohort)


@blueprint.get(f"{ADDRESS}<certificate>/revoke/")
@for_staff
def confirm_revoking(cohort: str, certificate: str) -> AnyResponse:
    """The last question before one is made invalid."""
    one = _one(cohort, certificate)
    return _revoking(cohort, one, RevokeForm(formdata=None)) if one.revoked_on is None else _back(cohort)


@blueprint.post(f"{ADDRESS}<certificate>/revoke/")
@for_staff
def revoke_certificate(cohort: str, certificate: str) -> AnyResponse:
    """Make one invalid."""
    one, form = _one(cohort, certificate), RevokeForm()
    if not form.validate():
        return _revoking(cohort, one, form, 422)
    try:
        with acting() as act:
            revoked = records.revoke(act.connection, cohort_of(cohort).id, one.id, kit().today())
            act.note("certificate-revoked", revoked.membership_id, revoked.module)
    except NoSuchCertificate:
        raise NotFound from None
    say("certificate-revoked")
    return _back(cohort)


def _revoking(cohort: str, one: records.Certified, form: RevokeForm, status: int = 200) -> AnyResponse:
    return frames.uncached(
        "admin/revoke.html",
        status=status,
        cohort=cohort_of(cohort),
        one=one,
        form=form,
        modules=kit().curriculum.modules_by_id,
        token=str(generate_csrf()),
        active="admin",
    )


@blueprint.get(f"{ADDRESS}print/")
@for_staff
def print_certificates(cohort: str) -> AnyResponse:
    """Every certificate that stands, one a sheet."""
    found, page = cohort_of(cohort), _page()
    with kit().database.asking() as asking:
        some, count = records.of_cohort(asking, found.id, SHEETS, (page - 1) * SHEETS, standing=True)
    return _sheets(cohort, some, page=page, pages=-(-count // SHEETS))


@blueprint.get(f"{ADDRESS}<certificate>/print/")
@for_staff
def print_certificate(cohort: str, certificate: str) -> AnyResponse:
    """One certificate's sheet."""
    one = _one(cohort, certificate)
    if one.revoked_on is not None:
        raise NotFound
    return _sheets(cohort, [one])


def _one(cohort: str, certificate: str) -> records.Certified:
    """The certificate that an address names. Raises NotFound."""
    found = cohort_of(cohort)
    try:
        with kit().database.asking() as asking:
            return records.find(asking, found.id, id_of(certificate))
    except NoSuchCertificate:
        raise NotFound from None


def _sheets(cohort: str, some: list[records.Certified], page: int = 1, pages: int = 1) -> AnyResponse:
    only = request.args.get("languages") == "one"
    return frames.uncached(
        "admin/certificate_sheets.html",
        cohort=cohort_of(cohort),
        sheets=list(sheets(some, only=only)),
        only=only,
        page=page,
        pages=pages,
        here=request.path,
        active="admin",
    )


def _page() -> int:
    return max(1, min(request.args.get("page", 1, type=int), 10_000))


def _back(cohort: str) -> AnyResponse:
    return redirect(url_for("admin.certificates", cohort=cohort), 303)
