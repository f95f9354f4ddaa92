"""What stands on a certificate."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.web.i18n import FormMeta

#: More than any number or code with whatever separators somebody writes into it.
_LONGEST = 80


class VerifyForm(FlaskForm):  # type: ignore[misc]
    """A number, and a topic code if its holder showed one. They are sent in the body: no address or log holds them."""

    class Meta(FormMeta):
        """See there."""

    number = StringField(
        _l("Number of the certificate"),
        description=_l(
            "Five groups of five letters and digits. Spaces, hyphens and capitals make no difference."
        ),
        validators=[DataRequired(_l("Type the number.")), Length(max=_LONGEST)],
    )
    topic_code = StringField(
        _l("Topic code"),
        description=_l("Two groups of five. Only with it you are told what the certificate is about."),
        validators=[Length(max=_LONGEST)],
    )
