"""Coming back by the recovery code."""

from flask import Response
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.records.devices import new_device
from app.records.failures import PassphraseTaken, SecondFactorRefused, TooSoon, WrongRecoveryCode
from app.records.passphrases import offered_passphrase
from app.web.account import blueprint
from app.web.account.forms import RecoverForm
from app.web.account.showing import (
    say_news,
    settle_guest,
    shown_code,
    shown_form,
    too_many_choices,
    wrong_code_words,
)
from app.web.channel import private
from app.web.i18n import current_language
from app.web.kit import kit
from app.web.moment import submitted, waiting
from app.web.visitor import remember, remember_device


@blueprint.get("/<language:lang>/account/recover/")
@private
def recover() -> Response:
    """The form to come back by the recovery code."""
    return _recover_form(RecoverForm(formdata=None))


@blueprint.post("/<language:lang>/account/recover/", endpoint="submit_recover")
@private
@waiting
def submit_recover() -> AnyResponse:
    """Open the vault by its code and lock it with the new passphrase."""
    form = RecoverForm(submitted())
    if not form.validate():
        return _recover_form(form, 422)
    try:
        opened = kit().keyring.recover(
            form.code.data or "", form.new, kit().now(), second_factor=form.second_factor.data or ""
        )
    except WrongRecoveryCode:
        form.code.errors = [
            gettext(
                "No progress opens with this code. It may be mistyped, used already, or replaced by a newer one."
            )
        ]
        return _recover_form(form, 422)
    except SecondFactorRefused:
        form.second_factor.errors = [wrong_code_words()]
        return _recover_form(form, 422)
    except TooSoon as soon:
        form.form_errors.append(too_many_choices(soon))
        return _recover_form(form, 429)
    except PassphraseTaken:
        form.passphrase.errors = [gettext("Choose another passphrase: this one can't be used.")]
        return _recover_form(form, 422)
    settle_guest(opened, merge=True)
    remember(opened.token)
    remember_device(new_device(opened.vault), form.new.credentials.pseudonym)
    kit().tidy()
    say_news(opened)
    return shown_code(opened)


def _recover_form(form: RecoverForm, status: int = 200) -> Response:
    return shown_form("account/recover.html", form, status, offered=offered_passphrase(current_language()))
