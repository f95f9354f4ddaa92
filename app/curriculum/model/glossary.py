"""Words explained once, for every page that uses them."""

from app.curriculum.model.texts import Id, Reviewed, Text


class Term(Reviewed):
    """A word, what it means in plain ones, and the spellings by which a text is known to use it.

    `forms` is by language. A form in small letters stands for capitals too; one with a capital only for
    itself. A word too common to be pointed at wherever it stands has no forms.
    """

    id: Id
    term: Text
    definition: Text
    notes: Text | None = None
    forms: dict[str, tuple[str, ...]]

    @property
    def anchor(self) -> str:
        """Where it stands on the glossary's page."""
        return anchor(self.id)


def anchor(term_id: str) -> str:
    """The id of an entry on the glossary's page: none of the page's own can be the same."""
    return f"term-{term_id}"
