"""The labs: a lesson leads to each, its script has every word that it says, and each kind has what it works with."""

import re

from app.curriculum.checks.references import twice
from app.curriculum.files.documents import Document
from app.curriculum.files.draft import Draft, ModuleDraft
from app.curriculum.model import REQUIRED_LANGUAGES, Lab, LabKind
from app.curriculum.model.labs import SCRIPT_WORDS
from app.curriculum.prose.targets import did_you_mean

_PLACEHOLDER = re.compile(r"\{[a-z]+\}")


def check_labs(draft: Draft) -> None:
    """Add a problem for each lab that nobody would find, or whose script would be at a loss for words."""
    for module in draft.modules.values():
        for read in module.labs:
            _check_name(draft, module, read.document, read.value)
            _check_words(draft, read.document, read.value)
            _check_material(draft, read.document, read.value)


def _check_name(draft: Draft, module: ModuleDraft, document: Document, lab: Lab) -> None:
    name = document.path.rpartition("/")[2].removesuffix(".yaml")
    if lab.id != name:
        message = f"this lab's id is '{lab.id}', but its file is '{name}.yaml'"
        draft.problems.append(document.problem(("id",), message))
    lessons = draft.targets.lessons
    slugs = {known.partition("/")[2] for known in lessons if known.startswith(f"{module.id}/")}
    if lab.lesson not in slugs and module.id not in draft.targets.unread:
        message = f"this module has no lesson '{lab.lesson}'{did_you_mean(lab.lesson, slugs)}"
        draft.problems.append(document.problem(("lesson",), message))


def _check_words(draft: Draft, document: Document, lab: Lab) -> None:
    wanted = SCRIPT_WORDS[lab.kind]
    missing = [word for word in wanted if word not in lab.words]
    if missing:
        message = f"the script of a {lab.kind.value} lab has no words for: {', '.join(missing)}; add them"
        draft.problems.append(document.problem(("words",), message))
    for word, text in lab.words.items():
        if word not in wanted:
            message = f"the script of a {lab.kind.value} lab never says '{word}'"
            hint = did_you_mean(word, set(wanted))
            draft.problems.append(document.problem_at_key(("words", word), message + hint))
        holes = [set(_PLACEHOLDER.findall(text.root[language])) for language in REQUIRED_LANGUAGES]
        if holes[0] != holes[1]:
            left_out = " and ".join(sorted(holes[0] ^ holes[1]))
            message = f"word '{word}': {left_out} stands in one language only; the script fills it in both"
            draft.problems.append(document.problem(("words", word), message))


def _check_material(draft: Draft, document: Document, lab: Lab) -> None:
    for name, kind in (("posts", LabKind.SPOT_THE_LEAK), ("engines", LabKind.SELF_SEARCH)):
        if bool(getattr(lab, name)) != (lab.kind is kind):
            lacks = f"needs {name}" if lab.kind is kind else f"has no use for {name}"
            draft.problems.append(document.problem((name,), f"a {lab.kind.value} lab {lacks}"))
    twice(draft, "engine", ((document, ("engines", i), engine.id) for i, engine in enumerate(lab.engines)))
    twice(draft, "post", ((document, ("posts", i), post.id) for i, post in enumerate(lab.posts)))
    for index, post in enumerate(lab.posts):
        loc = ("posts", index, "pieces")
        twice(draft, "piece", ((document, (*loc, i), piece.id) for i, piece in enumerate(post.pieces)))
        if len({bool(piece.gives) for piece in post.pieces}) != 2:  # noqa: PLR2004 - some do and some don't
            message = f"post '{post.id}': some pieces must give something away, and some not"
            draft.problems.append(document.problem(loc, message))
