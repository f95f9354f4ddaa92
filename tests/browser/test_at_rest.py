"""What a whole walk leaves on the disks: the kit's files and the browser's own say nothing of what was answered."""

import base64
import shutil
import sqlite3
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from app.curriculum.model import Curriculum, Module, Quality
from tests.browser.auditing import begins, tells
from tests.browser.chromium import ARGUMENTS, ORDINARY
from tests.browser.coming_back import decides
from tests.browser.incidents import HAPPENED, PICTURE, chooses, writes_down
from tests.browser.practice import answers_question, fills_in, takes_turn
from tests.browser.running import Machine, machine
from tests.browser.visitors import PSEUDONYM, Visitor
from tests.evidence import jpeg
from tests.web.practice import bank_of, case_of, wrong

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("at-rest")]

#: Stands in the picture that is added to the incident log, as metadata do.
EVIDENCE = "marca dentro de una captura 55"
NOTE = "mi prima Zoraida publicó el portón azul"
#: Files of the browser that hold addresses, which are pages' names: a history is the browser's, and "What it keeps"
#: says that it stays. Addresses name modules; no answer, note, passphrase or code may stand even there.
WITH_ADDRESSES = (
    *("History", "Sessions", "Favicons", "Visited Links", "Top Sites", "Shortcuts", "Cache", "Code Cache"),
    *("Network Action Predictor", "Site Characteristics", "GPUCache", "Preferences", "Web Data", "heavy_ad"),
    *("Segmentation", "Sync Data", "Local State", "DIPS", "Network Persistent State", "ukm_db"),
)


@dataclass
class Walked:
    """A walk that is over: where everything lies, and what must be found nowhere."""

    machine: Machine
    visitor: Visitor
    profile: Path
    guest_cookies: list[dict[str, str]]
    kept_cookies: list[dict[str, str]]
    secrets: dict[str, str]
    names: dict[str, str]


@pytest.fixture(scope="module")
def walked(
    playwright: Playwright,
    chromium_program: str,
    compiled: Path,
    curriculum: Curriculum,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walked]:
    """Ana reads, answers, keeps and signs in again, in a browser with a profile on disk; then both are shut down."""
    folder = tmp_path_factory.mktemp("at-rest")
    profile = folder / "profile"
    module = curriculum.modules_by_id["doxxing"]
    with machine(folder / "disk", compiled) as kit:
        kit.start()
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium_program,
            args=list(ARGUMENTS),
            ignore_default_args=ORDINARY,
            locale="es",
        )
        ana = Visitor(context.pages[0], kit.url, "es")
        ana.opens(f"modules/{module.id}/lessons/{module.lessons[0].slug}/")
        ana.page.locator("form.next button").click()
        ana.opens(f"modules/{module.id}/checklist/")
        for place, item in enumerate(module.checklist):
            ana.answers(item.id, note=f"{NOTE} {place}")
            ana.answers(item.id, "not-for-me")
        ana.saves()
        _practises(ana, module)
        _plans(ana)
        writes_down(ana)
        chooses(ana, {**PICTURE, "buffer": jpeg(EVIDENCE.encode())})
        guest = list(context.cookies())
        ana.keeps()
        first_code = ana.recovery_code
        ana.opens(f"modules/{module.id}/checklist/")
        kept = list(context.cookies())
        ana.opens("progress/")
        context.close()
        kit.kill()
        yield Walked(
            kit,
            ana,
            profile,
            guest,  # type: ignore[arg-type]
            kept,  # type: ignore[arg-type]
            {
                "an incident": HAPPENED,
                "who did it": "lo que se sabe: who",
                "a file": EVIDENCE,
                "note": NOTE,
                "passphrase": ana.passphrase,
                "recovery code": first_code,
                "pseudonym": PSEUDONYM,
            },
            {
                "module": module.id,
                **{item.id: item.id for item in module.checklist},
                **{lesson.slug: lesson.slug for lesson in module.lessons},
                "an answer": "not-for-me",
                **_practised(module),
                **{f"told of {question}": option for question, option in TOLD.items()},
            },
        )


#: What Ana tells of her situation, by question; none of it may be anywhere, nor what she puts off.
TOLD = {"threats": "threatened-lately", "trust": "unsure-of-them", "profile": "open-networks"}


def _plans(ana: Visitor) -> None:
    """What she tells of her situation, one page of statements, and a step that she puts off."""
    tells(ana, **TOLD)
    begins(ana)
    for card in ana.page.locator("fieldset.item").all():
        card.locator("input[value=no]").press("Space")
    ana.page.locator("button[name=on]").click()
    ana.page.wait_for_url("**/audit/2/")
    ana.opens("plan/")
    step = ana.page.locator("ol.week > li").first
    step.locator("details:has([type=date]) > summary").click()
    step.locator("button[value=week]").click()
    ana.page.locator("form.flash").wait_for()


def _practises(ana: Visitor, module: Module) -> None:
    """A whole attempt at the quiz, and the scenario to an ending."""
    ana.opens(f"modules/{module.id}/quiz/")
    ana.page.locator("main form button[type=submit]").click()
    bank = {question.id: question for question in bank_of(module).questions}
    for _ in range(bank_of(module).ask):
        asked = ana.page.locator("input[name=asked]").get_attribute("value") or ""
        question = bank[asked.split()[0]]
        fills_in(ana, question, wrong(question))
        answers_question(ana)
        with ana.page.expect_navigation():
            ana.page.locator("main a.button.primary").click()
    ana.opens(f"modules/{module.id}/scenario/")
    while takes_turn(ana, module, Quality.WORST):
        pass
    decides(ana, "add")
    decides(ana, "not-now")


def _practised(module: Module) -> dict[str, str]:
    """Ids of questions, options, moments and turns; those that might stand anywhere by chance are left out."""
    questions, nodes = bank_of(module).questions, case_of(module).nodes
    ids = [question.id for question in questions]
    ids += [option.id for question in questions for option in question.options]
    ids += [node.id for node in nodes] + [choice.id for node in nodes for choice in node.choices]
    ids += ["refreshers", "dl-call-rule"]
    return {name: name for name in ids if len(name) > 8 and ("-" in name or name == "refreshers")}


def _written(text: str) -> Iterator[tuple[str, bytes]]:
    """A text as a file may hold it."""
    plain = text.encode()
    yield from (("as it is", plain), ("in capitals", text.upper().encode()), ("reversed", plain[::-1]))
    yield from (("utf-16-le", text.encode("utf-16-le")), ("utf-16-be", text.encode("utf-16-be")))
    yield from (("hex", plain.hex().encode()), ("HEX", plain.hex().upper().encode()))
    yield "percent-encoded", urllib.parse.quote(text, safe="").encode()
    yield "as a form sends it", urllib.parse.quote_plus(text).encode()
    yield "in JSON", text.encode("ascii", "backslashreplace")
    for shift in range(3):
        # Whole groups of three bytes only: what stands before and after colours the letters at the edges.
        whole = plain[shift:]
        whole = whole[: len(whole) // 3 * 3]
        for alphabet in (base64.standard_b64encode, base64.urlsafe_b64encode):
            yield f"base64, shifted by {shift}", alphabet(whole)


def _found_in(files: Iterator[Path], texts: dict[str, str]) -> list[str]:
    needles = [(name, how, needle) for name, text in texts.items() for how, needle in _written(text)]
    return [
        f"{name}, {how}, in {file.name}"
        for file in files
        for content in [file.read_bytes()]
        for name, how, needle in needles
        if needle in content
    ]


def _files(folder: Path, but: tuple[str, ...] = ()) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(but) for part in relative.parts if but):
            yield path


def _records(walked: Walked) -> Iterator[Path]:
    yield from (
        file
        for file in _files(walked.machine.data)
        if "cache" not in file.relative_to(walked.machine.data).parts
    )


def test_what_is_looked_for_is_found_where_it_stands(tmp_path: Path) -> None:
    for how, needle in _written(NOTE):
        (tmp_path / "file").write_bytes(b"\0 before " + needle + b" after \0")
        assert _found_in(_files(tmp_path), {"note": NOTE}), how
    for before in (b"", b"x", b"xy"):
        (tmp_path / "file").write_bytes(base64.b64encode(before + NOTE.encode() + b"after"))
        assert _found_in(_files(tmp_path), {"note": NOTE})


def test_the_records_on_disk_say_nothing(walked: Walked) -> None:
    files = list(_records(walked))
    assert {"resguardo.sqlite3", "resguardo.sqlite3-wal"} <= {file.name for file in files}, (
        "nothing was written?"
    )

    assert not _found_in(iter(files), {**walked.secrets, **walked.names})


def test_the_browsers_profile_holds_no_answer(walked: Walked) -> None:
    files = list(_files(walked.profile))
    assert any(file.name == "Cookies" for file in files)

    # The pseudonym may stand there: a browser's own manager of passwords notes whom it offered to remember.
    secrets = {name: text for name, text in walked.secrets.items() if name != "pseudonym"}
    assert not _found_in(iter(files), secrets)
    assert not _found_in(iter(files), {"an answer": "choice=not-for-me", "another": "-note"})


def test_the_browsers_profile_names_no_item_outside_its_history(walked: Walked) -> None:
    found = _found_in(_files(walked.profile, WITH_ADDRESSES), walked.names)
    assert not found


def test_cookies_say_nothing(walked: Walked, tmp_path: Path) -> None:
    everything = "\n".join(f"{c['name']}={c['value']}" for c in walked.guest_cookies + walked.kept_cookies)
    (tmp_path / "cookies").write_text(everything)
    assert not _found_in(_files(tmp_path), {**walked.secrets, **walked.names})
    # The form cookie is signed, not sealed: what it says can be read.
    opened = [
        base64.urlsafe_b64decode(part + "==")
        for c in walked.kept_cookies
        for part in c["value"].split(".")[:1]
    ]
    (tmp_path / "cookies").write_bytes(b"\n".join(opened))
    assert not _found_in(_files(tmp_path), {**walked.secrets, **walked.names})


def test_a_copy_with_another_machines_secret_opens_nothing(
    walked: Walked, playwright: Playwright, chromium_program: str, tmp_path: Path, curriculum: Curriculum
) -> None:
    with machine(tmp_path / "stolen", None) as thief:
        shutil.copytree(walked.machine.data, thief.data)
        assert _rows(thief.data) > 0
        thief.start()
        _opens_nothing(thief, walked.kept_cookies, playwright, chromium_program, curriculum)


def test_a_guests_old_cookie_opens_nothing_after_keeping(
    walked: Walked, playwright: Playwright, chromium_program: str, tmp_path: Path, curriculum: Curriculum
) -> None:
    with machine(tmp_path / "same", None) as same:
        shutil.copytree(walked.machine.data, same.data)
        shutil.copy(walked.machine.memory / "host-secret", same.memory / "host-secret")
        same.start()
        _opens_nothing(same, walked.guest_cookies, playwright, chromium_program, curriculum)


def test_the_same_copy_opens_with_the_machines_secret(
    walked: Walked, playwright: Playwright, chromium_program: str, tmp_path: Path, curriculum: Curriculum
) -> None:
    """Otherwise the two tests before this one would prove nothing."""
    with machine(tmp_path / "same", None) as same:
        shutil.copytree(walked.machine.data, same.data)
        shutil.copy(walked.machine.memory / "host-secret", same.memory / "host-secret")
        same.start()
        shown = _shown_with(same, walked.kept_cookies, playwright, chromium_program, curriculum)
        assert NOTE in shown


def _rows(data: Path) -> int:
    connection = sqlite3.connect(data / "resguardo.sqlite3")
    try:
        return int(connection.execute("SELECT count(*) FROM sealed_record").fetchone()[0])
    finally:
        connection.close()


def _opens_nothing(
    kit: Machine, cookies: list[dict[str, str]], playwright: Playwright, program: str, curriculum: Curriculum
) -> None:
    shown = _shown_with(kit, cookies, playwright, program, curriculum)
    assert NOTE not in shown
    assert PSEUDONYM not in shown
    assert " checked" not in shown


def _shown_with(
    kit: Machine, cookies: list[dict[str, str]], playwright: Playwright, program: str, curriculum: Curriculum
) -> str:
    browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
    context = browser.new_context(locale="es")
    context.add_cookies([{"name": c["name"], "value": c["value"], "url": kit.url} for c in cookies])
    page = context.new_page()
    shown = ""
    for address in (f"modules/{curriculum.modules_by_id['doxxing'].id}/checklist/", "progress/", "account/"):
        page.goto(f"{kit.url}/es/{address}")
        shown += page.content()
    browser.close()
    return shown
