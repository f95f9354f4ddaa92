"""What the home page says to somebody who comes back: where they were, and what is due."""

from flask import render_template

from app.web.kit import kit
from app.web.learn.asked import asked_here, tasks
from app.web.learn.coming import coming
from app.web.study import everything_done


def where_you_were() -> str:
    """Both, as far as there is anything to say."""
    study, asked = everything_done(), asked_here()
    left = [task for task in tasks(asked, study) if not task.done]
    return render_template(
        "learn/_where_you_were.html",
        step=study.next_step(kit().curriculum.modules),
        coming=coming(study),
        asked=asked,
        cohorts=sorted({each.cohort for each in asked}),
        left=left,
        today=kit().today(),
    )
