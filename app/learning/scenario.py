"""Scenarios: where somebody stands, the turns they took, and where a better one was."""

from dataclasses import dataclass, replace
from datetime import date

from app.curriculum.model import Audience, Choice, Node, Quality, Scenario


@dataclass(frozen=True)
class Turn:
    """A choice that was taken at a node."""

    node: str
    choice: str


@dataclass(frozen=True)
class Walk:
    """What is kept of a scenario: through whose eyes, the turns so far, and the day an ending was first reached."""

    view: Audience | None = None
    turns: tuple[Turn, ...] = ()
    finished_on: date | None = None

    def joined_with(self, other: "Walk") -> "Walk":
        """What either has: the longer way, and the first day of an ending."""
        longer = max((self, other), key=lambda walk: len(walk.turns))
        days = [day for day in (self.finished_on, other.finished_on) if day is not None]
        return replace(longer, finished_on=min(days, default=None))


@dataclass(frozen=True)
class TurnTaken:
    """A turn with what belongs to it; `better` is the choice that would have served better, if there was one."""

    node: Node
    choice: Choice
    better: Choice | None


@dataclass(frozen=True)
class Position:
    """Where a walk has come to."""

    node: Node
    path: tuple[TurnTaken, ...]


def nodes_by_id(scenario: Scenario) -> dict[str, Node]:
    """Every node by its id."""
    return {node.id: node for node in scenario.nodes}


def position(scenario: Scenario, walk: Walk) -> Position:
    """Follow a walk from the start. Turns that the scenario no longer has, and what came after them, don't count."""
    nodes = nodes_by_id(scenario)
    node, path = nodes[scenario.start], []
    for turn in walk.turns:
        taken = next((choice for choice in node.choices if choice.id == turn.choice), None)
        if node.id != turn.node or taken is None:
            break
        path.append(TurnTaken(node, taken, _better(node, taken)))
        node = nodes[taken.to]
    return Position(node, tuple(path))


_RANK = {Quality.BEST: 0, Quality.MIDDLING: 1, Quality.WORST: 2}


def _better(node: Node, taken: Choice) -> Choice | None:
    best = min(node.choices, key=lambda choice: _RANK[choice.quality])
    return best if _RANK[best.quality] < _RANK[taken.quality] else None


def take(scenario: Scenario, walk: Walk, turn: Turn, today: date) -> Walk:
    """The walk after a turn. A turn that isn't offered where the walk stands changes nothing."""
    here = position(scenario, walk)
    if here.node.id != turn.node or all(choice.id != turn.choice for choice in here.node.choices):
        return walk
    turns = (*(Turn(taken.node.id, taken.choice.id) for taken in here.path), turn)
    walk = replace(walk, turns=turns)
    ended = position(scenario, walk).node.ending is not None
    return replace(walk, finished_on=walk.finished_on or (today if ended else None))


def back(scenario: Scenario, walk: Walk) -> Walk:
    """The walk before its last turn."""
    path = position(scenario, walk).path
    return replace(walk, turns=tuple(Turn(taken.node.id, taken.choice.id) for taken in path[:-1]))


def again(walk: Walk, view: Audience | None) -> Walk:
    """The walk from the start, through these eyes. That an ending was reached once stays."""
    return Walk(view, (), walk.finished_on)
