"""What the worker does by itself and when it last did; and what pages asked it for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundations.languages import gettext, mark
from app.models.chores import Chore
from app.models.run_marks import RunMark

PREFIX = "job:"
STEPS = {
    "process_deliveries": mark("read what trackers told"),
    "poll_connections": mark("ask tools that do not report by themselves"),
    "look_after_hooks": mark("check that hooks work"),
    "invitations": mark("decide whom to ask, and write to them"),
    "roll_up": mark("add up what was answered"),
    "freeze": mark("freeze quarters on their day"),
    "post": mark("write the mails with scorecards"),
    "release": mark("make answers unlinkable on their day"),
    "tell_heads": mark("tell heads who asked to be contacted"),
    "deliver_mail": mark("hand mails to the mail server"),
    "call_for_chores": mark("look for what pages asked for"),
    "tell_webhooks": mark("tell other programs what happened"),
    "retain": mark("delete what is older than it may be, each night"),
}


@dataclass(frozen=True)
class StepRun:
    """A step of the worker, in words, and the moment of its last run."""

    words: str
    at: datetime


def step_runs(session: Session) -> list[StepRun]:
    """Return the steps that ran at least once, in the order of a sweep; those of another version by their name."""
    marks = select(RunMark.name, RunMark.at).where(RunMark.name.startswith(PREFIX))
    runs = {name.removeprefix(PREFIX): at for name, at in session.execute(marks).tuples()}
    known = [name for name in STEPS if name in runs]
    others = sorted(runs.keys() - set(known))
    return [StepRun(gettext(STEPS[name]) if name in STEPS else name, runs[name]) for name in [*known, *others]]


def latest_chores(session: Session, *, count: int) -> Sequence[Chore]:
    """Return what pages asked for last, the newest first."""
    return session.scalars(select(Chore).order_by(Chore.id.desc()).limit(count)).all()
