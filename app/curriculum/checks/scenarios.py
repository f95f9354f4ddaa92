"""A scenario can be walked: every node is reached, every path ends, and there is no dead end."""

from app.curriculum.checks.references import find_circle, twice
from app.curriculum.files.documents import Document
from app.curriculum.files.draft import Draft, ids_in
from app.curriculum.model import Node, Scenario
from app.curriculum.prose.targets import did_you_mean


def check_scenarios(draft: Draft) -> None:
    """Add a problem for each place where somebody who walks a scenario would be lost."""
    for module in draft.modules.values():
        if module.scenario is None:
            continue
        document, scenario = module.scenario.document, module.scenario.value
        known = ids_in(draft.documents.get(document.path), "nodes") or set()
        twice(draft, "node", ((document, ("nodes", i), node.id) for i, node in enumerate(scenario.nodes)))
        if scenario.start not in known:
            message = f"the scenario starts at '{scenario.start}', but there is no such node"
            hint = did_you_mean(scenario.start, known)
            draft.problems.append(document.problem(("start",), message + hint))
        for index, node in enumerate(scenario.nodes):
            _check_node(draft, document, index, node, known)
        leads_on = all(choice.to in known for node in scenario.nodes for choice in node.choices)
        if leads_on and known == {node.id for node in scenario.nodes}:
            _check_walk(draft, document, scenario)


def _check_node(draft: Draft, document: Document, index: int, node: Node, known: set[str]) -> None:
    loc = ("nodes", index)
    if node.ending and node.choices:
        message = f"node '{node.id}' has choices and an ending; keep one of them"
        draft.problems.append(document.problem((*loc, "ending"), message))
    elif not node.ending and len(node.choices) < 2:  # noqa: PLR2004
        message = f"node '{node.id}' needs two or more choices, or an ending (best, middling or worst)"
        draft.problems.append(document.problem((*loc, "choices"), message))
    choices = [(document, (*loc, "choices", i), choice.id) for i, choice in enumerate(node.choices)]
    twice(draft, "choice", choices)
    for place, choice in enumerate(node.choices):
        if choice.to not in known:
            message = (
                f"choice '{choice.id}' of node '{node.id}' leads to '{choice.to}', but there is no such node"
            )
            hint = did_you_mean(choice.to, known)
            draft.problems.append(document.problem((*loc, "choices", place, "to"), message + hint))


def _check_walk(draft: Draft, document: Document, scenario: Scenario) -> None:
    ways = {node.id: tuple(choice.to for choice in node.choices) for node in scenario.nodes}
    reached, pending = set[str](), [scenario.start]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += ways.get(name, ())
    for index, node in enumerate(scenario.nodes):
        if node.id not in reached and scenario.start in ways:
            message = f"no path leads to node '{node.id}'; let a choice lead to it, or delete it"
            draft.problems.append(document.problem(("nodes", index), message))
    circle = find_circle(ways)
    if circle:
        index = next(number for number, node in enumerate(scenario.nodes) if node.id == circle[0])
        message = f"a path never ends: {' → '.join(circle)}; let one of these choices lead on"
        draft.problems.append(document.problem(("nodes", index), message))
