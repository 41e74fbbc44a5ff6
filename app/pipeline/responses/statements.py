"""The statements of the requester's path, each built once: building one costs as much as running it.

They speak of tables instead of classes. On this path the ORM would cost more than everything else, and would split the
answers into several statements where one of them is "cannot judge".
"""

from functools import cache
from typing import Any, cast

from sqlalchemy import Column, ScalarSelect, Select, Table, Text, bindparam, delete, insert, or_, select, text, update
from sqlalchemy import cast as as_type

from app.domain.instruments import Item
from app.domain.states import FollowUpState, InvitationState
from app.models.base import Base, UtcDateTime
from app.models.comments import CommentReview
from app.models.departments import Department, DepartmentVersion
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.people import PersonVersion
from app.models.policies import PolicyVersion
from app.models.prepared import Prepared
from app.models.releases import PeriodRecord
from app.models.response_links import ResponseLink
from app.models.responses import HeldAnswer, HeldResponse, QuarterSalt
from app.models.service_requests import RequestCycle, ServiceRequest
from app.models.surveys import survey_digest


def table_of(model: type[Base]) -> Table:
    """Return the table of a model."""
    return cast(Table, model.__table__)


def policy_text() -> ScalarSelect[str]:
    """Return the rules of the newest policy as a part of another statement."""
    rules = table_of(PolicyVersion).c
    return select(as_type(rules.rules, Text)).order_by(rules.version.desc()).limit(1).scalar_subquery()


def _department_name(department_id: Column[Any]) -> ScalarSelect[str]:
    version, now = table_of(DepartmentVersion).c, bindparam("now", type_=UtcDateTime)
    return (
        select(version.name)
        .where(version.department_id == department_id, version.valid_from <= now)
        .where(or_(version.valid_to.is_(None), version.valid_to > now))
        .order_by(version.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


def _time_zone(person_id: Column[Any]) -> ScalarSelect[str | None]:
    version, now = table_of(PersonVersion).c, bindparam("now", type_=UtcDateTime)
    return (
        select(version.time_zone)
        .where(version.person_id == person_id, version.valid_from <= now)
        .order_by(version.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


def _everything() -> Select[Any]:
    models = (Invitation, ServiceRequest, RequestCycle, Department, PeriodRecord, QuarterSalt)
    invitations, requests, cycles, departments, periods, salts = (table_of(model) for model in models)
    links, held, answers = (table_of(model) for model in (ResponseLink, HeldResponse, HeldAnswer))
    asked, cycle, response = invitations.c, cycles.c, held.c
    columns = (
        *(asked.id, asked.public_id, asked.state, asked.person_id, asked.language, asked.expires_at),
        *(asked.department_id, asked.period, asked.mail_system),
        *(requests.c.title, requests.c.external_key, requests.c.external_id, departments.c.code),
        *(cycle.completed_at, cycle.requester_department_id, cycle.request_type, cycle.on_time),
        *(cycle.was_reopened, cycle.month),
        *(salts.c.salt, periods.c.ends_at.label("period_ends_at"), periods.c.state.label("period_state")),
        *(links.c.response_id, links.c.submitted_at, links.c.submitted_rating),
        *(response.state.label("response_state"), response.reason_chips, response.comment),
        *(response.has_consented, response.has_thanked, answers.c.value.label("rating")),
        _department_name(asked.department_id).label("department_name"),
        _time_zone(asked.person_id).label("time_zone"),
        policy_text().label("rules"),
        survey_digest(asked.period).label("survey"),
    )
    overall = (answers.c.response_id == links.c.response_id) & (answers.c.item == Item.CSAT_OVERALL.value)
    joined = (
        invitations.join(requests, requests.c.id == asked.request_id)
        .join(cycles, cycle.id == asked.cycle_id)
        .join(departments, departments.c.id == asked.department_id)
        .outerjoin(periods, periods.c.period == asked.period)
        .outerjoin(salts, salts.c.period == asked.period)
        .outerjoin(links, links.c.public_id == asked.public_id)
        .outerjoin(held, response.id == links.c.response_id)
        .outerjoin(answers, overall)
    )
    return select(*columns).select_from(joined).where(asked.public_id == bindparam("public_id"))


READ_INVITATION = Prepared(_everything())
INVITATIONS, LINKS = table_of(Invitation), table_of(ResponseLink)
RESPONSES, ANSWERS = table_of(HeldResponse), table_of(HeldAnswer)
_CASES, _REVIEWS = table_of(FollowUp), table_of(CommentReview)

READ_ANSWERS = Prepared(
    select(ANSWERS.c.item, ANSWERS.c.value).where(ANSWERS.c.response_id == bindparam("response_id"))
)
INSERT_RESPONSE, INSERT_LINK = (
    Prepared(insert(table), *(column.name for column in table.columns)) for table in (RESPONSES, LINKS)
)


@cache
def insert_answers(count: int) -> Prepared:
    """Return the statement that stores so many answers at once: one trip to the database, not one each."""
    of_response: dict[str, Any] = {"response_id": bindparam("response_id")}
    rows = [of_response | {"item": bindparam(f"item_{n}"), "value": bindparam(f"value_{n}")} for n in range(count)]
    return Prepared(insert(ANSWERS).values(rows))


UPDATE_RESPONSE = Prepared(
    update(RESPONSES)
    .where(RESPONSES.c.id == bindparam("this"))
    .values(
        {
            name: bindparam(name)
            for name in ("state", "signals", "language", "reason_chips", "comment", "has_consented", "has_thanked")
        }
    )
)
# Where HR has read the earlier words: they are nobody's any more, and no scorecard may print them.
DELETE_REVIEW = Prepared(delete(_REVIEWS).where(_REVIEWS.c.response_id == bindparam("this")))
DELETE_ANSWERS = Prepared(delete(ANSWERS).where(ANSWERS.c.response_id == bindparam("this")))

_STANDS_AS_READ = (
    update(INVITATIONS)
    .where(INVITATIONS.c.id == bindparam("this"), INVITATIONS.c.state == bindparam("state_read"))
    .where(INVITATIONS.c.expires_at > bindparam("moment", type_=UtcDateTime))
)
CLAIM_AS_ANSWERED = Prepared(_STANDS_AS_READ.values(state=InvitationState.ANSWERED, remind_at=None))
CLAIM_AS_HELD_BACK = Prepared(_STANDS_AS_READ.values(state=InvitationState.HELD_BACK))
NOTE_SUBMISSION = Prepared(
    update(LINKS)
    .where(LINKS.c.public_id == bindparam("this"), LINKS.c.submitted_at == bindparam("time_read"))
    .values(submitted_at=bindparam("moment"), submitted_rating=bindparam("rating"))
)

COUNT_PAGE_TIME = Prepared(
    text("""
    INSERT INTO page_times (period, bin, count) VALUES (:period, :bin, 1)
    ON CONFLICT (period, bin) DO UPDATE SET count = page_times.count + 1
""")
)
OPEN_CASE = Prepared(
    text("""
    INSERT INTO follow_ups (invitation_id, person_id, department_id, period, state, created_at)
    VALUES (:invitation_id, :person_id, :department_id, :period, :state, :moment)
    ON CONFLICT (invitation_id) DO NOTHING
""").bindparams(bindparam("moment", type_=UtcDateTime))
)
# A consent taken back: the case goes, unless somebody has already written to the person.
CLOSE_CASE = Prepared(
    delete(_CASES).where(_CASES.c.invitation_id == bindparam("this"), _CASES.c.state == FollowUpState.WAITING)
)
