"""Passphrases and recovery codes: offering, normalising and judging them. Keys from them are in `hashing`."""

import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

PSEUDONYM_LENGTH = 40
PASSPHRASE_MINIMUM = 12
PASSPHRASE_LENGTH = 200

OFFERED_WORDS = 6
#: The BIP-39 lists: 2,048 words each, 11 bits a word, so six give 66 bits.
WORDLISTS = {"en": "english", "es": "spanish"}

#: Guesses, as a power of ten, that a passphrase must withstand. With the memory that each guess
#: costs, ten thousand guesses a second would take about three years.
GUESSES_LOG10 = 12.0
#: zxcvbn reads no more than this many characters; what is longer is judged by its beginning.
_JUDGED_CHARACTERS = 100
#: Guesses for a word out of a dictionary and for a random letter, as powers of ten.
_WORD_LOG10, _LETTER_LOG10 = 4.0, 1.4

#: Crockford's base 32: no I, L, O or U, so that handwriting is read back right.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_GROUPS, CODE_GROUP = 5, 5
_MISREAD = str.maketrans("ILOU", "110V")


class Weakness(StrEnum):
    """Why a passphrase is refused; the words for it are the edge's."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    CONTAINS_PSEUDONYM = "contains-pseudonym"
    COMMON = "common"
    REPEATED = "repeated"
    KEYBOARD = "keyboard"
    DATE = "date"
    PREDICTABLE = "predictable"


@dataclass(frozen=True)
class Credentials:
    """A pseudonym and a passphrase as they are compared, whatever was typed."""

    pseudonym: str
    passphrase: str

    def __repr__(self) -> str:
        return "Credentials(…)"

    @classmethod
    def typed(cls, pseudonym: str, passphrase: str) -> "Credentials":
        """What somebody typed, normalised."""
        return cls(normalised(pseudonym), normalised(passphrase))


def normalised(typed: str) -> str:
    """What was typed without what varies between keyboards: accents, capitals and runs of spaces."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", typed) if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


@cache
def wordlist(language: str) -> tuple[str, ...]:
    """The 2,048 words of a language in their order, without accents; the English ones where it has none of its own."""
    from mnemonic import Mnemonic  # only when a passphrase is offered: 2,048 words cost a read

    words = Mnemonic(WORDLISTS.get(language, WORDLISTS["en"])).wordlist
    return tuple(_unaccented(word) for word in words)


def _unaccented(word: str) -> str:
    """A word without accents but with its ñ, which is a letter of its own."""
    composed = unicodedata.normalize("NFC", word)
    return "".join(letter if letter == "ñ" else normalised(letter) for letter in composed)


def offered_passphrase(language: str) -> str:
    """A random passphrase of six words in the reader's language, without accents.

    Six very common short words can look guessable to the judge; then others are drawn.
    """
    while True:
        offered = " ".join(secrets.choice(wordlist(language)) for _ in range(OFFERED_WORDS))
        if weakness(Credentials.typed("", offered)) is None:
            return offered


def weakness(credentials: Credentials) -> Weakness | None:
    """Why this passphrase is too weak, or None if it will do. Judges the normalised form, as it is hashed."""
    passphrase = credentials.passphrase
    if len(passphrase) < PASSPHRASE_MINIMUM:
        return Weakness.TOO_SHORT
    if len(passphrase) > PASSPHRASE_LENGTH:
        return Weakness.TOO_LONG
    if len(credentials.pseudonym) >= 4 and credentials.pseudonym in passphrase:  # noqa: PLR2004 - "ana" is in much
        return Weakness.CONTAINS_PSEUDONYM
    return _guessable(passphrase, credentials.pseudonym)


_COMMON_SPANISH = (
    "contrasena",
    "clave",
    "secreto",
    "tequiero",
    "teamo",
    "hola",
    "familia",
    "mexico",
    "colombia",
    "perro",
    "llama",
)

_WARNINGS = (
    ("repeat", Weakness.REPEATED),
    ("row", Weakness.KEYBOARD),
    ("keyboard", Weakness.KEYBOARD),
    ("dates", Weakness.DATE),
    ("years", Weakness.DATE),
    ("common", Weakness.COMMON),
)


def _guessable(passphrase: str, pseudonym: str) -> Weakness | None:
    from zxcvbn_rs_py import zxcvbn  # its dictionaries take a moment to load

    # Its own dictionaries are English. Only common passwords are added: it ranks these by their place,
    # and would take a word of the offered list for a handful of guesses.
    known = [pseudonym, "resguardo", *_COMMON_SPANISH]
    judged = zxcvbn(passphrase[:_JUDGED_CHARACTERS], user_inputs=known)
    if min(judged.guesses_log10, _word_by_word(passphrase)) >= GUESSES_LOG10:
        return None
    warning = str(judged.feedback.warning if judged.feedback else "").casefold()
    return next((reason for sign, reason in _WARNINGS if sign in warning), Weakness.PREDICTABLE)


def _word_by_word(passphrase: str) -> float:
    """Guesses at most, as a power of ten, for somebody who has a dictionary of the language.

    The judge takes a Spanish word for random letters, and one long word would pass. A run of letters
    counts as one of ten thousand words; letters alone and everything else, as what they are.
    """
    runs = "".join(c if c.isalpha() else f" {c} " for c in passphrase).split()
    return sum(min(_WORD_LOG10, _LETTER_LOG10 * len(run)) if run.isalpha() else 1.0 for run in runs)


def new_recovery_code() -> str:
    """A recovery code of 125 random bits, in five groups of five: `7K2QX-…`."""
    groups = ("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS))
    return "-".join(groups)


def normalised_code(typed: str) -> str:
    """A recovery code as it was meant: capitals, no separators, and the letters that look like digits as digits."""
    letters = unicodedata.normalize("NFKC", typed).upper().translate(_MISREAD)
    return "".join(letter for letter in letters if letter in CODE_ALPHABET)
