"""The second factor: setting it up, switching it off, new backup codes."""

import pyotp
import segno
from flask import Response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.records.failures import NoSecondFactor, SecondFactorRefused, SecondFactorSet, TooSoon
from app.records.notebook import Notebook
from app.records.secondfactor import (
    SECRET,
    new_secret,
    renew_backup_codes,
    second_factor_of,
    set_up,
    switch_off,
)
from app.records.sessions import OpenSession
from app.web import frames
from app.web.account import blueprint
from app.web.account.forms import FactorForm
from app.web.account.showing import kept_session, shown_form, waiting_words
from app.web.channel import private
from app.web.kit import kit
from app.web.security import with_pictures
from app.web.visitor import say

#: Pixels of each of the picture's squares, and squares of white around it, as its standard asks (ISO/IEC 18004).
_SCALE, _BORDER = 5, 4
#: Letters of the secret between two spaces.
_GROUP = 4


@blueprint.get("/<language:lang>/account/second-factor/")
@private
def second_factor() -> AnyResponse:
    """The form to set it up; or, where there is one, to switch it off and to make new backup codes."""
    session = kept_session()
    return _page(session, FactorForm(formdata=None)) if session else _to_sign_in()


@blueprint.post("/<language:lang>/account/second-factor/")
@private
def submit_second_factor() -> AnyResponse:
    """Switch it on, once a code shows that the secret arrived, and show the backup codes."""
    session, form = kept_session(), _form()
    if session is None:
        return _to_sign_in()
    if not form.secret.data or not form.validate():
        return _page(session, form, 422)
    here = kit()
    try:
        codes = set_up(
            here.database,
            here.host_secret,
            session,
            form.secret.data,
            form.second_factor.data or "",
            here.now(),
        )
    except SecondFactorRefused:
        form.second_factor.errors = [
            gettext(
                "This is not the code of now. Check that the phone shows the right time, and type the next code."
            )
        ]
        return _page(session, form, 422)
    except SecondFactorSet:
        return redirect(url_for("account.second_factor"), 303)  # in another window, meanwhile
    return _shown_codes(codes, begins=True)


@blueprint.post("/<language:lang>/account/second-factor/change/")
@private
def change_second_factor() -> AnyResponse:
    """Switch it off, or make new backup codes, for a code."""
    session, form = kept_session(), _form()
    if session is None:
        return _to_sign_in()
    if not form.validate():
        return _page(session, form, 422)
    try:
        return _changed(session, form.second_factor.data or "")
    except SecondFactorRefused:
        form.second_factor.errors = [
            gettext("This code is wrong or used. Each code works once: wait for the next one.")
        ]
        return _page(session, form, 422)
    except TooSoon as soon:
        form.form_errors.append(gettext("Too many wrong tries.") + " " + waiting_words(soon))
        return _page(session, form, 429)
    except NoSecondFactor:
        return redirect(url_for("account.second_factor"), 303)  # switched off in another window, meanwhile


def _changed(session: OpenSession, code: str) -> AnyResponse:
    here = kit()
    if request.form.get("do") == "off":
        switch_off(here.database, here.host_secret, session.vault, code, here.now())
        say("second-factor-off")
        return redirect(url_for("account.overview"), 303)
    codes = renew_backup_codes(here.database, here.host_secret, session.vault, code, here.now())
    return _shown_codes(codes, begins=False)


def _form() -> FactorForm:
    """The form that was sent, with a secret that can be one or with none."""
    form = FactorForm()
    if not SECRET.fullmatch(form.secret.data or ""):
        form.secret.data = ""
    return form


def _page(session: OpenSession, form: FactorForm, status: int = 200) -> Response:
    factor = second_factor_of(Notebook(kit().database, session.vault))
    if factor is not None:
        return shown_form("account/second_factor.html", form, status, left=len(factor.backup))
    secret = form.secret.data = form.secret.data or new_secret()
    groups = [secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)]
    page = shown_form(
        "account/second_factor_set_up.html", form, status, groups=groups, picture=_picture(secret)
    )
    return with_pictures(page)


def _picture(secret: str) -> str:
    """The secret as an app's camera reads it. It names the kit as it is named here, and not the pseudonym."""
    address = pyotp.TOTP(secret).provisioning_uri(name=kit().config.site_name)
    return segno.make(address, error="m", micro=False).png_data_uri(scale=_SCALE, border=_BORDER)


def _shown_codes(codes: list[str], *, begins: bool) -> Response:
    """The backup codes, on the one page that ever shows them."""
    return frames.uncached("account/backup_codes.html", codes=codes, begins=begins, active="account")


def _to_sign_in() -> AnyResponse:
    return redirect(url_for("account.sign_in"), 303)
