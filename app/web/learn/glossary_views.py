"""The glossary. It doesn't look who is asking: what somebody looks up is nobody's business."""

from flask import Response

from app.curriculum.model import Source, Term
from app.web import frames
from app.web.alphabet import by_letter
from app.web.i18n import current_language, in_reader_language
from app.web.kit import kit
from app.web.learn import blueprint


@blueprint.get("/<language:lang>/glossary/")
def glossary() -> Response:
    """Every word that is explained, in the order of the page's language."""
    return frames.impersonal("learn/glossary.html", _details, active="glossary")


def _details() -> dict[str, object]:
    """The entries by letter, with the words of the other languages and the numbers of their sources."""
    curriculum = kit().curriculum
    entries = curriculum.glossary
    cited = list(dict.fromkeys(source for entry in entries for source in entry.sources))
    sources: list[Source] = [curriculum.sources_by_id[source] for source in cited]
    return {
        "letters": by_letter(entries, lambda entry: in_reader_language(entry.term), current_language()),
        "elsewhere": _elsewhere,
        "number_of": {source: number for number, source in enumerate(cited, 1)},
        "sources": sources,
        "reviewed": min(entry.reviewed for entry in entries),
        "review_by": min(entry.review_by for entry in entries),
        "expired": any(entry.is_expired(kit().today()) for entry in entries),
    }


def _elsewhere(entry: Term) -> list[tuple[str, str]]:
    """What a word is in the languages that this page isn't in, by their codes."""
    shown = current_language() if entry.term.has(current_language()) else None
    return [(code, words) for code, words in entry.term.root.items() if code != shown]
