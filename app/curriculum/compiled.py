"""The compiled copy: the curriculum as JSON beside the data, named for the hash of all it was made of."""

import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from app.curriculum.model import Curriculum

_PREFIX = "curriculum-"


def path_of(cache: Path, digest: str) -> Path:
    """Where the compiled copy of content with this hash lies."""
    return cache / f"{_PREFIX}{digest}.json"


def read(cache: Path, digest: str) -> Curriculum | None:
    """The compiled copy of content with this hash; None if there is none or it is damaged."""
    try:
        curriculum = Curriculum.model_validate_json(path_of(cache, digest).read_bytes())
    except (OSError, ValidationError):
        return None
    return curriculum if curriculum.digest == digest else None


def write(cache: Path, curriculum: Curriculum) -> None:
    """Keep a compiled copy, readable by its owner only, in place of every older one.

    A folder that can't be written to is no reason not to start: the next start reads the files again.
    """
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache, prefix=f".{_PREFIX}")  # made with mode 0600
        with os.fdopen(handle, "wb") as file:
            file.write(curriculum.model_dump_json(exclude_defaults=True).encode())
        target = path_of(cache, curriculum.digest)
        Path(name).replace(target)
        for old in (*cache.glob(f"{_PREFIX}*.json"), *cache.glob(f".{_PREFIX}*")):
            if old != target:
                old.unlink(missing_ok=True)
    except OSError:
        return
