"""What the kit asks of a situation: few questions, none that tells who somebody is; and little is left out."""

import re

from app.curriculum.checks.walking import texts_in
from app.curriculum.model import Audience, Intake
from app.curriculum.model.intake import MOST_QUESTIONS
from app.curriculum.model.modules import ChecklistItem


def intake_of(curriculum) -> Intake:
    assert curriculum.intake
    return curriculum.intake


def test_there_are_eight_questions_at_most_and_the_first_is_what_somebody_does(curriculum):
    questions = intake_of(curriculum).questions

    assert len(questions) <= MOST_QUESTIONS == 8
    assert questions[0].id == "role"


def test_every_country_of_the_contacts_can_be_chosen_and_none_raises_anything(curriculum):
    asked = intake_of(curriculum).question("country")

    assert asked
    ids = {option.id for option in asked.options}
    assert {country.id for country in curriculum.contacts.countries} < ids
    assert {"other-country", "country-unsaid"} < ids
    assert not any(option.raises for option in asked.options)


def test_a_country_is_called_as_the_contacts_call_it(curriculum):
    asked = intake_of(curriculum).question("country")

    assert asked
    for country in curriculum.contacts.countries:
        option = asked.option(country.id)
        assert option
        assert option.text == country.name


def test_somebody_can_say_that_it_is_happening_now_in_one_place(curriculum):
    options = [option for asked in intake_of(curriculum).questions for option in asked.options]

    assert [option.id for option in options if option.danger] == ["happening-now"]


def test_trust_in_the_authorities_has_the_three_settings_and_one_answer(curriculum):
    asked = intake_of(curriculum).question("trust")

    assert asked
    assert not asked.many
    assert [option.id for option in asked.options] == ["trusted", "unsure-of-them", "collusion"]


def test_no_question_asks_who_somebody_is_or_where_they_live(curriculum):
    private = {
        "en": r"\b(your (full )?name|address|street|town|city|born|birth|employer's name)\b",
        "es": r"\b(tu nombre|cómo te llamas|domicilio|dirección|calle|ciudad|municipio|naciste|nacimiento)\b",
    }

    for asked in intake_of(curriculum).questions:
        for loc, text in texts_in(asked):
            for language, pattern in private.items():
                assert not re.search(pattern, text.in_language(language), re.IGNORECASE), (asked.id, loc)


def test_every_question_fits_two_minutes(curriculum):
    """Fifteen seconds a question: what stands to be read in all of them is read in two minutes at 200 words each."""
    for language in ("en", "es"):
        words = sum(
            len(text.in_language(language).split())
            for asked in intake_of(curriculum).questions
            for loc, text in texts_in(asked)
            if loc[0] != "why"
        )
        assert words < 450


def test_each_audience_is_somebodys_and_each_threat_is_raised_by_something(curriculum):
    options = [option for asked in intake_of(curriculum).questions for option in asked.options]

    assert {whose for option in options for whose in option.audience} == set(Audience)
    assert {threat for option in options for threat in option.raises} == set(curriculum.threats_by_id)


def test_what_is_left_out_is_little_and_never_all_that_works_against_a_threat(curriculum):
    left_out = {item for rule in intake_of(curriculum).left_out for item in rule.items}
    staying: list[ChecklistItem] = [item for item in curriculum.items if item.id not in left_out]

    assert len(left_out) <= 10
    assert {threat for item in staying for threat in item.threats} == set(curriculum.threats_by_id)


def test_whoever_lives_alone_keeps_the_circles_measures(curriculum):
    """Children may live elsewhere, and whoever has nobody at home has somebody outside it."""
    alone = {
        item
        for rule in intake_of(curriculum).left_out
        if rule.question == "home" and "alone" not in rule.unless
        for item in rule.items
    }

    assert alone == {"ov-children", "ov-home-staff"}


def test_a_question_that_changed_in_one_language_is_reported(content):
    content.replace("modules/intake.yaml", "es: Un ruido cuenta.", "es: Un ruido cuenta siempre.")

    [fault] = content.check()

    assert "modules/intake.yaml:19:15" in fault
    assert "the Spanish of 'why' of question 'night' changed" in fault


def test_a_question_past_its_date_is_reported(content):
    content.replace("modules/intake.yaml", "review_by: 2027-11-24", "review_by: 2026-11-25")

    [fault] = content.check()

    assert "question 'who' had to be checked again by 2026-11-25" in fault
