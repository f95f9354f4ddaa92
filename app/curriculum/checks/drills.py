"""The drills: no two have one id, and each belongs to an item that there is."""

from app.curriculum.checks.references import twice
from app.curriculum.files.draft import Draft, ids_in
from app.curriculum.prose.targets import did_you_mean


def check_drills(draft: Draft) -> None:
    """Add a problem for each drill that stands twice, or whose item nobody could answer."""
    if draft.drills is None:
        return
    document, drills = draft.drills.document, draft.drills.value
    twice(draft, "drill", ((document, (index,), drill.id) for index, drill in enumerate(drills)))
    checklists = (f"modules/{module_id}/checklist.yaml" for module_id in draft.modules)
    written = [path for path in checklists if path in draft.tree.texts]
    known = [ids_in(draft.documents.get(path), "items") for path in written]
    if None in known:
        return  # that checklist's own file says what is wrong there
    items = {item for ids in known for item in ids or ()}
    for index, drill in enumerate(drills):
        if drill.item not in items:
            hint = did_you_mean(drill.item, items)
            message = f"drill '{drill.id}': no checklist has the item '{drill.item}'{hint}"
            draft.problems.append(document.problem((index, "item"), message))
