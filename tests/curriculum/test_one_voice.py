"""No advice of one module contradicts another's, over everything that is taught: the pairs that could hurt somebody.

A sentence is advice unless it stands in a "don't" list, in an option that is wrong, or in a scenario, where people
also choose badly.
"""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from app.curriculum.checks.walking import texts_in
from app.curriculum.files.tree import content_files, read_tree
from app.curriculum.model import FALLBACK_LANGUAGE, Curriculum, Question, QuestionKind
from config import CHECKOUT

LANGUAGES = ("en", "es")
DONT = re.compile(r"^::: dont.*?^:::$", re.MULTILINE | re.DOTALL)
STEPS = re.compile(r"(?:^\d+\. .*\n)+", re.MULTILINE)
#: What turns advice round when it stands shortly before.
NEGATED = {
    "en": re.compile(
        r"(?:\b(?:don't|do not|never|not|nobody|no|nor|without|instead of)\b)[^.;:!?]{0,60}$", re.IGNORECASE
    ),
    "es": re.compile(r"\b(?:no|nunca|nadie|ni|sin|en vez de|tampoco)\b[^.;:!?]{0,60}$", re.IGNORECASE),
}


@cache
def prose(language: str) -> list[tuple[str, str]]:
    """Every lesson and guide of a language as it was written, with its path."""
    texts = read_tree(content_files(CHECKOUT)).texts
    return [(path, text) for path, text in texts.items() if path.endswith(f".{language}.md")]


def advice(curriculum: Curriculum, language: str) -> Iterator[tuple[str, str]]:
    """Everything that is said as advice in a language: where, and the text."""
    yield from ((path, DONT.sub("", text)) for path, text in prose(language))
    items = [item for module in curriculum.modules for item in module.checklist]
    for thing in (
        *items,
        *curriculum.drills,
        *curriculum.situations,
        *curriculum.sheets,
        *curriculum.glossary,
    ):
        for loc, text in texts_in(thing):
            if loc[0] not in {"donts", "never"}:
                yield f"{thing.id} {loc}", text.in_language(language)
    for module in curriculum.modules:
        for question in module.quiz.questions if module.quiz else ():
            yield from _of_question(question, language)


def _of_question(question: Question, language: str) -> Iterator[tuple[str, str]]:
    for option in question.options:
        yield f"{question.id} {option.id} feedback", option.feedback.in_language(language)
        if option.right or question.kind in {QuestionKind.ORDERING, QuestionKind.MATCHING}:
            yield f"{question.id} {option.id}", option.text.in_language(language)


def sequences(curriculum: Curriculum, language: str) -> Iterator[tuple[str, list[str]]]:
    """Everything that is said in an order: steps of help and cards, of checklists, of lessons, of orderings."""
    for situation in curriculum.situations:
        steps = [
            f"{step.text.in_language(language)} {step.more.in_language(language) if step.more else ''}"
            for step in situation.steps
        ]
        yield f"{situation.id} steps", steps
        yield f"{situation.id} card", [line.in_language(language) for line in situation.card]
    for module in curriculum.modules:
        for item in module.checklist:
            yield item.id, [step.in_language(language) for step in item.how]
        for question in module.quiz.questions if module.quiz else ():
            if question.kind is QuestionKind.ORDERING:
                yield question.id, [option.text.in_language(language) for option in question.options]
    for path, text in prose(language):
        for number, steps in enumerate(STEPS.findall(text)):
            yield f"{path} list {number + 1}", steps.splitlines()


def said(pattern: str, curriculum: Curriculum, language: str) -> list[tuple[str, str]]:
    """Where advice says this without turning it round."""
    return [
        (where, text[max(0, match.start() - 60) : match.end() + 20])
        for where, text in advice(curriculum, language)
        for match in re.finditer(pattern, text, re.IGNORECASE)
        if not NEGATED[language].search(text[: match.start()])
    ]


#: What no text may advise, in either language, with the rule that it would break.
NEVER = {
    "hang up and dial a number that you had: calling back reaches whoever called": (
        r"(?<!they )(?<!who )\bcall(?:s|ing)? (?:them |him |her |it |the number |that number )?back\b(?! to a| once)",
        r"\b(?:devuelv|devolv|regres)\w* la llamada",
    ),
    "an infected device is looked at before it is reset": (
        r"\b(?:reset|restore|wipe|reinstall) (?:the|your) (?:phone|device) (?:first|at once|immediately|right away)",
        r"\b(?:restablece|restaura|formatea|reinicia) (?:el|tu) \w+ (?:primero|de inmediato|enseguida)",
    ),
    "the kit advises neither to pay nor not to pay": (
        r"(?<!to )\b(?:you should|you must|always|just|better) pay\b|\bit is (?:better|best|safer) (?:not )?to pay\b",
        r"\b(?:debes|tienes que|siempre|mejor) paga(?:r|s)?\b|\bes (?:mejor|más seguro) (?:no )?pagar\b",
    ),
    "nobody goes to a summons alone": (
        r"\bgo (?:there |to the (?:meeting|summons) )?alone\b",
        r"\b(?:ve|acude|vaya|acuda) (?:sol[oa]|a solas)\b",
    ),
    "SMS is better than nothing, and no more": (
        r"\bSMS codes? (?:is|are) (?:safe|secure|enough)\b",
        r"\bcódigos? por SMS (?:es|son|basta\w*) (?:segur\w+|suficientes?)",
    ),
    "the padlock doesn't say who is behind a page, and HTTPS Everywhere is retired": (
        r"\bHTTPS Everywhere\b|\bpadlock (?:means|shows|proves) (?:that )?(?:it|the \w+) is (?:safe|true|real)",
        r"\bHTTPS Everywhere\b|\bcandado (?:significa|muestra|prueba) que",
    ),
    "voices and videos prove nothing": (
        r"\b(?:a|the) (?:known )?voice (?:proves|is enough|is proof)\b(?! nothing)",
        r"\b(?:una|la) voz (?:conocida )?(?:basta|prueba que|demuestra)\b(?! nada)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", NEVER)
def test_no_text_advises_what_another_warns_of(curriculum: Curriculum, rule: str, language: str) -> None:
    pattern = NEVER[rule][LANGUAGES.index(language)]

    assert said(pattern, curriculum, language) == [], rule


#: What comes first where both stand in one sequence: the earlier, the later.
ORDERS = {
    "keep the proof before it is reported to a platform, which may take it away": (
        (r"\b(?:save|keep|archive|screenshot|capture|copy|photograph|record|evidence|proof)\w*\b",
         r"\breport (?:it|them|the|each|this|that)? ?(?:account|post|profile|page|image|message|video|group)s?\b"),
        (r"\b(?:guard|archiv|captur|copi|fotograf|evidencia|registr|anot)\w*",
         r"\breport(?:a|ar|en|arla|arlo|alo|ala)\b"),
    ),
    "ask for help before a device that may be infected is reset": (
        (r"\b(?:help|helpline|expert|ask|write)\w*\b", r"\b(?:factory reset|reset (?:the|your|it)|wipe)\b"),
        (r"\b(?:ayuda|experta?|pide|escribe|consulta)\w*", r"\b(?:restablec|formate|borrado de fábrica)\w*"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", ORDERS)
def test_what_has_to_come_first_comes_first_everywhere(
    curriculum: Curriculum, rule: str, language: str
) -> None:
    earlier, later = ORDERS[rule][LANGUAGES.index(language)]
    both = 0
    wrong = []
    for where, steps in sequences(curriculum, language):
        firsts = [_first(steps, pattern, language) for pattern in (earlier, later)]
        if None not in firsts:
            both += 1
            wrong += [where] if firsts[0] > firsts[1] else []

    assert wrong == [], rule
    assert both, "the rule is looked for where it never applies"


def _first(steps: list[str], pattern: str, language: str) -> int | None:
    for number, step in enumerate(steps):
        for match in re.finditer(pattern, step, re.IGNORECASE):
            if not NEGATED[language].search(step[: match.start()]):
                return number
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_one_list_says_to_do_is_what_another_says_not_to(
    curriculum: Curriculum, language: str
) -> None:
    dos, donts = set(), set()
    for _, text in prose(language):
        for kind, found in (("do", dos), ("dont", donts)):
            for block in re.findall(rf"^::: {kind}\n(.*?)^:::$", text, re.MULTILINE | re.DOTALL):
                found |= {_bare(line, language) for line in block.splitlines() if line.startswith("- ")}

    assert dos
    assert donts
    assert dos & donts == set()


def _bare(line: str, language: str) -> str:
    """A list's line without its mark, its source, and what turns it round."""
    words = re.sub(r"\[@[^\]]*\]|[.,;:*]", "", line.removeprefix("- ")).strip().casefold()
    turned = {"en": r"^(?:don't|do not|never) ", "es": r"^(?:no|nunca) "}[language]
    return re.sub(turned, "", words)


#: What was true once, and where it may still stand: where the text says that it no longer is.
STALE = {
    "INAI": r"no longer|not the INAI|ya no|no al INAI|Many guides|Muchas guías|existe",
    "HTTPS Everywhere": r"retired|retirad",
    "Google\\+": r"$^",
    "Periscope": r"$^",
    "CrowdTangle": r"closed|cerr",
    "Twitter": r"\bX\b",
}


@pytest.mark.parametrize("name", STALE)
def test_what_is_out_of_date_stands_only_where_that_is_said(curriculum: Curriculum, name: str) -> None:
    wrong = [
        (where, text[max(0, match.start() - 80) : match.end() + 80])
        for language in LANGUAGES
        for where, text in advice(curriculum, language)
        for match in re.finditer(rf"\b{name}", text)
        if not re.search(STALE[name], text[max(0, match.start() - 160) : match.end() + 160])
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_short_number_to_call_stands_outside_the_contacts(curriculum: Curriculum, language: str) -> None:
    numbers = {
        contact.number
        for country in curriculum.contacts.countries
        for contact in country.contacts
        if re.fullmatch(r"\d{3,5}", contact.number)
    }
    assert "911" in numbers
    wrong = [
        (where, number)
        for where, text in advice(curriculum, language)
        for number in re.findall(r"(?<![\d.,@s-])\b\d{3,5}\b(?![\d.,]?\d| ?%)", text)
        if number in numbers and not re.search(rf"{number} (?:messages|people|cases|casos|personas)", text)
    ]

    assert wrong == []


def test_where_something_is_reported_to_an_authority_trust_is_spoken_of(curriculum: Curriculum) -> None:
    """A lesson that sends people to an authority says what to do where it can't be trusted, or leads there."""
    asked = re.compile(
        r"\breport\b[^.]{0,80}\b(?:police|authorit|prosecutor)"
        r"|\b(?:police|authorit|prosecutor)\w*\b[^.]{0,80}\breport\b",
        re.IGNORECASE,
    )
    silent = [
        path
        for path, text in prose(FALLBACK_LANGUAGE)
        if "/lessons/" in path and asked.search(text) and not re.search(r"\btrust|\]\(help:", text)
    ]

    assert silent == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_module_names_where_others_go_deeper(curriculum: Curriculum, language: str) -> None:
    leads: dict[str, set[str]] = {module.id: set() for module in curriculum.modules}
    for path, text in prose(language):
        here = path.split("/")[1]
        leads[here] |= set(re.findall(r"\]\((?:module|lesson|checklist):([a-z-]+)", text)) - {here}

    assert {module: others for module, others in leads.items() if len(others) < 4} == {}
    led_to = {module: sum(module in others for others in leads.values()) for module in leads}
    assert {module: count for module, count in led_to.items() if count < 4} == {}
