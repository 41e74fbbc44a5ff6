"""Trackers and sources: the list, one that is dead and one that lives, and what is shown once."""

from datetime import datetime

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.foundations.crypto import Keys
from app.upkeep.trackers import get_connection
from tests.browser.looking import Look
from tests.builders.chores import trying
from tests.builders.connections import alive, jira
from tests.servers.databases import SECRET_KEY


def furnish(session: Session, moment: datetime) -> None:
    """A Jira that lives, one whose hook is dead, and a chore that waits."""
    keys = Keys((SECRET_KEY,))
    for slug in ("informationstechnik", "it-desk"):
        jira(session, keys, moment, slug)
    alive(session, "informationstechnik", moment)
    dead = get_connection(session, "it-desk")
    dead.registration, dead.hook_problem = {"id": "2"}, "the webhook was deleted in Jira"
    trying(session, moment, slug="it-desk")


def nothing_typed(page: Page) -> None:
    """Send the form empty, so that it says at every field what is missing."""
    with page.expect_navigation():
        page.locator("main form button.btn").click()


LOOKS = [
    Look("trackers", "/admin/trackers", Role.ADMIN),
    Look("tracker-kinds", "/admin/trackers/new", Role.ADMIN),
    Look("tracker-new", "/admin/trackers/new/tracker/jira", Role.ADMIN, do=nothing_typed),
    Look("tracker-new-source", "/admin/trackers/new/scores/typeform", Role.ADMIN),
    Look("tracker-alive", "/admin/trackers/informationstechnik", Role.ADMIN),
    Look("tracker-dead", "/admin/trackers/it-desk", Role.ADMIN),
    Look("tracker-past", "/admin/trackers/informationstechnik/past", Role.ADMIN),
    Look("tracker-secret", "/admin/trackers/informationstechnik/secret", Role.ADMIN),
    Look("chore", "/chores/1", Role.ADMIN),
]
