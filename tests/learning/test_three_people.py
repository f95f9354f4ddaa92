"""Three people and what their plans begin with. Sections in brackets are those of the kit's research brief."""

from dataclasses import replace

import pytest

from app.learning.answers import Choice
from app.learning.plan import Plan
from app.learning.situation import Situation
from tests.learning.people import answered, real, theirs, told, weighed
from tests.learning.plan_rules import Case, check_plan, ids

#: A crime reporter whom people in her town know, threatened last month.
REPORTER = told(
    role=["reporter"], subjects=["crime"], profile=["signature", "recognised"], threats=["threatened-lately"]
)
#: A municipal treasurer with children, whose declarations are public.
TREASURER = told(
    role=["treasurer"],
    subjects=["money"],
    profile=["by-law"],
    home=["children", "partner"],
    threats=["nothing-yet"],
)
#: A freelancer who has never thought about it: no threat, one phone for everything.
FREELANCER = told(
    role=["freelancer"], profile=["signature"], home=["alone"], threats=["nothing-yet"], travel=["one-phone"]
)
PEOPLE = {"reporter": REPORTER, "treasurer": TREASURER, "freelancer": FREELANCER}
everyone = pytest.mark.parametrize("situation", PEOPLE.values(), ids=PEOPLE)

#: What many have in place already: updates, a locked phone, a password manager; and what few are sure of.
IN_PLACE = (
    "ac-updates-restart",
    "ac-password-manager",
    "ac-chats-locked",
    "ov-tags-approved",
    "kd-trips-and-rides",
)
UNSURE = ("dx-documents", "ov-lists-hidden", "ac-no-codes", "rk-held-data")


def before(situation: Situation) -> Case:
    """Somebody who has none of what concerns them."""
    items = theirs(situation)
    return Case(items, answered(Choice.NO, *(item.id for item in items)), weighed(situation))


def halfway(situation: Situation) -> Case:
    """Somebody who has some of it, isn't sure of some, and hasn't looked at a third of it yet."""
    case = before(situation)
    unseen = {item.id for number, item in enumerate(case.items) if number % 3 == 1}
    case = replace(case, answers={name: said for name, said in case.answers.items() if name not in unseen})
    return case.saying(Choice.YES, *IN_PLACE).saying(Choice.UNSURE, *UNSURE)


def week_of(situation: Situation) -> list[str]:
    return ids(before(situation).plan().week)


def levels_of(situation: Situation) -> dict[str, int]:
    return {threat: weight.level for threat, weight in weighed(situation).items() if weight.level > 1}


def test_the_reporter_who_was_threatened_begins_with_when_to_leave_and_how_to_read_a_threat() -> None:
    """What counts after a threat is speed and a second head.

    The red line: home, child, vehicle or insider detail in a threat means leave now, and is decided before fear
    decides [6b TH4, 11b matrix, 1b TM6]. Who hears first, in which order, if her name is put on a list: lists and
    accusations come with threats, and the order is family, employer, counsel [7a.1, 7b IM10, 6a.9]. Then the five
    steps for reading the threat, with a partner, because one can never be sure alone [6a.1, 6a.6, 6b TH3].
    """
    assert levels_of(REPORTER) == {
        "intimidation": 4, "kidnapping": 3, "targeting": 2, "location": 2, "distress": 2,
    }  # fmt: skip
    assert week_of(REPORTER) == ["in-red-line", "im-accused-card", "in-five-steps"]


def test_the_treasurer_with_children_begins_by_the_telephone_at_work_and_at_home() -> None:
    """Whoever handles public money is reached by telephone, and through the children.

    The script by the phone, at home and at work: callers quote contracts, income and family [5a.5, 5a.11, 5b EX1].
    The one-line rule, because speed is the weapon of a call that says "we have your daughter" [4a.2, 4b KD2, 15.1].
    And the sentence that breaks the other kind of virtual kidnapping: nobody protects me by phone [4a.1, 4b KD4].
    """
    assert levels_of(TREASURER) == {"extortion": 4, "virtual-kidnapping": 3, "doxxing": 2}
    assert week_of(TREASURER) == ["ex-phone-script", "kd-one-line-rule", "kd-nobody-by-phone"]


def test_the_freelancer_begins_with_what_an_hour_can_do_and_no_desk_does_for_them() -> None:
    """Nobody behind them calls a meeting off, so that is the first, in five minutes [9a.7, 9b LU4, 9a.11].

    Then the two that hold against most of what reaches anybody by message: call back on a known number
    [7b IM7, 15.1], and give no code, PIN or key to anybody, for one phone holds everything [8a.5, 3a.5, 8b AC5].
    """
    assert levels_of(FREELANCER) == {"lures": 2, "targeting": 2, "account-takeover": 2, "spyware": 2}
    assert week_of(FREELANCER) == ["lu-four-lines", "im-call-back", "ac-no-codes"]
    assert sum(step.item.minutes for step in before(FREELANCER).plan().week) <= 60


def test_the_reporters_month_holds_the_safe_place_and_the_ways_to_ask_for_help() -> None:
    """Three nights away [6b TH8], routes that are trusted [6b TH7], and what a protection body can't do [6a.10]."""
    month = ids(before(REPORTER).plan().month)

    assert {"in-three-nights", "ex-routes", "in-protection-request", "rk-red-lines"} <= set(month)


def test_the_treasurers_month_holds_the_family_words_and_the_offices_page() -> None:
    """The code word [4b KD1], two other ways to reach each child [4b KD3], and who decides on a demand [5b EX6]."""
    month = ids(before(TREASURER).plan().month)

    assert {"kd-two-words", "kd-two-routes", "ex-routes", "ex-who-decides"} <= set(month)


def test_the_three_weeks_have_nothing_in_common() -> None:
    weeks = [set(week_of(each)) for each in PEOPLE.values()]

    assert len(set().union(*weeks)) == sum(len(week) for week in weeks)


def test_what_somebody_has_in_place_makes_room_for_what_comes_next() -> None:
    assert ids(halfway(REPORTER).plan().week)[0] == "in-red-line"
    assert ids(halfway(TREASURER).plan().week)[0] == "ex-phone-script"
    assert ids(halfway(FREELANCER).plan().week)[0] == "lu-four-lines"
    for situation in PEOPLE.values():
        assert not set(IN_PLACE) & set(ids(halfway(situation).plan().steps))


@everyone
def test_their_plans_keep_every_rule_and_end(situation: Situation) -> None:
    for begun in (before(situation), halfway(situation)):
        check_plan(begun, begun.plan())
        case, weeks = begun, 0
        while week := case.plan().week:
            case = case.saying(Choice.YES, *ids(week))
            weeks += 1
        assert weeks < 60


@everyone
def test_after_one_week_everything_weighs_less_or_the_same_and_the_first_threat_less(
    situation: Situation,
) -> None:
    case = before(situation)
    first = case.exposures()[0]

    after = {each.threat: each for each in case.saying(Choice.YES, *ids(case.plan().week)).exposures()}

    assert after[first.threat].open < first.open
    assert all(after[each.threat].open <= each.open for each in case.exposures())


@everyone
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_step_of_the_week_says_in_both_languages_what_why_and_how(
    situation: Situation, language: str
) -> None:
    for step in before(situation).plan().week:
        for text in (step.item.text, step.item.why, *step.item.how):
            assert text.has(language)
        assert step.against
        assert all(real().threats_by_id[each.threat].name.has(language) for each in step.against)
        for each in step.against:
            assert all(option.text.has(language) for option in each.weight.raised_by)


@pytest.mark.parametrize(
    ("situation", "language", "words"),
    [
        (REPORTER, "en", "signs that make us move at once"),
        (REPORTER, "es", "señales que nos hacen movernos de inmediato"),
        (TREASURER, "en", "script by the phone for threatening calls"),
        (TREASURER, "es", "guion corto junto al teléfono para llamadas amenazantes"),
        (FREELANCER, "en", "call a meeting off if the place changes late"),
        (FREELANCER, "es", "Cancelo la cita si cambia el lugar a última hora"),
    ],
)
def test_the_first_step_in_their_words(situation: Situation, language: str, words: str) -> None:
    plan: Plan = before(situation).plan()

    assert words in plan.week[0].item.text.in_language(language)
