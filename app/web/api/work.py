"""What waits for somebody and what was done: contact cases by number, held-back answers by pattern, the audit log."""

from collections.abc import Collection
from typing import Any, cast

from flask import current_app
from flask_smorest import Blueprint
from sqlalchemy import select

from app.domain.api_scopes import Scope
from app.domain.auditing import HEAD, Act
from app.domain.rights import Action
from app.domain.sending_times import completed_until
from app.domain.states import FollowUpState
from app.foundations import clock
from app.foundations.languages import gettext
from app.models.audit import AuditEntry
from app.models.base import db
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.models.policies import current_policy
from app.pipeline.responses import held_back_patterns
from app.settings import Settings
from app.upkeep.audit import log as audit
from app.upkeep.quarters.follow_ups import Closing, NoSuchCase, mark_contacted, mark_done
from app.web.api import list_schemas, schemas
from app.web.api.authentication import caller
from app.web.api.paging import LARGEST_NUMBER, filter_of, listing, wished
from app.web.api.routes import route
from app.web.api.told import Told
from app.web.frame.problems import Problem
from app.web.scorecards.answering import answered_for

pages = Blueprint("api_work", __name__, url_prefix="/api/v1", description="What waits, and what was done.")


@route(
    pages,
    "GET",
    "/follow-ups",
    scope=Scope.FOLLOW_UPS_READ,
    doc=schemas.reads(
        "Colleagues who asked to be contacted, by number. Their names stand on the page of the head alone; "
        "department and day are null for whoever is not the head.",
        *list_schemas.PAGE,
        schemas.query("state", "Only those that stand so.", *FollowUpState),
    ),
    answer=list_schemas.page_of(list_schemas.ListedCase),
)
def list_follow_ups() -> dict[str, Any]:
    """Return cases in the order in which they were asked for; whoever is no head of theirs sees the quarter alone."""
    wish, state, theirs = wished(int), filter_of("state", [*FollowUpState]), _own_departments()
    columns = (FollowUp.id, FollowUp.department_id, FollowUp.period, FollowUp.state, FollowUp.created_at)
    query = select(*columns, Department.code).join(Department, Department.id == FollowUp.department_id)
    if wish.after is not None:
        query = query.where(FollowUp.id > wish.after[0])
    if state is not None:
        query = query.where(FollowUp.state == FollowUpState(state))
    if not caller().viewer.may(Action.WATCH_WORK):
        query = query.where(FollowUp.department_id.in_(theirs))
    zone = cast(Settings, current_app.extensions["parity_settings"]).time_zone
    # The minute in which a case appears is that of the answer: others see it once a working morning has passed.
    policy = current_policy(db.session())
    latest = completed_until(clock.now(), zone, policy) + policy.delay
    query = query.where(FollowUp.department_id.in_(theirs) | (FollowUp.created_at <= latest))
    rows = db.session().execute(query.order_by(FollowUp.id).limit(wish.to_read)).all()
    return listing(
        rows,
        wish,
        key=lambda row: (row.id,),
        # Department and day together would name who asked to whoever sees the invitations of that day.
        tell=lambda row: {
            "number": row.id,
            "department": row.code if row.department_id in theirs else None,
            "period": row.period,
            "state": row.state,
            "asked_on": row.created_at.astimezone(zone).date() if row.department_id in theirs else None,
        },
    )


@route(
    pages,
    "POST",
    f"/follow-ups/<int(max={LARGEST_NUMBER}):number>",
    scope=Scope.FOLLOW_UPS_WRITE,
    doc=schemas.changes(
        "Say that somebody was contacted, or close the case: by a key of the head of its department, no other.",
        list_schemas.NewCaseState,
        again="Again changes nothing, and the requester is told once.",
    ),
    answer=list_schemas.CaseState,
)
def change_follow_up(number: int) -> dict[str, Any]:
    """Move a case on; again is harmless. What a head kept for the requester goes into the mail at the end."""
    told = Told()
    state = FollowUpState(told.choice("state", _LATER) or FollowUpState.DONE)
    told.done()
    session, theirs, viewer = db.session(), _own_departments(), caller().viewer
    try:
        if state is FollowUpState.CONTACTED:
            act, is_new = Act.FOLLOW_UP_CONTACTED, mark_contacted(session, number, theirs, now=clock.now())
        else:
            closing = Closing(head_name=viewer.name, head_email=viewer.email)
            act, is_new = Act.FOLLOW_UP_DONE, mark_done(session, number, theirs, closing, now=clock.now())
    except NoSuchCase as unknown:
        raise Problem(404, gettext("there is no case %(number)s", number=number)) from unknown
    if is_new:
        audit.note(session, HEAD, act, f"follow-up:{number}", now=clock.now())
    session.commit()
    return {"number": number, "state": session.get_one(FollowUp, number).state, "is_new": is_new}


_LATER = (FollowUpState.CONTACTED.value, FollowUpState.DONE.value)


def _own_departments() -> Collection[int]:
    """Return the departments whose requesters turn to the person of this key: the same as on that person's page."""
    return answered_for(caller().viewer, Action.SEE_CONTACTS)


@route(
    pages,
    "GET",
    "/held-back",
    scope=Scope.HELD_BACK_READ,
    doc=schemas.reads("Answers that look like a machine's, by pattern; never their ratings or words."),
    answer=list_schemas.page_of(list_schemas.ListedPattern),
)
def list_held_back() -> dict[str, Any]:
    """Return the patterns of open quarters, most frequent first; there are few."""
    patterns = held_back_patterns(db.session())
    return {
        "items": [
            {
                "pattern": pattern.name,
                "signals": list(pattern.signals),
                "mail_system": pattern.mail_system or None,
                "answers": count,
            }
            for pattern, count in patterns.items()
        ],
        "next": None,
    }


@route(
    pages,
    "GET",
    "/log",
    scope=Scope.AUDIT_READ,
    doc=schemas.reads(
        "The audit log in its order, with the digests of its chain.",
        *list_schemas.PAGE,
        schemas.query("action", "Only this act."),
        schemas.query("subject", "Only acts on this, such as `policy` or `tracker:desk`."),
    ),
    answer=list_schemas.page_of(list_schemas.ListedEntry),
)
def list_log() -> dict[str, Any]:
    """Return entries; people stand in them as keyed hashes, accounts and keys by number."""
    wish, action, subject = wished(int), filter_of("action"), filter_of("subject")
    query = select(AuditEntry).order_by(AuditEntry.id).limit(wish.to_read)
    if wish.after is not None:
        query = query.where(AuditEntry.id > wish.after[0])
    if action is not None:
        query = query.where(AuditEntry.action == action)
    if subject is not None:
        query = query.where(AuditEntry.subject == subject)
    rows = db.session().scalars(query).all()
    return listing(
        rows,
        wish,
        key=lambda row: (row.id,),
        tell=lambda row: {
            "number": row.id,
            "at": row.at,
            "actor": row.actor,
            "action": row.action,
            "subject": row.subject,
            "details": row.details,
            "digest": row.digest,
        },
    )
