"""Everything that is wrong with the content: what stops a start, and what an editor must mend besides."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.curriculum.checks.drift import find_drift
from app.curriculum.checks.editorial import find_editorial
from app.curriculum.checks.translating import Standing, begun, standing
from app.curriculum.files.tree import content_files
from app.curriculum.loading import compile_files
from app.curriculum.problems import Problem


@dataclass(frozen=True)
class Findings:
    """What is wrong, and how far each language is that is being added."""

    problems: list[Problem]
    languages: list[Standing]


def check(root: Path, today: date) -> Findings:
    """Every problem of the content under `root`, in the order of the files; none means it is in order.

    Besides what stops `load`: what is expired on `today`, drifted, unused, over-long, too short,
    unbalanced between the languages, or lies about unlisted. What a further language lacks is no problem.
    """
    draft, curriculum = compile_files(content_files(root))
    found = [*draft.problems, *find_drift(root, draft), *find_editorial(draft, curriculum, today)]
    return Findings(sorted(set(found)), [standing(draft, language) for language in begun(draft)])
