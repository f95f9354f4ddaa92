"""Texts in YAML are shown as they are written: Markdown in them would be read aloud with its brackets."""

import re
from collections.abc import Iterator

from app.curriculum.checks.walking import texts_in
from app.curriculum.files.draft import Draft
from app.curriculum.files.wording import name_of
from app.curriculum.problems import Problem

_MARKDOWN = re.compile(r"\[@|\]\(|\*\*|^:::|^#+ |</?[a-z]+>", re.MULTILINE)


def find_markdown(draft: Draft) -> Iterator[Problem]:
    """A problem for each plain text that is written as if it were Markdown. A figure's words are Markdown."""
    for read in draft.reads():
        for loc, text in texts_in(read.value):
            if loc[-1] == "in_words":
                continue
            for language, words in text.root.items():
                match = _MARKDOWN.search(words)
                if match:
                    where = name_of(read.document, loc)
                    message = (
                        f"'{match.group()}' in '{loc[-1]}' of {where} shows as it stands; write plain text"
                    )
                    yield read.document.problem((*loc, language), message)
