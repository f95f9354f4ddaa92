"""Order that looks like chance and can be had again: the same seed gives the same order, on any machine.

Learning has no randomness of its own; whoever calls it brings the seed and keeps it.
"""

from collections.abc import Iterable
from hashlib import sha256


def shuffled(seed: str, purpose: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids in an order that follows from the seed and what it is for."""
    return tuple(sorted(ids, key=lambda name: sha256(f"{seed}\n{purpose}\n{name}".encode()).digest()))
