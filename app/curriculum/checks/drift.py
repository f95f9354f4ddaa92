"""Texts whose languages may no longer say the same: one was changed after the pair was last reviewed.

The record of the last review is a lock file, committed with the texts: for every pair, the
fingerprint of each language.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from app.curriculum.checks.pairs import Pair, pairs_of
from app.curriculum.files.draft import Draft
from app.curriculum.files.tree import LOCK, content_files
from app.curriculum.loading import compile_files
from app.curriculum.problems import ContentError, Problem
from app.curriculum.spoken import language_name

Lock = dict[str, dict[str, str]]


def read_lock(root: Path, problems: list[Problem]) -> Lock:
    """The recorded fingerprints; empty, with a problem added, if the file can't be read."""
    try:
        lock = json.loads((root / LOCK).read_text("utf-8"))
        return {str(key): dict(prints) for key, prints in lock.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError):
        problems.append(
            Problem(LOCK, 1, 1, "this file is damaged; take it from the last commit, or review --all")
        )
        return {}


def find_drift(root: Path, draft: Draft) -> list[Problem]:
    """A problem for each pair that changed on one side, isn't reviewed yet, or is gone."""
    problems: list[Problem] = []
    lock = read_lock(root, problems)
    pairs = list(pairs_of(draft))
    unreviewed: dict[str, list[Pair]] = {}
    for pair in pairs:
        recorded = lock.get(pair.key, {})
        changed = [language for language, now in pair.fingerprints.items() if recorded.get(language) != now]
        if changed and all(language in changed for language in pair.fingerprints):
            unreviewed.setdefault(pair.path, []).append(pair)
        elif changed:
            problems += _one_sided(pair, changed, recorded)
    problems += [_unreviewed(group) for group in unreviewed.values()]
    return problems + _stale(root, lock, {pair.key for pair in pairs}, draft)


def _one_sided(pair: Pair, changed: list[str], recorded: dict[str, str]) -> list[Problem]:
    """Where the other languages stand, which must follow; or the languages that are new."""
    changes = " and ".join(language_name(language) for language in changed)
    if not set(recorded) & set(changed):
        return [
            pair.places[language].saying(
                f"the {language_name(language)} of {pair.name} is new; read it beside the others, "
                f"then `flask content review {_file(pair)}`"
            )
            for language in changed
        ]
    return [
        place.saying(
            f"the {changes} of {pair.name} changed, and this {language_name(language)} text did not; "
            f"make it say the same, then `flask content review {_file(pair)}`"
        )
        for language, place in pair.places.items()
        if language not in changed
    ]


def _unreviewed(pairs: list[Pair]) -> Problem:
    place = next(iter(pairs[0].places.values()))
    what = pairs[0].name if len(pairs) == 1 else f"{len(pairs)} texts, from {pairs[0].name} on,"
    verb = "isn't" if len(pairs) == 1 else "aren't"
    return place.saying(
        f"{what} {verb} reviewed yet in both languages; "
        f"read them side by side, then `flask content review {_file(pairs[0])}`"
    )


def _file(pair: Pair) -> str:
    return pair.path.removesuffix(".md") if pair.key == pair.path else pair.path


def _stale(root: Path, lock: Lock, keys: set[str], draft: Draft) -> list[Problem]:
    """Entries of texts that are gone. A file that can't be read keeps its entries until it can."""
    gone = [key for key in lock if key not in keys and not _is_faulty(key, draft)]
    if not gone:
        return []
    lines = (root / LOCK).read_text("utf-8").split("\n")
    problems = []
    for key in gone:
        line = next(
            (number for number, line in enumerate(lines, 1) if line.strip().startswith(json.dumps(key))), 1
        )
        message = (
            f"'{key}' is no longer among the texts; `flask content review {key.partition('#')[0]}` drops it"
        )
        problems.append(Problem(LOCK, line, 1, message))
    return problems


def _is_faulty(key: str, draft: Draft) -> bool:
    path = key.partition("#")[0]
    return any(problem.path == path for problem in draft.problems)


def review(root: Path, under: Iterable[str] | None = None) -> int:
    """Record that the languages of the texts under these paths say the same; all texts if None.

    Paths are relative to `root`: a file, a folder, or a document without its language. Answers how many
    entries changed. Raises ContentError if something under the paths is faulty, or a path holds no text.
    """
    draft, _ = compile_files(content_files(root))
    paths = None if under is None else [path.strip("/").removesuffix("/.") for path in under]
    faults = [problem for problem in draft.problems if _is_under(problem.path, paths)]
    if faults:
        raise ContentError(faults)
    lock = read_lock(root, [])
    reviewed = {pair.key: pair.fingerprints for pair in pairs_of(draft) if _is_under(pair.path, paths)}
    _refuse_empty(paths, [*reviewed, *lock])
    kept = {key: prints for key, prints in lock.items() if not _is_under(key.partition("#")[0], paths)}
    updated = kept | reviewed
    changes = sum(lock.get(key) != updated.get(key) for key in {*lock, *updated})
    if changes:
        _write(root / LOCK, updated)
    return changes


def _refuse_empty(paths: list[str] | None, keys: list[str]) -> None:
    empty = [
        path for path in paths or () if not any(_is_under(key.partition("#")[0], [path]) for key in keys)
    ]
    if empty:
        raise ContentError(Problem(path, 1, 1, "no text stands under this path") for path in empty)


def _is_under(path: str, paths: list[str] | None) -> bool:
    """Whether a file lies under one of the paths; a document's languages count as one file."""
    if paths is None:
        return True
    return any(
        path in (one, f"{one}.md") or path.startswith(f"{one}/") or path == _without_language(one)
        for one in paths
    )


def _without_language(path: str) -> str:
    stem, _, ending = path.rpartition(".")
    return f"{stem.rpartition('.')[0]}.md" if ending == "md" else path


def _write(path: Path, lock: Lock) -> None:
    """One pair a line, sorted, so that two people's reviews merge line by line."""
    lines = [f"  {json.dumps(key)}: {json.dumps(dict(sorted(lock[key].items())))}" for key in sorted(lock)]
    new = path.with_suffix(".json.new")
    new.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    new.replace(path)
