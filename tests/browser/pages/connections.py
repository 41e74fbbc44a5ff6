"""Trackers and sources: the list, one that is dead and one that lives, and what is shown once."""

import json
from datetime import datetime, timedelta

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.decisions import DecisionReason
from app.domain.states import Role
from app.foundations.crypto import Keys
from app.models.departments import Department
from app.models.people import Person
from app.models.service_requests import ServiceRequest
from app.upkeep.connections.adding import get_connection
from tests.browser.looking import Look
from tests.builders.chores import trying
from tests.builders.connections import alive, concluded, delivery, jira, refused, unread
from tests.builders.jira import issue, moved, webhook
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.servers.databases import SECRET_KEY

TRACKER = "informationstechnik"


def furnish(session: Session, moment: datetime) -> None:
    """A Jira that lives, one whose hook is dead, and a chore that waits."""
    keys = Keys((SECRET_KEY,))
    for slug in (TRACKER, "it-desk"):
        jira(session, keys, moment, slug)
    alive(session, TRACKER, moment)
    dead = get_connection(session, "it-desk")
    dead.registration, dead.hook_problem = {"id": "2"}, "the webhook was deleted in Jira"
    trying(session, moment, slug="it-desk")
    yesterday = moment - timedelta(days=1)
    it = session.scalars(select(Department).where(Department.code == "IT")).one()
    nina = person(session, "nina.requester@example.com")
    decided = {"decision": DecisionReason.QUARANTINE, "decided_at": yesterday}
    cycle = completed_request(session, it, nina, yesterday, **decided)
    session.get_one(ServiceRequest, cycle.request_id).cycle_count = 1
    nameless = Person(source=TRACKER, source_key="5c5f88de0000000000000000")
    session.add(nameless)
    session.flush()
    completed_request(session, it, nameless, yesterday)
    came = {
        901: concluded("completed", "the request is done", cycle.request_id),
        902: concluded("reopened", "the request was opened again"),
        903: concluded("ignored", "this is no event of an issue"),
        904: unread("issue.fields.reporter is empty: make it required, or name another field that holds who asked"),
        905: {},
        906: refused("no signature of this delivery was made with the secret of this connection"),
    }
    for number, fields in came.items():
        delivery(session, TRACKER, moment - timedelta(minutes=number - 900), id=number, **fields)


def nothing_typed(page: Page) -> None:
    """Send the form as it stands."""
    with page.expect_navigation():
        page.locator("main form button.btn").click()


def explained(page: Page) -> None:
    """Paste a delivery and read what it means."""
    page.fill("#body", json.dumps(webhook(issue("Done"), moved("In Progress", "Done"))))
    nothing_typed(page)


def asked_about(page: Page) -> None:
    """Look a person up by their address."""
    page.fill("#email", "nina.requester@example.com")
    nothing_typed(page)


LOOKS = [
    Look("trackers", "/admin/trackers", Role.ADMIN),
    Look("tracker-kinds", "/admin/trackers/new", Role.ADMIN),
    Look("tracker-new", "/admin/trackers/new/tracker/jira", Role.ADMIN, do=nothing_typed),
    Look("tracker-new-source", "/admin/trackers/new/scores/typeform", Role.ADMIN),
    Look("tracker-alive", f"/admin/trackers/{TRACKER}", Role.ADMIN),
    Look("tracker-dead", "/admin/trackers/it-desk", Role.ADMIN),
    Look("tracker-past", f"/admin/trackers/{TRACKER}/past", Role.ADMIN),
    Look("tracker-secret", f"/admin/trackers/{TRACKER}/secret", Role.ADMIN),
    Look("deliveries", f"/admin/trackers/{TRACKER}/deliveries", Role.ADMIN),
    Look("delivery-unread", f"/admin/trackers/{TRACKER}/deliveries/904", Role.ADMIN),
    Look("delivery-refused", f"/admin/trackers/{TRACKER}/deliveries/906", Role.ADMIN),
    Look("tracker-remove", f"/admin/trackers/{TRACKER}/remove", Role.ADMIN),
    Look("mapping", f"/admin/trackers/{TRACKER}/mapping", Role.ADMIN),
    Look("instruments", "/admin/trackers/instruments", Role.ADMIN),
    Look("explain", f"/admin/trackers/{TRACKER}/explain", Role.ADMIN, do=explained),
    Look("decisions", "/admin/decisions", Role.ADMIN),
    Look("decisions-of", "/admin/decisions/of", Role.ADMIN, do=asked_about),
    Look("decision", "/admin/decisions/desk/R-1", Role.ADMIN),
    Look("chore", "/chores/1", Role.ADMIN),
]
