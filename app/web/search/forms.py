"""What somebody looks for."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SearchField
from wtforms.validators import DataRequired, Length

from app.search.index import LONGEST_QUERY
from app.web.i18n import FormMeta


class SearchForm(FlaskForm):  # type: ignore[misc]
    """A few words. They are sent in the body, so that no address, history or log holds them."""

    class Meta(FormMeta):
        """See there."""

    q = SearchField(
        _l("What are you looking for?"),
        validators=[
            DataRequired(_l("Type a word or two.")),
            Length(max=LONGEST_QUERY, message=_l("Use fewer words: %(max)d characters at most.")),
        ],
    )
