"""Whether every word that people read is spelt right: `python -m tests.spelling`.

English is checked as British, Spanish as Mexican, by hunspell with Debian's dictionaries (packages hunspell,
hunspell-en-gb and hunspell-es). Right words that no dictionary has stand in tests/words/: en.txt, es.txt, and both.txt
for names and the like. A word in small letters there stands for capitals too; one with a capital only for itself. What
stands in quotation marks may be of the other language.

    python -m tests.spelling                 every unknown word, with its file, line and what may be meant
    python -m tests.spelling --words es      only the words, one a line, to be read and added to a list
    python -m tests.spelling --tidy          sort the lists; drop what stands twice and what no text needs
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

from app.curriculum.checks.walking import texts_in
from app.curriculum.files.draft import read_draft
from app.curriculum.files.tree import content_files, read_tree
from app.curriculum.spoken import SPOKEN, language_name
from config import CHECKOUT

DICTIONARIES = {"en": "en_GB", "es": "es_MX"}
LISTS = CHECKOUT / "tests" / "words"
MISSING = (
    "no spelling check here: it needs hunspell with its British and Spanish dictionaries "
    "(apt install hunspell hunspell-en-gb hunspell-es)"
)
CATALOGUE = "translations/es/LC_MESSAGES/messages.po"

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)*(?!\w)")
#: What is no word: addresses, what is filled in, marks of Markdown that name something, citations, code.
_NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)+\b|%\(\w+\)[sd]|\{\w+\}"
    r"|\[@[^\]]*\]|\]\([^)]*\)|^:::\s*(?:figure\s.*|[\w-]*)|`[^`]*`|&\w+;|<[^>]*>"
)
_QUOTED = re.compile(r"«[^»]*»|\"[^\"]*\"|“[^”]*”|‘[^’]*’")


_ALONE = ("me", "te", "se", "nos", "lo", "la", "los", "las", "le", "les")
_PRONOUNS = (*_ALONE, *(first + second for first in _ALONE[:4] for second in _ALONE[4:8]))
_PLAIN = str.maketrans("áéíóúÁÉÍÓÚ", "aeiouAEIOU")
_VOWELS = re.compile(r"[aeiou]+", re.IGNORECASE)


@dataclass(frozen=True)
class Use:
    """A word where it stands. `quoted`: within quotation marks, where the other language may speak."""

    word: str
    language: str
    path: str
    line: int
    quoted: bool


def words_in(text: str, language: str, path: str, line: int) -> Iterator[Use]:
    """The words of one line of text, or of a text whose lines don't count."""
    blank = _NO_WORDS.sub(lambda match: " " * len(match.group()), text)
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for match in _WORD.finditer(blank):
        word = match.group().replace("’", "'")
        if len(word) > 1:
            within = any(start <= match.start() < end for start, end in quoted)
            yield Use(word, language, path, line, within)


def every_use(root: Path = CHECKOUT) -> Iterator[Use]:
    """Every word of the lessons, guides, YAML texts, help and the interface, with its place."""
    draft = read_draft(read_tree(content_files(root)))
    for path, text in draft.tree.texts.items():
        language = path.removesuffix(".md").rpartition(".")[2]
        if path.endswith(".md") and language in DICTIONARIES:
            for number, line in enumerate(text.split("\n"), 1):
                yield from words_in(line, language, path, number)
    for read in draft.reads():
        for loc, text in texts_in(read.value):
            for language in DICTIONARIES:
                place = read.document.problem((*loc, language), "")
                yield from words_in(text.root.get(language, ""), language, place.path, place.line)
    yield from _of_the_interface()


def _of_the_interface() -> Iterator[Use]:
    with (CHECKOUT / CATALOGUE).open("rb") as handle:
        for message in read_po(handle):
            if not message.id:
                continue  # the catalogue's own head
            for language, words in (("en", message.id), ("es", message.string)):
                for text in (words,) if isinstance(words, str) else words:
                    yield from words_in(text, language, CATALOGUE, message.lineno or 1)
    for language in DICTIONARIES:
        for text in SPOKEN[language].values():
            yield from words_in(text, language, "app/curriculum/spoken.py", 1)


def is_here() -> bool:
    """Whether hunspell and both dictionaries are installed."""
    if shutil.which("hunspell") is None:
        return False
    return all(_hunspell(dictionary, "-l", "").returncode == 0 for dictionary in DICTIONARIES.values())


def _hunspell(dictionary: str, mode: str, words: str) -> subprocess.CompletedProcess[str]:
    command = ["hunspell", "-i", "UTF-8", "-d", dictionary, mode]
    return subprocess.run(command, input=words, capture_output=True, text=True, check=False, encoding="utf-8")


def bases(word: str, language: str) -> Iterator[str]:
    """What a word is made of, where that being right makes it right: no dictionary has all such words."""
    if language == "en" and word.endswith("'s"):
        yield word.removesuffix("'s")
    if language == "es":
        for pronouns in _PRONOUNS:
            if word.endswith(pronouns):
                yield from _verbs(word.removesuffix(pronouns), alone=pronouns in _ALONE)


def _verbs(verb: str, *, alone: bool) -> Iterator[str]:
    """The verbs that a Spanish word may be of, less the pronouns at its end.

    They move the accent's place: "anota" becomes "anótalo", "mantén" becomes "mantenlo". "Evalúa" keeps its own, and
    one pronoun alone leaves "anotar" and "di" without any.
    """
    plain = verb.translate(_PLAIN)
    if plain != verb:
        yield from (plain, verb)
    elif alone and (plain.endswith("r") or len(_VOWELS.findall(plain)) == 1):
        yield plain
    elif alone and plain.endswith("en"):
        yield f"{plain[:-2]}én"


def not_in_dictionary(words: set[str], language: str) -> set[str]:
    """Those of the words that the language's dictionary doesn't have, each looked up once."""
    found = _hunspell(DICTIONARIES[language], "-l", "\n".join(sorted(words)) + "\n")
    if found.returncode:
        raise RuntimeError(found.stderr)
    return set(found.stdout.split("\n")) & words


def suggestions(words: set[str], language: str) -> dict[str, str]:
    """What may be meant by each of the words."""
    found = _hunspell(DICTIONARIES[language], "-a", "".join(f"^{word}\n" for word in sorted(words)))
    lines = (line.partition(": ") for line in found.stdout.split("\n") if line.startswith("& "))
    return {head.split()[1]: ", ".join(meant.split(", ")[:3]) for head, _, meant in lines}


def read_list(name: str) -> list[str]:
    """The words of one of the project's lists, as they stand."""
    return (LISTS / f"{name}.txt").read_text("utf-8").split()


def in_order(words: set[str]) -> list[str]:
    """As a list has to be."""
    return sorted(words, key=lambda word: (word.casefold(), word))


def _entries(word: str) -> tuple[str, ...]:
    """The entries of a list that would allow a word: itself, in small letters, and less an English 's."""
    stem = word.removesuffix("'s")
    return (word, word.lower(), stem, stem.lower())


def _lacking(words: set[str], language: str) -> set[str]:
    """The words that are right neither by themselves nor by what they are made of."""
    lacking = not_in_dictionary(words, language)
    made_of = {word: set(bases(word, language)) for word in lacking}
    wrong = not_in_dictionary(set().union(*made_of.values()), language)
    return {word for word, parts in made_of.items() if parts <= wrong}


class Spelling:
    """Every use, looked up: which are unknown, and which entries of the lists were needed."""

    def __init__(self, uses: list[Use], lists: dict[str, set[str]]):
        lacking = {language: _lacking({use.word for use in uses}, language) for language in DICTIONARIES}
        self.unknown: list[Use] = []
        self.needed: dict[str, set[str]] = {name: set() for name in lists}
        for use in uses:
            languages = list(DICTIONARIES) if use.quoted else [use.language]
            if any(use.word not in lacking[language] for language in languages):
                continue
            allowed = [
                (name, entry)
                for name in (*languages, "both")
                for entry in _entries(use.word)
                if entry in lists[name]
            ]
            if not allowed:
                self.unknown.append(use)
            for name, entry in allowed[:1]:
                self.needed[name].add(entry)


def look_everything_up() -> Spelling:
    """The whole kit's words against the dictionaries and the project's lists."""
    return Spelling(list(every_use()), {name: set(read_list(name)) for name in (*DICTIONARIES, "both")})


def in_words(unknown: list[Use]) -> Iterator[str]:
    """Each unknown word with its place, its language, and what may be meant."""
    for language in DICTIONARIES:
        found = [use for use in unknown if use.language == language]
        meant = suggestions({use.word for use in found}, language)
        for use in dict.fromkeys(found):
            hint = f"; did you mean {meant[use.word]}?" if use.word in meant else ""
            yield f"{use.path}:{use.line}: '{use.word}' is no {language_name(language)} word that we know{hint}"


def main(arguments: list[str]) -> int:
    """Do as the module's own description says. Returns the process's exit status."""
    if not is_here():
        print(f"Skipped: {MISSING}.", file=sys.stderr)  # noqa: T201 - a command
        return 2
    found = look_everything_up()
    if arguments == ["--tidy"]:
        for name, needed in found.needed.items():
            (LISTS / f"{name}.txt").write_text("".join(f"{word}\n" for word in in_order(needed)), "utf-8")
        return 0
    if arguments[:1] == ["--words"]:
        lines = in_order({use.word for use in found.unknown if use.language in arguments[1:]})
    else:
        lines = list(in_words(found.unknown))
    for line in lines:
        print(line)  # noqa: T201 - a command
    return 1 if found.unknown and not arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
