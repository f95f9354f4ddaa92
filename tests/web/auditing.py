"""People at their self-audit, each thing they do in one line."""

from collections.abc import Iterable

from flask import Flask
from sqlalchemy import event

from app.learning.answers import Answer, Choice
from app.records.notebook import Ref
from app.web.kept import ANSWER
from tests.web.pages import Page
from tests.web.readers import Reader, kit_of, notebook_of

SITUATION, WEIGHTS, AUDIT, NEXT = "situation/", "situation/weights/", "audit/", "audit/next/"
EXPOSURE, PLAN = "exposure/", "plan/"

#: A local crime reporter who was threatened last month; a municipal treasurer with children; and a freelancer who has
#: never thought about it.
REPORTER = {"role": ["reporter"], "subjects": ["crime"], "threats": ["threatened-lately"], "home": ["alone"]}
TREASURER = {"role": ["treasurer"], "subjects": ["money"], "home": ["children"]}
FREELANCER = {"role": ["freelancer"], "threats": ["nothing-yet"]}


def tell(reader: Reader, told: dict[str, list[str]], **more: str) -> Page:
    """Answer some questions of the situation, and no others."""
    token = reader.get(SITUATION).form("csrf_token").value("csrf_token")
    chosen = {f"about-{question}": options for question, options in told.items()}
    return reader.post(SITUATION, {"csrf_token": [token], **chosen, **more})


def begin(reader: Reader) -> Page:
    """Begin ten minutes: the first page."""
    form = next(
        form for form in reader.get(AUDIT).forms if any(b.get("value") == "begin" for b in form.buttons)
    )
    return reader.follow(reader.send(form, AUDIT, do="begin"))


def asked_on(page: Page) -> list[str]:
    """The statements that a page asks, in their order."""
    return [part.get("id").removeprefix("item-") for part in page.all("fieldset")]


def answer_all(reader: Reader, page: Page, choice: str = "no", **more: str) -> Page:
    """Answer every statement of a page in the same way, and go on."""
    chosen = {f"{name}-choice": choice for name in asked_on(page)}
    return reader.follow(
        reader.send(page.form("csrf_token"), str(page.response.request.path), on="yes", **chosen, **more)
    )


def sit(reader: Reader, choice: str = "no") -> Page:
    """Ten minutes from their beginning to their end; the page that comes after."""
    page = begin(reader)
    while asked_on(page):
        page = answer_all(reader, page, choice)
    return page


def answered(reader: Reader, choices: dict[str, Choice], on: object = None) -> None:
    """Put answers into a notebook behind the pages. The reader has one already."""
    day = on or kit_of(reader.app).today()
    notebook_of(reader).save({Ref(ANSWER, name): Answer(choice, "", day) for name, choice in choices.items()})  # type: ignore[arg-type]


def answered_everything(reader: Reader, choice: Choice, on: object = None, but: Iterable[str] = ()) -> None:
    """The same answer to every statement there is."""
    items = kit_of(reader.app).curriculum.items
    answered(reader, {item.id: choice for item in items if item.id not in set(but)}, on)


def week(page: Page) -> list[str]:
    """The statements of a plan's first things, in their order."""
    return [
        part.words
        for part in page.all("h2")
        if any(up.get("class") == "rows plain week" for up in part.inside)
    ]


def do(reader: Reader, what: str, item: str = "", **more: str) -> Page:
    """Press a button of the plan; the answer, before it is followed."""
    token = next(form.value("csrf_token") for form in reader.get(PLAN).forms)
    return reader.post(PLAN, {"csrf_token": token, "item": item, "do": what, **more})


def statements(app: Flask, reader: Reader, path: str) -> int:
    """How many statements a page takes."""
    counted: list[str] = []
    engine = kit_of(app).database.engine

    def count(*about: object) -> None:
        counted.append(str(about[2]))

    event.listen(engine, "before_cursor_execute", count)
    assert reader.get(path).status == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(counted)
