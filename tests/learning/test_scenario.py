"""Scenarios: every way through the real ones, and what turns, going back and beginning again do to a walk."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.curriculum import load
from app.curriculum.model import Audience, Quality, Scenario
from app.learning.scenario import Turn, Walk, again, back, nodes_by_id, position, take
from config import CHECKOUT

TODAY = date(2026, 11, 25)


@cache
def every_case() -> tuple[Scenario, ...]:
    return tuple(module.scenario for module in load(CHECKOUT).modules if module.scenario)


def case() -> Scenario:
    """The first scenario there is."""
    return every_case()[0]


def ways(scenario: Scenario) -> Iterator[tuple[Turn, ...]]:
    """Every way from the start to an ending."""
    nodes = nodes_by_id(scenario)

    def on(node: str, so_far: tuple[Turn, ...]) -> Iterator[tuple[Turn, ...]]:
        if nodes[node].ending:
            yield so_far
        for choice in nodes[node].choices:
            yield from on(choice.to, (*so_far, Turn(node, choice.id)))

    yield from on(scenario.start, ())


def walked(scenario: Scenario, turns: tuple[Turn, ...]) -> Walk:
    walk = Walk()
    for turn in turns:
        walk = take(scenario, walk, turn, TODAY)
    return walk


def test_every_way_ends_in_five_to_seven_turns_and_every_ending_is_reached() -> None:
    for scenario in every_case():
        lengths, endings = set[int](), set[str]()
        for way in ways(scenario):
            here = position(scenario, Walk(turns=way))
            assert here.node.ending is not None
            assert len(here.path) == len(way)
            lengths.add(len(way))
            endings.add(here.node.id)
        assert lengths <= set(range(5, 8)), scenario.id
        assert endings == {node.id for node in scenario.nodes if node.ending}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("view", [None, Audience.JOURNALIST, Audience.OFFICIAL])
def test_every_moment_of_every_way_is_told_in_both_languages_and_to_both_roles(
    language: str, view: Audience | None
) -> None:
    for scenario in every_case():
        told = set[str]()
        for way in ways(scenario):
            for length in range(len(way) + 1):
                node = position(scenario, Walk(view, way[:length])).node
                if node.id in told:
                    continue
                told.add(node.id)
                text = node.views.get(view, node.text) if view else node.text
                assert text.has(language)
                for choice in node.choices:
                    assert choice.text.has(language)
                    assert choice.consequence.has(language)
        assert told == {node.id for node in scenario.nodes}


def test_the_best_turns_end_best_and_the_worst_never_do() -> None:
    for scenario in every_case():
        for quality in (Quality.BEST, Quality.WORST):
            walk = Walk()
            while not (here := position(scenario, walk)).node.ending:
                choice = next(choice for choice in here.node.choices if choice.quality is quality)
                walk = take(scenario, walk, Turn(here.node.id, choice.id), TODAY)
            assert (here.node.ending is Quality.BEST) is (quality is Quality.BEST)
            assert any(turn.better for turn in here.path) is (quality is not Quality.BEST)


def test_a_better_turn_is_named_exactly_where_there_was_one() -> None:
    rank = list(Quality)
    for each in every_case():
        for turn in (turn for way in ways(each) for turn in position(each, Walk(turns=way)).path):
            best = min(turn.node.choices, key=lambda choice: rank.index(choice.quality))
            if turn.better is None:
                assert turn.choice.quality is best.quality
            else:
                assert rank.index(turn.better.quality) < rank.index(turn.choice.quality)
                assert turn.better.quality is best.quality


@cache
def all_ways() -> list[tuple[Turn, ...]]:
    return list(ways(case()))


some_ways = st.deferred(lambda: st.sampled_from(all_ways()))
words = st.text(max_size=12)


@given(some_ways, st.data())
def test_going_back_undoes_the_last_turn_and_no_more(way: tuple[Turn, ...], data: st.DataObject) -> None:
    length = data.draw(st.integers(1, len(way)))
    before, after = walked(case(), way[: length - 1]), walked(case(), way[:length])

    returned = back(case(), after)

    assert returned.turns == before.turns
    assert returned.finished_on == after.finished_on
    assert take(case(), returned, way[length - 1], TODAY) == after
    assert back(case(), Walk()) == Walk()


@given(some_ways, st.data(), words, words)
def test_a_turn_that_isn_t_offered_here_changes_nothing(
    way: tuple[Turn, ...], data: st.DataObject, node: str, choice: str
) -> None:
    walk = walked(case(), way[: data.draw(st.integers(0, len(way)))])
    here = position(case(), walk).node
    elsewhere = data.draw(st.sampled_from([turn for other in all_ways()[:50] for turn in other]))

    for turn in (Turn(node, choice), Turn(here.id, choice), elsewhere):
        offered = turn.node == here.id and turn.choice in {known.id for known in here.choices}
        if not offered:
            assert take(case(), walk, turn, TODAY) == walk


@given(some_ways)
def test_the_same_turn_sent_twice_is_taken_once(way: tuple[Turn, ...]) -> None:
    walk = walked(case(), way[:1])

    assert take(case(), walk, way[0], TODAY) == walk


@given(some_ways, st.sampled_from([None, *Audience]))
def test_beginning_again_keeps_that_an_ending_was_reached_and_the_first_day_of_it(
    way: tuple[Turn, ...], view: Audience | None
) -> None:
    ended = walked(case(), way)
    assert ended.finished_on == TODAY
    assert walked(case(), way[:-1]).finished_on is None

    anew = again(ended, view)

    assert anew == Walk(view, (), TODAY)
    for turn in way:
        anew = take(case(), anew, turn, TODAY + timedelta(3))
    assert anew == Walk(view, way, TODAY)


@given(some_ways, st.data())
def test_turns_that_a_scenario_no_longer_has_are_left_out_with_what_followed(
    way: tuple[Turn, ...], data: st.DataObject
) -> None:
    lost = data.draw(st.integers(0, len(way) - 1))
    changed = (*way[:lost], Turn(way[lost].node, "no-longer-there"), *way[lost + 1 :])

    here = position(case(), Walk(turns=changed))

    assert len(here.path) == lost
    assert here.node.id == way[lost].node


walks = st.builds(
    Walk,
    st.sampled_from([None, *Audience]),
    some_ways.flatmap(lambda way: st.integers(0, len(way)).map(lambda length: way[:length])),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)


@given(walks, walks)
def test_two_walks_joined_keep_the_longer_way_and_the_first_day(one: Walk, other: Walk) -> None:
    joined = one.joined_with(other)

    assert joined.turns in {one.turns, other.turns}
    assert len(joined.turns) == max(len(one.turns), len(other.turns))
    days = [day for day in (one.finished_on, other.finished_on) if day]
    assert joined.finished_on == min(days, default=None)
    assert one.joined_with(one) == one
