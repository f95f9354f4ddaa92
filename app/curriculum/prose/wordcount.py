"""Counting words."""

import re

_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


def count_words(text: str) -> int:
    """How many words a plain text has."""
    return len(_WORD.findall(text))
