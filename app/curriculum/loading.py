"""The curriculum, read from its files or from its compiled copy."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.curriculum import compiled
from app.curriculum.files.tree import content_files, fingerprint
from app.curriculum.model import Curriculum
from app.curriculum.problems import ContentError

if TYPE_CHECKING:
    from app.curriculum.files.draft import Draft


def load(root: Path, *, cache: Path | None = None) -> Curriculum:
    """The curriculum under `root`, whole and checked.

    With a `cache` folder the compiled copy in it is used while it belongs to these files, and written
    when it doesn't. Expired texts and texts whose pair drifted are `check`'s to report: neither stops a
    start. Raises ContentError with every problem at once.
    """
    files = content_files(root)
    digest = fingerprint(files)
    if cache is not None:
        kept = compiled.read(cache, digest)
        if kept is not None:
            return kept
    draft, curriculum = compile_files(files)
    if curriculum is None:
        raise ContentError(draft.problems)
    if cache is not None:
        compiled.write(cache, curriculum)
    return curriculum


def compile_files(files: dict[str, bytes]) -> "tuple[Draft, Curriculum | None]":
    """Everything that these files say, and the curriculum they make, unless there are problems."""
    from app.curriculum.building import build  # a compiled copy needs none of this: import it only here
    from app.curriculum.checks.drills import check_drills
    from app.curriculum.checks.glossary import check_glossary
    from app.curriculum.checks.intake import check_intake
    from app.curriculum.checks.labs import check_labs
    from app.curriculum.checks.paths import check_paths
    from app.curriculum.checks.questions import check_questions
    from app.curriculum.checks.references import check_references
    from app.curriculum.checks.scenarios import check_scenarios
    from app.curriculum.checks.sheets import check_sheets
    from app.curriculum.files.draft import read_draft
    from app.curriculum.files.tree import read_tree

    draft = read_draft(read_tree(files))
    check_references(draft)
    check_questions(draft)
    check_glossary(draft)
    check_sheets(draft)
    check_paths(draft)
    check_intake(draft)
    check_drills(draft)
    check_scenarios(draft)
    check_labs(draft)
    return draft, build(draft)
