"""What is due: what comes back by itself, what a learner's cohorts ask of them, and the days as a calendar's file."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask import Response, redirect, url_for
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from app.records.crypto import derive, keyed_hash
from app.web import frames
from app.web.channel import private
from app.web.kit import kit
from app.web.learn import blueprint
from app.web.learn.asked import Task, asked_here, modules_of, tasks, unshared
from app.web.learn.calendar import AllDay, calendar_file
from app.web.learn.coming import Coming, coming
from app.web.plans import study_and_audit
from app.web.visitor import Kind, visitor


@blueprint.get("/<language:lang>/due/")
@private
def due() -> AnyResponse:
    """What comes back; what is asked, done or not; and, to be shared by a button, what was done before that.

    Opening it shares nothing: a page that is only looked at changes nothing. The next sign-in shares it, too.
    """
    if visitor().kind is Kind.NOBODY:
        return redirect(url_for("account.sign_in", next=url_for("learn.due")), 303)
    asked = asked_here()
    study, audit = study_and_audit()
    everything, waiting = tasks(asked, study), unshared(asked, study)
    to_share = [module for module in modules_of(asked) if module.id in {each[1] for each in waiting}]
    left = [task for task in everything if not task.done]
    returning = coming(study, audit.review.due_on)
    return frames.uncached(
        "learn/due.html",
        coming=returning,
        left=left,
        done=[task for task in everything if task.done],
        waiting=waiting,
        to_share=to_share,
        token=str(generate_csrf()) if to_share else "",
        cohorts=sorted({each.cohort for each in asked}),
        has_days=bool(_days(left, returning)),
        today=kit().today(),
        active="progress",
    )


@blueprint.get("/<language:lang>/due/calendar.ics")
@private
def due_calendar() -> AnyResponse:
    """The days by which something is to be done, for a calendar: with nothing in it that says what, or what for."""
    study, audit = study_and_audit()
    left = (task for task in tasks(asked_here(), study) if not task.done)
    days = _days(left, coming(study, audit.review.due_on))
    if not days:
        return redirect(url_for("learn.due"), 303)
    response = Response(calendar_file(days, kit().today()), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return response


def _days(left: Iterable[Task], returning: Coming) -> list[AllDay]:
    """The days that are still to come, each once. Taken again, a calendar knows them by the same marks.

    None for a guest: their days are over before they come, and would be marked otherwise once they were kept.
    """
    session = visitor().session
    if session is None or not session.kept:
        return []
    # One's own, so that the calendars of two people of a cohort have nothing in common; and told by no other machine.
    key = derive(kit().config.secret_key.encode(), "calendar", salt=session.vault.learner_id)
    asked = {task.asked.due_on for task in left if task.asked.due_on and not task.is_overdue(kit().today())}
    reading = [
        AllDay(day, gettext("Reading"), _mark(key, day)) for day in sorted(asked | returning.reading_days)
    ]
    reminders = [
        AllDay(day, gettext("Reminder"), _mark(key, day, "reminder"))
        for day in sorted(returning.reminder_days)
    ]
    return [*reading, *reminders]


def _mark(key: bytes, day: date, *what: str) -> str:
    """A random-looking UUID, as RFC 7986 (5.3) asks for: nothing in it names the kit or the machine."""
    return str(UUID(bytes=keyed_hash(key, day.isoformat(), *what)[:16], version=4))
