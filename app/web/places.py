"""What a vault remembers of its places in cohorts: what its owner keeps back there, and what they were told.

It stands in the vault alone. So whoever had a place that was given to another vault learns of it at their next
sign-in, though nothing outside the vault says any more that it was theirs.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from app.records.cohorts.people import holders
from app.records.cohorts.publishing import KeptBack, Withheld
from app.records.failures import RecordDamaged
from app.records.notebook import Notebook, Ref, as_json
from app.records.vault import Vault
from app.web.kit import kit
from app.web.visitor import say

PLACES = Ref("account", "places")


@dataclass(frozen=True)
class Held:
    """A place. withheld: modules and parts that were done before joining and weren't published.

    told: whether its owner was told, at a sign-in, that it had been given again; once is enough. earlier: what was
    done before its owner chose to share everything from then on.
    """

    withheld: list[tuple[str, str]] = field(default_factory=list)
    told: bool = False
    earlier: list[tuple[str, str]] = field(default_factory=list)


#: By the random id of a membership, or of an administrator.
Places = dict[str, Held]


def remember_place(
    connection: Connection, vault: Vault, place_id: bytes, withheld: Iterable[tuple[str, str]]
) -> None:
    """Remember a place in its owner's vault, within a transaction that holds their lock."""
    _change(connection, vault, place_id, lambda _: Held(sorted(withheld)))


def share_from_now_on(
    connection: Connection, vault: Vault, place_id: bytes, done: Iterable[tuple[str, str]]
) -> None:
    """Remember what was done before everything is shared with a cohort, likewise."""
    earlier = sorted(done)
    _change(connection, vault, place_id, lambda held: replace(held, earlier=earlier))


def let_go(
    connection: Connection, vault: Vault, place_id: bytes, shared: Collection[tuple[str, str]]
) -> None:
    """Keep these back no longer: they were shared. Likewise."""

    def change(held: Held) -> Held:
        withheld, earlier = (
            [each for each in kept if each not in shared] for kept in (held.withheld, held.earlier)
        )
        return replace(held, withheld=withheld, earlier=earlier)

    _change(connection, vault, place_id, change)


def _change(connection: Connection, vault: Vault, place_id: bytes, change: Callable[[Held], Held]) -> None:
    notebook = Notebook(kit().database, vault)
    places: dict[str, Held] = {}
    with suppress(RecordDamaged):  # what can't be read can't be told of either
        places = notebook.read(connection, PLACES, Places, {})
    places |= {place_id.hex(): change(places.get(place_id.hex(), Held()))}
    (entry,) = as_json({PLACES: places})
    notebook.put(connection, [entry])


def withheld(vault: Vault) -> Withheld:
    """What is kept back, by the ids of memberships."""
    return {
        bytes.fromhex(place): KeptBack(held.withheld, held.earlier) for place, held in _places(vault).items()
    }


def tell(vault: Vault) -> None:
    """Say, on the next page and once, which places were given again: to whoever has them now, and to who had them."""
    places = _places(vault)
    if not places:
        return
    with kit().database.asking() as asking:
        now = holders(asking, [bytes.fromhex(place) for place in places])
    mine = {place for place in places if now.get(bytes.fromhex(place), (b"", False))[0] == vault.learner_id}
    again = {place for place in mine if now[bytes.fromhex(place)][1] and not places[place].told}
    away = {place for place in places if place not in mine and bytes.fromhex(place) in now}
    if again:
        say("place-given-again")
    if away:
        say("place-given-away")
    if again or away:
        with Notebook(kit().database, vault).editing(PLACES, Places, {}) as editing:
            editing.value = {
                place: replace(held, told=held.told or place in again)
                for place, held in editing.value.items()
                if place not in away
            }


def _places(vault: Vault) -> Places:
    try:
        return Notebook(kit().database, vault).load(PLACES, Places, {})
    except RecordDamaged:
        return {}
