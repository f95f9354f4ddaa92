"""People to whom something comes back, each thing they do in one line."""

from datetime import timedelta

from app.curriculum.model import Module, Question, QuestionKind
from app.learning.quiz import Attempt, Response
from app.learning.refreshers import Asked, Refreshers, bank_of, note
from app.records.notebook import Ref
from app.web.kept import REFRESHERS
from tests.web.pages import Form, Page
from tests.web.practice import begin, question_on, reply, take_quiz, wrong
from tests.web.readers import Reader, kit_of, notebook_of

REFRESH, DRILLS, DUE = "refresh/", "drills/", "due/"


def bank(reader: Reader) -> dict[str, Asked]:
    return bank_of(kit_of(reader.app).curriculum.modules)


def comes_back(reader: Reader) -> Refreshers:
    """What is kept of it."""
    return notebook_of(reader).load(Ref(REFRESHERS), Refreshers, Refreshers())


def is_asked(reader: Reader, kind: QuestionKind) -> Refreshers:
    """A set that asks a question of this kind alone, put into the reader's notebook."""
    name = next(name for name, asked in bank(reader).items() if asked.question.kind is kind)
    yesterday = kit_of(reader.app).today() - timedelta(days=1)
    state = note(Refreshers(), name, right=False, unsure=False, today=yesterday)
    state = Refreshers(state.cards, Attempt("a seed", (name,)))
    notebook_of(reader).save({Ref(REFRESHERS): state})
    return state


def misses(reader: Reader, *modules: Module, right: int = 4) -> None:
    """Take the quizzes of some modules, and miss the last of the questions in each."""
    for module in modules:
        take_quiz(reader, module, right=right)


def misses_one(reader: Reader, module: Module) -> Question:
    """Miss the first question of a quiz."""
    page = begin(reader, f"modules/{module.id}/quiz/")
    question = question_on(page, module)
    reply(reader, page, question, wrong(question))
    return question


def begins(reader: Reader) -> Page:
    """Begin the set that is due; its first question."""
    (form,) = reader.get(REFRESH).forms
    return reader.follow(reader.send(form, REFRESH))


def asked_on(reader: Reader, page: Page) -> Question:
    """The question of a set that a page asks."""
    return bank(reader)[page.form("asked").value("asked").split()[0]].question


def answers(reader: Reader, page: Page, response: Response, *, unsure: bool = False) -> Page:
    """Answer the question on a page of a set; the page that follows."""
    question = asked_on(reader, page)
    return reply(reader, page, question, response, unsure=unsure)


def decides(reader: Reader, drill: str, did: str, until: str = "") -> Page:
    """Press one of the buttons of a drill's page; the page that follows."""
    path = f"{DRILLS}{drill}/"
    return reader.follow(
        reader.send(form_with(reader.get(path), did), path, did=did, **({"until": until} if until else {}))
    )


def form_with(page: Page, did: str) -> Form:
    """The form that has this button."""
    return next(form for form in page.forms if did in {button.get("value") for button in form.buttons})
