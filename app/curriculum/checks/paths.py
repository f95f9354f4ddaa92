"""The ways through the curriculum: what their steps name exists, and no step stands twice."""

from app.curriculum.checks.references import twice
from app.curriculum.files.documents import Document, Loc
from app.curriculum.files.draft import Draft
from app.curriculum.model.paths import PathStep
from app.curriculum.prose.targets import did_you_mean


def check_paths(draft: Draft) -> None:
    """Add a problem for each step of a path that leads nowhere, or that a path has already."""
    if draft.paths is None:
        return
    document = draft.paths.document
    twice(draft, "path", ((document, (index,), path.id) for index, path in enumerate(draft.paths.value)))
    for index, path in enumerate(draft.paths.value):
        steps = [((index, "steps", place), step) for place, step in enumerate(path.steps)]
        twice(draft, f"step of path '{path.id}'", ((document, loc, step.module) for loc, step in steps))
        for loc, step in steps:
            _check_step(draft, document, loc, step)


def _check_step(draft: Draft, document: Document, loc: Loc, step: PathStep) -> None:
    targets = draft.targets
    if step.module not in targets.modules:
        hint = did_you_mean(step.module, targets.modules)
        message = f"there is no module '{step.module}'{hint}"
        draft.problems.append(document.problem((*loc, "module"), message))
        return
    if step.module in targets.unread:
        return  # its own file says what is wrong there
    known = {name.partition("/")[2] for name in targets.lessons if name.startswith(f"{step.module}/")}
    for place, slug in enumerate(step.lessons):
        if slug not in known:
            message = f"module '{step.module}' has no lesson '{slug}'{did_you_mean(slug, known)}"
            draft.problems.append(document.problem((*loc, "lessons", place), message))
