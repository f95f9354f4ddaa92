"""What a learner's administrators see of them, as the learner sees it and decides about it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.learning.progress import Completion
from app.records.cohorts import certificates, disclosure, groups
from app.records.cohorts.publishing import share
from app.records.cohorts.tables import Membership
from app.records.notebook import Ref
from app.web import places
from app.web.kept import COMPLETION
from tests.web.catalogue import said
from tests.web.pages import Form, Page
from tests.web.readers import Reader, kit_of, notebook_of
from tests.web.staff import House, assign, house_of
from tests.web.test_matrix import screen, wanted


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app, "en")


@pytest.fixture
def base(house: House) -> str:
    return house.base


def facts(page: Page) -> list[str]:
    """What is disclosed: the facts and the table."""
    return [cell.words for cell in page.all("dt", "dd", "th", "td")]


def test_learners_see_exactly_what_staff_see(house: House, base: str) -> None:
    learner, day = house["learner"], kit_of(house.app).today()
    kit = kit_of(house.app)
    with kit.database.changing() as connection:
        for module, part in (("risk", "module"), ("risk", "lessons"), ("gone", "quiz")):
            share(connection, house.places["learner"], module, part, day)
        old = certificates.issue(connection, house.cohort, house.places["learner"], "risk", day)
        certificates.reissue(connection, house.cohort, old.id, day)

    own = learner.get("account/shared/")

    assert facts(own) == facts(house["admin"].get(f"{base}members/{house.places['learner'].hex()}/"))
    assert sorted([facts(own)[-1], facts(own)[-4]]) == ["revoked on Nov 25, 2026", "valid"]
    assert "/en/account/shared/" in learner.get("account/").links
    assert "365" in own.text


def test_nobody_else_is_led_there(house: House) -> None:
    for who in ("kept", "admin", "trainer"):
        assert "/en/account/shared/" not in house[who].get("account/").links
        assert house[who].get("account/shared/").forms == []


def test_learners_choose_what_they_share_and_leave(house: House, base: str) -> None:
    learner, member = house["learner"], house.places["learner"].hex()

    choose, _ = learner.get("account/shared/").forms
    answer = learner.follow(learner.post(choose.action, {**dict(choose.fields), "share": "everything"}))
    assert (
        said("From now on you share everything that you complete with this cohort.", "en") in answer.flashes
    )
    assert "everything that is completed" in house["admin"].get(f"{base}members/{member}/").text
    choose, leave = answer.forms
    learner.post(choose.action, {**dict(choose.fields), "share": "assigned"})
    assert "only what is assigned" in house["admin"].get(f"{base}members/{member}/").text

    left = learner.follow(learner.send(leave))

    assert said("You left the cohort. Nothing more is shared with it.", "en") in left.flashes
    assert left.forms == []
    assert "/en/account/shared/" in learner.get("account/").links
    assert screen(wanted(house["admin"], base, who="left"))[0][0] == "Folio learner"
    assert screen(house["admin"].get(base)) == []


@pytest.mark.parametrize("path", ["", "leave/"])
def test_nobody_decides_for_somebody_else(path: str, house: House) -> None:
    address = f"account/shared/{house.places['learner'].hex()}/{path}"
    for who in ("other learner", "trainer", "admin", "kept"):
        sent = {"csrf_token": house[who].token("account/"), "share": "everything"}
        assert house[who].post(address, sent).status == 404

    with kit_of(house.app).database.asking() as asking:
        where = Membership.id == house.places["learner"]
        kept = asking.execute(select(Membership.shares_all, Membership.left_on).where(where)).one()
    assert tuple(kept) == (False, None)


def test_what_an_archived_cohort_keeps_and_until_when_is_said(house: House) -> None:
    kit = kit_of(house.app)
    with kit.database.changing() as connection:
        groups.archive(connection, house.cohort, kit.today())

    page = house["learner"].get("account/shared/")

    assert "until November 25, 2027" in page.text
    assert [form.action.rsplit("/", 2)[1] for form in page.forms] == ["leave"]


def done_before(reader: Reader, *modules: str) -> None:
    """Modules that were completed a while ago, whether anybody asked for them or not."""
    records = {Ref(COMPLETION, module): Completion(date(2026, 11, 2)) for module in modules}
    notebook_of(reader).save(records)


def seen(house: House, who: str = "learner") -> set[tuple[str, str, str]]:
    """What the cohort of somebody sees of them: module, part and day."""
    with kit_of(house.app).database.asking() as asking:
        rows = disclosure.one(asking, house.places[who]).rows
    return {(row.module, row.part, row.achieved_on.isoformat()) for row in rows}


def boxes(page: Page) -> list[str]:
    return [box.get("value") for box in page.all("input") if box.get("type") == "checkbox"]


def share_form(page: Page) -> Form:
    (form,) = [form for form in page.forms if form.action.endswith("/earlier/")]
    return form


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_was_kept_back_on_joining_can_be_shared_later_what_is_ticked_and_no_more(
    house: House, language: str
) -> None:
    learner, place = house["learner"], house.places["learner"]
    learner.language = language
    done_before(learner, "risk", "accounts", "lures")
    with kit_of(house.app).database.changing() as connection, house.app.app_context():
        kept = [(module, groups.WHOLE) for module in ("risk", "accounts")]
        places.remember_place(connection, notebook_of(learner).vault, place, kept)
        groups.assign(connection, house.cohort, "accounts", groups.WHOLE, kit_of(house.app).today(), None)
    page = learner.get("account/shared/")
    assert boxes(page) == ["risk", "accounts", "lures"]

    unticked = learner.send(share_form(page))
    assert unticked.status == 422
    assert said("Tick what you want to share.", language) in unticked.text
    assert seen(house) == set()
    (box,) = {box.get("name") for box in page.all("input") if box.get("type") == "checkbox"}
    answer = learner.follow(learner.send(share_form(page), **{box: "risk"}))

    assert said("What you chose is shared with this cohort now.", language) in answer.flashes
    assert seen(house) == {("risk", "module", "2026-11-02")}
    assert boxes(answer) == ["accounts", "lures"]
    learner.sign_in("clave learner")
    assert seen(house) == {("risk", "module", "2026-11-02")}
    assert boxes(learner.get("account/shared/")) == ["accounts", "lures"]


def test_sharing_everything_from_now_on_leaves_alone_what_was_done_until_now(house: House) -> None:
    learner = house["learner"]
    done_before(learner, "risk", "accounts")
    (choose, *_) = learner.get("account/shared/").forms
    learner.post(choose.action, {**dict(choose.fields), "share": "everything"})
    done_before(learner, "lures")

    learner.sign_in("clave learner")
    assert seen(house) == {("lures", "module", "2026-11-02")}

    assign(house, "accounts")
    learner.sign_in("clave learner")
    assert seen(house) == {("lures", "module", "2026-11-02"), ("accounts", "module", "2026-11-02")}
    assert boxes(learner.get("account/shared/")) == ["risk"]


def test_nothing_can_be_shared_that_is_not_ones_own_or_with_a_cohort_that_is_over(house: House) -> None:
    learner, stranger = house["learner"], house["kept"]
    for reader in (learner, stranger):
        done_before(reader, "risk")
    address = f"account/shared/{house.places['learner'].hex()}/earlier/"
    sent = {f"m{house.places['learner'].hex()}-publish": ["risk"]}
    for who in ("kept", "other learner", "trainer", "admin"):
        assert house[who].post(address, {**sent, "csrf_token": house[who].token("account/")}).status == 404
    wrong = {f"m{house.places['learner'].hex()}-publish": ["accounts"]}
    assert learner.post(address, {**wrong, "csrf_token": learner.token("account/")}).status == 422

    with kit_of(house.app).database.changing() as connection:
        groups.archive(connection, house.cohort, kit_of(house.app).today())
    assert learner.post(address, {**sent, "csrf_token": learner.token("account/")}).status == 404
    assert boxes(learner.get("account/shared/")) == []
    assert seen(house) == set()
