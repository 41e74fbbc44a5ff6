"""Who gets the next scorecards by mail, and HR's choice of it. Nobody is let in by this: who may be chosen may read."""

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.foundations.languages import gettext
from app.models.base import db
from app.models.policies import current_policy
from app.pipeline.scorecards import DepartmentReaders, Quarter, readers_of
from app.upkeep.quarters.scorecard_readers import Choice, choice_of
from app.web.api import list_schemas, recipient_schemas, schemas
from app.web.api.asked_for import calendar
from app.web.api.authentication import actor
from app.web.api.paging import listing, wished
from app.web.api.routes import route
from app.web.api.told import Told
from app.web.close import recipient_choice
from app.web.frame.asked_for import next_period
from app.web.frame.installation import now, settings
from app.web.frame.problems import Problem

pages = Blueprint("api_recipients", __name__, url_prefix="/api/v1", description="Who gets scorecards by mail.")


@route(
    pages,
    "GET",
    "/recipients",
    scope=Scope.RECIPIENTS_READ,
    doc=schemas.reads("Who would get the next scorecard of each department today, by code.", *list_schemas.PAGE),
    answer=list_schemas.page_of(recipient_schemas.ListedRecipients),
)
def list_recipients() -> dict[str, Any]:
    """Return one line for each department that is asked about."""
    wish = wished(str)
    (after,) = wish.after or ("",)
    rows = sorted((one for one in _departments() if one.code > after), key=lambda one: one.code)
    return listing(rows, wish, key=lambda one: (one.code,), tell=_told)


@route(
    pages,
    "GET",
    "/recipients/<path:code>",
    scope=Scope.RECIPIENTS_READ,
    doc=schemas.reads("Who would get the next scorecard of a department today, and which deputies could."),
    answer=recipient_schemas.Recipients,
)
def get_recipients(code: str) -> dict[str, Any]:
    """Return who gets it and who could."""
    found = _found(code)
    return _whole(found, choice_of(db.session(), found.number))


@route(
    pages,
    "PUT",
    "/recipients/<path:code>",
    scope=Scope.RECIPIENTS_WRITE,
    doc=schemas.changes(
        "Choose who gets the scorecard of a department: whom the rule names, or not, and which of its deputies.",
        recipient_schemas.NewRecipients,
        again="The same choice again changes nothing.",
    ),
    answer=recipient_schemas.Recipients,
)
def put_recipients(code: str) -> dict[str, Any]:
    """Store the choice; it holds for mails that are not written yet."""
    found = _found(code)
    choice = choice_of(db.session(), found.number, to_change=True)
    told = Told()
    mails_head = told.truth("mails_head")
    deputies = told.choices("deputies", [one.email for one in choice.deputies], least=0)
    told.done()
    recipient_choice.change(found.number, choice, mails_head=mails_head, deputies=deputies, by=actor())
    return _whole(_found(code), choice_of(db.session(), found.number))


def _departments() -> Sequence[DepartmentReaders]:
    policy = current_policy(db.session())
    return readers_of(db.session(), Quarter(next_period(now()), calendar(), policy, settings().languages))


def _found(code: str) -> DepartmentReaders:
    found = next((one for one in _departments() if one.code == code), None)
    if found is None:
        raise Problem(404, gettext("There is no department %(code)s.", code=code))
    return found


def _told(one: DepartmentReaders) -> dict[str, Any]:
    return {
        "department": one.code,
        "is_small": one.is_small,
        "mails_head": not one.is_off,
        "recipients": [
            {"email": to.email, "language": to.language, "time_zone": str(to.zone), "why": to.why.value}
            for to in one.recipients
        ],
    }


def _whole(one: DepartmentReaders, choice: Choice) -> dict[str, Any]:
    deputies = [{"email": deputy.email, "gets_mail": deputy.gets_mail} for deputy in choice.deputies]
    return _told(one) | {"deputies": deputies}
