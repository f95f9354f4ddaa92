"""A situation: what each threat weighs then, which measures concern somebody, and two situations that become one."""

from dataclasses import replace
from datetime import timedelta

from app.curriculum.model import Audience, LeftOut
from app.learning.situation import HIGHEST, Outside, Situation, concerning, weights
from tests.learning.people import THREATS, TODAY, intake, measure, option, question, text, told

ASKED = intake(
    question(
        "role",
        option("watch", {"burglary": 1}, Audience.JOURNALIST),
        option("cook", {"fire": 1}, Audience.OFFICIAL),
    ),
    question(
        "street",
        option("noisy", {"burglary": 1}),
        option("dark", {"burglary": 2}),
        option("calm"),
        option("smoke", {"fire": 2}, danger=True),
    ),
    question("pets", option("dog"), option("cat"), option("no-pets")),
    left_out=[LeftOut(items=("leash",), question="pets", unless=("dog",), reason=text("No dog."))],
)


def levels(situation: Situation) -> dict[str, int]:
    return {threat: weight.level for threat, weight in weights(ASKED, THREATS, situation).items()}


def test_whoever_tells_nothing_has_every_threat_at_its_lowest() -> None:
    assert levels(Situation()) == {"burglary": 1, "fire": 1, "flood": 1}


def test_what_several_questions_raise_adds_up_and_of_one_question_only_the_strongest_counts() -> None:
    assert levels(told(street=["noisy"]))["burglary"] == 2
    assert levels(told(street=["noisy", "dark"]))["burglary"] == 3
    assert levels(told(role=["watch"], street=["noisy", "dark"]))["burglary"] == 4


def test_a_weight_says_everything_that_raised_it() -> None:
    weight = weights(ASKED, THREATS, told(role=["watch", "cook"], street=["noisy", "dark"]))["burglary"]

    assert [each.id for each in weight.raised_by] == ["watch", "noisy", "dark"]
    assert not weight.own


def test_a_weight_that_somebody_set_stands_and_the_kit_still_says_what_it_saw() -> None:
    situation = replace(told(street=["dark"]), levels={"burglary": 1, "flood": 4})
    found = weights(ASKED, THREATS, situation)

    assert (found["burglary"].level, found["burglary"].own) == (1, True)
    assert [each.id for each in found["burglary"].raised_by] == ["dark"]
    assert (found["flood"].level, found["flood"].own) == (4, True)


def test_a_weight_that_was_set_to_what_the_kit_says_is_no_ones_own() -> None:
    assert not weights(ASKED, THREATS, Situation(levels={"flood": 1}))["flood"].own


def test_a_weight_from_a_damaged_or_older_record_stays_within_the_levels() -> None:
    assert levels(Situation(levels={"flood": 9, "fire": -3})) == {"burglary": 1, "fire": 1, "flood": HIGHEST}


def test_each_level_doubles_what_points_count() -> None:
    found = weights(ASKED, THREATS, Situation(levels={"burglary": 2, "fire": 3, "flood": 4}))

    assert [found[threat].factor for threat in THREATS] == [2, 4, 8]


def test_options_and_questions_that_are_no_longer_asked_change_nothing() -> None:
    assert levels(told(street=["gone"], garden=["dark"])) == levels(Situation())


def test_an_option_counts_for_its_own_question_only() -> None:
    assert told(pets=["dark"]).options(ASKED) == []


def test_only_the_measures_of_their_audience_concern_somebody() -> None:
    lock, stove = measure("lock"), measure("stove", audience=(Audience.OFFICIAL,))

    mine, others = concerning(ASKED, [lock, stove], told(role=["watch"]))

    assert mine == [lock]
    assert [(each.item, each.why, each.reason) for each in others] == [(stove, Outside.AUDIENCE, None)]


def test_several_roles_and_no_role_at_all_take_in_more() -> None:
    both = [measure("lock"), measure("stove", audience=(Audience.OFFICIAL,))]

    assert concerning(ASKED, both, told(role=["watch", "cook"])) == (both, [])
    assert concerning(ASKED, both, Situation()) == (both, [])


def test_what_one_of_theirs_needs_is_theirs_too() -> None:
    key = measure("key", audience=(Audience.FAMILY,))
    lock = measure("lock", needs=("key",))
    bolt = measure("bolt", needs=("lock",))

    mine, _ = concerning(ASKED, [bolt, key, lock], told(role=["watch"]))

    assert mine == [bolt, key, lock]


def test_a_measure_is_left_out_with_its_reason_only_where_the_question_was_answered() -> None:
    leash = measure("leash")

    assert concerning(ASKED, [leash], Situation())[0] == [leash]
    assert concerning(ASKED, [leash], told(pets=[]))[0] == [leash]
    assert concerning(ASKED, [leash], told(pets=["cat", "dog"]))[0] == [leash]
    mine, [left] = concerning(ASKED, [leash], told(pets=["cat"]))
    assert (mine, left.why, left.reason) == ([], Outside.SITUATION, text("No dog."))


def test_whoever_says_that_it_is_happening_now_is_in_danger() -> None:
    assert told(street=["smoke", "calm"]).is_in_danger(ASKED)
    assert not told(street=["dark"]).is_in_danger(ASKED)


def test_of_two_situations_the_later_stands_and_what_only_the_earlier_told_is_kept() -> None:
    kept = Situation({"role": ["watch"], "pets": ["dog"]}, {"fire": 3}, TODAY)
    guest = Situation({"role": ["cook"]}, {"flood": 2}, TODAY + timedelta(days=1))

    joined = kept.joined_with(guest)

    assert joined == guest.joined_with(kept)
    assert joined.chosen == {"role": ["cook"], "pets": ["dog"]}
    assert joined.levels == {"fire": 3, "flood": 2}
    assert joined.told_on == TODAY + timedelta(days=1)


def test_on_the_same_day_the_guests_stands_because_it_was_told_in_this_visit() -> None:
    kept, guest = told(role=["watch"]), told(role=["cook"])

    assert kept.joined_with(guest).chosen == {"role": ["cook"]}


def test_a_situation_that_was_never_told_takes_nothing_from_the_other() -> None:
    kept = told(role=["watch"])

    assert kept.joined_with(Situation()) == kept
    assert Situation().joined_with(kept) == kept
