"""The first administrator: a server that has none says at its start how to become one, and no other ever does."""

import re

from flask import Flask

from app.records.actions import COMMAND_LINE, entries, faults, kept_head
from app.serving import _first_invitation
from tests.web.conftest import MakeKit
from tests.web.inviting import join, type_code
from tests.web.readers import Reader, kit_of

HTTPS = {"RESGUARDO_TRANSPORT": "https", "RESGUARDO_TRUSTED_HOSTS": "kit.example"}


def said_at_start(app: Flask) -> str:
    return "\n".join(_first_invitation(kit_of(app)))


def visitor_of(app: Flask) -> Reader:
    return Reader(app, environ={"base_url": "https://kit.example"}, headers={"X-Forwarded-Proto": "https"})


def test_a_server_says_a_code_until_somebody_administers_it(make_kit: MakeKit) -> None:
    app = make_kit(**HTTPS)
    earlier, words = said_at_start(app), said_at_start(app)
    (link, code) = re.findall(r"https://kit\.example/es/join/#(\S+)|there: (\S+)", words)
    assert link[0] == code[1]
    assert code[1] not in earlier
    old = re.findall(r"#(\S+)", earlier)[0]
    assert type_code(visitor_of(app), old).status == 422

    admin = visitor_of(app)
    assert join(admin, code[1], label="Ana").status == 200

    led = admin.get("admin/")
    assert (led.status, led.headers["Location"]) == (303, "/es/account/second-factor/")
    assert said_at_start(app) == ""


def test_each_that_was_said_stands_in_the_log_as_one_by_command_does(make_kit: MakeKit) -> None:
    app = make_kit(**HTTPS)
    for _ in range(2):
        said_at_start(app)

    kit = kit_of(app)
    with kit.database.asking() as asking:
        noted = [(entry.actor, entry.verb, entry.subject) for entry in entries(asking, None, 5)]
        found = list(faults(asking, kit.log_key, kept_head(kit.config.actions_head)))
    assert noted == [(COMMAND_LINE, "admin-invited", None)] * 2
    assert found == []


def test_a_laptop_says_none(app: Flask) -> None:
    assert said_at_start(app) == ""
