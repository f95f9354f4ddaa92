"""People at a quiz or in a scenario, each thing they do in one line."""

from app.curriculum.model import Curriculum, Module, Quality, Question, QuestionKind, Quiz, Scenario
from app.learning.quiz import CHOICE_KINDS, CHOSEN, Attempt, QuizRecord, Response, solution
from app.records.notebook import Ref
from app.web.kept import QUIZ as RECORD
from tests.web.pages import Page
from tests.web.readers import MODULE, Reader, notebook_of

QUIZ, SCENARIO = f"modules/{MODULE}/quiz/", f"modules/{MODULE}/scenario/"


def teaching(curriculum: Curriculum, changed: Module) -> Curriculum:
    """The same curriculum with one module changed."""
    modules = tuple(changed if module.id == changed.id else module for module in curriculum.modules)
    by_id = {module.id: module for module in modules}  # a copy would keep what was looked up before
    return curriculum.model_copy(update={"modules": modules, "modules_by_id": by_id})


def bank_of(module: Module) -> Quiz:
    assert module.quiz is not None
    return module.quiz


def case_of(module: Module) -> Scenario:
    assert module.scenario is not None
    return module.scenario


def asks_all(reader: Reader, module: Module, kind: QuestionKind) -> tuple[Page, Question]:
    """An attempt that asks a question of this kind alone, put into the reader's notebook."""
    question = next(question for question in bank_of(module).questions if question.kind is kind)
    begin(reader)
    notebook_of(reader).save({Ref(RECORD, MODULE): QuizRecord(Attempt("a seed", (question.id,)))})
    return reader.get(f"{QUIZ}1/"), question


def options_on(page: Page) -> list[str]:
    """The options in the order in which a page shows them, by what they are called in the form."""
    named = page.all("select") or [part for part in page.all("input") if part.get("name") == "chosen"]
    return [part.get("name") if part.name == "select" else part.get("value") for part in named]


def begin(reader: Reader, quiz: str = QUIZ) -> Page:
    """Begin a quiz, or go on with it: the question that is asked next."""
    page = reader.get(quiz)
    if page.forms:
        return reader.follow(reader.send(page.forms[0], quiz))
    return reader.get(next(link for link in page.links if link.startswith(f"/{reader.language}/{quiz}")))


def question_on(page: Page, module: Module) -> Question:
    """The question that a page asks."""
    name = page.form("asked").value("asked").split()[0]
    return next(question for question in bank_of(module).questions if question.id == name)


def wrong(question: Question) -> Response:
    """A complete response that isn't right."""
    names = [option.id for option in question.options]
    if question.kind in CHOICE_KINDS:
        return {next(option.id for option in question.options if not option.right): CHOSEN}
    if question.kind is QuestionKind.ORDERING:
        return {name: str(place) for place, name in enumerate(reversed(names), 1)}
    return dict.fromkeys(names, names[0])


def fields(page: Page, question: Question, response: Response, language: str) -> dict[str, list[str]]:
    """A response as the page's form sends it; a match is chosen by its words, as a person does."""
    form = page.form("asked")
    sent = {name: [value] for name, value in form.fields}
    if question.kind in CHOICE_KINDS:
        return {**sent, "chosen": list(response)}
    if question.kind is QuestionKind.ORDERING:
        return {**sent, **{f"option-{name}": [place] for name, place in response.items()}}
    words = {option.id: option.match.in_language(language) for option in question.options if option.match}
    values = {part.words: part.get("value") for part in page.all("option")}
    return {
        **sent,
        **{f"option-{name}": [values[" ".join(words[match].split())]] for name, match in response.items()},
    }


def reply(
    reader: Reader, page: Page, question: Question, response: Response, *, unsure: bool = False
) -> Page:
    """Answer the question on a page; the page that follows."""
    address = page.response.request.path.removeprefix(f"/{reader.language}/")
    sent = fields(page, question, response, reader.language) | ({"unsure": ["y"]} if unsure else {})
    return reader.follow(reader.post(address, sent))


def take_quiz(reader: Reader, module: Module, right: int = 6, so_far: int = 0) -> Page:
    """An attempt to its end, the first `right` answers right; `so_far` of them are given already."""
    page = begin(reader, f"modules/{module.id}/quiz/")
    for number in range(so_far, bank_of(module).ask):
        question = question_on(page, module)
        page = reply(reader, page, question, solution(question) if number < right else wrong(question))
        page = go_on(reader, page)
    return page


def go_on(reader: Reader, page: Page) -> Page:
    """Follow the one button that leads on."""
    (onward,) = [part for part in page.all("a") if part.get("class") == "button primary"]
    return reader.get(onward.get("href"))


def turn(reader: Reader, choice: str, scenario: str = SCENARIO) -> Page:
    """Take a turn in a scenario."""
    form = next(form for form in reader.get(scenario).forms if "at" in form.names())
    return reader.follow(reader.send(form, scenario, choice=choice))


def live(reader: Reader, module: Module, quality: Quality = Quality.BEST) -> Page:
    """The scenario from where it stands to an ending, always by turns of this quality."""
    nodes = {node.id: node for node in case_of(module).nodes}
    page = reader.get(SCENARIO)
    while any("at" in form.names() for form in page.forms):
        node = nodes[next(form for form in page.forms if "at" in form.names()).value("at")]
        page = turn(
            reader, {choice.quality: choice.id for choice in node.choices}.get(quality, node.choices[-1].id)
        )
    return page
