"""When somebody's own audit is due again."""

from datetime import date

from app.web.study import Study


def due_of_audit(study: Study) -> date | None:  # noqa: ARG001 - what it is asked with is settled, what it says isn't
    """The day on which the audit is due again; None for whoever has none to repeat, which is everybody so far."""
    return None
