"""What can go wrong with records, by name. The edge (web, cli) decides what each means to a person."""


class RecordsFailure(Exception):
    """Anything that went wrong below this floor. Carries no content, no name and no key."""


class StorageFull(RecordsFailure):
    """The disk has no room: nothing was changed."""


class StorageReadOnly(RecordsFailure):
    """The database can't be written to: nothing was changed."""


class StorageBusy(RecordsFailure):
    """Another writer held the database for longer than a person should wait: nothing was changed."""


class StorageUnavailable(RecordsFailure):
    """The database can't be reached or read at all."""


class StatementRefused(RecordsFailure):
    """The database refused what we asked of it: a defect of ours. Names the error and the constraint, no value."""


class SessionEnded(RecordsFailure):
    """What was open opens nothing: it expired, was ended or re-keyed elsewhere, or its learner was deleted."""


class WrongPassphrase(RecordsFailure):
    """No vault opens with this pseudonym and passphrase. Never says which of the two is wrong."""


class WrongRecoveryCode(RecordsFailure):
    """No vault opens with this recovery code: mistyped, or used before."""


class SecondFactorRefused(RecordsFailure):
    """The vault asks for a code of its second factor, and got none that is good. See which."""


class SecondFactorNeeded(SecondFactorRefused):
    """No code was given."""


class SecondFactorWrong(SecondFactorRefused):
    """The code is not one of now, or was used before."""


class SecondFactorSet(RecordsFailure):
    """The vault has a second factor already: it is switched off, with a code, before another is set up."""


class NoSecondFactor(RecordsFailure):
    """The vault has no second factor, or none that can be read."""


class AlreadyKept(RecordsFailure):
    """This vault has a passphrase: it is no guest's, to be kept, or absorbed and deleted."""


class PassphraseTaken(RecordsFailure):
    """Another vault already opens with exactly this pseudonym and passphrase."""


class TooSoon(RecordsFailure):
    """Too many wrong passphrases for this pseudonym from unknown devices: wait `seconds` first."""

    def __init__(self, seconds: int):
        super().__init__()
        self.seconds = seconds


class HashingBusy(RecordsFailure):
    """As many passphrases as the machine allows are being checked already: ask again in a moment."""


class RecordDamaged(RecordsFailure):
    """A sealed record was changed, moved or cut: it can't be opened. Other records are unaffected."""


class ValueNotOfItsType(RecordsFailure):
    """A value that could not be read back as the type it is kept as: a defect of ours; nothing was changed."""


class VaultGone(RecordsFailure):
    """The learner whose vault this was has been deleted meanwhile."""
