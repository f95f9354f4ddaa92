"""What a copy of the files gives away: nothing that anybody wrote, and nothing to open it with."""

import base64
import shutil
import urllib.parse
from pathlib import Path

import pytest
from sqlalchemy import select

from app.records import erasure
from app.records.database import Database
from app.records.failures import SessionEnded
from app.records.keyring import NewPassphrase
from app.records.notebook import Ref
from app.records.passphrases import Credentials, normalised, normalised_code
from app.records.sessions import resume_session
from app.records.tables import Base, KeyWrap
from tests.records.conftest import HOST_SECRET, NOW, PASSPHRASE, People

MARKS = ["Xochiquetzalin", "señal-ñandú-77", "calle del Sol 1934"]
PSEUDONYM = "Tecolotito Nocturno"
NEW_PASSPHRASE = "otra frase marcada que nadie junta"
KINDS = ["situationkind", "quizanswerkind"]


def forms(mark: str) -> set[bytes]:
    """The ways in which a text could stand in a file."""
    found = set()
    for spelled in {mark, mark.lower(), mark.upper(), normalised(mark), mark[::-1]}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
            raw = spelled.encode(encoding)
            found |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
        raw = spelled.encode()
        # In base64 a text looks different at each of three offsets: without the ends, which depend on neighbours.
        for offset in range(3):
            coded = base64.b64encode(b"\0" * offset + raw)[4 if offset else 0 : -4]
            found |= {coded, coded.translate(bytes.maketrans(b"+/", b"-_"))}
        found |= {urllib.parse.quote(spelled).encode(), spelled.encode("unicode_escape")}
        found |= {base64.b32encode(raw)[: len(raw) // 5 * 8]}
    return {form for form in found if len(form) >= 8}


def files_of(database: Database) -> dict[str, bytes]:
    assert database.file is not None
    return {file.name: file.read_bytes() for file in database.file.parent.glob(database.file.name + "*")}


def a_whole_walk(people: People) -> tuple[list[str], list[bytes]]:
    """Everything a learner does, with marked words. Returns the secrets that were given out, and the keys."""
    guest = people.guest()
    for number, mark in enumerate(MARKS):
        with people.notebook(guest.vault).editing(Ref(KINDS[0], mark), str, "") as editing:
            editing.value = mark
        with people.notebook(guest.vault).editing(Ref(KINDS[1], f"n{number}"), list[str], []) as answers:
            answers.value = MARKS * 40
    kept = people.keyring.keep(guest, NewPassphrase(PSEUDONYM, PASSPHRASE), NOW)
    credentials = Credentials.typed(PSEUDONYM, PASSPHRASE)
    signed_in = people.keyring.sign_in(credentials, "", NOW, ending=kept.token)
    changed = people.keyring.change_passphrase(
        signed_in.vault, credentials, NewPassphrase(PSEUDONYM, NEW_PASSPHRASE), NOW
    )
    fresh = people.keyring.rekey(
        changed.vault,
        Credentials.typed(PSEUDONYM, NEW_PASSPHRASE),
        NewPassphrase(PSEUDONYM, PASSPHRASE),
        NOW,
    )
    with pytest.raises(Exception):  # noqa: B017, PT011 - any refusal will do: what it leaves behind is looked for
        people.sign_in(PSEUDONYM, "una frase marcada equivocada")
    codes = [str(opened.recovery_code) for opened in (kept, changed, fresh)]
    opened = (guest, kept, signed_in, changed, fresh)
    keys = [key for one in opened for key in (one.token, one.vault.data_key)]
    return codes, keys


def test_no_file_holds_a_word_of_what_was_written_or_typed(sqlite_people: People):
    codes, keys = a_whole_walk(sqlite_people)
    files = files_of(sqlite_people.database)
    assert {Path(name).suffix for name in files} == {".sqlite3", ".sqlite3-wal", ".sqlite3-shm"}

    for name, content in files.items():
        for secret in [*MARKS, PSEUDONYM, PASSPHRASE, NEW_PASSPHRASE, *KINDS, "una frase marcada equivocada"]:
            for form in forms(secret):
                assert form not in content, f"{name} holds {secret!r} as {form!r}"
        for code in codes:
            for form in {code.encode(), normalised_code(code).encode(), code.lower().encode()}:
                assert form not in content, f"{name} holds a recovery code"
        for key in [*keys, HOST_SECRET]:
            for form in {key, key.hex().encode(), base64.b64encode(key), base64.urlsafe_b64encode(key)}:
                assert form not in content, f"{name} holds a key"


def test_no_row_holds_a_word_of_what_was_written_or_typed(people: People):
    codes, keys = a_whole_walk(people)
    with people.database.reading() as session:
        values = [
            value.encode() if isinstance(value, str) else bytes(value)
            for table in Base.metadata.sorted_tables
            for row in session.execute(table.select())
            for value in row
            if isinstance(value, str | bytes)
        ]
    content = b"\n".join(values)

    assert len(values) > 20
    for secret in [*MARKS, PSEUDONYM, PASSPHRASE, NEW_PASSPHRASE, *KINDS]:
        assert not [form for form in forms(secret) if form in content]
    for secret in [*keys, HOST_SECRET, *(code.encode() for code in codes)]:
        assert secret not in content
        assert secret.hex().encode() not in content


def test_the_marks_would_be_found_if_they_were_there(tmp_path: Path):
    for mark in MARKS:
        for written in (
            mark.encode(),
            b"xx" + base64.b64encode(b"a" + mark.encode()),
            mark.encode("utf-16-le").hex().encode(),
            urllib.parse.quote(mark).encode(),
        ):
            assert any(form in written for form in forms(mark))


def test_the_copied_files_with_the_browsers_token_open_nothing_after_a_power_off(
    sqlite_people: People, tmp_path: Path
):
    guest, kept = sqlite_people.guest(), sqlite_people.kept()
    sqlite_people.write(kept.vault, "phone", "prepaid")
    source = sqlite_people.database.file
    assert source is not None
    for file in source.parent.glob(source.name + "*"):
        shutil.copy(file, tmp_path / file.name.replace("records", "taken"))
    taken = Database(f"sqlite:///{tmp_path / 'taken.sqlite3'}")

    for token in (guest.token, kept.token):
        with pytest.raises(SessionEnded), taken.reading() as session:
            resume_session(session, token, b"what another start made, 32 byte", sqlite_people.lifetimes, NOW)
    with taken.reading() as session:
        assert (
            resume_session(session, kept.token, HOST_SECRET, sqlite_people.lifetimes, NOW).vault == kept.vault
        )
    taken.close()


def test_once_the_files_are_cleaned_no_old_key_is_left_for_whoever_learns_the_old_passphrase(
    sqlite_people: People,
):
    def wraps() -> set[tuple[bytes, bytes]]:
        with sqlite_people.database.reading() as session:
            return {(wrap.tag, wrap.sealed) for wrap in session.scalars(select(KeyWrap))}

    kept = sqlite_people.kept()
    old = wraps()
    sqlite_people.keyring.change_passphrase(
        kept.vault,
        Credentials.typed("Golondrina", PASSPHRASE),
        NewPassphrase("Golondrina", NEW_PASSPHRASE),
        NOW,
    )
    assert any(sealed in b"".join(files_of(sqlite_people.database).values()) for _tag, sealed in old)

    assert erasure.is_pending(sqlite_people.database)
    assert erasure.finish(sqlite_people.database)

    left = b"".join(files_of(sqlite_people.database).values())
    for tag, sealed in old:
        assert sealed not in left
        assert tag not in left
    assert sqlite_people.sign_in(passphrase=NEW_PASSPHRASE).vault == kept.vault
