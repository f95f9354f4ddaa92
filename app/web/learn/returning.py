"""What the home page says to somebody who comes back: where they were, what is next in their plan, what is due."""

from flask import render_template

from app.web.kit import kit
from app.web.learn.asked import asked_here, tasks
from app.web.learn.coming import coming
from app.web.plans import study_and_audit


def where_you_were() -> str:
    """All of it, as far as there is anything to say."""
    study, audit = study_and_audit()
    asked, today = asked_here(), kit().today()
    left = [task for task in tasks(asked, study) if not task.done]
    return render_template(
        "learn/_where_you_were.html",
        step=study.next_step(kit().curriculum.modules),
        coming=coming(study),
        asked=asked,
        cohorts=sorted({each.cohort for each in asked}),
        left=left,
        first=next(iter(audit.plan(today).week), None) if audit.answered else None,
        in_danger=audit.is_in_danger,
        today=today,
    )
