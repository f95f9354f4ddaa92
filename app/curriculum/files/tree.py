"""The content's files, read once: what is checked, compiled and fingerprinted is the same bytes."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from app.curriculum.problems import Problem

FOLDERS = ("modules", "quizzes", "help")
LOCK = "modules/content.lock.json"

#: Characters that nobody sees: controls (but for tab and line ends), byte-order marks, zero-width spaces,
#: and marks that change the direction of the text, which can make a line read as something else.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True)
class Tree:
    """Every content file by its path relative to the root (with `/`), as text, in a steady order."""

    texts: dict[str, str]
    digest: str
    problems: tuple[Problem, ...] = field(default=())

    def under(self, folder: str) -> list[str]:
        """The paths of the files in this folder and below."""
        return [path for path in self.texts if path.startswith(f"{folder}/")]


_CODE = Path(__file__).parents[1]
_LOCKED = _CODE.parents[1] / "requirements" / "run.txt"


def content_files(root: Path) -> dict[str, bytes]:
    """The bytes of every content file, by path; hidden files and the lock file are no content."""
    files: dict[str, bytes] = {}
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            name = path.relative_to(root).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/"))
            if path.is_file() and name != LOCK and not hidden:
                files[name] = path.read_bytes()
    return dict(sorted(files.items()))


def fingerprint(files: dict[str, bytes]) -> str:
    """A hash of these files and of what reads them, our code and the locked libraries: the same hash gives the same."""
    digest = hashlib.sha256()
    readers = [*sorted(_CODE.rglob("*.py")), *(path for path in (_LOCKED,) if path.exists())]
    code = {f"code/{path.relative_to(_CODE.parent.parent)}": path.read_bytes() for path in readers}
    for name, content in (files | code).items():
        digest.update(f"{len(name.encode())} {name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def read_tree(files: dict[str, bytes]) -> Tree:
    """The files as text, with a problem for each that isn't text or hides invisible characters."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path, content in files.items():
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            problems.append(Problem(path, line, 1, "this isn't UTF-8 text; save the file as UTF-8"))
            text = content.decode("utf-8", errors="replace")
        texts[path] = text.replace("\r\n", "\n").replace("\r", "\n")
        problems += invisible_characters(path, texts[path])
    return Tree(texts, fingerprint(files), tuple(problems))


def invisible_characters(path: str, text: str) -> list[Problem]:
    """A problem for each character that nobody sees."""
    problems = []
    for number, line in enumerate(text.split("\n"), start=1):
        for match in _INVISIBLE.finditer(line):
            message = f"an invisible character (U+{ord(match.group()):04X}) stands here; delete it"
            problems.append(Problem(path, number, match.start() + 1, message))
    return problems
