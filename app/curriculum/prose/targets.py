"""What prose may refer to, and where a reference leads.

An id counts as known as soon as it is written down, even where the rest of its entry is faulty: one
fault then isn't reported a second time by everything that refers to it.
"""

import difflib
from dataclasses import dataclass, field


@dataclass
class Targets:
    """The ids that exist. `unread` are modules whose list of lessons couldn't be read."""

    modules: set[str] = field(default_factory=set)
    lessons: set[str] = field(default_factory=set)
    checklists: set[str] = field(default_factory=set)
    situations: set[str] = field(default_factory=set)
    sources: set[str] | None = field(default_factory=set)
    unread: set[str] = field(default_factory=set)

    def address(self, reference: str, language: str) -> str | None:
        """The page that `lesson:doxxing/first-hours` and the like lead to; None for another kind of link."""
        sort, _, name = reference.partition(":")
        if sort == "lesson":
            module, _, slug = name.partition("/")
            return f"/{language}/modules/{module}/lessons/{slug}/"
        pages = {"module": "modules/{}/", "checklist": "modules/{}/checklist/", "help": "help/{}/"}
        return f"/{language}/{pages[sort].format(name)}" if sort in pages else None

    def fault(self, reference: str) -> str | None:
        """What is wrong with an internal reference, in words; None if it leads somewhere."""
        sort, _, name = reference.partition(":")
        known = self._known(sort)
        if name in known or (sort == "lesson" and name.partition("/")[0] in self.unread):
            return None
        if sort == "lesson" and "/" not in name:
            return f"'{reference}' names no lesson; write lesson:module/lesson"
        thing = {"help": "situation"}.get(sort, sort)
        return f"there is no {thing} '{name}'{did_you_mean(name, known)}"

    def source_fault(self, source: str) -> str | None:
        """What is wrong with a reference to a source; None if it exists or the list couldn't be read."""
        if self.sources is None or source in self.sources:
            return None
        return f"there is no source '{source}' in modules/sources.yaml"

    def _known(self, sort: str) -> set[str]:
        return {
            "lesson": self.lessons,
            "module": self.modules,
            "checklist": self.checklists,
            "help": self.situations,
        }[sort]


def did_you_mean(name: str, known: set[str]) -> str:
    """A hint at the nearest known name, if one is near."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""
