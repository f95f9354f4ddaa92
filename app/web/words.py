"""What the kit says by code: messages of the next page, reasons of a refusal. Evaluated in the reader's language."""

from flask import get_flashed_messages, session
from flask_babel import lazy_gettext as _l

from app.records.cohorts.matrix import Presence, State
from app.records.passphrases import PASSPHRASE_MINIMUM, Weakness

MESSAGES = {
    "saved": ("status", _l("Saved.")),
    "nothing-to-save": ("status", _l("There was nothing new to save.")),
    "file-added": ("status", _l("The file is added and sealed. What it holds was not changed.")),
    "file-deleted": ("status", _l("The file is deleted for good.")),
    "incident-deleted": ("status", _l("The incident and its files are deleted for good.")),
    "incident-deleting": (
        "status",
        _l(
            "The incident and its files are deleted. The kit is still overwriting what is left of them on the disk."
        ),
    ),
    "lesson-read": ("status", _l("Marked as read.")),
    "module-complete": ("status", _l("That completes this module.")),
    # It says no more than where it leads: until the next page it stands in a cookie, which isn't sealed.
    "first-things-first": (
        "status",
        _l("First things first: your answers are saved, and the rest can wait. These are the first steps."),
    ),
    "weights-saved": ("status", _l("Saved. Your plan follows this order now.")),
    "nothing-to-ask": ("status", _l("There is nothing to ask at present.")),
    "look-kept": ("status", _l("This look is kept. Next time you see before and now side by side.")),
    "look-over": (
        "status",
        _l("Saved. That was everything there is to ask now, and this look is kept."),
    ),
    "incident-noted": ("status", _l("Noted. What may have changed is asked first now.")),
    "taken-back": ("status", _l("Taken back: it stands as it was.")),
    "nothing-to-take-back": ("status", _l("There was nothing to take back.")),
    "signed-in": ("status", _l("You are signed in.")),
    "signed-in-merged": ("status", _l("You are signed in, and this visit's answers were added to yours.")),
    "signed-out": ("status", _l("You are signed out. Nothing of yours can be opened from here.")),
    "session-ended": (
        "status",
        _l("Your session ended, because of the time or because it was closed elsewhere. Sign in to go on."),
    ),
    "replaced-damaged": (
        "error",
        _l(
            "An earlier answer could not be read: it was changed or damaged in the file. Yours stands in its place."
        ),
    ),
    "not-now": ("error", _l("Saving is not possible right now")),
    "other-question": (
        "status",
        _l("That page was from an earlier attempt, so it answered nothing. This is the question of now."),
    ),
    "drill-done": ("status", _l("Done. It comes back on its next day.")),
    "drill-put-off": ("status", _l("Put off. It comes back on that day.")),
    "drill-put-away": ("status", _l("Put away. It doesn't come back unless you add it again.")),
    "drill-added": ("status", _l("Added to yours. It is due today.")),
    "nothing-to-take": ("status", _l("There is nothing of yours here to take with you.")),
    "brought": ("status", _l("What was in the copy is here now, with what you had.")),
    "second-factor-off": (
        "status",
        _l("The second factor is off. The passphrase alone opens your progress."),
    ),
    "second-factor-refused": (
        "error",
        _l(
            "Before this, a code of your second factor was missing or wrong, though the rest was right. If that wasn't"
            " you, somebody knows your passphrase: change it now."
        ),
    ),
    "second-factor-backup": (
        "status",
        _l("You used a backup code, and it no longer works. Make new ones before the last is gone."),
    ),
    "second-factor-lost": (
        "error",
        _l(
            "Your second factor could not be read: it was changed or damaged in the file, and is off now. Set it up"
            " again."
        ),
    ),
    "second-factor-first": (
        "error",
        _l("Whoever administers this server uses a second factor. Set yours up, then go on."),
    ),
    "cohort-made": ("status", _l("The cohort is made. Invite people to it.")),
    "cohort-archived": ("status", _l("The cohort is archived. Nothing is shared with it any more.")),
    "cohort-opened": ("status", _l("The cohort is open again.")),
    "shares-all": ("status", _l("From now on you share everything that you complete with this cohort.")),
    "shares-assigned": ("status", _l("From now on you share only what is assigned in this cohort.")),
    "shared-earlier": ("status", _l("What you chose is shared with this cohort now.")),
    "shared-asked": ("status", _l("What you had done of it already is shared now.")),
    "left-cohort": ("status", _l("You left the cohort. Nothing more is shared with it.")),
    "campaign-opened": ("status", _l("It is open. Tell the group about it: nobody is reminded.")),
    "campaign-replied": ("status", _l("Your reply is in. It says the same here whatever you chose.")),
    "campaign-replied-before": ("status", _l("You had replied already, so nothing was changed.")),
    "campaign-full": (
        "error",
        _l("Everybody's place in this campaign is taken, so your reply was not kept."),
    ),
    "joined": ("status", _l("You have joined.")),
    "joined-staff": ("status", _l("You have joined. The administration is in your account.")),
    "place-given-again": (
        "status",
        _l(
            "Your place in a cohort was given to you again, by an invitation. What was shared from it before "
            "stands; your earlier answers stay with the passphrase that you had, which alone opens them."
        ),
    ),
    "place-given-away": (
        "error",
        _l(
            "A place that you had was given again by an invitation, and another passphrase opens it now. Your "
            "answers are still yours alone. If you did not ask for this, tell the people who run the training."
        ),
    ),
    "invitations-revoked": ("status", _l("Taken back. Those codes let nobody in any more.")),
    "member-ended": ("status", _l("From now on nothing of theirs is shared with this cohort.")),
    "place-removed": ("status", _l("Taken off the list. Its code lets nobody in any more.")),
    "cohort-is-archived": ("error", _l("This cohort is archived, so nobody can be invited to it.")),
    "admin-ended": ("status", _l("They administer nothing any more.")),
    "admin-again-asked": ("status", _l("Noted. Now a second administrator must agree, within a week.")),
    "admin-again-withdrawn": ("status", _l("Withdrawn. Nothing was given to anybody.")),
    "admin-not-possible": (
        "error",
        _l("That isn't possible any more: the list below shows how things stand."),
    ),
    "assigned": ("status", _l("Assigned. Its learners see it the next time they open the kit.")),
    "unassigned": ("status", _l("Taken back. What was shared because of it stays shared.")),
    "certificate-issued": ("status", _l("The certificate is issued.")),
    "certificates-issued": ("status", _l("The certificates are issued.")),
    "certificate-reissued": ("status", _l("A new certificate is issued, and the old one is revoked.")),
    "certificate-revoked": (
        "status",
        _l("The certificate is revoked. Whoever checks its number is told so."),
    ),
    "certificate-there": (
        "status",
        _l("Nothing was issued: this completion has a certificate, or isn't shared."),
    ),
    "nothing-to-delete": ("status", _l("There is nothing of yours here to delete.")),
}

#: How much a threat weighs for somebody, by its level.
LEVELS = {
    1: _l("as for anybody"),
    2: _l("raised"),
    3: _l("high"),
    4: _l("first of all"),
}

#: How far somebody is in a module, and whether they are in a cohort.
STATES = {
    State.NOT_STARTED: _l("Not started"),
    State.BEGUN: _l("Begun"),
    State.COMPLETE: _l("Complete"),
}
PRESENCES = {
    Presence.HERE: _l("Here"),
    Presence.EXPECTED: _l("Expected"),
    Presence.LEFT: _l("Left"),
}

#: Where a form can't wait by itself until fewer passphrases are being checked.
BUSY = _l("Many people are signing in at this moment, and nothing was done. Try again in some seconds.")

WEAKNESSES = {
    Weakness.TOO_SHORT: _l("Too short: use at least %(count)s characters.", count=PASSPHRASE_MINIMUM),
    Weakness.TOO_LONG: _l("Too long: 200 characters are enough."),
    Weakness.CONTAINS_PSEUDONYM: _l("It contains your pseudonym, which others may know."),
    Weakness.COMMON: _l("It is, or contains, a common password that attackers try first."),
    Weakness.REPEATED: _l("It repeats the same letters or pieces, which makes it easy to guess."),
    Weakness.KEYBOARD: _l("It follows keys that lie next to each other, which makes it easy to guess."),
    Weakness.DATE: _l("Dates and years are easy to guess."),
    Weakness.PREDICTABLE: _l(
        "Too easy to guess. Add words that have nothing to do with each other or with you."
    ),
}


def messages() -> list[tuple[str, str]]:
    """What the last request asked to be said on this page: category and words."""
    codes = get_flashed_messages() if session else []  # an empty session isn't looked into, nor sent back
    return [sentence(str(code)) for code in codes if code in MESSAGES]


def sentence(code: str) -> tuple[str, str]:
    """One of these messages: category and words."""
    category, words = MESSAGES[code]
    return category, str(words)
