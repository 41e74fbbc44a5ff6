"""The survey as its requester meets it; what is pressed there is in test_survey.py."""

import re
from datetime import datetime

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from tests.browser.looking import Look
from tests.builders import surveys
from tests.builders.departments import department
from tests.servers.databases import SECRET_KEY

KEYS = Keys((SECRET_KEY,))
PUBLIC_ID = b"looked at by all"
LONG_NAME = "Informationstechnik und Arbeitsplatzservice"
LONG_TITLE = "Zugriffsberechtigung für das Auftragsverwaltungssystem der Niederlassung Nord"
SURVEY = f"/s/{KEYS.token('survey', PUBLIC_ID)}"


def furnish(session: Session, moment: datetime) -> None:
    """Ask Alice about a request with a long title."""
    by = department(session, "DESK", name=LONG_NAME)
    asked, _token = surveys.survey(session, KEYS, by, now=moment, title=LONG_TITLE)
    asked.public_id = PUBLIC_ID


def nothing_chosen(page: Page) -> None:
    """Send the form as it is: the one question that is needed has no answer."""
    page.locator(".send button").click()
    page.get_by_role("alert").wait_for()


LOOKS = [
    Look("survey", f"{SURVEY}?score=4"),
    Look("survey-low", f"{SURVEY}?score=1"),
    Look("survey-top", f"{SURVEY}?score=5"),
    Look("survey-problems", SURVEY, do=nothing_chosen),
    Look("survey-who-sees-what", f"{SURVEY}/who-sees-what"),
    Look("survey-opt-out", f"{SURVEY}/opt-out"),
    Look("survey-not-mine", f"{SURVEY}/not-mine"),
    Look("survey-unknown", re.sub("^/s/.", "/s/_", SURVEY), status=404),
]
