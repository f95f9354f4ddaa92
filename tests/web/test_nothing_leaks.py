"""Whatever an administrator or a trainer can reach holds no answer, no note and no sign-in name of a learner."""

import logging
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask

from app.curriculum.model import Module, Quality
from tests.web.practice import live, take_quiz
from tests.web.readers import CHECKLIST, ITEM, Reader, rows_of
from tests.web.staff import House, house_of

#: What a learner types, chooses and is: none of it may be anywhere that staff can look.
NOTE, PSEUDONYM = "marca-en-una-nota-7f3a", "clave learner"
#: Beginnings of addresses that are the staff's own pages, or that everybody may read.
THEIRS = ("/es/admin/",)


def house_with_answers(app: Flask, module: Module) -> House:
    """A learner of the cohort, and one of another, who did everything in a module, with a note; all of it assigned."""
    house = house_of(app)
    admin = house["admin"]
    for cohort in (house.cohort, house.other_cohort):
        _assign_everything(admin, f"admin/cohorts/{cohort.hex()}/assignments/", module)
    for who in ("learner", "other learner"):
        reader = house[who]
        for lesson in module.lessons:
            path = f"modules/{module.id}/lessons/{lesson.slug}/"
            reader.send(reader.get(path).forms[0], path)
        answers = {f"{item.id}-choice": "no" for item in module.checklist}
        form = reader.checklist().form(f"{ITEM}-shown")
        reader.send(form, CHECKLIST, **answers, **{f"{ITEM}-note": f"{NOTE} {who}"})
        take_quiz(reader, module, right=6)
        live(reader, module, Quality.BEST)
    return house


def _assign_everything(admin: Reader, path: str, module: Module) -> None:
    page = admin.get(path)
    if page.status == 404:
        return  # where there are no assignments, nothing is shared, and nothing may be seen either
    form = next((form for form in page.forms if "modules" in form.names() or "module" in form.names()), None)
    if form is not None:
        name = "modules" if "modules" in form.names() else "module"
        admin.send(form, path, **{name: module.id})


def reachable(reader: Reader) -> Iterator[tuple[str, bytes]]:
    """Every page and file of the administration that links lead to, each with what it holds."""
    seen: set[str] = set()
    ahead = ["/es/admin/", "/es/account/", "/es/progress/", "/es/"]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        page = reader.get(path)
        yield path, _unpacked(page.response.get_data())
        ahead += [link.partition("#")[0] for link in page.links if link.startswith(THEIRS)]
        for form in page.forms:
            if form.action.startswith(THEIRS) and form.action not in seen and "export" in form.action:
                seen.add(form.action)
                yield form.action, _unpacked(reader.send(form).response.get_data())


def _unpacked(content: bytes) -> bytes:
    """A spreadsheet is a compressed folder."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(BytesIO(content)) as folder:
        return b"".join(folder.read(name) for name in folder.namelist())


@pytest.mark.parametrize("who", ["admin", "trainer"])
def test_no_answer_and_no_sign_in_name_is_anywhere_that_staff_can_look(
    app: Flask, module: Module, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house = house_with_answers(app, module)

    found = dict(reachable(house[who]))

    assert len(found) > 3
    assert b"Taller de marzo" in found["/es/admin/"]
    assert rows_of(app).records > 20
    telling = [
        NOTE,
        PSEUDONYM,
        *(choice.text.root["es"] for node in module.scenario.nodes for choice in node.choices),
    ]
    leaks = {(path, mark) for path, content in found.items() for mark in telling if mark.encode() in content}
    assert leaks == set()
    assert not [mark for mark in (NOTE, PSEUDONYM) if mark in caplog.text]


def test_a_trainer_reaches_nothing_of_another_cohort(app: Flask, module: Module) -> None:
    house = house_with_answers(app, module)

    found = dict(reachable(house["trainer"]))

    assert not [path for path, content in found.items() if b"Folio other learner" in content]
    assert not [path for path in found if house.other_cohort.hex() in path]
