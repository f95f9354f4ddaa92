"""Going in: the place, what is published of before, and what the vault remembers of it, all in one transaction."""

from sqlalchemy import Connection

from app.records.cohorts.invitations import enrol
from app.records.cohorts.publishing import Achieved, share
from app.records.cohorts.roles import Role
from app.records.keyring import Also, NewPassphrase, Opened
from app.records.vault import Vault, lock_vault
from app.web.join.forms import Choices
from app.web.kit import kit
from app.web.places import remember_place
from app.web.visitor import visitor


def join_anew(choices: Choices, new: NewPassphrase, achieved: Achieved) -> Opened:
    """Keep this visit's records under a passphrase, and join with them.

    Raises what `Keyring.keep` raises, and what `enrol` raises: then nothing was kept either.
    """
    here, session = kit(), visitor().session
    if session is None:
        return here.keyring.keep_from_nothing(new, here.now(), _entering(choices, achieved))
    return here.keyring.keep(session, new, here.now(), _entering(choices, achieved))


def join_as_is(choices: Choices, vault: Vault, achieved: Achieved) -> None:
    """Join with the vault that is open.

    Raises what `enrol` raises, VaultGone, and SessionEnded when it was re-keyed.
    """
    with kit().database.changing() as connection:
        lock_vault(connection, vault)
        _entering(choices, achieved)(connection, vault)


def _entering(choices: Choices, achieved: Achieved) -> Also:
    offer, code, published = choices.offer, choices.code.data or "", choices.published

    def enter(connection: Connection, vault: Vault) -> None:
        place = enrol(connection, vault, code, choices.called, kit().today(), shares_all=choices.shares_all)
        kept_back = []
        for (module, part), day in achieved.items() if offer.role is Role.LEARNER else ():
            if module in published:
                share(connection, place, module, part, day)
            else:
                kept_back.append((module, part))
        remember_place(connection, vault, place, kept_back)

    return enter
