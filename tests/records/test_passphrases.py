"""Passphrases that are offered, refused, and compared however they are typed; recovery codes read back by hand."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.records.hashing import PassphraseHasher
from app.records.passphrases import (
    CODE_ALPHABET,
    OFFERED_WORDS,
    PASSPHRASE_LENGTH,
    PASSPHRASE_MINIMUM,
    Credentials,
    Weakness,
    new_recovery_code,
    normalised,
    normalised_code,
    offered_passphrase,
    weakness,
)
from tests.records.conftest import CHEAP

typed = st.text(max_size=80)


def judged(passphrase: str, pseudonym: str = "Golondrina") -> Weakness | None:
    return weakness(Credentials.typed(pseudonym, passphrase))


@pytest.mark.parametrize("language", ["en", "es", "xx"])
def test_what_is_offered_is_strong_enough_short_enough_and_easy_to_type(language: str):
    offers = {offered_passphrase(language) for _ in range(60)}

    assert len(offers) == 60
    for offer in offers:
        words = offer.split(" ")
        assert len(words) == OFFERED_WORDS
        assert all(set(word) <= set("abcdefghijklmnopqrstuvwxyzñ") for word in words)
        assert PASSPHRASE_MINIMUM <= len(offer) <= PASSPHRASE_LENGTH
        assert judged(offer) is None


def test_offers_come_in_the_readers_language():
    english = {word for _ in range(40) for word in offered_passphrase("en").split()}
    spanish = {word for _ in range(40) for word in offered_passphrase("es").split()}

    assert len(english & spanish) < len(english) / 4


@pytest.mark.parametrize(
    ("passphrase", "reason"),
    [
        ("", Weakness.TOO_SHORT),
        ("corta", Weakness.TOO_SHORT),
        ("abc def ghi", Weakness.TOO_SHORT),
        ("a  " * 5, Weakness.TOO_SHORT),
        ("x" * 201, Weakness.TOO_LONG),
        ("mi golondrina vuela alto y lejos", Weakness.CONTAINS_PSEUDONYM),
        ("mi GOLÓNDRINA vuela alto y lejos", Weakness.CONTAINS_PSEUDONYM),
        ("aaaaaaaaaaaaaaaaaa", Weakness.REPEATED),
        ("abcabcabcabcabcabc", Weakness.REPEATED),
        ("qwertyuiopasdfgh", Weakness.COMMON),
        ("05121984mexico", Weakness.DATE),
        ("responsabilidad", Weakness.PREDICTABLE),
        ("responsabilidad1984", Weakness.PREDICTABLE),
        ("virgen de guadalupe", Weakness.PREDICTABLE),
        ("Parangaricutirimícuaro", Weakness.PREDICTABLE),
        ("desafortunadamente no", Weakness.PREDICTABLE),
    ],
)
def test_what_is_weak_is_refused_with_its_reason(passphrase: str, reason: Weakness):
    assert judged(passphrase) is reason


@pytest.mark.parametrize(
    "passphrase",
    [
        "passwordpassword",
        "password12345",
        "iloveyou12345",
        "letmeinletmein",
        "123456789012",
        "football2024!",
        "contraseña1234",
        "Contraseña2024!",
        "tequieromucho1",
        "holaholahola",
        "micontraseña",
        "familia123456",
        "resguardo1234",
        "teamoteamoteamo",
        "clavesecreta1",
        "mexicomexico1",
    ],
)
def test_what_attackers_try_first_is_refused_in_both_languages(passphrase: str):
    assert judged(passphrase) in set(Weakness) - {Weakness.TOO_SHORT, Weakness.TOO_LONG}


@pytest.mark.parametrize(
    "passphrase",
    [
        "la tortuga lenta abraza un faro azul",
        "k3xq9-zp2mv-8wt4r",
        "seis palabras que nadie junta jamas",
        "r7#Kq!2v$Xb9&Lz",
    ],
)
def test_long_phrases_and_random_characters_will_do(passphrase: str):
    assert judged(passphrase) is None


def test_a_short_pseudonym_may_occur_in_a_passphrase():
    assert weakness(Credentials.typed("a", "la tortuga lenta abraza un faro azul")) is None


@settings(max_examples=200, deadline=None)
@given(typed, typed)
def test_judging_never_fails_whatever_is_typed(pseudonym: str, passphrase: str):
    assert weakness(Credentials.typed(pseudonym, passphrase)) in {None, *Weakness}


@pytest.mark.parametrize("passphrase", ["\x00" * 20, "💥" * 20, "ñ" * 20, "ß" * 150, "ﷺ" * 20, "\u0301" * 30])
def test_judging_never_fails_on_what_is_awkward(passphrase: str):
    assert judged(passphrase) in {None, *Weakness}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José Núñez", "jose nunez"),
        ("  dos   espacios\t", "dos espacios"),
        ("MAYÚSCULAS", "mayúsculas"),
        ("ﬁn de ﬁla", "fin de fila"),
        ("Straße", "STRASSE"),
        ("ＡＮＣＨＯ", "ancho"),
        ("no\u00a0break", "no break"),
        ("İstanbul", "istanbul"),
    ],
)
def test_what_is_typed_differently_is_compared_alike(one: str, other: str):
    assert normalised(one) == normalised(other)


@settings(max_examples=300, deadline=None)
@given(typed)
def test_the_form_of_the_characters_makes_no_difference(text: str):
    forms = {normalised(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}

    assert forms == {normalised(text)}


@settings(max_examples=300, deadline=None)
@given(typed)
def test_what_is_compared_is_compared_the_same_again(text: str):
    assert normalised(normalised(text)) == normalised(text)


def test_different_words_stay_different():
    assert normalised("casa") != normalised("caza")
    assert normalised("a b") != normalised("ab")


def test_recovery_codes_are_random_and_long_and_easy_to_read():
    codes = {new_recovery_code() for _ in range(200)}

    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [5] * 5
        assert set(code.replace("-", "")) <= set(CODE_ALPHABET)
        assert len(normalised_code(code)) == 25


@pytest.mark.parametrize(
    "copied",
    [
        "7K2QX-01VB9-ZZZZZ-01VAB-CDEFG",
        "7k2qx-01vb9-zzzzz-01vab-cdefg",
        "7K2QX 01VB9 ZZZZZ 01VAB CDEFG",
        "7K2QX01VB9ZZZZZ01VABCDEFG",
        "7K2QX-OIVB9-ZZZZZ-OLVAB-CDEFG",
        "7k2qx-olvb9-zzzzz-oivab-cdefg",
        "7K2QX–01UB9—ZZZZZ‑01VAB−CDEFG",
        " 7K2QX-01VB9-\nZZZZZ-01VAB-CDEFG. ",
        "７K2QX-01VB9-ZZZZZ-01VAB-CDEFG",
    ],
)
def test_a_code_that_was_copied_by_hand_is_read_as_it_was_meant(copied: str):
    assert normalised_code(copied) == "7K2QX01VB9ZZZZZ01VABCDEFG"


def test_a_key_needs_name_passphrase_and_installation():
    hasher = PassphraseHasher(CHEAP)
    base = hasher.key(b"s" * 32, "golondrina", "una frase")

    others = [
        hasher.key(b"t" * 32, "golondrina", "una frase"),
        hasher.key(b"s" * 32, "cenzontle", "una frase"),
        hasher.key(b"s" * 32, "golondrina", "otra frase"),
    ]

    assert hasher.key(b"s" * 32, "golondrina", "una frase") == base
    for other in others:
        assert other.tag != base.tag
        assert other.key != base.key
    assert base.tag != base.key
    assert repr(base.key) not in repr(base)


def test_the_cost_is_what_is_promised():
    cost = PassphraseHasher().cost

    assert (cost.memory_kib, cost.iterations) == (64 * 1024, 3)
