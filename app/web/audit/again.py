"""When somebody's own audit is due again."""

from datetime import date

from app.web.study import Study


def due_of_audit(study: Study) -> date | None:
    """The day on which the audit is due again; None for whoever hasn't finished a look yet."""
    return study.review.due_on
