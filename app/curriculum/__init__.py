"""What is taught: `load` reads modules, quizzes and help once, checked, rendered and frozen.

`checking.check` says what is wrong with the files, `drift.review` records that the languages of a text
agree, `counting.stats` counts what there is.
"""

from app.curriculum.loading import load
from app.curriculum.problems import ContentError, Problem

__all__ = ["ContentError", "Problem", "load"]
